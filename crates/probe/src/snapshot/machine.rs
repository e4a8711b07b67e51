//! What the machine is.

use lanner_model::snapshot::Machine;
use lanner_model::time::WallNs;

use crate::facts::{Facts, Roots};

pub(super) fn read(roots: &Roots, epoch_offset_ns: u64) -> Machine {
    let name = rustix::system::uname();
    let text = |value: &std::ffi::CStr| value.to_string_lossy().into_owned();
    Machine {
        hostname: text(name.nodename()),
        cpus: online_cpus(roots),
        memory_bytes: Facts::memory_bytes(roots),
        boot: WallNs(epoch_offset_ns),
        arch: text(name.machine()),
        kernel: text(name.release()),
    }
}

/// CPUs that run, counted in `/proc/stat`.
fn online_cpus(roots: &Roots) -> u32 {
    let text = std::fs::read_to_string(roots.proc.join("stat")).unwrap_or_default();
    let cpu = |line: &&str| {
        line.strip_prefix("cpu").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    text.lines().filter(cpu).count() as u32
}
