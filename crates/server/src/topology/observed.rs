//! The observation of a time range, made of the store's series.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lanner_model::series::{METRIC_NAME, MatchOp, Matcher};
use lanner_model::time::WallMs;
use lanner_store::{MetricStore, SeriesData, StoreError};
use lanner_topology::{METRICS, Observation};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::range::TimeRange;

/// Points are asked for in windows of this length: what is in memory at a time does not grow with the range.
const WINDOW_MS: i64 = 15 * 60_000;
/// A window that has too many points is halved, but not below this.
const SHORTEST_WINDOW_MS: i64 = 60_000;
/// How long an observation serves, for another level, focus or filter of the same range.
const FRESH: Duration = Duration::from_secs(10);
/// So many ranges are kept at a time.
const KEPT: usize = 4;

/// So many are made at a time: each takes a core, for some hundred milliseconds or, over a month, until
/// its answer is given up. One who asks for a month must not keep the others waiting.
const AT_A_TIME: usize = 2;

/// Observations of the last seconds, for all pages together.
pub(crate) struct Observations {
    kept: Mutex<VecDeque<Kept>>,
    turns: Semaphore,
}

impl Default for Observations {
    fn default() -> Self {
        Self { kept: Mutex::default(), turns: Semaphore::new(AT_A_TIME) }
    }
}

struct Kept {
    /// Both ends, to ten seconds: a range that ends now is another one every millisecond.
    range: (i64, i64),
    made: Instant,
    observation: Arc<Observation>,
}

impl Observations {
    /// What was observed in a range.
    pub(crate) async fn of(
        &self,
        store: &dyn MetricStore,
        range: TimeRange,
    ) -> Result<Arc<Observation>, StoreError> {
        let rounded = (range.from.0 / 10_000, range.to.0 / 10_000);
        if let Some(known) = self.known(rounded) {
            return Ok(known);
        }
        let _turn = self.turns.acquire().await.map_err(|_| StoreError::Closed)?;
        // Somebody else may have asked for the same.
        if let Some(known) = self.known(rounded) {
            return Ok(known);
        }
        let observation = Arc::new(observe(store, range).await?);
        let mut kept = self.kept();
        kept.truncate(KEPT - 1);
        kept.push_front(Kept { range: rounded, made: Instant::now(), observation: Arc::clone(&observation) });
        Ok(observation)
    }

    fn known(&self, range: (i64, i64)) -> Option<Arc<Observation>> {
        let mut kept = self.kept();
        kept.retain(|kept| kept.made.elapsed() < FRESH);
        kept.iter().find(|kept| kept.range == range).map(|kept| Arc::clone(&kept.observation))
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn observe(store: &dyn MetricStore, range: TimeRange) -> Result<Observation, StoreError> {
    let mut observation = Observation::new(range.from);
    let stats = store.stats().await;
    let (Some(oldest), Some(newest)) = (stats.oldest, stats.newest) else { return Ok(observation) };
    let mut from = observation.needs_from().max(oldest);
    let to = range.to.min(newest);
    let wanted = [Matcher { name: METRIC_NAME.to_owned(), op: MatchOp::Regex, value: METRICS.join("|") }];
    let mut window_ms = WINDOW_MS;
    while from <= to {
        let until = WallMs(from.0 + window_ms - 1).min(to);
        match store.range(&wanted, from, until).await {
            Ok(series) => {
                observation = fold(observation, series).await?;
                from = WallMs(until.0 + 1);
            }
            Err(StoreError::TooManyPoints { .. }) if window_ms > SHORTEST_WINDOW_MS => window_ms /= 2,
            Err(error) => return Err(error),
        }
    }
    Ok(observation)
}

/// Takes a window's points where it holds up nobody.
async fn fold(mut observation: Observation, series: Vec<SeriesData>) -> Result<Observation, StoreError> {
    let folded = tokio::task::spawn_blocking(move || {
        for SeriesData { labels, points } in &series {
            observation.add(labels, points);
        }
        observation
    });
    folded.await.map_err(|_| StoreError::Closed)
}

#[cfg(test)]
mod tests {
    use lanner_model::series::{Labels, Sample};
    use lanner_store::{MemoryMetrics, MetricOptions};
    use lanner_topology::{Known, Request};

    use super::*;

    fn connections(seconds: impl Iterator<Item = i64>) -> Vec<Sample> {
        let labels = Labels::new(
            "lanner_link_connections_total",
            [("node", "a"), ("comm", "x"), ("side", "client"), ("peer", "192.0.2.1"), ("port", "80")],
        );
        let sample =
            |at: i64| Sample { labels: labels.clone(), time: WallMs(at * 1000), value: at as f64 / 2.0 };
        seconds.map(sample).collect()
    }

    #[tokio::test]
    async fn a_long_range_is_read_in_parts_and_nothing_is_lost_between_them() {
        // A minute's worth of one series more than may be read at once.
        let store = MemoryMetrics::new(MetricOptions { max_points: 40, ..MetricOptions::default() });
        store.write(&connections((0..=7200).step_by(10))).await.expect("stored");
        let range = TimeRange { from: WallMs(1_800_000), to: WallMs(7_200_000) };
        let observation = Observations::default().of(&store, range).await.expect("observed");
        let map = observation.map(&Known::default(), &Request::default());
        assert_eq!(map.edges[0].figures.connections_per_second, Some(0.5));
        assert_eq!(observation.ends(), Some((WallMs(1_800_000), WallMs(7_200_000))));
    }

    #[tokio::test]
    async fn the_same_range_is_read_once() {
        let store = MemoryMetrics::new(MetricOptions::default());
        store.write(&connections((0..=100).step_by(10))).await.expect("stored");
        let observations = Observations::default();
        let range = |to| TimeRange { from: WallMs(0), to: WallMs(to) };
        let first = observations.of(&store, range(100_000)).await.expect("observed");
        let again = observations.of(&store, range(100_001)).await.expect("observed");
        let other = observations.of(&store, range(50_000)).await.expect("observed");
        assert!(Arc::ptr_eq(&first, &again) && !Arc::ptr_eq(&first, &other));
    }

    #[tokio::test]
    async fn an_empty_store_has_an_empty_map() {
        let store = MemoryMetrics::new(MetricOptions::default());
        let range = TimeRange { from: WallMs(0), to: WallMs(i64::MAX / 4) };
        let observation = Observations::default().of(&store, range).await.expect("observed");
        assert_eq!((observation.series(), observation.ends()), (0, None));
    }
}
