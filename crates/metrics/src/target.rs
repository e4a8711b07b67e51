//! What the series of one agent have in common.

use lanner_model::id::NodeName;

/// What the series of one agent have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The node: label `node`, and `instance` as public rules expect it.
    pub node: NodeName,
    /// Further labels: `cluster`, `region`, `zone`, where they are known.
    pub labels: Vec<(String, String)>,
}
