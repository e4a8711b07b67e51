//! What every store of series can do.

use async_trait::async_trait;
use lanner_model::series::{Labels, Matcher, STALE_NAN, Sample};
use lanner_model::time::WallMs;

use crate::error::StoreError;

/// A store of series. Time ranges include both ends. Lists come sorted.
///
/// Whatever was given once may be given again: a sample the store has is a duplicate and no harm,
/// so an agent may send a batch anew when it does not know whether it arrived.
#[async_trait]
pub trait MetricStore: Send + Sync {
    /// Stores samples; when it returns, those accepted are durable. The samples of one series must
    /// come in the order of their times; what does not is counted in the report and left out.
    async fn write(&self, samples: &[Sample]) -> Result<WriteReport, StoreError>;

    /// The points of all series that match and have any in the range. Points come as stored, stale
    /// markers among them ([`is_stale`]).
    async fn range(
        &self,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<SeriesData>, StoreError>;

    /// The newest sample at or before `at`, but not older than `lookback_ms`, of all series that
    /// match and have not ended (whose newest sample there is no stale marker).
    async fn instant(
        &self,
        matchers: &[Matcher],
        at: WallMs,
        lookback_ms: i64,
    ) -> Result<Vec<Sample>, StoreError>;

    /// The series that match and may have points in the range (to the precision of a chunk).
    async fn series(&self, matchers: &[Matcher], from: WallMs, to: WallMs)
    -> Result<Vec<Labels>, StoreError>;

    /// The label names of those series.
    async fn label_names(
        &self,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<String>, StoreError>;

    /// The values that one label has in those series.
    async fn label_values(
        &self,
        name: &str,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<String>, StoreError>;

    /// Does what is due: retention, checkpoints. To be called about every minute with the present
    /// time; a store has no clock of its own.
    async fn maintain(&self, now: WallMs) -> Result<MetricMaintenance, StoreError>;

    /// What it holds and what it left out.
    async fn stats(&self) -> MetricStats;
}

/// Whether a value is the marker that ends a series.
#[must_use]
pub fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE_NAN
}

/// The points of one series, the oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesData {
    /// The series.
    pub labels: Labels,
    /// Its points.
    pub points: Vec<(WallMs, f64)>,
}

/// What became of the samples of one write. The parts add up to the samples that were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteReport {
    /// Stored.
    pub accepted: u64,
    /// There already, with the same value: nothing to do.
    pub duplicates: u64,
    /// Older than the series' newest sample, or as old with another value: left out.
    pub out_of_order: u64,
    /// Of a new series when there are as many as may be: left out.
    pub over_budget: u64,
    /// Of a series without labels or with labels that are too long: left out.
    pub invalid: u64,
}

impl WriteReport {
    /// All samples that were left out.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.out_of_order + self.over_budget + self.invalid
    }

    pub(crate) fn add(&mut self, other: &WriteReport) {
        self.accepted += other.accepted;
        self.duplicates += other.duplicates;
        self.out_of_order += other.out_of_order;
        self.over_budget += other.over_budget;
        self.invalid += other.invalid;
    }
}

/// What maintenance did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MetricMaintenance {
    /// Series that ended before the retention.
    pub dropped_series: u64,
    /// Samples that are older than the retention.
    pub dropped_samples: u64,
    /// The size of the checkpoint that was written, if one was due.
    pub checkpoint_bytes: Option<u64>,
}

/// What a store of series holds, and what it left out since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MetricStats {
    /// Series in memory.
    pub series: u64,
    /// How many there may be.
    pub series_limit: u64,
    /// Samples in memory.
    pub samples: u64,
    /// Bytes of their compressed chunks.
    pub chunk_bytes: u64,
    /// Bytes of the write-ahead log.
    pub log_bytes: u64,
    /// Bytes of the newest checkpoint.
    pub checkpoint_bytes: u64,
    /// The oldest sample; `None` without any.
    pub oldest: Option<WallMs>,
    /// The newest sample; `None` without any.
    pub newest: Option<WallMs>,
    /// What became of all samples since the store was opened.
    pub written: WriteReport,
}
