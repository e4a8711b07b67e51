//! Which hierarchy's control group names a task's container.

use std::path::PathBuf;

use crate::facts::CgroupFacts;

/// The hierarchy whose control group names a task's container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CgroupKey {
    /// Cgroup v2.
    #[default]
    V2,
    /// The v1 hierarchy of `memory`.
    Memory,
    /// The v1 hierarchy of `pids`.
    Pids,
    /// The v1 hierarchy of `cpu`.
    Cpu,
    /// The v1 hierarchy of `cpuset`.
    Cpuset,
}

impl CgroupKey {
    /// On v1 and hybrid layouts container runtimes put containers into the controllers' hierarchies
    /// and leave v2, where it is mounted at all, to systemd.
    pub(super) fn choose(facts: &CgroupFacts) -> (Self, String) {
        let layout = facts.layout.as_str();
        for key in [CgroupKey::Memory, CgroupKey::Pids, CgroupKey::Cpu, CgroupKey::Cpuset] {
            if facts.of_subsystem(key.as_str()).is_some() {
                let why = format!(
                    "the layout is {layout}: containers are in the v1 hierarchy of `{}`",
                    key.as_str()
                );
                return (key, why);
            }
        }
        (CgroupKey::V2, format!("the layout is {layout}: no v1 controller is mounted, so v2 it is"))
    }

    /// Where its hierarchy is mounted.
    pub(crate) fn mount(self, facts: &CgroupFacts) -> Option<PathBuf> {
        let mount = if self == CgroupKey::V2 { facts.v2() } else { facts.of_subsystem(self.as_str()) };
        mount.map(|mount| mount.path.clone())
    }

    /// The number the programs know it by (`enum cgroup_key` of `bpf/record.h`).
    pub(crate) fn number(self) -> u32 {
        match self {
            CgroupKey::V2 => 0,
            CgroupKey::Memory => 1,
            CgroupKey::Pids => 2,
            CgroupKey::Cpu => 3,
            CgroupKey::Cpuset => 4,
        }
    }

    /// The subsystem's name; `v2` for cgroup v2.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            CgroupKey::V2 => "v2",
            CgroupKey::Memory => "memory",
            CgroupKey::Pids => "pids",
            CgroupKey::Cpu => "cpu",
            CgroupKey::Cpuset => "cpuset",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mounts: &str, key: CgroupKey) {
        assert_eq!(CgroupKey::choose(&CgroupFacts::parse(mounts)).0, key, "{mounts}");
    }

    #[test]
    fn controllers_of_v1_name_containers_where_they_are_mounted() {
        let memory = "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n";
        let pids = "cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0\n";
        let unified = "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n";
        check(&format!("{pids}{memory}{unified}"), CgroupKey::Memory);
        check(&format!("{pids}{unified}"), CgroupKey::Pids);
        check(unified, CgroupKey::V2);
        check("", CgroupKey::V2);
    }
}
