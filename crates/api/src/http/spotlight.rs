//! The first page: is everything alive, what needs a look.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::events::SeverityCount;
use super::status::{AgentState, Decision, LossCount};

/// Everything the first page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Spotlight {
    /// When this was put together.
    pub now_ms: i64,
    /// Lanner's version; agents are compared with it.
    pub version: String,
    /// Numbers at the top.
    pub tiles: SpotlightTiles,
    /// What needs a look, the worst first.
    pub attention: Vec<Attention>,
    /// What stands in `attention` beyond what is listed.
    pub attention_left_out: u32,
    /// Agents, those that need a look first, then by node.
    pub agents: Vec<AgentHealth>,
    /// Agents beyond those listed.
    pub agents_left_out: u32,
    /// Services found running.
    pub integrations: Vec<Integration>,
    /// Integrations beyond those listed.
    pub integrations_left_out: u32,
}

/// Numbers at the top.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SpotlightTiles {
    /// Agents whose stream is open and that were heard just now.
    pub agents_reporting: u32,
    /// Agents that are known.
    pub agents_known: u32,
    /// Nodes that a live table is there of.
    pub hosts: u32,
    /// Containers running on them.
    pub containers: u32,
    /// Alerts that fire.
    pub alerts_firing: u32,
    /// Those of them that are critical or high.
    pub alerts_critical: u32,
    /// Security events of the last 24 h, by severity, the worst first.
    pub events: Vec<SeverityCount>,
    /// How many in all.
    pub events_total: u64,
    /// How many in the 24 h before; `null` when the server keeps nothing so old.
    pub events_before: Option<u64>,
    /// Integrations whose traffic is seen.
    pub integrations_monitored: u32,
    /// Integrations that were found.
    pub integrations_found: u32,
}

/// Something that needs a look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Attention {
    /// Which kind of thing; the page has the words for it.
    pub kind: AttentionKind,
    /// How bad.
    pub level: AttentionLevel,
    /// What it is about: a node, a rule, a mount point, a service.
    pub subject: String,
    /// Where: the node, if the subject is on one.
    pub node: Option<String>,
    /// A figure or a few words that belong to it, as the page shows them.
    pub detail: String,
    /// The figure, where there is one: a ratio, a count, cores or bytes, by kind.
    pub value: Option<f64>,
    /// Since when; `null` when that is not known.
    pub since_ms: Option<i64>,
    /// Where to go next: a page's address below the base path, such as `explore?view=hosts`.
    pub link: String,
}

/// Which kind of thing needs a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttentionKind {
    /// An agent is known and not connected.
    AgentGone,
    /// An agent is connected and says nothing.
    AgentSilent,
    /// An alert fires. `subject` is the rule, `detail` its labels.
    AlertFiring,
    /// Critical or high security events of the last 24 h. `subject` is the rule, `value` how many.
    SecurityEvents,
    /// An agent loses data. `detail` is the cause, `value` how many in 10 min.
    LossGrowing,
    /// A disk is more than 90 % full. `subject` is the mount point, `value` the ratio.
    DiskFull,
    /// An agent uses more CPU than it should. `value` in cores.
    AgentCpu,
    /// An agent uses more memory than it should. `value` in bytes.
    AgentMemory,
    /// An agent cannot see something. `subject` is the feature, `detail` the reason.
    LessSeen,
    /// An agent has another version than the server. `detail` is the agent's.
    VersionSkew,
    /// A service runs whose traffic is not seen. `subject` is the service, `value` its port.
    NotMonitored,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttentionLevel {
    /// Worth knowing.
    Notice,
    /// Look today.
    Warning,
    /// Look now.
    Critical,
}

/// An agent and how it fares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgentHealth {
    /// Its identity.
    pub id: String,
    /// The node it watches.
    pub node: String,
    /// Its state.
    pub state: AgentState,
    /// Its version.
    pub version: String,
    /// Whether that is another than the server's.
    pub version_differs: bool,
    /// The kernel, as `uname -r` says.
    pub kernel: String,
    /// What the machine has and what the agent decided to do with it.
    pub decisions: Vec<Decision>,
    /// Events the agent took from the kernel, per second.
    pub events_per_second: Option<f64>,
    /// What it lost since it began, by cause (all places together), the most first.
    pub losses: Vec<LossCount>,
    /// CPU it uses itself, in cores.
    pub cpu_cores: Option<f64>,
    /// CPU it should stay below, in cores.
    pub cpu_budget_cores: f64,
    /// Memory it uses itself.
    pub memory_bytes: Option<u64>,
    /// Memory it should stay below.
    pub memory_budget_bytes: u64,
    /// When it was last heard.
    pub last_seen_ms: i64,
    /// When it connected; `null`: it is not.
    pub connected_ms: Option<i64>,
}

/// A service that was found running.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Integration {
    /// Which: `nginx`, `redis`, `postgresql` ...
    pub service: String,
    /// The process that listens.
    pub comm: String,
    /// The node it runs on.
    pub node: String,
    /// The container it runs in; `null` on the host.
    pub container: Option<String>,
    /// The ports it listens on.
    pub ports: Vec<u16>,
    /// Whether its requests are seen.
    pub monitored: IntegrationState,
    /// Requests seen in the last 5 min, per second.
    pub requests_per_second: Option<f64>,
}

/// Whether a service's requests are seen, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IntegrationState {
    /// Requests were seen in the last 5 min.
    Monitored,
    /// Its protocol is understood, and no request came in the last 5 min.
    NoTraffic,
    /// Its protocol is not understood yet; connections and bytes are still shown.
    UnknownProtocol,
}
