//! Which series make up the charts of a row.

use lanner_metrics::{Metric, metric, start_label};
use lanner_model::series::{METRIC_NAME, MatchOp, Matcher};
use lanner_store::SeriesData;

use super::Grid;
use super::step::{means, rates, sum};
use crate::row::RowId;

/// A chart and its lines.
pub(crate) struct ChartPlan {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) lines: Vec<Line>,
}

/// One line of a chart.
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) first: Select,
    pub(crate) second: Option<(Operation, Select)>,
    zero: Zero,
}

/// Series that are summed.
pub(crate) struct Select {
    pub(crate) metric: &'static str,
    pub(crate) matchers: Vec<Matcher>,
    kind: Kind,
}

/// How the second selection changes the first.
#[derive(Clone, Copy)]
pub(crate) enum Operation {
    /// What is left of the first.
    Minus,
    /// The first divided by the second.
    Per,
}

#[derive(Clone, Copy)]
enum Kind {
    Counter,
    Gauge,
}

/// What zero means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zero {
    Zero,
    /// As limits have it: there is none.
    None,
}

/// The charts of a row.
pub(crate) fn charts(row: &RowId) -> Vec<ChartPlan> {
    match row {
        RowId::Host(node) => host(&[Matcher::equal("node", node.as_str())]),
        RowId::Container(node, id) => {
            // cAdvisor's `id` is the cgroup's path, its `name` the id that the runtime gave.
            container(&[Matcher::equal("node", node.as_str()), Matcher::equal("name", id.as_str())])
        }
        RowId::Process { node, pid, start } => process(&[
            Matcher::equal("node", node.as_str()),
            Matcher::equal("pid", pid.to_string()),
            Matcher::equal("start", start_label(start.nanos())),
        ]),
        RowId::Group(labels) => {
            let matchers: Option<Vec<Matcher>> = labels.iter().map(matcher_of_processes).collect();
            matchers.map(|matchers| process(&matchers)).unwrap_or_default()
        }
    }
}

/// The condition on series of processes; `None` for a label that they do not have (a user): nobody
/// could say which of them belong to the group, so it has no charts.
fn matcher_of_processes((label, value): &(String, String)) -> Option<Matcher> {
    match label.as_str() {
        "container" => Some(Matcher::equal("container_id", value)),
        "node" | "comm" | "exe" | "container_id" => Some(Matcher::equal(label, value)),
        _ => None,
    }
}

/// Modes in which a CPU does nothing; the live table leaves out the same.
pub(crate) const IDLE_MODES: &str = "idle|iowait";
/// Whole disks and real interfaces only: what lies on top of them counts the same bytes again.
const STACKED_DISKS: &str = "(dm-|md|drbd|nbd).*|mmcblk[0-9]+p[0-9]+";
const VIRTUAL_INTERFACES: &str =
    "lo|(veth|docker|br-|cni|flannel|cali|cilium|lxc|virbr|tun|tap|bond|wg|vxlan|geneve|dummy|ifb|kube).*";

fn host(node: &[Matcher]) -> Vec<ChartPlan> {
    let with = |further: Matcher| [node, &[further]].concat();
    let busy = with(not_matching("mode", IDLE_MODES));
    let disks = with(not_matching("device", STACKED_DISKS));
    let interfaces = with(not_matching("device", VIRTUAL_INTERFACES));
    let total = || gauge("node_memory_MemTotal_bytes", node);
    vec![
        chart(
            "cpu",
            "cores",
            vec![
                line("used", counter(&metric::NODE_CPU_SECONDS_TOTAL, &busy)),
                line("limit", gauge(name(&metric::MACHINE_CPU_CORES), node)),
            ],
        ),
        chart(
            "memory",
            "bytes",
            vec![
                Line {
                    second: Some((Operation::Minus, gauge("node_memory_MemAvailable_bytes", node))),
                    ..line("used", total())
                },
                line("limit", total()),
            ],
        ),
        chart(
            "disk",
            "bytes_per_second",
            vec![
                line("read", counter(&metric::NODE_DISK_READ_BYTES_TOTAL, &disks)),
                line("write", counter(&metric::NODE_DISK_WRITTEN_BYTES_TOTAL, &disks)),
            ],
        ),
        chart(
            "network",
            "bytes_per_second",
            vec![
                line("rx", counter(&metric::NODE_NETWORK_RECEIVE_BYTES_TOTAL, &interfaces)),
                line("tx", counter(&metric::NODE_NETWORK_TRANSMIT_BYTES_TOTAL, &interfaces)),
            ],
        ),
        chart("fds", "count", vec![line("count", gauge(name(&metric::NODE_FILEFD_ALLOCATED), node))]),
    ]
}

fn container(id: &[Matcher]) -> Vec<ChartPlan> {
    vec![
        chart(
            "cpu",
            "cores",
            vec![
                line("used", counter(&metric::CONTAINER_CPU_USAGE_SECONDS_TOTAL, id)),
                Line {
                    second: Some((Operation::Per, gauge(name(&metric::CONTAINER_SPEC_CPU_PERIOD), id))),
                    zero: Zero::None,
                    ..line("limit", gauge(name(&metric::CONTAINER_SPEC_CPU_QUOTA), id))
                },
            ],
        ),
        chart(
            "memory",
            "bytes",
            vec![
                line("used", gauge(name(&metric::CONTAINER_MEMORY_WORKING_SET_BYTES), id)),
                Line {
                    zero: Zero::None,
                    ..line("limit", gauge(name(&metric::CONTAINER_SPEC_MEMORY_LIMIT_BYTES), id))
                },
            ],
        ),
        chart(
            "disk",
            "bytes_per_second",
            vec![
                line("read", counter(&metric::CONTAINER_FS_READS_BYTES_TOTAL, id)),
                line("write", counter(&metric::CONTAINER_FS_WRITES_BYTES_TOTAL, id)),
            ],
        ),
        chart(
            "network",
            "bytes_per_second",
            vec![
                line("rx", counter(&metric::CONTAINER_NETWORK_RECEIVE_BYTES_TOTAL, id)),
                line("tx", counter(&metric::CONTAINER_NETWORK_TRANSMIT_BYTES_TOTAL, id)),
            ],
        ),
        chart("threads", "count", vec![line("count", gauge(name(&metric::CONTAINER_THREADS), id))]),
        chart("fds", "count", vec![line("count", gauge(name(&metric::CONTAINER_FILE_DESCRIPTORS), id))]),
    ]
}

fn process(id: &[Matcher]) -> Vec<ChartPlan> {
    vec![
        chart("cpu", "cores", vec![line("used", counter(&metric::LANNER_PROCESS_CPU_SECONDS_TOTAL, id))]),
        chart(
            "memory",
            "bytes",
            vec![line("used", gauge(name(&metric::LANNER_PROCESS_RESIDENT_MEMORY_BYTES), id))],
        ),
        chart(
            "disk",
            "bytes_per_second",
            vec![
                line("read", counter(&metric::LANNER_PROCESS_DISK_READ_BYTES_TOTAL, id)),
                line("write", counter(&metric::LANNER_PROCESS_DISK_WRITTEN_BYTES_TOTAL, id)),
            ],
        ),
        chart(
            "network",
            "bytes_per_second",
            vec![
                line("rx", counter(&metric::LANNER_PROCESS_NETWORK_RECEIVE_BYTES_TOTAL, id)),
                line("tx", counter(&metric::LANNER_PROCESS_NETWORK_TRANSMIT_BYTES_TOTAL, id)),
            ],
        ),
        chart("threads", "count", vec![line("count", gauge(name(&metric::LANNER_PROCESS_THREADS), id))]),
        chart("fds", "count", vec![line("count", gauge(name(&metric::LANNER_PROCESS_OPEN_FDS), id))]),
    ]
}

impl Line {
    /// Its values from the samples of each selection's series.
    pub(crate) fn values(&self, first: &[SeriesData], second: &[SeriesData], grid: Grid) -> Vec<Option<f64>> {
        let mut values = self.first.values(first, grid);
        if let Some((operation, select)) = &self.second {
            for (value, other) in values.iter_mut().zip(select.values(second, grid)) {
                *value = match (*value, other, operation) {
                    (Some(a), Some(b), Operation::Minus) => Some(a - b),
                    (Some(a), Some(b), Operation::Per) if b != 0.0 => Some(a / b),
                    _ => None,
                };
            }
        }
        if self.zero == Zero::None {
            values.iter_mut().for_each(|value| *value = value.filter(|value| *value > 0.0));
        }
        values
    }
}

impl Select {
    fn values(&self, series: &[SeriesData], grid: Grid) -> Vec<Option<f64>> {
        match self.kind {
            Kind::Counter => sum(series.iter().map(|series| rates(&series.points, grid)), grid),
            Kind::Gauge => sum(series.iter().map(|series| means(&series.points, grid)), grid),
        }
    }
}

fn chart(name: &'static str, unit: &'static str, lines: Vec<Line>) -> ChartPlan {
    ChartPlan { name, unit, lines }
}

fn line(name: &'static str, first: Select) -> Line {
    Line { name, first, second: None, zero: Zero::Zero }
}

fn counter<const N: usize>(metric: &Metric<N>, matchers: &[Matcher]) -> Select {
    Select { kind: Kind::Counter, ..gauge(name(metric), matchers) }
}

fn gauge(metric: &'static str, matchers: &[Matcher]) -> Select {
    let matchers = [&[Matcher::equal(METRIC_NAME, metric)], matchers].concat();
    Select { metric, matchers, kind: Kind::Gauge }
}

fn name<const N: usize>(metric: &Metric<N>) -> &'static str {
    metric.declaration().name
}

pub(crate) fn not_matching(name: &str, pattern: &str) -> Matcher {
    Matcher { name: name.into(), op: MatchOp::NotRegex, value: pattern.into() }
}
