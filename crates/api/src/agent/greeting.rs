//! What an agent says of itself: at the beginning, and every few seconds.

use lanner_model::finding::Priority;
use lanner_model::id::{AgentId, NodeName};

use super::bound::{LIST, NAME, VALUE, WireError, amount, cut, file_name, list, name, text};
use super::finding::{priority_from_wire, priority_to_wire};
use super::generated as wire;
use crate::http::{Decision, LossCount};

/// The rules an agent may have loaded.
const MAX_RULES: usize = 5_000;
/// The places at which an agent may have lost something.
const MAX_LOSSES: usize = 4_096;

/// Who an agent is.
#[derive(Clone, Debug, PartialEq)]
pub struct Hello {
    /// One installation; stable over restarts. ASCII letters, digits, `-`, `_` and `.`, which it
    /// does not begin with.
    pub agent: AgentId,
    /// The node it watches.
    pub node: NodeName,
    /// The agent's version.
    pub version: String,
    /// `uname -r`.
    pub kernel: String,
    /// `uname -m`.
    pub arch: String,
    /// What the machine has and what the agent made of it.
    pub decisions: Vec<Decision>,
    /// The rules it has loaded.
    pub rules: Vec<Rule>,
}

/// A rule that an agent has loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How grave a hit is.
    pub priority: Priority,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its condition as written.
    pub condition: String,
    /// Whether it is on.
    pub enabled: bool,
    /// The file it is from.
    pub file: String,
}

/// How an agent fares. `None` is "not known".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// What it lost since it began.
    pub losses: Vec<LossCount>,
    /// Events it took from the kernel, per second.
    pub events_per_second: Option<f64>,
    /// CPU it uses itself, in cores.
    pub cpu_cores: Option<f64>,
    /// Memory it uses itself, in bytes.
    pub memory_bytes: Option<u64>,
}

impl From<&Hello> for wire::Hello {
    fn from(hello: &Hello) -> Self {
        Self {
            agent_id: cut(hello.agent.as_str(), NAME),
            node: cut(hello.node.as_str(), NAME),
            version: cut(&hello.version, NAME),
            kernel: cut(&hello.kernel, NAME),
            arch: cut(&hello.arch, NAME),
            decisions: hello.decisions.iter().take(LIST).map(Into::into).collect(),
            rules: hello.rules.iter().take(MAX_RULES).map(Into::into).collect(),
        }
    }
}

impl TryFrom<wire::Hello> for Hello {
    type Error = WireError;

    fn try_from(hello: wire::Hello) -> Result<Self, WireError> {
        Ok(Self {
            agent: file_name("hello.agent_id", hello.agent_id)?.into(),
            node: name("hello.node", hello.node, NAME)?.into(),
            version: text("hello.version", hello.version, NAME)?,
            kernel: text("hello.kernel", hello.kernel, NAME)?,
            arch: text("hello.arch", hello.arch, NAME)?,
            decisions: list("hello.decisions", hello.decisions, LIST, Decision::try_from)?,
            rules: list("hello.rules", hello.rules, MAX_RULES, Rule::try_from)?,
        })
    }
}

impl From<&Decision> for wire::Decision {
    fn from(decision: &Decision) -> Self {
        Self {
            feature: cut(&decision.feature, NAME),
            used: decision.used,
            reason: cut(&decision.reason, VALUE),
        }
    }
}

impl TryFrom<wire::Decision> for Decision {
    type Error = WireError;

    fn try_from(decision: wire::Decision) -> Result<Self, WireError> {
        Ok(Self {
            feature: name("decision.feature", decision.feature, NAME)?,
            used: decision.used,
            reason: text("decision.reason", decision.reason, VALUE)?,
        })
    }
}

impl From<&Rule> for wire::Rule {
    fn from(rule: &Rule) -> Self {
        Self {
            name: cut(&rule.name, NAME),
            description: cut(&rule.description, VALUE),
            priority: priority_to_wire(rule.priority),
            tags: rule.tags.iter().take(LIST).map(|tag| cut(tag, NAME)).collect(),
            condition: cut(&rule.condition, VALUE),
            enabled: rule.enabled,
            file: cut(&rule.file, NAME),
        }
    }
}

impl TryFrom<wire::Rule> for Rule {
    type Error = WireError;

    fn try_from(rule: wire::Rule) -> Result<Self, WireError> {
        Ok(Self {
            name: name("rule.name", rule.name, NAME)?,
            description: text("rule.description", rule.description, VALUE)?,
            priority: priority_from_wire(rule.priority)?,
            tags: list("rule.tags", rule.tags, LIST, |tag| text("rule.tags", tag, NAME))?,
            condition: text("rule.condition", rule.condition, VALUE)?,
            enabled: rule.enabled,
            file: text("rule.file", rule.file, NAME)?,
        })
    }
}

impl From<&Status> for wire::Status {
    fn from(status: &Status) -> Self {
        Self {
            losses: status.losses.iter().take(MAX_LOSSES).map(Into::into).collect(),
            events_per_second: status.events_per_second,
            cpu_cores: status.cpu_cores,
            memory_bytes: status.memory_bytes,
        }
    }
}

impl TryFrom<wire::Status> for Status {
    type Error = WireError;

    fn try_from(status: wire::Status) -> Result<Self, WireError> {
        Ok(Self {
            losses: list("status.losses", status.losses, MAX_LOSSES, LossCount::try_from)?,
            events_per_second: amount("status.events_per_second", status.events_per_second)?,
            cpu_cores: amount("status.cpu_cores", status.cpu_cores)?,
            memory_bytes: status.memory_bytes,
        })
    }
}

impl From<&LossCount> for wire::Loss {
    fn from(loss: &LossCount) -> Self {
        Self { cause: cut(&loss.cause, NAME), place: cut(&loss.place, NAME), count: loss.count }
    }
}

impl TryFrom<wire::Loss> for LossCount {
    type Error = WireError;

    fn try_from(loss: wire::Loss) -> Result<Self, WireError> {
        Ok(Self {
            cause: name("loss.cause", loss.cause, NAME)?,
            place: text("loss.place", loss.place, NAME)?,
            count: loss.count,
        })
    }
}
