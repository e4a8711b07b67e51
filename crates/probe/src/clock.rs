//! The clocks of time stamps.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// Nanoseconds since boot, suspended time included: what `bpf_ktime_get_boot_ns()` gives.
pub(crate) fn boot_ns() -> u64 {
    nanos(clock_gettime(ClockId::Boottime))
}

/// What has to be added to boot time to get the time of day.
pub(crate) fn epoch_offset_ns() -> u64 {
    // Asked twice around the other clock: the gap between the two calls is halved out.
    let before = boot_ns();
    let wall = nanos(clock_gettime(ClockId::Realtime));
    let after = boot_ns();
    wall.saturating_sub(before + (after - before) / 2)
}

fn nanos(time: Timespec) -> u64 {
    time.tv_sec.cast_unsigned() * 1_000_000_000 + time.tv_nsec.cast_unsigned()
}
