//! One thing that a rule watches, and how it changes.

use std::collections::BTreeMap;
use std::fmt::Write;

use lanner_model::finding::Severity;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::severity_word;

/// What a thing is called by.
pub type Labels = BTreeMap<String, String>;

/// Labels of pairs.
pub fn labels<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Labels {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The identity of what a rule watches under these labels: the same in every process and version,
/// since others (PagerDuty) keep it.
#[must_use]
pub fn instance_id(rule: &str, labels: &Labels) -> String {
    let mut hash = Sha256::new();
    for (name, value) in labels {
        for text in [name, value] {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
    }
    let mut id = format!("{rule}.");
    for byte in &hash.finalize()[..12] {
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// What was seen of a thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Which thing.
    pub labels: Labels,
    /// Its value.
    pub value: Option<f64>,
    /// With what it was compared.
    pub threshold: Option<f64>,
    /// Whether the condition holds.
    pub holds: bool,
    /// How grave that is; `None` is as grave as the rule says.
    pub severity: Option<Severity>,
}

/// Where a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The condition holds, not yet for as long as the rule asks.
    Pending,
    /// It holds.
    Firing,
    /// It held. Kept for a while, so that it is known again.
    Resolved,
}

/// One thing that a rule watches. Times are milliseconds since the epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// See [`instance_id`].
    pub id: String,
    /// The rule.
    pub rule: String,
    /// What it is called by.
    pub labels: Labels,
    /// Where it stands.
    pub state: State,
    /// How grave it is.
    #[serde(with = "severity_word")]
    pub severity: Severity,
    /// The newest value; for security events their number.
    pub value: Option<f64>,
    /// With what it was compared.
    pub threshold: Option<f64>,
    /// Since when the condition holds.
    pub since: i64,
    /// When it began to fire.
    pub fired: Option<i64>,
    /// When it was resolved.
    pub resolved: Option<i64>,
    /// When the condition was last seen to hold.
    pub seen: i64,
    /// Since when it holds no more, while the rule still waits.
    pub clear: Option<i64>,
    /// Who was told, by channel.
    #[serde(default)]
    pub told: BTreeMap<String, Told>,
    /// The newest security event.
    pub event: Option<EventNote>,
}

/// What a channel was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// When last.
    pub at: i64,
    /// The gravest it was told.
    #[serde(with = "severity_word")]
    pub severity: Severity,
}

/// A security event, as much as a message needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventNote {
    /// Its id; sorts by time.
    pub id: String,
    /// When it happened.
    pub time: i64,
    /// What it says.
    pub output: String,
}

/// A change of a thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// When.
    pub time: i64,
    /// What changed.
    pub instance: String,
    /// Its rule.
    pub rule: String,
    /// The rule's name.
    pub rule_name: String,
    /// Where it stands now.
    pub to: State,
    /// How grave.
    #[serde(with = "severity_word")]
    pub severity: Severity,
    /// What it is called by.
    pub labels: Labels,
    /// Its value, as people read it.
    pub value: Option<String>,
    /// Why.
    pub reason: Reason,
    /// Since when the condition held.
    pub since: i64,
}

/// Why a thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The condition holds, or holds no more.
    Condition,
    /// What it was about is gone: there is no value any more.
    NoData,
    /// No security event for as long as the rule waits.
    Quiet,
    /// The rule was switched off, changed or deleted.
    RuleOff,
    /// It is graver than before.
    Escalated,
}

impl Reason {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Condition => "condition",
            Reason::NoData => "no_data",
            Reason::Quiet => "quiet",
            Reason::RuleOff => "rule_off",
            Reason::Escalated => "escalated",
        }
    }
}
