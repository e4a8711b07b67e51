//! How many queries are answered at a time.

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::error::PromqlError;
use super::limits::Limits;

/// Queries that people and programs have answered at a time. Each may hold as many samples as its
/// [`Limits`] say and keep a CPU busy; the server has to take in and evaluate alert rules (which do not
/// wait here) meanwhile.
const AT_A_TIME: usize = 4;
/// How long a query waits for its turn: a dashboard asks for all its panels at once.
const PATIENCE: Duration = Duration::from_secs(10);

/// Places for queries.
#[derive(Debug)]
pub(crate) struct QueryPlaces(Semaphore);

impl Default for QueryPlaces {
    fn default() -> Self {
        Self(Semaphore::new(AT_A_TIME))
    }
}

impl QueryPlaces {
    /// Waits for a place, which is held as long as what is given lives. What the wait took is taken off
    /// the query's time.
    pub(crate) async fn take(&self, limits: &mut Limits) -> Result<SemaphorePermit<'_>, PromqlError> {
        let began = Instant::now();
        let place = tokio::time::timeout(limits.time.min(PATIENCE), self.0.acquire()).await;
        limits.time = limits.time.saturating_sub(began.elapsed());
        match place {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(PromqlError::Busy { at_a_time: AT_A_TIME }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_query_waits_for_its_turn_and_is_refused_when_none_comes() {
        let places = QueryPlaces::default();
        let mut held = Vec::new();
        for _ in 0..AT_A_TIME {
            held.push(places.take(&mut Limits::default()).await.expect("a place"));
        }
        let mut limits = Limits::default();
        let refused = places.take(&mut limits).await;
        assert!(matches!(refused, Err(PromqlError::Busy { .. })));
        assert_eq!(limits.time, Limits::default().time - PATIENCE);

        let mut limits = Limits::default();
        let (taken, ()) = tokio::join!(places.take(&mut limits), async { drop(held.pop()) });
        assert!(taken.is_ok(), "one went");
    }
}
