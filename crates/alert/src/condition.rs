//! What has to hold.

use lanner_model::finding::{Finding, Severity};
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::instance::{Labels, Observed, labels};
use super::severity_word;

/// The largest program a regular expression may become.
const REGEX_BYTES: usize = 1 << 20;

/// What has to hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Condition {
    /// A value crosses a threshold.
    Metric(Metric),
    /// Security events happen.
    SecurityEvent(SecurityEvents),
    /// An agent is silent.
    AgentDown(AgentDown),
}

/// A value that is compared with a threshold. Each series of the result is watched on its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// PromQL.
    pub expr: String,
    /// How the value is compared.
    pub comparison: Comparison,
    /// With what.
    pub threshold: f64,
    /// What is crossed before; makes a medium alert.
    #[serde(default)]
    pub warning: Option<f64>,
    /// In what the value is measured.
    #[serde(default)]
    pub unit: Unit,
}

/// Security events. Each detection in each container is watched on its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecurityEvents {
    /// Only of these detections; empty: of all.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Only as grave as this.
    #[serde(with = "severity_word")]
    pub min_severity: Severity,
    /// Only in containers whose name or id matches this whole; `host` is the host. Empty: everywhere.
    #[serde(default)]
    pub container: String,
    /// Resolved after so long without one.
    pub quiet_ms: i64,
}

/// An agent that is silent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgentDown {
    /// For how long.
    pub silent_ms: i64,
    /// Only of nodes whose name matches this whole. Empty: all.
    #[serde(default)]
    pub node: String,
}

/// How a value is compared with a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum Comparison {
    Above,
    AtLeast,
    Below,
    AtMost,
    Equal,
    NotEqual,
}

/// In what a value is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A plain number.
    #[default]
    None,
    /// 90 is 90 %.
    Percent,
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
    /// Per second.
    PerSecond,
}

impl Comparison {
    /// Whether a value crosses a threshold. NaN crosses none.
    #[must_use]
    pub fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Comparison::Above => value > threshold,
            Comparison::AtLeast => value >= threshold,
            Comparison::Below => value < threshold,
            Comparison::AtMost => value <= threshold,
            Comparison::Equal => value == threshold,
            Comparison::NotEqual => !value.is_nan() && value != threshold,
        }
    }

    /// The sign for it.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Above => ">",
            Comparison::AtLeast => "≥",
            Comparison::Below => "<",
            Comparison::AtMost => "≤",
            Comparison::Equal => "=",
            Comparison::NotEqual => "≠",
        }
    }
}

impl Metric {
    /// What a value of one thing says: the severity is [`Severity::Medium`] where only the warning
    /// threshold is crossed, and that of the rule (given as `None` here) where the other is.
    #[must_use]
    pub fn observe(&self, labels: Labels, value: f64) -> Observed {
        let crossed = |threshold: &f64| self.comparison.holds(value, *threshold);
        let (holds, severity, threshold) = match self.warning.filter(crossed) {
            _ if crossed(&self.threshold) => (true, None, self.threshold),
            Some(warning) => (true, Some(Severity::Medium), warning),
            None => (false, None, self.threshold),
        };
        Observed { labels, value: Some(value), threshold: Some(threshold), holds, severity }
    }
}

impl SecurityEvents {
    /// Whether a finding is meant; `container` is [`Self::container`], compiled.
    #[must_use]
    pub fn covers(&self, finding: &Finding, container: Option<&Regex>) -> bool {
        let is_of_rule = self.rules.is_empty() || self.rules.contains(&finding.rule);
        let is_there = container.is_none_or(|wanted| match &finding.container {
            None => wanted.is_match("host"),
            Some(found) => wanted.is_match(&found.name) || wanted.is_match(found.id.as_str()),
        });
        is_of_rule && is_there && finding.priority.severity() >= self.min_severity
    }

    /// What a finding is about: the detection, the node and the container.
    #[must_use]
    pub fn labels_of(finding: &Finding) -> Labels {
        let mut about = labels([("rule", finding.rule.as_str()), ("node", finding.node.as_str())]);
        if let Some(container) = &finding.container {
            about.insert("container_id".to_owned(), container.id.to_string());
            let name = if container.name.is_empty() { container.id.as_str() } else { &container.name };
            about.insert("container".to_owned(), name.to_owned());
        }
        about
    }
}

/// A pattern that has to match whole; `None` for an empty one, which matches everything.
pub(crate) fn whole(pattern: &str) -> Result<Option<Regex>, regex::Error> {
    if pattern.is_empty() {
        return Ok(None);
    }
    RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(REGEX_BYTES).build().map(Some)
}
