//! Time as newtypes. Nothing here reads a clock.

use std::fmt;

/// Nanoseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallNs(pub u64);

/// Nanoseconds of `CLOCK_BOOTTIME`: since boot, suspended time included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonoNs(pub u64);

/// Milliseconds since the Unix epoch: the time stamp of samples, as in Prometheus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallMs(pub i64);

impl WallNs {
    /// When a process began, from the boot time and `task->start_boottime`: both are cut to 10 ms, the unit
    /// of field 22 of `/proc/PID/stat`, before they are added. Whoever has the same boot time (read ONCE and
    /// handed on: it moves when the clock is set) gets the same start, from `/proc` and from the kernel.
    #[must_use]
    pub fn of_process(boot: WallNs, since_boot: MonoNs) -> Self {
        const TICK_NS: u64 = 10_000_000;
        let cut = |ns: u64| ns - ns % TICK_NS;
        Self(cut(boot.0).saturating_add(cut(since_boot.0)))
    }

    /// The same moment in milliseconds, rounded down.
    #[must_use]
    pub fn millis(self) -> WallMs {
        WallMs((self.0 / 1_000_000) as i64)
    }

    /// Nanoseconds from `earlier` to here; 0 when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: WallNs) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl WallMs {
    /// The same moment in nanoseconds; moments before the epoch become the epoch.
    #[must_use]
    pub fn nanos(self) -> WallNs {
        WallNs(u64::try_from(self.0).unwrap_or(0).saturating_mul(1_000_000))
    }
}

impl fmt::Display for WallNs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}", self.0 / 1_000_000_000, self.0 % 1_000_000_000)
    }
}
