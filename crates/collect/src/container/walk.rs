//! Finding containers and their processes in a cgroup tree.

use lanner_model::cgroup::container_of;
use lanner_model::id::CgroupId;
use lanner_model::resource::ContainerInfo;

use crate::folder::{Buffer, Folder};
use crate::text::{lines, number};

/// How deep a tree is followed; runtimes need 8 levels, nested ones twice that.
const DEPTH_MAX: usize = 32;
/// How many cgroups are looked at in a round.
const GROUPS_MAX: usize = 20_000;

/// A container as the tree shows it.
#[derive(Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) info: ContainerInfo,
    /// Those in its cgroup and below, but for those of containers within.
    pub(crate) pids: Vec<u32>,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    pub(crate) found: Vec<Found>,
    /// Cgroups that were not looked at, because the tree is too deep or too large.
    pub(crate) skipped: u64,
    seen: usize,
    path: String,
}

/// Walks a hierarchy from its root.
pub(crate) fn walk(root: &Folder, buffer: &mut Buffer) -> Walk {
    let mut walk = Walk::default();
    walk.children(root, None, 0, buffer);
    walk
}

impl Walk {
    fn children(&mut self, folder: &Folder, container: Option<usize>, depth: usize, buffer: &mut Buffer) {
        // A cgroup's link count is two and one for each child, so most need no listing of their 60 files.
        // Other file systems (in tests) may always say 1.
        if folder.own_stat().is_some_and(|stat| stat.st_nlink == 2) {
            return;
        }
        let mut names = Vec::new();
        folder.entries(buffer, |name, kind| {
            if kind == rustix::fs::FileType::Directory {
                names.extend(std::str::from_utf8(name).map(str::to_owned));
            }
        });
        for name in names {
            if depth >= DEPTH_MAX || self.seen >= GROUPS_MAX {
                self.skipped += 1;
                continue;
            }
            self.seen += 1;
            let Ok(child) = folder.open_below(&name) else { continue };
            let length = self.path.len();
            self.path.push('/');
            self.path.push_str(&name);
            let container = self.container_here(&child).or(container);
            if let Some(container) = container {
                let pids = child.read("cgroup.procs", buffer).into_iter().flat_map(lines).filter_map(number);
                self.found[container].pids.extend(pids.filter_map(|pid| u32::try_from(pid).ok()));
            }
            self.children(&child, container, depth + 1, buffer);
            self.path.truncate(length);
        }
    }

    /// The container whose own cgroup the path is, as a new entry.
    fn container_here(&mut self, folder: &Folder) -> Option<usize> {
        let mut info = container_of(&self.path).filter(|info| info.cgroup_path == self.path)?;
        info.cgroup = CgroupId(folder.own_stat()?.st_ino);
        self.found.push(Found { info, pids: Vec::new() });
        Some(self.found.len() - 1)
    }
}
