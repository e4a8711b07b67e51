//! Times in which nobody is told of some alerts.

use lanner_model::time::WallMs;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::condition::whole;
use super::instance::Instance;
use super::rule::Rule;

const MAX_MATCHERS: usize = 20;
const MAX_BYTES: usize = 512;

/// A time in which nobody is told of the alerts whose labels match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    /// Its identity.
    pub id: String,
    /// All have to hold.
    pub matchers: Vec<SilenceMatcher>,
    /// From when, milliseconds since the epoch.
    pub from: i64,
    /// The first moment after it.
    pub to: i64,
    /// Why.
    pub comment: String,
    /// Who made it.
    pub author: String,
}

/// A condition on a label; one that is not there counts as empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceMatcher {
    /// The label: one of the alert's own, or `alertname`, `rule_id`, `severity`.
    pub label: String,
    /// How it is compared.
    pub op: Op,
    /// With what.
    pub value: String,
}

/// How a label is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum Op {
    Equal,
    NotEqual,
    Regex,
    NotRegex,
}

/// Why a silence is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MatchError {
    /// It would keep everything back, or has more conditions than it may.
    #[error("a silence has 1 to {MAX_MATCHERS} conditions")]
    Count,
    /// Nothing that labels are called, or a value that is too long.
    #[error("the condition on `{label}` is empty or too long")]
    Label {
        /// The label.
        label: String,
    },
    /// A pattern is no regular expression.
    #[error("the condition on `{label}` is no regular expression")]
    Pattern {
        /// The label.
        label: String,
    },
    /// It would keep back whatever there is.
    #[error("every alert would match")]
    MatchesAll,
    /// Its end is not behind its beginning, or too far.
    #[error("a silence ends after it begins, and within a year")]
    Times,
}

/// Where a silence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SilencePhase {
    /// It keeps messages back.
    Active,
    /// It is yet to begin.
    Scheduled,
    /// It is over.
    Expired,
}

impl Op {
    /// The sign for it.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Op::Equal => "=",
            Op::NotEqual => "!=",
            Op::Regex => "=~",
            Op::NotRegex => "!~",
        }
    }

    /// What a sign stands for.
    #[must_use]
    pub fn parse(sign: &str) -> Option<Self> {
        [Op::Equal, Op::NotEqual, Op::Regex, Op::NotRegex].into_iter().find(|op| op.sign() == sign)
    }
}

impl Silence {
    /// Whether everything is within its bounds.
    ///
    /// # Errors
    /// With the first part that is not.
    pub fn check(&self) -> Result<(), MatchError> {
        if self.matchers.is_empty() || self.matchers.len() > MAX_MATCHERS {
            return Err(MatchError::Count);
        }
        for matcher in &self.matchers {
            let label = matcher.label.clone();
            if label.is_empty() || label.len() > MAX_BYTES || matcher.value.len() > MAX_BYTES {
                return Err(MatchError::Label { label });
            }
            if matcher.is_pattern() && whole(&matcher.value).is_err() {
                return Err(MatchError::Pattern { label });
            }
        }
        if self.matchers.iter().all(|matcher| matcher.matches("") && matcher.matches("x")) {
            return Err(MatchError::MatchesAll);
        }
        let year = 366 * 86_400_000;
        let lasts = self.to.checked_sub(self.from).is_some_and(|lasts| (1..=year).contains(&lasts));
        if lasts { Ok(()) } else { Err(MatchError::Times) }
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self, now: WallMs) -> SilencePhase {
        match now.0 {
            now if now >= self.to => SilencePhase::Expired,
            now if now < self.from => SilencePhase::Scheduled,
            _ => SilencePhase::Active,
        }
    }

    /// Whether it is about an alert, whenever.
    #[must_use]
    pub fn matches(&self, rule: &Rule, instance: &Instance) -> bool {
        let value = |label: &str| match label {
            "alertname" => rule.name.as_str(),
            "rule_id" => rule.id.as_str(),
            "severity" => instance.severity.as_str(),
            label => instance.labels.get(label).map_or("", String::as_str),
        };
        self.matchers.iter().all(|matcher| matcher.matches(value(&matcher.label)))
    }

    /// Of several, the one that keeps an alert back longest.
    #[must_use]
    pub fn of<'a>(
        silences: &'a [Silence],
        rule: &Rule,
        instance: &Instance,
        now: WallMs,
    ) -> Option<&'a Silence> {
        let active = silences.iter().filter(|silence| silence.phase(now) == SilencePhase::Active);
        active.filter(|silence| silence.matches(rule, instance)).max_by_key(|silence| silence.to)
    }
}

impl SilenceMatcher {
    fn is_pattern(&self) -> bool {
        matches!(self.op, Op::Regex | Op::NotRegex)
    }

    fn matches(&self, value: &str) -> bool {
        let fits = |pattern: Option<Regex>| pattern.is_none_or(|pattern| pattern.is_match(value));
        match self.op {
            Op::Equal => value == self.value,
            Op::NotEqual => value != self.value,
            Op::Regex => whole(&self.value).is_ok_and(fits),
            Op::NotRegex => whole(&self.value).is_ok_and(|pattern| !fits(pattern)),
        }
    }
}
