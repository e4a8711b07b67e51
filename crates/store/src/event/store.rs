//! What every store of findings can do.

use arrow_array::RecordBatch;
use async_trait::async_trait;
use lanner_model::finding::Finding;
use lanner_model::time::WallNs;

use super::row::findings_of;
use super::spec::{Cursor, EventFilter, QuerySpec};
use crate::error::StoreError;

/// A store of findings (pages call them security events).
///
/// A finding's id is its identity: given again, with the same time, it is stored once. So an agent
/// may send a batch anew when it does not know whether it arrived.
#[async_trait]
pub trait EventStore: Send + Sync {
    /// Stores findings; when it returns they are durable, and queries see them.
    async fn append(&self, findings: &[Finding]) -> Result<AppendReport, StoreError>;

    /// A page of findings, the newest first.
    async fn query(&self, spec: &QuerySpec) -> Result<EventPage, StoreError>;

    /// How many findings of each severity there are in each step of `step_ns` from the filter's
    /// `from` to its `to`. Steps without any are there, too.
    async fn histogram(&self, filter: &EventFilter, step_ns: u64) -> Result<Vec<SeverityCounts>, StoreError>;

    /// One finding with all of its parts.
    async fn get(&self, id: &str) -> Result<Option<Finding>, StoreError>;

    /// Lets findings from before that time go. Whole segments go at once, so some that are a little
    /// older stay for a while.
    async fn forget_before(&self, before: WallNs) -> Result<u64, StoreError>;

    /// Does what is due: closes the segments of hours that are over, retention. To be called about
    /// every minute with the present time; a store has no clock of its own.
    async fn maintain(&self, now: WallNs) -> Result<EventMaintenance, StoreError>;

    /// What it holds.
    async fn stats(&self) -> EventStats;
}

/// What became of findings that were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AppendReport {
    /// Stored.
    pub accepted: u64,
    /// There already.
    pub duplicates: u64,
}

/// A page of findings.
#[derive(Clone, Debug, Default)]
pub struct EventPage {
    /// The findings as Arrow batches of [`event_schema`](crate::event_schema) (without some columns
    /// for [`Projection::Summary`](crate::Projection)), the newest first.
    pub batches: Vec<RecordBatch>,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<Cursor>,
    /// Segments that could not be read: what they had is missing from the page.
    pub damaged_segments: u64,
}

impl EventPage {
    /// The findings, the newest first.
    ///
    /// # Errors
    /// When a batch is not of the schema.
    pub fn findings(&self) -> Result<Vec<Finding>, StoreError> {
        let mut findings = Vec::new();
        for batch in &self.batches {
            findings.append(&mut findings_of(batch)?);
        }
        Ok(findings)
    }
}

/// How many findings there are in one step of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeverityCounts {
    /// When the step begins.
    pub start: WallNs,
    /// How many of each severity, in the order of [`Severity::ALL`](lanner_model::finding::Severity).
    pub counts: [u64; 5],
}

/// What maintenance did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventMaintenance {
    /// Segments that were written.
    pub written_segments: u64,
    /// Findings that went with the retention.
    pub dropped: u64,
}

/// What a store of findings holds, and what happened since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventStats {
    /// Findings in memory (and in the write-ahead log).
    pub buffered: u64,
    /// Findings in segments.
    pub stored: u64,
    /// Segment files.
    pub segments: u64,
    /// Their bytes.
    pub segment_bytes: u64,
    /// Bytes of the write-ahead log.
    pub log_bytes: u64,
    /// Segments that were found damaged and set aside.
    pub damaged_segments: u64,
    /// Findings that came again.
    pub duplicates: u64,
    /// The oldest finding's time; `None` without any.
    pub oldest: Option<WallNs>,
    /// The newest finding's time; `None` without any.
    pub newest: Option<WallNs>,
}
