//! The CPU clock of another process: nanoseconds where `/proc/PID/stat` has ticks of 10 ms, in one system
//! call. It is the sum of `sum_exec_runtime` over all threads, the ended ones included, which is also what
//! the kernel scales `utime + stime` to.
//!
//! This is the one module of the crate with unsafe code: no library at hand makes such a clock's id.

use std::mem::MaybeUninit;

use crate::folder::Folder;

/// Knows that pids of a `/proc` are pids of this process's own namespace, which the clocks need.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CpuClocks(());

impl CpuClocks {
    /// `None` for a `/proc` that is a plain folder or belongs to another pid namespace.
    pub(crate) fn of(proc: &Folder) -> Option<Self> {
        let own = proc.link("self")?;
        let is_own = crate::text::number(&own) == Some(u64::from(std::process::id()));
        let clocks = Self(());
        (proc.is_procfs() && is_own && clocks.cpu_ns(std::process::id()).is_some()).then_some(clocks)
    }

    /// CPU time of a process so far; `None` when it is gone.
    pub(crate) fn cpu_ns(self, pid: u32) -> Option<u64> {
        // `make_process_cpuclock(pid, CPUCLOCK_SCHED)` of the kernel's include/linux/posix-timers_types.h.
        let clock = (!i32::try_from(pid).ok()?).wrapping_shl(3) | 2;
        let mut time = MaybeUninit::<libc::timespec>::uninit();
        // SAFETY: the kernel writes a timespec to the place it is given, or fails; any clock id is allowed.
        let result = unsafe { libc::clock_gettime(clock, time.as_mut_ptr()) };
        if result != 0 {
            return None;
        }
        // SAFETY: the call succeeded, so the kernel has written it.
        let time = unsafe { time.assume_init() };
        let seconds = u64::try_from(time.tv_sec).ok()?;
        seconds.checked_mul(1_000_000_000)?.checked_add(u64::try_from(time.tv_nsec).ok()?)
    }
}
