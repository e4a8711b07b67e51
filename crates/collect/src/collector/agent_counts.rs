//! What only the agent knows.

use lanner_model::loss::Loss;
use rustc_hash::FxHashMap;

/// What is in no file of the kernel: counted by the agent and its probe, cumulative.
#[derive(Clone, Debug, Default)]
pub struct AgentCounts {
    /// Bytes of processes' networks by pid; without an entry they are not known.
    pub network: FxHashMap<u32, NetworkBytes>,
    /// Events taken from the source.
    pub events: u64,
    /// Rule hits.
    pub findings: u64,
    /// What was lost, by cause and place.
    pub losses: Vec<Loss>,
}

/// Bytes of one process's network, cumulative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkBytes {
    /// Received.
    pub received: u64,
    /// Sent.
    pub sent: u64,
}
