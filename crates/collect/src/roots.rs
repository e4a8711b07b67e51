//! Where the kernel's file systems are mounted.

use std::path::PathBuf;

/// Where the host's file systems are seen from here. An agent in a container has them below `/host`, a
/// test has a folder of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roots {
    /// The host's root: `/etc/passwd`, `/etc/os-release`, the mount points.
    pub host: PathBuf,
    /// procfs.
    pub proc: PathBuf,
    /// sysfs.
    pub sys: PathBuf,
    /// The cgroup hierarchies: a v2 mount, or the folder that holds the v1 mounts.
    pub cgroup: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Self::below("/")
    }
}

impl Roots {
    /// The usual places below a root: `/` for an agent on the host, `/host` for one in a container that has
    /// the host's root mounted there.
    #[must_use]
    pub fn below(host: impl Into<PathBuf>) -> Self {
        let host = host.into();
        Self { proc: host.join("proc"), sys: host.join("sys"), cgroup: host.join("sys/fs/cgroup"), host }
    }
}
