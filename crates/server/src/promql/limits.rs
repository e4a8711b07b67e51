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
    /// Those of Prometheus, but for the samples and the time: the server may be small (20 million are
    /// 320 MB), and an answer of the HTTP API has 30 s.
    fn default() -> Self {
        let evaluation = promql::Limits { max_samples: 20_000_000, ..promql::Limits::default() };
        Self { evaluation, time: Duration::from_secs(28) }
    }
}
