//! The server and its agents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
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
    /// Its stream is open and it was heard in the last 15 s.
    Connected,
    /// It was not heard for longer, or its stream ended less than 5 min ago.
    Silent,
    /// Its stream ended longer ago.
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
