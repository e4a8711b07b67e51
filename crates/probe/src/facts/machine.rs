//! All facts together.

use std::path::PathBuf;

use super::cgroup::CgroupFacts;
use super::feature::Features;
use super::rights::Rights;

/// Where the kernel's file systems are mounted.
#[derive(Clone, Debug)]
pub struct Roots {
    /// `/proc`
    pub proc: PathBuf,
    /// `/sys`
    pub sys: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Self { proc: "/proc".into(), sys: "/sys".into() }
    }
}

/// What this machine and this process have.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The kernel's release, `uname -r`.
    pub kernel: String,
    /// The architecture, `uname -m`.
    pub arch: String,
    /// CPUs the kernel may ever have: rings and counters are made for that many.
    pub cpus: u32,
    /// Memory of the machine in bytes; 0 where unknown.
    pub memory_bytes: u64,
    /// What this process may do.
    pub rights: Rights,
    /// What the kernel can do.
    pub features: Features,
    /// Control groups.
    pub cgroups: CgroupFacts,
}

impl Facts {
    /// Asks the kernel. What cannot be read is a missing feature, never an error.
    #[must_use]
    pub fn read(roots: &Roots) -> Self {
        let name = rustix::system::uname();
        let rights = Rights::read(&roots.proc);
        let features = Features::read(&roots.sys, &rights);
        Self {
            kernel: name.release().to_string_lossy().into_owned(),
            arch: name.machine().to_string_lossy().into_owned(),
            cpus: possible_cpus(roots).unwrap_or(1),
            memory_bytes: Self::memory_bytes(roots),
            cgroups: CgroupFacts::read(&roots.proc),
            rights,
            features,
        }
    }

    /// Memory of the machine; 0 where unknown.
    pub(crate) fn memory_bytes(roots: &Roots) -> u64 {
        let text = std::fs::read_to_string(roots.proc.join("meminfo")).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:")).unwrap_or_default();
        let kilobytes = line.trim().strip_suffix("kB").map(str::trim).unwrap_or_default();
        kilobytes.parse::<u64>().unwrap_or(0).saturating_mul(1024)
    }
}

/// `/sys/devices/system/cpu/possible` is `0-7` or, rarely, a list of such ranges.
fn possible_cpus(roots: &Roots) -> Option<u32> {
    let text = std::fs::read_to_string(roots.sys.join("devices/system/cpu/possible")).ok()?;
    let last = text.trim().rsplit([',', '-']).next()?;
    last.parse::<u32>().ok()?.checked_add(1)
}
