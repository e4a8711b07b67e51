//! A store of series that forgets all when it is dropped: for tests, and the yardstick for the
//! embedded one. It is as simple as can be and compares every series with every matcher.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use lanner_model::series::{Labels, Matcher, Sample};
use lanner_model::time::WallMs;

use super::matcher::Condition;
use super::options::MetricOptions;
use super::store::{MetricMaintenance, MetricStats, MetricStore, SeriesData, WriteReport, is_stale};
use crate::error::StoreError;

/// A store of series in plain maps.
#[derive(Default)]
pub struct MemoryMetrics {
    options: MetricOptions,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    series: BTreeMap<Labels, BTreeMap<WallMs, f64>>,
    written: WriteReport,
}

impl MemoryMetrics {
    /// An empty store.
    #[must_use]
    pub fn new(options: MetricOptions) -> MemoryMetrics {
        MemoryMetrics { options, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuses(&self, state: &State, labels: &Labels) -> Option<fn(&mut WriteReport) -> &mut u64> {
        let label_bytes: usize = labels.iter().map(|(name, value)| name.len() + value.len()).sum();
        if labels.is_empty() || label_bytes > self.options.max_label_bytes {
            return Some(|report| &mut report.invalid);
        }
        let is_new = !state.series.contains_key(labels);
        if is_new && state.series.len() >= self.options.max_series {
            return Some(|report| &mut report.over_budget);
        }
        None
    }
}

#[async_trait]
impl MetricStore for MemoryMetrics {
    async fn write(&self, samples: &[Sample]) -> Result<WriteReport, StoreError> {
        let mut state = self.state();
        let mut report = WriteReport::default();
        for sample in samples {
            if let Some(counter) = self.refuses(&state, &sample.labels) {
                *counter(&mut report) += 1;
                continue;
            }
            let points = state.series.entry(sample.labels.clone()).or_default();
            let newest = points.last_key_value().map(|(time, _)| *time);
            match points.get(&sample.time) {
                Some(value) if value.to_bits() == sample.value.to_bits() => report.duplicates += 1,
                _ if newest.is_some_and(|newest| sample.time <= newest) => report.out_of_order += 1,
                _ => {
                    points.insert(sample.time, sample.value);
                    report.accepted += 1;
                }
            }
        }
        state.written.add(&report);
        Ok(report)
    }

    async fn range(
        &self,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<SeriesData>, StoreError> {
        let conditions = Condition::compile(matchers)?;
        let state = self.state();
        let mut found = Vec::new();
        let mut total = 0;
        for (labels, points) in &state.series {
            let inside = points.iter().filter(|(time, _)| **time >= from && **time <= to);
            let points: Vec<(WallMs, f64)> = inside.map(|(time, value)| (*time, *value)).collect();
            if !points.is_empty() && conditions.iter().all(|condition| condition.holds_for(labels)) {
                total += points.len();
                found.push(SeriesData { labels: labels.clone(), points });
            }
        }
        let limit = self.options.max_points;
        if total > limit { Err(StoreError::TooManyPoints { limit }) } else { Ok(found) }
    }

    async fn instant(
        &self,
        matchers: &[Matcher],
        at: WallMs,
        lookback_ms: i64,
    ) -> Result<Vec<Sample>, StoreError> {
        let from = WallMs(at.0.saturating_sub(lookback_ms));
        let mut newest = Vec::new();
        for SeriesData { labels, points } in self.range(matchers, from, at).await? {
            newest.extend(points.last().map(|(time, value)| Sample { labels, time: *time, value: *value }));
        }
        newest.retain(|sample| !is_stale(sample.value));
        Ok(newest)
    }

    async fn series(
        &self,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<Labels>, StoreError> {
        Ok(self.range(matchers, from, to).await?.into_iter().map(|series| series.labels).collect())
    }

    async fn label_names(
        &self,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<String>, StoreError> {
        let series = self.series(matchers, from, to).await?;
        let names: BTreeSet<String> =
            series.iter().flat_map(|labels| labels.iter().map(|(name, _)| name.to_owned())).collect();
        Ok(names.into_iter().collect())
    }

    async fn label_values(
        &self,
        name: &str,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<String>, StoreError> {
        let series = self.series(matchers, from, to).await?;
        let values: BTreeSet<String> =
            series.iter().filter_map(|labels| labels.value(name).map(str::to_owned)).collect();
        Ok(values.into_iter().collect())
    }

    async fn maintain(&self, now: WallMs) -> Result<MetricMaintenance, StoreError> {
        let oldest = WallMs(now.0.saturating_sub(self.options.retention_ms));
        let mut state = self.state();
        let mut done = MetricMaintenance::default();
        for points in state.series.values_mut() {
            let kept = points.split_off(&oldest);
            done.dropped_samples += points.len() as u64;
            *points = kept;
        }
        let before = state.series.len();
        state.series.retain(|_, points| !points.is_empty());
        done.dropped_series = (before - state.series.len()) as u64;
        Ok(done)
    }

    async fn stats(&self) -> MetricStats {
        let state = self.state();
        let points = || state.series.values();
        MetricStats {
            series: state.series.len() as u64,
            series_limit: self.options.max_series as u64,
            samples: points().map(|points| points.len() as u64).sum(),
            oldest: points().filter_map(|points| points.keys().next().copied()).min(),
            newest: points().filter_map(|points| points.keys().next_back().copied()).max(),
            written: state.written,
            ..MetricStats::default()
        }
    }
}
