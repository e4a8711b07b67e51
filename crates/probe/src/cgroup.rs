//! The control groups there are: those found at the start, and those the kernel told of since.

use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use lanner_model::id::CgroupId;

use crate::decision::Decisions;
use crate::record::{CGROUP_REMOVED, CgroupRecord};

/// Most groups that are kept; a node has hundreds.
const MOST: usize = 65_536;
/// Deepest level the walk at the start goes to.
const DEEPEST: usize = 16;

/// The control groups of the hierarchy that names containers, by id.
#[derive(Clone, Debug, Default)]
pub struct Cgroups {
    paths: HashMap<CgroupId, String>,
    /// How many were not kept because there were too many.
    dropped: u64,
}

impl Cgroups {
    /// The path of a group in its hierarchy, `/kubepods/pod1/2`.
    #[must_use]
    pub fn path(&self, id: CgroupId) -> Option<&str> {
        self.paths.get(&id).map(String::as_str)
    }

    /// The id of a group.
    #[must_use]
    pub fn id(&self, path: &str) -> Option<CgroupId> {
        self.paths.iter().find(|(_, known)| *known == path).map(|(id, _)| *id)
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (CgroupId, &str)> {
        self.paths.iter().map(|(id, path)| (*id, path.as_str()))
    }

    /// How many are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether none is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// How many were not kept because there were more than 65,536.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Walks the hierarchy that the decisions name.
    pub(crate) fn seeded(decisions: &Decisions) -> Self {
        let mut cgroups = Self::default();
        if let Some(mount) = &decisions.cgroup_mount {
            cgroups.walk(mount, String::new(), 0);
        }
        cgroups
    }

    fn walk(&mut self, dir: &Path, path: String, depth: usize) {
        // The inode of a group's folder is its id.
        if let Ok(metadata) = dir.metadata() {
            let name = if path.is_empty() { "/".to_owned() } else { path.clone() };
            self.insert(CgroupId(metadata.ino()), name);
        }
        if depth == DEEPEST {
            return;
        }
        // A group that goes while we walk is no error.
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let name = entry.file_name();
                self.walk(&entry.path(), format!("{path}/{}", name.to_string_lossy()), depth + 1);
            }
        }
    }

    /// Takes note of what the kernel told.
    pub(crate) fn learn(&mut self, record: &CgroupRecord, path: &[u8]) {
        let id = CgroupId(record.id);
        if record.change == CGROUP_REMOVED {
            self.paths.remove(&id);
        } else {
            self.insert(id, String::from_utf8_lossy(path).into_owned());
        }
    }

    fn insert(&mut self, id: CgroupId, path: String) {
        if self.paths.len() >= MOST && !self.paths.contains_key(&id) {
            self.dropped += 1;
            return;
        }
        self.paths.insert(id, path);
    }
}
