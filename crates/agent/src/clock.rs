//! The wall clock, the one place where the agent reads it.

use std::time::{SystemTime, UNIX_EPOCH};

use lanner_model::time::WallNs;

/// Now; the epoch itself on a machine whose clock is before it.
pub(crate) fn now() -> WallNs {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WallNs(u64::try_from(since_epoch.as_nanos()).unwrap_or(u64::MAX))
}
