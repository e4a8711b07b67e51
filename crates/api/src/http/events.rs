//! Security events and the rules that make them.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

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
    /// The capture of system calls that the hit began; `null` where none was.
    pub capture_id: Option<String>,
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
