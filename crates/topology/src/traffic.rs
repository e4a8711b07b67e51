//! What went over links, summed; and what is told of it.

use std::collections::BTreeMap;

use super::quantile::quantile;

/// A count, and how many a second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) total: f64,
    /// `None` when nobody knows over which time.
    pub(crate) per_second: Option<f64>,
}

/// Sums over one or more links. `sent` is from client to server, whoever saw it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) connections: Option<Tally>,
    pub(crate) failed: Option<Tally>,
    pub(crate) sent: Option<Tally>,
    pub(crate) received: Option<Tally>,
    pub(crate) active: Option<f64>,
    /// Sum and number of links that know it.
    pub(crate) rtt_seconds: (f64, u32),
    pub(crate) protocol: Option<Box<str>>,
    /// Requests by class of status.
    pub(crate) requests: BTreeMap<Box<str>, Tally>,
    /// Requests by the upper bound of their duration in seconds, as `f64::to_bits` (bounds are not
    /// negative, so the order is theirs).
    pub(crate) buckets: BTreeMap<u64, f64>,
    pub(crate) duration_seconds: f64,
    pub(crate) durations: f64,
}

/// What is told of traffic. `None` is "not known".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Connections that began, per second.
    pub connections_per_second: Option<f64>,
    /// Attempts to connect that failed, per second.
    pub failed_connections_per_second: Option<f64>,
    /// Connections that stand at the end of the range.
    pub active_connections: Option<f64>,
    /// Bytes/s from client to server.
    pub sent_bytes_per_second: Option<f64>,
    /// Bytes/s from server to client.
    pub received_bytes_per_second: Option<f64>,
    /// Round trip in milliseconds.
    pub rtt_ms: Option<f64>,
    /// Requests per second; `None` where no protocol was recognised.
    pub requests_per_second: Option<f64>,
    /// Requests in the range.
    pub requests: Option<f64>,
    /// Requests by how they ended: `2xx`, `none` ... Those that did not occur are left out.
    pub statuses: Vec<(String, f64)>,
    /// The part of requests that ended with 5xx or without an answer.
    pub error_ratio: Option<f64>,
    /// The part that ended with 4xx.
    pub client_error_ratio: Option<f64>,
    /// The part of attempts to connect that failed.
    pub failed_ratio: Option<f64>,
    /// Milliseconds an answered request took, mean.
    pub mean_ms: Option<f64>,
    /// The median.
    pub p50_ms: Option<f64>,
    /// What 95 % stay below.
    pub p95_ms: Option<f64>,
}

impl Tally {
    fn plus(self, other: Tally) -> Tally {
        Tally { total: self.total + other.total, per_second: plus(self.per_second, other.per_second) }
    }
}

fn plus(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    }
}

fn join(a: &mut Option<Tally>, b: Option<Tally>) {
    *a = match (*a, b) {
        (Some(a), Some(b)) => Some(a.plus(b)),
        (a, b) => a.or(b),
    };
}

impl Traffic {
    /// Adds what went over another link.
    pub(crate) fn add(&mut self, other: &Traffic) {
        join(&mut self.connections, other.connections);
        join(&mut self.failed, other.failed);
        join(&mut self.sent, other.sent);
        join(&mut self.received, other.received);
        self.active = plus(self.active, other.active);
        self.rtt_seconds.0 += other.rtt_seconds.0;
        self.rtt_seconds.1 += other.rtt_seconds.1;
        self.add_requests(other);
    }

    fn add_requests(&mut self, other: &Traffic) {
        if self.protocol.is_none() {
            self.protocol.clone_from(&other.protocol);
        }
        for (status, tally) in &other.requests {
            let sum = self.requests.entry(status.clone()).or_default();
            *sum = sum.plus(*tally);
        }
        for (bound, count) in &other.buckets {
            *self.buckets.entry(*bound).or_default() += count;
        }
        self.duration_seconds += other.duration_seconds;
        self.durations += other.durations;
    }

    /// What is known of a link from both its ends: this view, and what it lacks from the other.
    pub(crate) fn or(&self, other: &Traffic) -> Traffic {
        let mut both = self.clone();
        both.connections = both.connections.or(other.connections);
        both.failed = both.failed.or(other.failed);
        both.sent = both.sent.or(other.sent);
        both.received = both.received.or(other.received);
        both.active = both.active.or(other.active);
        if both.rtt_seconds.1 == 0 {
            both.rtt_seconds = other.rtt_seconds;
        }
        if both.total_requests().is_none_or(|requests| requests <= 0.0) {
            (both.requests, both.buckets) = (BTreeMap::new(), BTreeMap::new());
            (both.duration_seconds, both.durations, both.protocol) = (0.0, 0.0, None);
            both.add_requests(other);
        }
        both
    }

    /// Whether anything went over it, was tried, or stands.
    pub(crate) fn is_alive(&self) -> bool {
        let has_grown = |tally: Option<Tally>| tally.is_some_and(|tally| tally.total > 0.0);
        has_grown(self.connections)
            || has_grown(self.failed)
            || has_grown(self.sent)
            || has_grown(self.received)
            || self.active.is_some_and(|active| active > 0.0)
            || self.total_requests().is_some_and(|requests| requests > 0.0)
    }

    /// Of two boxes, which is the busier: requests, connections and KiB a second count the same.
    pub(crate) fn busyness(&self) -> f64 {
        let rate = |tally: Option<Tally>| tally.and_then(|tally| tally.per_second).unwrap_or_default();
        let requests: f64 = self.requests.values().map(|tally| rate(Some(*tally))).sum();
        let kib = (rate(self.sent) + rate(self.received)) / 1024.0;
        requests + rate(self.connections) + rate(self.failed) + kib
    }

    /// Requests in the range; `None` where no protocol was recognised.
    fn total_requests(&self) -> Option<f64> {
        let total: f64 = self.requests.values().map(|tally| tally.total).sum();
        (!self.requests.is_empty()).then_some(total)
    }

    /// What is told of it.
    pub(crate) fn figures(&self) -> Figures {
        let rate = |tally: Option<Tally>| tally.and_then(|tally| tally.per_second);
        let count = |tally: Option<Tally>| tally.map_or(0.0, |tally| tally.total);
        let requests = self.total_requests();
        let ended = |classes: &[&str]| -> Option<f64> {
            let total = requests.filter(|total| *total > 0.0)?;
            let of = |class: &&str| self.requests.get(*class).map_or(0.0, |tally| tally.total);
            Some(classes.iter().map(of).sum::<f64>() / total)
        };
        let milliseconds = |part: f64| quantile(&self.buckets, part).map(|seconds| seconds * 1000.0);
        let tried = count(self.connections) + count(self.failed);
        Figures {
            connections_per_second: rate(self.connections),
            failed_connections_per_second: rate(self.failed),
            active_connections: self.active,
            sent_bytes_per_second: rate(self.sent),
            received_bytes_per_second: rate(self.received),
            rtt_ms: (self.rtt_seconds.1 > 0)
                .then(|| self.rtt_seconds.0 / f64::from(self.rtt_seconds.1) * 1000.0),
            requests_per_second: self.requests.values().fold(None, |sum, tally| plus(sum, tally.per_second)),
            requests,
            statuses: self
                .requests
                .iter()
                .filter(|(_, tally)| tally.total > 0.0)
                .map(|(status, tally)| (status.to_string(), tally.total))
                .collect(),
            error_ratio: ended(&["5xx", "none"]),
            client_error_ratio: ended(&["4xx"]),
            failed_ratio: (tried > 0.0).then(|| count(self.failed) / tried),
            mean_ms: (self.durations > 0.0).then(|| self.duration_seconds / self.durations * 1000.0),
            p50_ms: milliseconds(0.5),
            p95_ms: milliseconds(0.95),
        }
    }
}
