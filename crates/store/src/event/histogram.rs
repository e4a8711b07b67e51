//! Counting findings over time.

use lanner_model::finding::{Priority, Severity};
use lanner_model::time::WallNs;

use super::spec::EventFilter;
use super::store::SeverityCounts;
use crate::error::StoreError;

/// The most steps of one histogram.
const STEPS: u64 = 10_000;

/// Counts by step and severity.
pub(crate) struct Histogram {
    from: WallNs,
    step_ns: u64,
    steps: Vec<SeverityCounts>,
}

impl Histogram {
    pub(crate) fn new(filter: &EventFilter, step_ns: u64) -> Result<Histogram, StoreError> {
        let step_ns = step_ns.max(1);
        let steps = filter.to.since(filter.from).div_ceil(step_ns);
        if steps > STEPS {
            return Err(StoreError::TooManySteps { steps, limit: STEPS });
        }
        let start = |step| WallNs(filter.from.0 + step * step_ns);
        let steps = (0..steps).map(|step| SeverityCounts { start: start(step), counts: [0; 5] });
        Ok(Histogram { from: filter.from, step_ns, steps: steps.collect() })
    }

    pub(crate) fn add(&mut self, time: WallNs, priority: Priority) {
        let step = time.since(self.from) / self.step_ns;
        let severity = Severity::ALL.iter().position(|severity| *severity == priority.severity());
        let counts = usize::try_from(step).ok().and_then(|step| self.steps.get_mut(step));
        if let (Some(step), Some(severity)) = (counts, severity) {
            step.counts[severity] += 1;
        }
    }

    pub(crate) fn finish(self) -> Vec<SeverityCounts> {
        self.steps
    }
}
