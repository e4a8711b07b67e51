//! A rule, and what may stand in one.

use lanner_model::finding::Severity;
use serde::{Deserialize, Serialize};

use super::condition::{Condition, whole};
use super::severity_word;

/// Rules that may be kept.
pub const MAX_RULES: usize = 500;
const DAY_MS: i64 = 86_400_000;
const NAME_CHARS: usize = 100;
const TEXT_BYTES: usize = 4_096;
const LIST_LENGTH: usize = 100;

/// What is watched, when it fires and who is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Its identity: small letters, digits and `-`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for, what to do.
    #[serde(default)]
    pub description: String,
    /// Whether it is evaluated.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// How grave it is. Security events bring their own.
    #[serde(with = "severity_word")]
    pub severity: Severity,
    /// What has to hold.
    pub condition: Condition,
    /// For how long before it fires.
    #[serde(default)]
    pub for_ms: i64,
    /// For how long not, before it is resolved.
    #[serde(default)]
    pub keep_firing_ms: i64,
    /// When those who were told are told again.
    #[serde(default)]
    pub repeat_ms: Option<i64>,
    /// Who is told; `None` is all channels.
    #[serde(default)]
    pub channels: Option<Vec<String>>,
}

/// Why a rule is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A text is empty or too long.
    #[error("{part} is empty or longer than {most} characters")]
    Length {
        /// Which.
        part: &'static str,
        /// How long it may be.
        most: usize,
    },
    /// A time is out of its range.
    #[error("{part} is not between {least_s} s and {most_s} s")]
    Time {
        /// Which.
        part: &'static str,
        /// The least.
        least_s: i64,
        /// The most.
        most_s: i64,
    },
    /// A list is too long.
    #[error("{part} has more than {LIST_LENGTH} entries")]
    List {
        /// Which.
        part: &'static str,
    },
    /// A threshold is no number.
    #[error("the {part} threshold is not a finite number")]
    Threshold {
        /// Which.
        part: &'static str,
    },
    /// The warning threshold is not crossed before the other.
    #[error("the warning threshold is not crossed before the critical one")]
    WarningBehind,
    /// A warning (medium) would be as grave as the alert itself.
    #[error("with a warning threshold the severity has to be high or critical, since a warning is medium")]
    WarningAsGrave,
    /// A pattern is no regular expression.
    #[error("the pattern of the {part} is no regular expression: {problem}")]
    Pattern {
        /// Of what.
        part: &'static str,
        /// What is wrong.
        problem: String,
    },
}

fn yes() -> bool {
    true
}

impl Rule {
    /// Whether everything is within its bounds. PromQL is checked by who evaluates it.
    ///
    /// # Errors
    /// With the first part that is not.
    pub fn check(&self) -> Result<(), RuleError> {
        if self.name.trim().is_empty() || self.name.chars().count() > NAME_CHARS {
            return Err(RuleError::Length { part: "the name", most: NAME_CHARS });
        }
        if self.description.len() > TEXT_BYTES {
            return Err(RuleError::Length { part: "the description", most: TEXT_BYTES });
        }
        time("the time it has to hold", self.for_ms, 0, DAY_MS)?;
        time("the time it keeps firing", self.keep_firing_ms, 0, DAY_MS)?;
        if let Some(repeat) = self.repeat_ms {
            time("the time until it is told again", repeat, 60_000, 30 * DAY_MS)?;
        }
        if self.channels.as_ref().is_some_and(|channels| channels.len() > LIST_LENGTH) {
            return Err(RuleError::List { part: "who is told" });
        }
        match &self.condition {
            Condition::Metric(metric) => {
                if metric.expr.trim().is_empty() || metric.expr.len() > TEXT_BYTES {
                    return Err(RuleError::Length { part: "the expression", most: TEXT_BYTES });
                }
                if !metric.threshold.is_finite() {
                    return Err(RuleError::Threshold { part: "critical" });
                }
                let Some(warning) = metric.warning else { return Ok(()) };
                if !warning.is_finite() {
                    return Err(RuleError::Threshold { part: "warning" });
                }
                if self.severity <= Severity::Medium {
                    return Err(RuleError::WarningAsGrave);
                }
                let is_before =
                    warning != metric.threshold && metric.comparison.holds(metric.threshold, warning);
                if is_before { Ok(()) } else { Err(RuleError::WarningBehind) }
            }
            Condition::SecurityEvent(events) => {
                if events.rules.len() > LIST_LENGTH {
                    return Err(RuleError::List { part: "the detections" });
                }
                time("the quiet time", events.quiet_ms, 10_000, DAY_MS)?;
                pattern("container", &events.container)
            }
            Condition::AgentDown(down) => {
                time("the time of silence", down.silent_ms, 15_000, DAY_MS)?;
                pattern("node", &down.node)
            }
        }
    }

    /// Whether what it watches is the same as in another: else its alerts end.
    #[must_use]
    pub fn watches_the_same(&self, other: &Rule) -> bool {
        match (&self.condition, &other.condition) {
            (Condition::Metric(a), Condition::Metric(b)) => a.expr == b.expr,
            (Condition::SecurityEvent(_), Condition::SecurityEvent(_))
            | (Condition::AgentDown(_), Condition::AgentDown(_)) => true,
            _ => false,
        }
    }
}

/// An identity from a name: small ASCII letters, digits and single `-`, at most 60; `rule` where
/// nothing is left.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().map(|c| c.to_ascii_lowercase()).take(60) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "rule".to_owned() } else { slug.to_owned() }
}

fn time(part: &'static str, ms: i64, least: i64, most: i64) -> Result<(), RuleError> {
    if (least..=most).contains(&ms) {
        return Ok(());
    }
    Err(RuleError::Time { part, least_s: least / 1_000, most_s: most / 1_000 })
}

fn pattern(part: &'static str, pattern: &str) -> Result<(), RuleError> {
    let problem = match whole(pattern) {
        _ if pattern.len() > 512 => "longer than 512 bytes".to_owned(),
        Ok(_) => return Ok(()),
        Err(regex::Error::CompiledTooBig(_)) => "too large".to_owned(),
        // The first lines draw the pattern with a mark; the last one says what is wrong.
        Err(error) => error.to_string().lines().last().unwrap_or_default().trim().to_owned(),
    };
    Err(RuleError::Pattern { part, problem })
}
