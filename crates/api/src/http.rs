//! The JSON of `/api/v1`. Times are milliseconds since the epoch unless the name says otherwise,
//! sizes bytes, CPU in cores. `null` is "not known", never zero.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What every answer that is no success says.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

/// What went wrong, why, what next.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ErrorDetail {
    /// A word for programs: `bad_request`, `not_found`, `unavailable`, `internal`.
    pub code: String,
    /// One sentence for people.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Found again in the server's log.
    pub id: String,
}

/// The server and what it knows of.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// Lanner's version.
    pub version: String,
    /// The server's clock.
    pub now_ms: i64,
    /// When the server was started.
    pub started_ms: i64,
    /// Agents that were seen.
    pub agents: Vec<Agent>,
    /// Rules that are loaded by at least one agent.
    pub rules_loaded: u32,
    /// Series in the metric store.
    pub series: u64,
    /// Security events stored.
    pub findings_stored: u64,
    /// When the newest security event happened.
    pub last_finding_ms: Option<i64>,
}

/// An agent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Agent {
    /// Its identity.
    pub id: String,
    /// The node it watches.
    pub node: String,
    /// Its state.
    pub state: AgentState,
    /// Its version.
    pub version: String,
    /// The kernel, as `uname -r` says.
    pub kernel: String,
    /// The architecture, as `uname -m` says.
    pub arch: String,
    /// When it was last heard.
    pub last_seen_ms: i64,
    /// When it connected.
    pub connected_ms: Option<i64>,
    /// Events the agent took from the kernel, per second.
    pub events_per_second: Option<f64>,
    /// CPU it uses itself, in cores.
    pub cpu_cores: Option<f64>,
    /// Memory it uses itself.
    pub memory_bytes: Option<u64>,
    /// What it lost, by cause and place.
    pub losses: Vec<LossCount>,
    /// What the machine has and what the agent decided to do with it.
    pub decisions: Vec<Decision>,
}

/// State of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// Its stream is open.
    Connected,
    /// Its stream is closed.
    Disconnected,
}

/// A count of what was lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LossCount {
    /// Why: `ring_full`, `map_full` ...
    pub cause: String,
    /// Where: `cpu0`, `spool` ...
    pub place: String,
    /// How many since the agent began.
    pub count: u64,
}

/// A feature of the machine and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// The feature: `btf`, `tp_btf`, `ringbuf`, `fentry`, `bpf_lsm`, `task_storage` ...
    pub feature: String,
    /// Whether it is used.
    pub used: bool,
    /// Why, in one sentence.
    pub reason: String,
}

/// What `GET /explore` and its stream take.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct ExploreQuery {
    /// `tree` (host > container > process, the default) or `flat` (processes only).
    pub view: Option<ExploreView>,
    /// Column to sort by, `-` before it for descending: `-cpu` (the default), `memory`, `name` ...
    #[param(pattern = "^-?[a-z_]+$")]
    pub sort: Option<String>,
    /// Only rows that contain this in name, command line, user, pid or container (and their
    /// parents, in a tree).
    #[param(max_length = 256)]
    pub q: Option<String>,
    /// Only this subtree: a row's id.
    #[param(pattern = "^(host|container|process):.+$")]
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

/// A host, container or process.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ExploreRow {
    /// Its identity: `host:NODE`, `container:NODE:ID`, `process:NODE:PID:START_MS`.
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
    /// CPU over the last 10 minutes, 30 values, for the line in the cell; empty where there is no
    /// series.
    pub cpu_spark: Vec<Option<f64>>,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// A node.
    Host,
    /// A container.
    Container,
    /// A process.
    Process,
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

/// What `GET /events` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// From, milliseconds since the epoch or `now-24h` (the default).
    #[param(pattern = "^(now(-[0-9]{1,9}[smhd])?|[0-9]{1,13})$")]
    pub from: Option<String>,
    /// To, milliseconds since the epoch or `now` (the default).
    #[param(pattern = "^(now(-[0-9]{1,9}[smhd])?|[0-9]{1,13})$")]
    pub to: Option<String>,
    /// Severities, comma between: `critical,high`.
    #[param(pattern = "^(info|low|medium|high|critical)(,(info|low|medium|high|critical))*$")]
    pub severity: Option<String>,
    /// Only this rule.
    #[param(max_length = 256)]
    pub rule: Option<String>,
    /// Only this container: full id, or `host`.
    #[param(max_length = 256)]
    pub container: Option<String>,
    /// Only those that contain this text in rule, output, process or container.
    #[param(max_length = 256)]
    pub q: Option<String>,
    /// At most so many (100 by default, 1,000 at most).
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

/// A page of security events, newest first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EventPage {
    /// The events.
    pub events: Vec<SecurityEvent>,
    /// How many there are in the range, by severity, before the severity filter.
    pub counts: Vec<SeverityCount>,
    /// The same for the range of equal length before.
    pub previous_counts: Vec<SeverityCount>,
    /// Counts by severity in equal steps over the range, for the bars above the list.
    pub histogram: Vec<HistogramBar>,
    /// For the next page.
    pub next_cursor: Option<String>,
    /// The range, after resolution.
    pub from_ms: i64,
    /// The range, after resolution.
    pub to_ms: i64,
}

/// A count of one severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeverityCount {
    /// The severity.
    pub severity: SeverityName,
    /// How many.
    pub count: u64,
}

/// A step of the histogram.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct HistogramBar {
    /// When it begins.
    pub from_ms: i64,
    /// What is in it.
    pub counts: Vec<SeverityCount>,
}

/// How grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum SeverityName {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

/// A security event in a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SecurityEvent {
    /// Its identity.
    pub id: String,
    /// When it happened.
    pub time_ms: i64,
    /// When it happened, in nanoseconds (text: 64 bits are more than a browser's number holds).
    pub time_ns: String,
    /// The node.
    pub node: String,
    /// The rule.
    pub rule: String,
    /// How grave.
    pub severity: SeverityName,
    /// The rule's priority, `Warning`.
    pub priority: String,
    /// The rule's tags.
    pub tags: Vec<String>,
    /// The sentence.
    pub output: String,
    /// The event, `openat`.
    pub event_type: String,
    /// The process, from its command.
    pub process: String,
    /// Its id.
    pub pid: i64,
    /// The row of Explore it stands for.
    pub process_row: String,
    /// The container; `null` on the host.
    pub container: Option<ContainerRef>,
}

/// A container as events name it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ContainerRef {
    /// Full id.
    pub id: String,
    /// Name; empty where unknown.
    pub name: String,
    /// Image; empty where unknown.
    pub image: String,
    /// Runtime; empty where unknown.
    pub runtime: String,
    /// Pod uid; empty outside Kubernetes.
    pub pod_uid: String,
    /// cgroup path.
    pub cgroup_path: String,
}

/// A security event, whole.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SecurityEventDetail {
    /// What the list has of it.
    #[serde(flatten)]
    pub event: SecurityEvent,
    /// The process and its ancestors: the oldest first, the process last.
    pub process_tree: Vec<ProcessTreeNode>,
    /// The parts of the condition that held.
    pub matched: Vec<Matched>,
    /// Fields with their values.
    pub fields: Vec<FieldValue>,
    /// What the rule says of itself.
    pub rule_description: Option<String>,
    /// The rule's condition.
    pub rule_condition: Option<String>,
}

/// A process of the tree.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProcessTreeNode {
    /// Process id.
    pub pid: i64,
    /// Process id in its container; `null` where it is the same or unknown.
    pub vpid: Option<i64>,
    /// Command.
    pub comm: String,
    /// Executable.
    pub exe: String,
    /// Command line.
    pub cmdline: String,
    /// User name or id.
    pub user: String,
    /// When it began; `null` where unknown.
    pub start_ms: Option<i64>,
    /// Its container's id; empty on the host.
    pub container_id: String,
    /// Its row in Explore.
    pub row: String,
}

/// A part of the condition that held.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Matched {
    /// The part.
    pub text: String,
    /// The field; empty where it looks at none.
    pub field: String,
    /// Its value.
    pub value: Option<String>,
    /// Whether it stands under `not`.
    pub negated: bool,
}

/// A field and its value.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FieldValue {
    /// Its name.
    pub name: String,
    /// Its value as text.
    pub value: String,
}

/// Rules that agents have loaded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RuleList {
    /// The rules.
    pub rules: Vec<RuleInfo>,
}

/// A rule.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RuleInfo {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How grave.
    pub severity: SeverityName,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its condition as written.
    pub condition: String,
    /// Whether it is on.
    pub enabled: bool,
    /// The file it is from.
    pub file: String,
}
