//! The series that a script has loaded.

use std::collections::{BTreeMap, BTreeSet};

use lanner_model::series::{Labels, METRIC_NAME, MatchOp, Matcher, STALE_NAN};
use lanner_model::time::WallMs;

use super::command::{Point, Sequence};
use crate::promql::check::regex;
use crate::promql::plan::Fetch;
use crate::promql::value::Column;

/// A store of what a script has loaded.
#[derive(Debug, Default)]
pub(super) struct Data {
    series: BTreeMap<Labels, BTreeMap<WallMs, f64>>,
    /// Series that have, or are, native histograms.
    histograms: BTreeSet<Labels>,
}

impl Data {
    pub(super) fn clear(&mut self) {
        *self = Data::default();
    }

    pub(super) fn load(&mut self, step_ms: i64, series: &[Sequence], with_histograms: bool) {
        for Sequence { labels, points } in series {
            if with_histograms && let Some(histogram) = histogram_of(labels) {
                self.histograms.insert(histogram);
            }
            let kept = self.series.entry(labels.clone()).or_default();
            for (step, point) in points.iter().enumerate() {
                let time = WallMs(step as i64 * step_ms);
                match point {
                    Point::None => {}
                    Point::Value(value) => drop(kept.insert(time, *value)),
                    Point::Stale => drop(kept.insert(time, f64::from_bits(STALE_NAN))),
                    Point::Histogram => drop(self.histograms.insert(labels.clone())),
                }
            }
        }
    }

    pub(super) fn fetch(&self, fetch: &Fetch) -> Vec<Column> {
        let conditions = conditions(&fetch.matchers);
        let matching = self.series.iter().filter(|(labels, _)| holds(&conditions, labels));
        let columns = matching.map(|(labels, points)| {
            let points = points.range(fetch.from..=fetch.to).map(|(time, value)| (*time, *value));
            Column { labels: labels.clone(), points: points.collect() }
        });
        columns.filter(|column| !column.points.is_empty()).collect()
    }

    /// A series with native histograms that a query would look at.
    pub(super) fn histogram_in(&self, fetch: &Fetch) -> Option<&Labels> {
        let conditions = conditions(&fetch.matchers);
        self.histograms.iter().find(|labels| holds(&conditions, labels))
    }
}

/// What a classic histogram's series becomes part of as a native one with custom buckets.
fn histogram_of(labels: &Labels) -> Option<Labels> {
    let name = labels.metric();
    let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end))?;
    Some(labels.with("le", "").with(METRIC_NAME, base))
}

struct Condition<'a> {
    matcher: &'a Matcher,
    regex: Option<regex::Regex>,
}

fn conditions(matchers: &[Matcher]) -> Vec<Condition<'_>> {
    let condition = |matcher| Condition { matcher, regex: regex(&matcher.value).ok() };
    matchers.iter().map(condition).collect()
}

fn holds(conditions: &[Condition<'_>], labels: &Labels) -> bool {
    conditions.iter().all(|Condition { matcher, regex }| {
        let value = labels.value(&matcher.name).unwrap_or_default();
        let matches_regex = || regex.as_ref().is_some_and(|regex| regex.is_match(value));
        match matcher.op {
            MatchOp::Equal => value == matcher.value,
            MatchOp::NotEqual => value != matcher.value,
            MatchOp::Regex => matches_regex(),
            MatchOp::NotRegex => !matches_regex(),
        }
    })
}
