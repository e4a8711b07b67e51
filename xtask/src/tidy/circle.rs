//! No file of a crate imports itself through others.
//!
//! An arrow runs from a file to the file that defines what it names: re-exports are followed, so a
//! face that hands on its children's items may be imported by nobody below it for its own.

use std::collections::{BTreeMap, BTreeSet};

use super::house::{Crate, House};
use super::scan::{self, NamedPath};

pub(super) fn check(house: &House) -> Vec<String> {
    house.crates.iter().flat_map(check_crate).collect()
}

fn check_crate(krate: &Crate) -> Vec<String> {
    let graph = Graph::of(krate);
    let mut problems = Vec::new();
    for circle in graph.circles() {
        let names: Vec<String> = circle.iter().map(display).collect();
        problems.push(format!(
            "crates/{}: files import each other in a circle: {}: move what both need to a file of its own",
            krate.name,
            names.join(" -> ")
        ));
    }
    problems
}

type Module = Vec<String>;

fn display(module: &Module) -> String {
    if module.is_empty() { "lib".to_owned() } else { module.join("::") }
}

struct Graph {
    arrows: BTreeMap<Module, BTreeSet<Module>>,
}

impl Graph {
    fn of(krate: &Crate) -> Self {
        let modules: BTreeSet<Module> = krate.files.iter().map(|file| file.module.clone()).collect();
        let mut named: BTreeMap<Module, Vec<NamedPath>> = BTreeMap::new();
        for file in krate.files.iter().filter(|file| !file.is_generated() && !file.is_test()) {
            named.entry(file.module.clone()).or_default().extend(scan::paths(&scan::code_only(&file.text)));
        }
        let mut handed_on: BTreeMap<(Module, String), Module> = BTreeMap::new();
        for (module, paths) in &named {
            for path in paths.iter().filter(|path| path.re_exported) {
                if let (Some(target), Some(item)) = (resolve(module, path, &modules), path.segments.last()) {
                    handed_on.insert((module.clone(), item.clone()), target.0);
                }
            }
        }
        let mut arrows: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for (module, paths) in &named {
            for path in paths.iter().filter(|path| !path.re_exported) {
                let Some((mut target, mut item)) = resolve(module, path, &modules) else { continue };
                while let Some(next) = item.clone().and_then(|item| handed_on.get(&(target.clone(), item))) {
                    if *next == target {
                        break;
                    }
                    target = next.clone();
                    item = path.segments.last().cloned();
                }
                if target != *module {
                    arrows.entry(module.clone()).or_default().insert(target);
                }
            }
        }
        Self { arrows }
    }

    /// One circle per group of files that reach each other, as a walk that ends where it began.
    fn circles(&self) -> Vec<Vec<Module>> {
        let mut circles: Vec<Vec<Module>> = Vec::new();
        for start in self.arrows.keys() {
            if circles.iter().any(|circle| circle.contains(start)) {
                continue;
            }
            if let Some(walk) = self.walk_back(start) {
                circles.push(walk);
            }
        }
        circles
    }

    /// The shortest walk from `start` to itself.
    fn walk_back(&self, start: &Module) -> Option<Vec<Module>> {
        let mut came_from: BTreeMap<&Module, &Module> = BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for next in self.arrows.get(at).into_iter().flatten() {
                if next == start {
                    let mut walk = vec![start.clone(), at.clone()];
                    let mut back = at;
                    while back != start {
                        back = came_from[back];
                        walk.push(back.clone());
                    }
                    if at == start {
                        walk.truncate(2);
                    }
                    walk.reverse();
                    return Some(walk);
                }
                if !came_from.contains_key(next) {
                    came_from.insert(next, at);
                    queue.push_back(next);
                }
            }
        }
        None
    }
}

/// The module that `path`, named in `from`, leads to, and the item named there, if it leads into
/// this crate.
fn resolve(from: &Module, path: &NamedPath, modules: &BTreeSet<Module>) -> Option<(Module, Option<String>)> {
    let mut segments = path.segments.iter().peekable();
    let mut at = match segments.peek()?.as_str() {
        "crate" => {
            segments.next();
            Vec::new()
        }
        "self" => {
            segments.next();
            from.clone()
        }
        "super" => {
            let mut at = from.clone();
            while segments.peek().is_some_and(|segment| *segment == "super") {
                segments.next();
                at.pop()?;
            }
            at
        }
        first => {
            let mut child = from.clone();
            child.push(first.to_owned());
            if !modules.contains(&child) {
                return None;
            }
            from.clone()
        }
    };
    while let Some(segment) = segments.peek() {
        at.push((*segment).clone());
        if modules.contains(&at) {
            segments.next();
        } else {
            at.pop();
            break;
        }
    }
    Some((at, segments.next().cloned()))
}

#[cfg(test)]
mod tests {
    use super::super::house::SourceFile;
    use super::*;

    fn check_files(files: &[(&str, &str)]) -> Vec<String> {
        let files = files.iter().map(|(module, text)| SourceFile {
            path: format!("{module}.rs"),
            module: module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect(),
            text: (*text).to_owned(),
        });
        check_crate(&Crate { name: "x".into(), manifest: toml::Table::new(), files: files.collect() })
    }

    #[test]
    fn a_child_that_imports_what_its_parent_defines_is_a_circle_when_the_parent_uses_the_child() {
        let circle = check_files(&[
            ("", "mod a;\nuse a::B;\npub struct C;\n"),
            ("a", "use super::C;\npub struct B;\n"),
        ]);
        assert_eq!(circle.len(), 1);
        assert!(circle[0].contains("lib -> a -> lib"), "{circle:?}");
    }

    #[test]
    fn a_face_that_only_hands_on_is_no_circle() {
        let face = "mod a;\nmod b;\npub use a::A;\npub use b::B;\n";
        assert!(check_files(&[("", face), ("a", "use crate::B;\n"), ("b", "pub struct B;\n")]).is_empty());
    }

    #[test]
    fn two_files_that_import_each_other_are_a_circle_through_a_face_too() {
        let face = "mod a;\nmod b;\npub use a::A;\npub use b::B;\n";
        let circle = check_files(&[("", face), ("a", "use crate::B;\n"), ("b", "use super::A;\n")]);
        assert_eq!(circle.len(), 1);
    }
}
