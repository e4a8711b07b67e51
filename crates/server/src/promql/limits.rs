//! How much a query may take.

use std::time::Duration;

use lanner_metrics::promql;

/// How much a query may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Samples, moments, and how old a value may be.
    pub(crate) evaluation: promql::Limits,
    /// How long it may take, fetching included.
    pub(crate) time: Duration,
}

impl Default for Limits {
    /// Those of Prometheus, but for the time: an answer of the HTTP API has 30 s.
    fn default() -> Self {
        Self { evaluation: promql::Limits::default(), time: Duration::from_secs(28) }
    }
}
