//! A store of findings that forgets all when it is dropped: for tests, and the yardstick for the
//! embedded one.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use lanner_model::finding::Finding;
use lanner_model::time::WallNs;

use super::histogram::Histogram;
use super::options::EventOptions;
use super::row::batch_of;
use super::schema;
use super::spec::{Cursor, EventFilter, QuerySpec};
use super::store::{AppendReport, EventMaintenance, EventPage, EventStats, EventStore, SeverityCounts};
use crate::error::StoreError;

/// A store of findings in a vector.
#[derive(Default)]
pub struct MemoryEvents {
    options: EventOptions,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The newest first.
    findings: Vec<Finding>,
    duplicates: u64,
}

impl MemoryEvents {
    /// An empty store.
    #[must_use]
    pub fn new(options: EventOptions) -> MemoryEvents {
        MemoryEvents { options, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl EventStore for MemoryEvents {
    async fn append(&self, findings: &[Finding]) -> Result<AppendReport, StoreError> {
        let mut state = self.state();
        let mut report = AppendReport::default();
        for finding in findings {
            if state.findings.iter().any(|known| known.id == finding.id) {
                report.duplicates += 1;
            } else {
                state.findings.push(finding.clone());
                report.accepted += 1;
            }
        }
        state.findings.sort_by_key(|finding| std::cmp::Reverse(Cursor::of(finding)));
        state.duplicates += report.duplicates;
        Ok(report)
    }

    async fn query(&self, spec: &QuerySpec) -> Result<EventPage, StoreError> {
        let state = self.state();
        let is_after = |finding: &&Finding| spec.after.as_ref().is_none_or(|a| Cursor::of(finding) < *a);
        let asked = state.findings.iter().filter(|finding| spec.filter.matches(finding)).filter(is_after);
        let mut found: Vec<&Finding> = asked.take(spec.limit.saturating_add(1)).collect();
        let has_more = found.len() > spec.limit;
        found.truncate(spec.limit);
        let next = found.last().filter(|_| has_more).map(|finding| Cursor::of(finding));
        let batch = batch_of(&found)?.project(&schema::columns_of(spec.projection));
        let batch = batch.map_err(|error| StoreError::convert("a page", error))?;
        let batches = if found.is_empty() { Vec::new() } else { vec![batch] };
        Ok(EventPage { batches, next, damaged_segments: 0 })
    }

    async fn histogram(&self, filter: &EventFilter, step_ns: u64) -> Result<Vec<SeverityCounts>, StoreError> {
        let mut histogram = Histogram::new(filter, step_ns)?;
        for finding in self.state().findings.iter().filter(|finding| filter.matches(finding)) {
            histogram.add(finding.time, finding.priority);
        }
        Ok(histogram.finish())
    }

    async fn get(&self, id: &str) -> Result<Option<Finding>, StoreError> {
        Ok(self.state().findings.iter().find(|finding| finding.id == id).cloned())
    }

    async fn forget_before(&self, before: WallNs) -> Result<u64, StoreError> {
        let mut state = self.state();
        let there = state.findings.len();
        state.findings.retain(|finding| finding.time >= before);
        Ok((there - state.findings.len()) as u64)
    }

    async fn maintain(&self, now: WallNs) -> Result<EventMaintenance, StoreError> {
        let dropped = self.forget_before(WallNs(now.0.saturating_sub(self.options.retention_ns))).await?;
        Ok(EventMaintenance { written_segments: 0, dropped })
    }

    async fn stats(&self) -> EventStats {
        let state = self.state();
        EventStats {
            buffered: state.findings.len() as u64,
            duplicates: state.duplicates,
            oldest: state.findings.last().map(|finding| finding.time),
            newest: state.findings.first().map(|finding| finding.time),
            ..EventStats::default()
        }
    }
}
