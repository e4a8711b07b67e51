//! What a series says about the map.

use lanner_metrics::{Metric, metric};
use lanner_model::series::Labels;

/// The metrics a map is made of.
pub const METRICS: [&str; 15] = [
    name(&metric::LANNER_LINK_CONNECTIONS_TOTAL),
    name(&metric::LANNER_LINK_FAILED_CONNECTIONS_TOTAL),
    name(&metric::LANNER_LINK_SENT_BYTES_TOTAL),
    name(&metric::LANNER_LINK_RECEIVED_BYTES_TOTAL),
    name(&metric::LANNER_LINK_ACTIVE_CONNECTIONS),
    name(&metric::LANNER_LINK_RTT_SECONDS),
    name(&metric::LANNER_L7_REQUESTS_TOTAL),
    name(&metric::LANNER_L7_REQUEST_DURATION_SECONDS_BUCKET),
    name(&metric::LANNER_L7_REQUEST_DURATION_SECONDS_SUM),
    name(&metric::LANNER_L7_REQUEST_DURATION_SECONDS_COUNT),
    name(&metric::LANNER_LISTENER_INFO),
    name(&metric::LANNER_PROCESS_CPU_SECONDS_TOTAL),
    name(&metric::CONTAINER_CPU_USAGE_SECONDS_TOTAL),
    name(&metric::NODE_CPU_SECONDS_TOTAL),
    name(&metric::MACHINE_CPU_CORES),
];

const fn name<const N: usize>(metric: &Metric<N>) -> &'static str {
    metric.declaration().name
}

/// What a series measures.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Measure {
    Connections,
    FailedConnections,
    SentBytes,
    ReceivedBytes,
    ActiveConnections,
    RttSeconds,
    Requests {
        status: Box<str>,
    },
    /// Requests that took at most `le` seconds.
    Bucket {
        le: f64,
    },
    DurationSeconds,
    Durations,
    Listener,
    ProcessCpu,
    ContainerCpu,
    HostCpu,
    HostCores,
}

impl Measure {
    /// What these labels name; `None` for what does not belong on a map.
    pub(crate) fn of(labels: &Labels) -> Option<Measure> {
        let value = |label| labels.value(label).unwrap_or_default();
        let measure = match labels.metric() {
            "lanner_link_connections_total" => Measure::Connections,
            "lanner_link_failed_connections_total" => Measure::FailedConnections,
            "lanner_link_sent_bytes_total" => Measure::SentBytes,
            "lanner_link_received_bytes_total" => Measure::ReceivedBytes,
            "lanner_link_active_connections" => Measure::ActiveConnections,
            "lanner_link_rtt_seconds" => Measure::RttSeconds,
            "lanner_l7_requests_total" => Measure::Requests { status: value("status").into() },
            "lanner_l7_request_duration_seconds_bucket" => {
                Measure::Bucket { le: bound(value("le")).filter(|le| !le.is_nan())? }
            }
            "lanner_l7_request_duration_seconds_sum" => Measure::DurationSeconds,
            "lanner_l7_request_duration_seconds_count" => Measure::Durations,
            "lanner_listener_info" => Measure::Listener,
            "lanner_process_cpu_seconds_total" => Measure::ProcessCpu,
            "container_cpu_usage_seconds_total" if matches!(value("cpu"), "" | "total") => {
                Measure::ContainerCpu
            }
            "node_cpu_seconds_total" if !matches!(value("mode"), "idle" | "iowait") => Measure::HostCpu,
            "machine_cpu_cores" => Measure::HostCores,
            _ => return None,
        };
        Some(measure)
    }

    /// Whether it is measured at one end of a link.
    pub(crate) fn is_of_link(&self) -> bool {
        use Measure::*;
        !matches!(self, Listener | ProcessCpu | ContainerCpu | HostCpu | HostCores)
    }
}

fn bound(text: &str) -> Option<f64> {
    if text == "+Inf" { Some(f64::INFINITY) } else { text.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_that_is_asked_for_measures_something() {
        for metric in METRICS {
            let labels = Labels::new(metric, [("le", "0.1"), ("mode", "user")]);
            assert!(Measure::of(&labels).is_some(), "{metric}");
        }
        assert_eq!(Measure::of(&Labels::new("node_cpu_seconds_total", [("mode", "idle")])), None);
        assert_eq!(
            Measure::of(&Labels::new("lanner_l7_request_duration_seconds_bucket", [("le", "x")])),
            None
        );
    }
}
