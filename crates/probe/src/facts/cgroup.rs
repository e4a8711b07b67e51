//! How control groups are laid out here.

use std::path::{Path, PathBuf};

/// How control groups are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CgroupLayout {
    /// No hierarchy is mounted.
    #[default]
    None,
    /// Only v1 hierarchies.
    V1,
    /// Only cgroup v2.
    V2,
    /// v1 hierarchies hold the controllers, v2 is mounted beside them.
    Hybrid,
}

impl CgroupLayout {
    /// A word for people and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            CgroupLayout::None => "none",
            CgroupLayout::V1 => "v1",
            CgroupLayout::V2 => "v2",
            CgroupLayout::Hybrid => "hybrid",
        }
    }
}

/// A mounted hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CgroupMount {
    /// Where.
    pub path: PathBuf,
    /// The subsystems it holds; empty for cgroup v2 and named hierarchies.
    pub subsystems: Vec<String>,
    /// Whether it is cgroup v2.
    pub v2: bool,
}

/// Control groups of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CgroupFacts {
    /// How they are laid out.
    pub layout: CgroupLayout,
    /// What is mounted where.
    pub mounts: Vec<CgroupMount>,
}

/// Subsystems of v1 whose hierarchy is a container's, the best first.
const SUBSYSTEMS: [&str; 11] = [
    "memory",
    "pids",
    "cpu",
    "cpuacct",
    "cpuset",
    "blkio",
    "devices",
    "freezer",
    "net_cls",
    "perf_event",
    "hugetlb",
];

impl CgroupFacts {
    pub(super) fn read(proc: &Path) -> Self {
        Self::parse(&std::fs::read_to_string(proc.join("self/mounts")).unwrap_or_default())
    }

    /// Reads the lines of `/proc/self/mounts`.
    #[must_use]
    pub fn parse(mounts: &str) -> Self {
        let mounts: Vec<CgroupMount> = mounts.lines().filter_map(mount).collect();
        let v1 = mounts.iter().any(|mount| !mount.subsystems.is_empty());
        let v2 = mounts.iter().any(|mount| mount.v2);
        let layout = match (v1, v2) {
            (false, false) => CgroupLayout::None,
            (true, false) => CgroupLayout::V1,
            (false, true) => CgroupLayout::V2,
            (true, true) => CgroupLayout::Hybrid,
        };
        Self { layout, mounts }
    }

    /// The mount that holds a subsystem of v1.
    #[must_use]
    pub fn of_subsystem(&self, name: &str) -> Option<&CgroupMount> {
        self.mounts.iter().find(|mount| mount.subsystems.iter().any(|subsystem| subsystem == name))
    }

    /// The mount of cgroup v2.
    #[must_use]
    pub fn v2(&self) -> Option<&CgroupMount> {
        self.mounts.iter().find(|mount| mount.v2)
    }
}

fn mount(line: &str) -> Option<CgroupMount> {
    let mut fields = line.split(' ');
    let (_, path, kind, options) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let v2 = match kind {
        "cgroup" => false,
        "cgroup2" => true,
        _ => return None,
    };
    let subsystems =
        options.split(',').filter(|option| !v2 && SUBSYSTEMS.contains(option)).map(str::to_owned).collect();
    Some(CgroupMount { path: path.into(), subsystems, v2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mounts: &str, layout: CgroupLayout) {
        assert_eq!(CgroupFacts::parse(mounts).layout, layout, "{mounts}");
    }

    #[test]
    fn layouts_are_told_apart_by_what_is_mounted() {
        let v1 = "cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0\n";
        let named = "cgroup /sys/fs/cgroup/systemd cgroup rw,xattr,name=systemd 0 0\n";
        let v2 = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n";
        check("proc /proc proc rw 0 0\n", CgroupLayout::None);
        check(v1, CgroupLayout::V1);
        check(v2, CgroupLayout::V2);
        check(&format!("{v1}{v2}"), CgroupLayout::Hybrid);
        // A named hierarchy beside v2 holds no controller: the machine is a v2 machine.
        check(&format!("{named}{v2}"), CgroupLayout::V2);
    }

    #[test]
    fn hierarchies_with_two_subsystems_are_found_by_either() {
        let facts = CgroupFacts::parse("cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\n");
        assert_eq!(facts.of_subsystem("cpu"), facts.of_subsystem("cpuacct"));
        assert!(facts.of_subsystem("memory").is_none());
    }
}
