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
