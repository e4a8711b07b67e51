//! Paths to look below: the right side of `pmatch`.

use rustc_hash::FxHashMap;

use crate::glob::Glob;

/// A tree of path components. A path matches when one of the set's paths is it or a folder above
/// it; components may be shell patterns.
#[derive(Clone, Debug)]
pub(crate) struct PathSet {
    nodes: Vec<Folder>,
}

#[derive(Clone, Debug, Default)]
struct Folder {
    is_member: bool,
    below: FxHashMap<Box<[u8]>, usize>,
    patterns: Vec<(Glob, usize)>,
}

impl PathSet {
    pub(crate) fn new<'p>(paths: impl IntoIterator<Item = &'p [u8]>) -> Self {
        let mut set = Self { nodes: vec![Folder::default()] };
        for path in paths {
            set.insert(path);
        }
        set
    }

    fn insert(&mut self, path: &[u8]) {
        let mut node = 0;
        for component in components(path) {
            let next = self.nodes.len();
            let folder = &mut self.nodes[node];
            node = if Glob::is_pattern(component) {
                folder.patterns.push((Glob::new(component, false), next));
                next
            } else {
                *folder.below.entry(component.into()).or_insert(next)
            };
            if node == next {
                self.nodes.push(Folder::default());
            }
        }
        self.nodes[node].is_member = true;
    }

    pub(crate) fn matches(&self, path: &[u8]) -> bool {
        self.matches_below(0, path)
    }

    fn matches_below(&self, node: usize, mut rest: &[u8]) -> bool {
        let mut folder = &self.nodes[node];
        loop {
            if folder.is_member {
                return true;
            }
            let Some((component, behind)) = first_component(rest) else {
                return false;
            };
            rest = behind;
            // As deep as the longest path of the set, no deeper.
            let by_pattern = folder
                .patterns
                .iter()
                .any(|(pattern, below)| pattern.matches(component) && self.matches_below(*below, rest));
            if by_pattern {
                return true;
            }
            match folder.below.get(component) {
                Some(below) => folder = &self.nodes[*below],
                None => return false,
            }
        }
    }
}

/// The first component that is not empty, and what is behind it.
fn first_component(path: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = path.iter().position(|byte| *byte != b'/')?;
    let path = &path[start..];
    let end = memchr::memchr(b'/', path).unwrap_or(path.len());
    Some(path.split_at(end))
}

fn components(mut path: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (component, behind) = first_component(path)?;
        path = behind;
        Some(component)
    })
}
