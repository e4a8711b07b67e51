//! Messages on their way, and what became of them.

use lanner_model::finding::Severity;
use serde::{Deserialize, Serialize};

use super::instance::{EventNote, Instance, Labels};
use super::outline::{subject, threshold_text, value_text};
use super::rule::Rule;
use super::severity_word;

const FIRST_WAIT_MS: i64 = 5_000;
const LONGEST_WAIT_MS: i64 = 1_800_000;

/// A message that has to be sent: alerts of one rule for one channel. What it says is kept, not
/// looked up: at the time it is sent the alerts may be gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its identity; sorts by time.
    pub id: String,
    /// When it was made.
    pub made: i64,
    /// The channel.
    pub channel: String,
    /// The channel's name.
    pub channel_name: String,
    /// The rule.
    pub rule: String,
    /// The rule's name.
    pub rule_name: String,
    /// What the rule is for.
    pub description: String,
    /// What fires or was resolved; never empty.
    pub notices: Vec<Notice>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was last tried.
    pub tried: Option<i64>,
    /// Not to be tried before.
    pub next: i64,
    /// Why the last try failed.
    pub answer: Option<String>,
}

/// One alert in a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The alert.
    pub instance: String,
    /// Whether it fires.
    pub status: Status,
    /// How grave.
    #[serde(with = "severity_word")]
    pub severity: Severity,
    /// What it is about, in a few words.
    pub subject: String,
    /// What it is called by.
    pub labels: Labels,
    /// Its value.
    pub value: Option<String>,
    /// With what it was compared.
    pub threshold: Option<String>,
    /// Since when the condition holds.
    pub since: i64,
    /// When it was resolved.
    pub resolved: Option<i64>,
    /// The newest security event.
    pub event: Option<EventNote>,
}

/// What is told of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It fires.
    Firing,
    /// It was resolved.
    Resolved,
}

/// A message that is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The message's.
    pub id: String,
    /// When the message was made.
    pub made: i64,
    /// When it was last tried; `None` when never.
    pub tried: Option<i64>,
    /// The channel.
    pub channel: String,
    /// The channel's name.
    pub channel_name: String,
    /// The message's first line.
    pub title: String,
    /// What became of it.
    pub outcome: Outcome,
    /// How often it was tried.
    pub attempts: u32,
    /// What the other side said.
    pub answer: Option<String>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The other side took it.
    Sent,
    /// It was tried for as long as messages are, or can never be taken.
    GivenUp,
}

impl Notice {
    /// What is told of an alert now.
    #[must_use]
    pub fn of(rule: &Rule, instance: &Instance, status: Status) -> Self {
        Self {
            instance: instance.id.clone(),
            status,
            severity: instance.severity,
            subject: subject(&instance.labels),
            labels: instance.labels.clone(),
            value: value_text(rule, instance),
            threshold: threshold_text(rule, instance),
            since: instance.since,
            resolved: instance.resolved,
            event: instance.event.clone(),
        }
    }
}

/// How long to wait after so many tries that failed: 5 s, doubled each time, at most half an hour.
///
/// ```
/// assert_eq!([1, 2, 3, 30].map(lanner_alert::backoff_ms), [5_000, 10_000, 20_000, 1_800_000]);
/// ```
#[must_use]
pub fn backoff_ms(attempts: u32) -> i64 {
    let doubled = attempts.saturating_sub(1).min(20);
    (FIRST_WAIT_MS << doubled).min(LONGEST_WAIT_MS)
}
