//! Security events of the last 24 hours by the rows of Explore they happened in.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use lanner_api::http::SeverityCount;
use lanner_model::finding::{Finding, Severity};
use lanner_model::id::{Pid, ProcessKey};
use lanner_model::time::WallMs;

use crate::row::RowId;
use crate::severity::SeverityCounts;

/// How long an event counts.
pub(crate) const COUNTED_MS: i64 = 24 * 3_600_000;
/// Events that are counted at most (about 60 MB); beyond, the oldest go first.
const MAX_COUNTED: usize = 200_000;

/// A sliding count, kept in memory: the store is asked once, at the start.
#[derive(Debug, Default)]
pub(crate) struct FindingCounts {
    /// In order of arrival, which is nearly that of time.
    counted: VecDeque<Counted>,
    by_row: HashMap<RowId, SeverityCounts>,
    ids: HashSet<Arc<str>>,
}

#[derive(Debug)]
struct Counted {
    id: Arc<str>,
    time: WallMs,
    severity: Severity,
    rows: Vec<RowId>,
}

impl FindingCounts {
    /// Counts an event for its process, its container and its node; false when it was counted before.
    pub(crate) fn add(&mut self, finding: &Finding) -> bool {
        let id: Arc<str> = finding.id.as_str().into();
        if !self.ids.insert(Arc::clone(&id)) {
            return false;
        }
        if self.counted.len() == MAX_COUNTED {
            self.remove_oldest();
        }
        let severity = finding.priority.severity();
        let rows = rows_of(finding);
        for row in &rows {
            self.by_row.entry(row.clone()).or_default().add(severity, 1);
        }
        self.counted.push_back(Counted { id, time: finding.time.millis(), severity, rows });
        true
    }

    /// Forgets what is older than 24 hours.
    pub(crate) fn expire(&mut self, now: WallMs) {
        while self.counted.front().is_some_and(|oldest| oldest.time.0 <= now.0 - COUNTED_MS) {
            self.remove_oldest();
        }
    }

    /// The counts of all rows that have any.
    pub(crate) fn listed(&self) -> HashMap<RowId, Vec<SeverityCount>> {
        self.by_row.iter().map(|(row, counts)| (row.clone(), counts.listed())).collect()
    }

    fn remove_oldest(&mut self) {
        let Some(oldest) = self.counted.pop_front() else { return };
        self.ids.remove(&oldest.id);
        for row in oldest.rows {
            if let Some(counts) = self.by_row.get_mut(&row) {
                counts.remove(oldest.severity);
                if counts.is_empty() {
                    self.by_row.remove(&row);
                }
            }
        }
    }
}

/// The process, its container, its node: as far as they are known.
fn rows_of(finding: &Finding) -> Vec<RowId> {
    let mut rows = vec![RowId::Host(finding.node.clone())];
    if let Some(container) = &finding.container {
        rows.push(RowId::Container(finding.node.clone(), container.id.clone()));
    }
    if let Some(process) = finding.ancestry.first() {
        let key = ProcessKey { pid: Pid(process.pid), start: process.start };
        rows.push(RowId::process(&finding.node, key));
    }
    rows
}

#[cfg(test)]
mod tests {
    use lanner_api::http::SeverityName;
    use lanner_model::finding::Priority;
    use lanner_model::resource::ContainerInfo;

    use super::*;
    use crate::testing::finding;

    #[test]
    fn an_event_counts_for_process_container_and_node_for_a_day() {
        let mut counts = FindingCounts::default();
        let mut in_container = finding(1, Priority::Critical);
        in_container.container = Some(ContainerInfo { id: "c".into(), ..ContainerInfo::default() });
        assert!(counts.add(&in_container));
        assert!(counts.add(&finding(2, Priority::Warning)));
        assert!(!counts.add(&in_container), "sent again");
        let listed = counts.listed();
        let count = |row: &str| {
            let row = RowId::parse(row).expect("a row");
            listed.get(&row).map(|counts| counts.iter().map(|c| (c.severity, c.count)).collect::<Vec<_>>())
        };
        assert_eq!(count("host:a"), Some(vec![(SeverityName::Critical, 1), (SeverityName::Medium, 1)]));
        assert_eq!(count("container:a:c"), Some(vec![(SeverityName::Critical, 1)]));
        assert_eq!(
            count("process:a:42:1000"),
            Some(vec![(SeverityName::Critical, 1), (SeverityName::Medium, 1)])
        );
        assert_eq!(count("host:b"), None);

        counts.expire(WallMs(1 + COUNTED_MS));
        assert_eq!(counts.counted.len(), 1);
        counts.expire(WallMs(2 + COUNTED_MS));
        assert!(counts.listed().is_empty());
    }
}
