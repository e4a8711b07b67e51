//! Explore: rows of this moment, and their charts.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::events::SeverityCount;

/// What `GET /explore` and its stream take.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct ExploreQuery {
    /// `tree` (host > container > process, the default) or `flat` (processes only).
    pub view: Option<ExploreView>,
    /// Labels that rows are grouped by, the outermost first (`node,container` by default; `user,comm`,
    /// `image` ...). What does not have a label stands one level higher.
    #[param(max_length = 256, pattern = "^([a-zA-Z_][a-zA-Z0-9_]*(,[a-zA-Z_][a-zA-Z0-9_]*)*)?$")]
    pub by: Option<String>,
    /// Column to sort by, `-` before it for descending: `-cpu` (the default), `memory`, `name` ...
    #[param(pattern = "^-?[a-z_]+$")]
    pub sort: Option<String>,
    /// Only rows that contain this in name, command line, user, pid or container (and their
    /// parents, in a tree).
    #[param(max_length = 256)]
    pub q: Option<String>,
    /// Only this subtree: a row's id.
    #[param(pattern = "^(host|container|process|group):.+$")]
    pub scope: Option<String>,
    /// At most so many rows (500 by default, 10,000 at most).
    #[param(minimum = 1, maximum = 10000)]
    pub limit: Option<u32>,
}

/// How rows are arranged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExploreView {
    /// Host > container > process.
    #[default]
    Tree,
    /// Processes.
    Flat,
}

/// A table of this moment.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct ExploreTable {
    /// When the newest of it was read; `null` while no agent has sent any.
    pub updated_ms: Option<i64>,
    /// Seconds between two tables of the agent at the moment (2 while a page looks).
    pub interval_s: u32,
    /// Rows in display order (a parent before its children, siblings sorted).
    pub rows: Vec<ExploreRow>,
    /// Rows there would be without `limit`.
    pub total: u32,
}

/// A host, container, process or group of what has some labels in common.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct ExploreRow {
    /// Its identity: `host:NODE`, `container:NODE:ID`, `process:NODE:PID:START_MS`,
    /// `group:LABEL=VALUE,...`.
    pub id: String,
    /// The row it stands below; `null` for the top.
    pub parent: Option<String>,
    /// What it is.
    pub kind: RowKind,
    /// Its name: node, container's name or short id, command.
    pub name: String,
    /// What stands in grey behind the name: kernel, image or cgroup, command line.
    pub detail: String,
    /// Its node.
    pub node: String,
    /// Process id.
    pub pid: Option<i64>,
    /// Parent process id.
    pub ppid: Option<i64>,
    /// Who runs the process.
    pub user: Option<String>,
    /// One letter as in `ps`.
    pub state: Option<String>,
    /// The executable's path.
    pub exe: Option<String>,
    /// The container's full id.
    pub container_id: Option<String>,
    /// `docker`, `containerd`, `cri-o`, `podman`; empty where unknown.
    pub container_runtime: Option<String>,
    /// When the process began.
    pub start_ms: Option<i64>,
    /// CPUs used.
    pub cpu_cores: Option<f64>,
    /// Of the limit, else of the node's CPUs.
    pub cpu_percent: Option<f64>,
    /// The largest `cpu_percent` among its children.
    pub cpu_worst_child_percent: Option<f64>,
    /// CPU limit in cores.
    pub cpu_limit_cores: Option<f64>,
    /// Memory used.
    pub memory_bytes: Option<u64>,
    /// Of the limit, else of the node's memory.
    pub memory_percent: Option<f64>,
    /// Memory limit.
    pub memory_limit_bytes: Option<u64>,
    /// Bytes/s read from block devices.
    pub disk_read_bps: Option<f64>,
    /// Bytes/s written to block devices.
    pub disk_write_bps: Option<f64>,
    /// Bytes/s received.
    pub net_rx_bps: Option<f64>,
    /// Bytes/s sent.
    pub net_tx_bps: Option<f64>,
    /// Threads.
    pub threads: Option<u64>,
    /// Open descriptors.
    pub fds: Option<u64>,
    /// Processes below it.
    pub processes: Option<u64>,
    /// Security events of the last 24 h, the gravest severity first.
    pub findings: Vec<SeverityCount>,
    /// Of a group its labels, the outermost first; empty otherwise.
    pub group: Vec<GroupLabel>,
    /// CPU over the last 10 minutes, 30 values, for the line in the cell; empty where there is no
    /// series.
    pub cpu_spark: Vec<Option<f64>>,
}

/// A label and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GroupLabel {
    /// The label, `user`.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// What a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// A node.
    Host,
    /// A container.
    Container,
    /// A process.
    #[default]
    Process,
    /// What has some labels in common: values are sums of what stands below.
    Group,
}

/// What `GET /history` takes.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// A row's id.
    #[param(pattern = "^(host|container|process):.+$")]
    pub row: String,
    /// From, milliseconds since the epoch or `now-1h` (the default).
    #[param(pattern = "^(now(-[0-9]{1,9}[smhd])?|[0-9]{1,13})$")]
    pub from: Option<String>,
    /// To, milliseconds since the epoch or `now` (the default).
    #[param(pattern = "^(now(-[0-9]{1,9}[smhd])?|[0-9]{1,13})$")]
    pub to: Option<String>,
    /// At most so many points a series (300 by default, 1,500 at most).
    #[param(minimum = 1, maximum = 1500)]
    pub points: Option<u32>,
}

/// Charts of one row.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct History {
    /// From, after resolution.
    pub from_ms: i64,
    /// To, after resolution.
    pub to_ms: i64,
    /// Between two points.
    pub step_ms: i64,
    /// The charts.
    pub charts: Vec<Chart>,
}

/// One chart.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Chart {
    /// `cpu`, `memory`, `disk`, `network`, `threads`, `fds`.
    pub name: String,
    /// `cores`, `bytes`, `bytes_per_second`, `count`.
    pub unit: String,
    /// Its lines.
    pub series: Vec<ChartSeries>,
}

/// One line of a chart.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChartSeries {
    /// `used`, `limit`, `read`, `write`, `rx`, `tx`, `count`.
    pub name: String,
    /// The metric it is from.
    pub metric: String,
    /// One value per step, the first at `from_ms`; `null` where there was none.
    pub values: Vec<Option<f64>>,
}
