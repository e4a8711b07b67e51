//! Which cgroup hierarchies there are.

use std::path::Path;

use crate::folder::{Buffer, Folder};

/// How cgroups are mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CgroupLayout {
    /// One v2 hierarchy with all controllers.
    Unified,
    /// v1 hierarchies, one per controller; a v2 hierarchy without controllers may lie beside them.
    PerController,
    /// Nothing that is known: there are no containers to see.
    Absent,
}

impl CgroupLayout {
    /// A word for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            CgroupLayout::Unified => "cgroup v2",
            CgroupLayout::PerController => "cgroup v1",
            CgroupLayout::Absent => "no cgroups",
        }
    }
}

/// The roots of the hierarchies.
#[derive(Debug)]
pub(crate) enum Hierarchies {
    Unified(Folder),
    PerController(Controllers),
    Absent,
}

/// The roots of v1 hierarchies; several controllers may share one.
#[derive(Debug)]
pub(crate) struct Controllers {
    pub(crate) memory: Option<Folder>,
    pub(crate) pids: Option<Folder>,
    pub(crate) cpu: Option<Folder>,
    pub(crate) cpuacct: Option<Folder>,
    pub(crate) blkio: Option<Folder>,
    /// systemd's own, without a controller.
    pub(crate) named: Option<Folder>,
}

impl Hierarchies {
    pub(crate) fn of(root: &Path, buffer: &mut Buffer) -> Self {
        let Ok(folder) = Folder::open(root) else { return Hierarchies::Absent };
        if folder.read_short("cgroup.controllers", buffer).is_some() {
            return Hierarchies::Unified(folder);
        }
        // Distributions mount `cpu` and `cpuacct` together or apart, with or without links of the short name.
        let open = |names: &[&str]| names.iter().find_map(|name| folder.open_below(name).ok());
        let controllers = Controllers {
            memory: open(&["memory"]),
            pids: open(&["pids"]),
            cpu: open(&["cpu", "cpu,cpuacct", "cpuacct,cpu"]),
            cpuacct: open(&["cpuacct", "cpu,cpuacct", "cpuacct,cpu"]),
            blkio: open(&["blkio"]),
            named: open(&["systemd", "unified"]),
        };
        match controllers.to_walk() {
            Some(_) => Hierarchies::PerController(controllers),
            None => Hierarchies::Absent,
        }
    }

    /// The hierarchy that is walked: the one whose cgroup ids the probe uses too.
    pub(crate) fn to_walk(&self) -> Option<&Folder> {
        match self {
            Hierarchies::Unified(root) => Some(root),
            Hierarchies::PerController(controllers) => controllers.to_walk(),
            Hierarchies::Absent => None,
        }
    }

    pub(crate) fn layout(&self) -> CgroupLayout {
        match self {
            Hierarchies::Unified(_) => CgroupLayout::Unified,
            Hierarchies::PerController(_) => CgroupLayout::PerController,
            Hierarchies::Absent => CgroupLayout::Absent,
        }
    }
}

impl Controllers {
    fn to_walk(&self) -> Option<&Folder> {
        [&self.memory, &self.pids, &self.cpu, &self.cpuacct, &self.named].into_iter().find_map(Option::as_ref)
    }
}
