//! Findings: what a rule said of an event. Pages call them security events.

use std::fmt;

use crate::id::{CaptureId, ContainerId, NodeName};
use crate::resource::ContainerInfo;
use crate::time::WallNs;

/// A rule hit, with all that is needed to understand it long after the process is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Its identity, unique over all agents, sortable by time (see [`Finding::make_id`]).
    pub id: String,
    /// When the event happened.
    pub time: WallNs,
    /// The node.
    pub node: NodeName,
    /// The rule's name.
    pub rule: String,
    /// How grave it is.
    pub priority: Priority,
    /// The rule's tags.
    pub tags: Vec<String>,
    /// The rule's output with its fields filled in.
    pub output: String,
    /// The event: its number in its source.
    pub event_number: u64,
    /// The event's name, `openat`.
    pub event_type: String,
    /// The fields that the output and the condition name, with their values as text; a field
    /// without a value is not here.
    pub fields: Vec<(String, String)>,
    /// The condition's parts that held, each with the field's value.
    pub matched: Vec<MatchedCondition>,
    /// The process that did it and its ancestors: the process first, the oldest last.
    pub ancestry: Vec<ProcessNode>,
    /// The container it happened in; `None` on the host.
    pub container: Option<ContainerInfo>,
    /// The capture of system calls that the hit began; `None` where none was.
    pub capture: Option<CaptureId>,
}

impl Finding {
    /// An identity: time, then a number the maker counts up, both in hexadecimal, then the node.
    #[must_use]
    pub fn make_id(time: WallNs, sequence: u32, node: &NodeName) -> String {
        format!("{:016x}{sequence:08x}-{node}", time.0)
    }
}

/// A part of a rule's condition that held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedCondition {
    /// The part as the rule has it after macros and lists are put in.
    pub text: String,
    /// The field it looks at; empty for one that looks at none.
    pub field: String,
    /// The field's value in this event; `None` when it had none.
    pub value: Option<String>,
    /// Whether the part stands under a `not` (it held because this did not).
    pub negated: bool,
}

/// A process in a finding's tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProcessNode {
    /// Process id.
    pub pid: i64,
    /// Process id in its own namespace; 0 where unknown.
    pub vpid: i64,
    /// Short name.
    pub comm: String,
    /// The executable's path; empty where unknown.
    pub exepath: String,
    /// The command line.
    pub cmdline: String,
    /// Who runs it; empty where the id has no name.
    pub user: String,
    /// Who runs it.
    pub uid: u32,
    /// When it began; 0 where unknown.
    pub start: WallNs,
    /// The container it runs in; empty on the host.
    pub container: ContainerId,
}

/// The priorities of the rule language (those of syslog).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// The least.
    Debug,
    /// See Falco's documentation of priorities.
    Informational,
    /// A normal but noteworthy condition.
    Notice,
    /// Something may be wrong.
    Warning,
    /// Something is wrong.
    Error,
    /// A critical condition.
    Critical,
    /// To be acted on at once.
    Alert,
    /// The gravest.
    Emergency,
}

/// What pages sort and colour by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Informational and debug.
    Info,
    /// Notice.
    Low,
    /// Warning.
    Medium,
    /// Error.
    High,
    /// Critical, alert and emergency.
    Critical,
}

impl Priority {
    /// All, the least first.
    pub const ALL: [Priority; 8] = [
        Priority::Debug,
        Priority::Informational,
        Priority::Notice,
        Priority::Warning,
        Priority::Error,
        Priority::Critical,
        Priority::Alert,
        Priority::Emergency,
    ];

    /// The priority as Falco prints it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Priority::Debug => "Debug",
            Priority::Informational => "Informational",
            Priority::Notice => "Notice",
            Priority::Warning => "Warning",
            Priority::Error => "Error",
            Priority::Critical => "Critical",
            Priority::Alert => "Alert",
            Priority::Emergency => "Emergency",
        }
    }

    /// Reads a priority as rule files write it: in any case, `INFO` for informational.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let wanted = text.to_ascii_lowercase();
        let wanted = if wanted == "info" { "informational" } else { &wanted };
        Self::ALL.into_iter().find(|priority| priority.as_str().eq_ignore_ascii_case(wanted))
    }

    /// The severity that pages show.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Priority::Debug | Priority::Informational => Severity::Info,
            Priority::Notice => Severity::Low,
            Priority::Warning => Severity::Medium,
            Priority::Error => Severity::High,
            Priority::Critical | Priority::Alert | Priority::Emergency => Severity::Critical,
        }
    }
}

impl Severity {
    /// All, the least first.
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word in URLs and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The severity named by such a word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == text)
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
