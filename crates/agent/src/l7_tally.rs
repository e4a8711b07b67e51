//! Requests of each link since the agent began.

use lanner_l7::Exchange;
use lanner_metrics::{Round, metric};
use lanner_model::time::WallMs;
use lanner_probe::{CgroupPaths, LinkKey};

use crate::link_book::LinkBook;
use crate::link_labels::LinkLabels;

/// Links of a node whose requests have series of their own; each has up to 23.
const MOST_LINKS: usize = 300;

/// Upper ends of the buckets, in nanoseconds and as in the label `le`; a last one takes the rest.
const BUCKETS: [(u64, &str); 14] = [
    (500_000, "0.0005"),
    (1_000_000, "0.001"),
    (2_500_000, "0.0025"),
    (5_000_000, "0.005"),
    (10_000_000, "0.01"),
    (25_000_000, "0.025"),
    (50_000_000, "0.05"),
    (100_000_000, "0.1"),
    (250_000_000, "0.25"),
    (500_000_000, "0.5"),
    (1_000_000_000, "1"),
    (2_500_000_000, "2.5"),
    (5_000_000_000, "5"),
    (10_000_000_000, "10"),
];

/// The classes of answers, as in the label `status`.
const CLASSES: [&str; 6] = ["1xx", "2xx", "3xx", "4xx", "5xx", "none"];

/// Requests and what came of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RequestCounts {
    classes: [u64; CLASSES.len()],
    /// Answered ones by the bucket they fall in; the last is beyond all.
    buckets: [u64; BUCKETS.len() + 1],
    duration_ns: u64,
}

impl RequestCounts {
    /// Counts one.
    pub(crate) fn add(&mut self, exchange: &Exchange) {
        let class = exchange.outcome.class();
        if let Some(at) = CLASSES.iter().position(|one| *one == class) {
            self.classes[at] += 1;
        }
        if let Some(duration_ns) = exchange.duration_ns {
            let at = BUCKETS.iter().position(|(end, _)| duration_ns <= *end).unwrap_or(BUCKETS.len());
            self.buckets[at] += 1;
            self.duration_ns = self.duration_ns.saturating_add(duration_ns);
        }
    }

    fn join(&mut self, other: &Self) {
        for (to, from) in self.classes.iter_mut().zip(other.classes) {
            *to += from;
        }
        for (to, from) in self.buckets.iter_mut().zip(other.buckets) {
            *to += from;
        }
        self.duration_ns = self.duration_ns.saturating_add(other.duration_ns);
    }
}

/// Requests over the rounds.
#[derive(Debug)]
pub(crate) struct L7Tally {
    book: LinkBook<RequestCounts>,
}

impl Default for L7Tally {
    fn default() -> Self {
        Self { book: LinkBook::new(MOST_LINKS) }
    }
}

impl L7Tally {
    /// Adds what came since the round before.
    pub(crate) fn add(
        &mut self,
        grown: impl IntoIterator<Item = (LinkKey, RequestCounts)>,
        paths: &CgroupPaths,
    ) {
        self.book.begin_round();
        for (link, counts) in grown {
            if let Some(entry) = self.book.entry(LinkLabels::of(&link, paths)) {
                entry.join(&counts);
            }
        }
    }

    /// Adds the samples of all links; one that is new began after `since`.
    pub(crate) fn sample(&self, round: &mut Round<'_>, since: WallMs) {
        for (labels, counts) in self.book.iter() {
            let labels = labels.values();
            for (class, count) in CLASSES.iter().zip(counts.classes).filter(|(_, count)| *count > 0) {
                let labels = with(labels, ["http", class]);
                round.add_counter(&metric::LANNER_L7_REQUESTS_TOTAL, labels, count as f64, since);
            }
            let mut below = 0;
            let ends = BUCKETS.iter().map(|(_, end)| *end).chain(["+Inf"]);
            for (end, count) in ends.zip(counts.buckets) {
                below += count;
                let labels = with(labels, ["http", end]);
                round.add_counter(
                    &metric::LANNER_L7_REQUEST_DURATION_SECONDS_BUCKET,
                    labels,
                    below as f64,
                    since,
                );
            }
            let labels = with(labels, ["http"]);
            let seconds = counts.duration_ns as f64 / 1e9;
            round.add_counter(&metric::LANNER_L7_REQUEST_DURATION_SECONDS_SUM, labels, seconds, since);
            round.add_counter(&metric::LANNER_L7_REQUEST_DURATION_SECONDS_COUNT, labels, below as f64, since);
        }
    }

    /// News that had no room, since the beginning.
    pub(crate) fn refused(&self) -> u64 {
        self.book.refused()
    }
}

/// The labels of a link, and more behind them.
fn with<'a, const MORE: usize, const ALL: usize>(
    link: [&'a str; 8],
    more: [&'a str; MORE],
) -> [&'a str; ALL] {
    const { assert!(ALL == 8 + MORE, "the metric has as many labels as are given") };
    let mut all = [""; ALL];
    all[..8].copy_from_slice(&link);
    all[8..].copy_from_slice(&more);
    all
}

#[cfg(test)]
mod tests {
    use lanner_l7::{Outcome, Protocol, Side};
    use lanner_metrics::{SeriesSet, Target};
    use lanner_model::id::CgroupId;
    use lanner_model::time::WallNs;
    use lanner_probe::LinkSide;

    use super::*;

    fn exchange(outcome: Outcome, duration_ns: Option<u64>) -> Exchange {
        Exchange {
            side: Side::Server,
            protocol: Protocol::Http,
            begun: WallNs(0),
            ended: WallNs(0),
            duration_ns,
            outcome,
            method: "GET",
            path: "/".into(),
        }
    }

    #[test]
    fn requests_are_told_by_class_and_by_time() {
        let mut counts = RequestCounts::default();
        counts.add(&exchange(Outcome::Status(200), Some(500_000)));
        counts.add(&exchange(Outcome::Status(204), Some(3_000_000)));
        counts.add(&exchange(Outcome::Status(503), Some(60_000_000_000)));
        counts.add(&exchange(Outcome::Unanswered, None));
        let link = LinkKey {
            side: LinkSide::Server,
            comm: "httpd".into(),
            cgroup: CgroupId(1),
            netns: 7,
            local: "10.0.0.1".parse().unwrap(),
            peer: "10.0.0.2".parse().unwrap(),
            port: 80,
        };
        let (mut tally, mut series) = (L7Tally::default(), SeriesSet::new(&Target::default(), 100));
        tally.add([(link, counts.clone())], &CgroupPaths::default());
        tally.add([(link, counts)], &CgroupPaths::default());
        let mut round = series.round(WallMs(1_000));
        tally.sample(&mut round, WallMs(990));
        let samples = round.finish();
        let check = |metric: &str, label: &str, value: &str, expected: f64| {
            let found: Vec<f64> = samples
                .iter()
                .filter(|one| one.time == WallMs(1_000) && one.labels.metric() == metric)
                .filter(|one| label.is_empty() || one.labels.value(label) == Some(value))
                .map(|one| one.value)
                .collect();
            assert_eq!(found, [expected], "{metric} {label}={value}");
        };
        check("lanner_l7_requests_total", "status", "2xx", 4.0);
        check("lanner_l7_requests_total", "status", "5xx", 2.0);
        check("lanner_l7_requests_total", "status", "none", 2.0);
        check("lanner_l7_request_duration_seconds_bucket", "le", "0.0005", 2.0);
        check("lanner_l7_request_duration_seconds_bucket", "le", "0.0025", 2.0);
        check("lanner_l7_request_duration_seconds_bucket", "le", "0.005", 4.0);
        check("lanner_l7_request_duration_seconds_bucket", "le", "10", 4.0);
        check("lanner_l7_request_duration_seconds_bucket", "le", "+Inf", 6.0);
        check("lanner_l7_request_duration_seconds_count", "", "", 6.0);
        check("lanner_l7_request_duration_seconds_sum", "", "", 120.007);
        assert!(
            samples.iter().all(|one| one.labels.value("status") != Some("3xx")),
            "nothing of what never was"
        );
    }
}
