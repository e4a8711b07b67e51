//! Severities on their way to pages.

use lanner_api::http::{SeverityCount, SeverityName};
use lanner_model::finding::Severity;

pub(crate) fn severity_name(severity: Severity) -> SeverityName {
    match severity {
        Severity::Info => SeverityName::Info,
        Severity::Low => SeverityName::Low,
        Severity::Medium => SeverityName::Medium,
        Severity::High => SeverityName::High,
        Severity::Critical => SeverityName::Critical,
    }
}

/// How many there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SeverityCounts([u64; 5]);

impl SeverityCounts {
    pub(crate) fn add(&mut self, severity: Severity, count: u64) {
        self.0[severity as usize] += count;
    }

    pub(crate) fn remove(&mut self, severity: Severity) {
        let count = &mut self.0[severity as usize];
        *count = count.saturating_sub(1);
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == [0; 5]
    }

    /// Those that are not zero, the gravest first.
    pub(crate) fn listed(self) -> Vec<SeverityCount> {
        let gravest_first = Severity::ALL.into_iter().rev();
        gravest_first
            .map(|severity| SeverityCount {
                severity: severity_name(severity),
                count: self.0[severity as usize],
            })
            .filter(|count| count.count > 0)
            .collect()
    }
}
