//! The calls to the kernel that no library at hand makes safely. This is the one module of the crate with
//! unsafe code.

use std::mem::MaybeUninit;

/// CPU time of a process so far in nanoseconds: the sum of `sum_exec_runtime` over all its threads, the
/// ended ones included. `None` when there is no such process.
pub(crate) fn process_cpu_ns(pid: u32) -> Option<u64> {
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

/// How well the machine's clock is kept (`man 2 adjtimex`), in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ClockDiscipline {
    pub(crate) is_synchronized: bool,
    pub(crate) offset: f64,
    pub(crate) max_error: f64,
    pub(crate) estimated_error: f64,
}

/// Asks the kernel; changes nothing. `None` where that is not allowed.
pub(crate) fn clock_discipline() -> Option<ClockDiscipline> {
    // SAFETY: a timex is plain numbers, for which zero is a value; `modes` 0 sets nothing.
    let mut timex: libc::timex = unsafe { MaybeUninit::zeroed().assume_init() };
    // SAFETY: the kernel reads and writes a timex at the place it is given.
    let state = unsafe { libc::adjtimex(&mut timex) };
    if state < 0 {
        return None;
    }
    let offset_unit = if timex.status & libc::STA_NANO != 0 { 1e9 } else { 1e6 };
    Some(ClockDiscipline {
        is_synchronized: state != libc::TIME_ERROR,
        offset: timex.offset as f64 / offset_unit,
        max_error: timex.maxerror as f64 / 1e6,
        estimated_error: timex.esterror as f64 / 1e6,
    })
}
