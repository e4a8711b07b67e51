//! What all operators of a query share.

use std::cell::Cell;

use super::annotation::Annotations;
use crate::promql::error::EvalError;
use crate::promql::plan::{Limits, Moments};
use crate::promql::value::Stats;

/// Asked now and then whether evaluation should stop.
pub type Stop<'a> = &'a dyn Fn() -> bool;

/// So many samples may be looked at before [`Stop`] is asked again.
const SAMPLES_PER_LOOK: u64 = 100_000;

/// What all operators of a query share: its limits, what it used of them, its annotations.
pub(super) struct Context<'a> {
    pub(super) moments: Moments,
    pub(super) lookback_ms: i64,
    pub(super) annotations: Annotations<'a>,
    max_samples: u64,
    stop: Stop<'a>,
    looked_at: Cell<u64>,
    next_look: Cell<u64>,
    held: Cell<u64>,
    peak: Cell<u64>,
}

impl<'a> Context<'a> {
    pub(super) fn new(text: &'a str, moments: Moments, limits: &Limits, stop: Stop<'a>) -> Context<'a> {
        Context {
            moments,
            lookback_ms: limits.lookback_ms,
            annotations: Annotations::new(text),
            max_samples: limits.max_samples,
            stop,
            looked_at: Cell::new(0),
            next_look: Cell::new(SAMPLES_PER_LOOK),
            held: Cell::new(0),
            peak: Cell::new(0),
        }
    }

    /// The query's first and last moment.
    pub(super) fn whole(&self) -> (i64, i64) {
        (self.moments.from.0, self.moments.to.0)
    }

    /// Counts samples that are looked at.
    pub(super) fn look(&self, samples: usize) -> Result<(), EvalError> {
        let looked_at = self.looked_at.get() + samples as u64;
        self.looked_at.set(looked_at);
        if looked_at < self.next_look.get() {
            return Ok(());
        }
        self.next_look.set(looked_at + SAMPLES_PER_LOOK);
        self.check_stop()
    }

    pub(super) fn check_stop(&self) -> Result<(), EvalError> {
        if (self.stop)() { Err(EvalError::Canceled) } else { Ok(()) }
    }

    /// Counts samples that are held from now on.
    pub(super) fn hold(&self, samples: usize) -> Result<(), EvalError> {
        let held = self.held.get() + samples as u64;
        self.held.set(held);
        self.peak.set(self.peak.get().max(held));
        let limit = self.max_samples;
        if held > limit { Err(EvalError::TooManySamples { limit }) } else { Ok(()) }
    }

    /// Counts samples that are held no longer.
    pub(super) fn release(&self, samples: usize) {
        self.held.set(self.held.get().saturating_sub(samples as u64));
    }

    pub(super) fn stats(&self, series: u64) -> Stats {
        Stats { samples: self.looked_at.get(), peak_samples: self.peak.get(), series }
    }
}
