//! What the agent counts of itself: events taken and everything lost.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lanner_model::loss::{Loss, LossCause};

/// Counters that the agent's threads share. Losses are rare, so one lock serves them.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    events: AtomicU64,
    findings: AtomicU64,
    losses: Mutex<BTreeMap<(LossCause, String), u64>>,
}

impl Tally {
    /// Events were taken from the source.
    pub(crate) fn took_events(&self, count: u64) {
        self.events.fetch_add(count, Ordering::Relaxed);
    }

    /// A rule was hit.
    pub(crate) fn found(&self) {
        self.findings.fetch_add(1, Ordering::Relaxed);
    }

    /// `count` more were lost here.
    pub(crate) fn lose(&self, cause: LossCause, place: &str, count: u64) {
        if count > 0 {
            *self.losses().entry((cause, place.to_owned())).or_default() += count;
        }
    }

    /// Takes over a count that is kept elsewhere (cumulative).
    pub(crate) fn set_loss(&self, loss: Loss) {
        self.losses().insert((loss.cause, loss.place), loss.count);
    }

    /// Events taken since the start.
    pub(crate) fn events(&self) -> u64 {
        self.events.load(Ordering::Relaxed)
    }

    /// Rule hits since the start.
    pub(crate) fn findings(&self) -> u64 {
        self.findings.load(Ordering::Relaxed)
    }

    /// All losses since the start.
    pub(crate) fn all_losses(&self) -> Vec<Loss> {
        let losses = self.losses();
        let of = |((cause, place), count): (&(LossCause, String), &u64)| Loss {
            cause: *cause,
            place: place.clone(),
            count: *count,
        };
        losses.iter().map(of).collect()
    }

    fn losses(&self) -> MutexGuard<'_, BTreeMap<(LossCause, String), u64>> {
        self.losses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_kept_elsewhere_replace_and_own_ones_add_up() {
        let tally = Tally::default();
        let ring = |count| Loss { cause: LossCause::RingFull, place: "cpu0".into(), count };
        tally.set_loss(ring(3));
        tally.set_loss(ring(5));
        tally.lose(LossCause::Budget, "findings", 2);
        tally.lose(LossCause::Budget, "findings", 1);
        tally.lose(LossCause::Budget, "samples", 0);
        let counts: Vec<u64> = tally.all_losses().into_iter().map(|loss| loss.count).collect();
        assert_eq!(counts, [5, 3]);
    }
}
