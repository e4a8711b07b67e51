//! The server's own counters, as `/metrics` shows them.

use std::sync::atomic::{AtomicU64, Ordering};

use lanner_metrics::exposition;
use lanner_model::series::{Labels, Sample};
use lanner_model::time::WallMs;
use lanner_store::MetricStats;

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    fn value(&self) -> f64 {
        self.0.load(Ordering::Relaxed) as f64
    }
}

/// What the server did since it began.
#[derive(Debug, Default)]
pub(crate) struct OwnMetrics {
    pub(crate) batches_stored: Counter,
    pub(crate) batches_repeated: Counter,
    pub(crate) samples_accepted: Counter,
    pub(crate) samples_repeated: Counter,
    pub(crate) samples_rejected: Counter,
    pub(crate) findings_stored: Counter,
    pub(crate) findings_repeated: Counter,
    pub(crate) findings_not_streamed: Counter,
    pub(crate) findings_not_watched: Counter,
    pub(crate) agents_refused: Counter,
    pub(crate) connections_refused: Counter,
    pub(crate) requests_ok: Counter,
    pub(crate) requests_refused: Counter,
    pub(crate) requests_failed: Counter,
    pub(crate) alerts_sent: Counter,
    pub(crate) alerts_not_sent: Counter,
    pub(crate) alerts_given_up: Counter,
}

/// What is counted elsewhere and shown with the rest.
#[derive(Debug, Default)]
pub(crate) struct Present {
    pub(crate) agents_connected: u64,
    pub(crate) agents_known: u64,
    pub(crate) streams_open: u64,
    pub(crate) findings: u64,
    pub(crate) metrics: MetricStats,
}

impl OwnMetrics {
    /// The text format.
    pub(crate) fn text(&self, present: &Present, now: WallMs) -> String {
        let mut samples = Vec::new();
        let mut put = |name: &str, label: Option<(&'static str, &'static str)>, value: f64| {
            samples.push(Sample { labels: Labels::new(name, label), time: now, value });
        };
        for (result, counter) in [("stored", &self.batches_stored), ("repeated", &self.batches_repeated)] {
            put("lanner_server_batches_total", Some(("result", result)), counter.value());
        }
        for (result, counter) in [
            ("accepted", &self.samples_accepted),
            ("repeated", &self.samples_repeated),
            ("rejected", &self.samples_rejected),
        ] {
            put("lanner_server_samples_total", Some(("result", result)), counter.value());
        }
        for (result, counter) in [("stored", &self.findings_stored), ("repeated", &self.findings_repeated)] {
            put("lanner_server_findings_total", Some(("result", result)), counter.value());
        }
        put("lanner_server_findings_not_streamed_total", None, self.findings_not_streamed.value());
        put("lanner_server_findings_not_watched_total", None, self.findings_not_watched.value());
        put("lanner_server_agents_refused_total", None, self.agents_refused.value());
        put("lanner_server_http_connections_refused_total", None, self.connections_refused.value());
        for (result, counter) in [
            ("ok", &self.requests_ok),
            ("refused", &self.requests_refused),
            ("failed", &self.requests_failed),
        ] {
            put("lanner_server_http_requests_total", Some(("result", result)), counter.value());
        }
        for (result, counter) in [
            ("sent", &self.alerts_sent),
            ("failed", &self.alerts_not_sent),
            ("given_up", &self.alerts_given_up),
        ] {
            put("lanner_server_alert_messages_total", Some(("result", result)), counter.value());
        }
        for (state, count) in [("connected", present.agents_connected), ("known", present.agents_known)] {
            put("lanner_server_agents", Some(("state", state)), count as f64);
        }
        put("lanner_server_streams", None, present.streams_open as f64);
        put("lanner_server_stored_findings", None, present.findings as f64);
        let metrics = &present.metrics;
        put("lanner_server_stored_series", None, metrics.series as f64);
        put("lanner_server_stored_samples", None, metrics.samples as f64);
        put("lanner_server_metric_log_bytes", None, metrics.log_bytes as f64);
        exposition::write(&samples)
    }
}
