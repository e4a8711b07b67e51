//! The clocks of this machine.

use lanner_model::time::{MonoNs, WallNs};
use rustix::time::{ClockId, Timespec, clock_gettime};

/// What says how long ago the machine booted; a test has a clock of its own.
pub type Clock = Box<dyn FnMut() -> MonoNs + Send>;

/// `CLOCK_BOOTTIME`: the clock of processes' start times.
#[must_use]
pub fn boot_clock() -> Clock {
    Box::new(since_boot)
}

pub(crate) fn since_boot() -> MonoNs {
    MonoNs(nanoseconds(clock_gettime(ClockId::Boottime)))
}

/// CPU time of this thread.
pub(crate) fn own_thread_cpu_ns() -> u64 {
    nanoseconds(clock_gettime(ClockId::ThreadCPUTime))
}

/// CPU time of this process.
pub(crate) fn own_process_cpu_ns() -> u64 {
    nanoseconds(clock_gettime(ClockId::ProcessCPUTime))
}

/// When the machine booted, by its clocks of this moment: the shortest of some tries, because between the
/// two readings the thread may be interrupted.
pub(crate) fn boot_time() -> WallNs {
    let one = || {
        let wall = nanoseconds(clock_gettime(ClockId::Realtime));
        wall.saturating_sub(since_boot().0)
    };
    WallNs((0..5).map(|_| one()).max().unwrap_or_default())
}

fn nanoseconds(time: Timespec) -> u64 {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(u64::try_from(time.tv_nsec).unwrap_or(0))
}
