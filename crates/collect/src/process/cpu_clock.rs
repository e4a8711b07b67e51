//! The CPU clock of another process: nanoseconds where `/proc/PID/stat` has ticks of 10 ms, in one system
//! call. What the kernel says in `stat` is the same sum, split by mode and rounded down.

use crate::folder::Folder;
use crate::kernel_call::process_cpu_ns;

/// Knows that pids of a `/proc` are pids of this process's own namespace, which the clocks need.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CpuClocks(());

impl CpuClocks {
    /// `None` for a `/proc` that is a plain folder or belongs to another pid namespace.
    pub(crate) fn of(proc: &Folder) -> Option<Self> {
        let own = proc.link("self")?;
        let is_own = crate::text::number(&own) == Some(u64::from(std::process::id()));
        (proc.is_procfs() && is_own && process_cpu_ns(std::process::id()).is_some()).then_some(Self(()))
    }

    /// CPU time of a process so far; `None` when it is gone.
    pub(crate) fn cpu_ns(self, pid: u32) -> Option<u64> {
        process_cpu_ns(pid)
    }
}
