//! The only place where the server reads the time.

use std::time::{SystemTime, UNIX_EPOCH};

use lanner_model::time::WallMs;

/// Now; the epoch where the machine's clock stands before it.
pub(crate) fn now() -> WallMs {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WallMs(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
