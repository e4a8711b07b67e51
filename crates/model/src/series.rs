//! Metric series: labels and samples, as in Prometheus.

use std::fmt;
use std::sync::Arc;

use crate::time::WallMs;

/// The label that carries a metric's name.
pub const METRIC_NAME: &str = "__name__";

/// The labels of one series, sorted by name, without duplicates; the metric's name is the label
/// [`METRIC_NAME`]. A label with an empty value is the same as no label.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Labels(Arc<[(Arc<str>, Arc<str>)]>);

impl Labels {
    /// Labels of a metric; pairs may come in any order, of two with one name the last counts.
    pub fn new<N, V>(metric: &str, pairs: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<Arc<str>>,
        V: Into<Arc<str>>,
    {
        let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self::from_pairs(std::iter::once((METRIC_NAME.into(), metric.into())).chain(pairs))
    }

    /// Labels from pairs in any order; of two with one name the last counts.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (Arc<str>, Arc<str>)>) -> Self {
        let mut sorted: Vec<(Arc<str>, Arc<str>)> = pairs.into_iter().collect();
        sorted.reverse();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        sorted.dedup_by(|a, b| a.0 == b.0);
        sorted.retain(|(_, value)| !value.is_empty());
        Self(sorted.into())
    }

    /// The metric's name; empty when it has none.
    #[must_use]
    pub fn metric(&self) -> &str {
        self.value(METRIC_NAME).unwrap_or("")
    }

    /// The value of a label.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.binary_search_by(|(n, _)| (**n).cmp(name)).ok().map(|at| &*self.0[at].1)
    }

    /// All pairs in order of their names, the metric's name among them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The pairs whose name `keep` wants; texts are shared with these.
    #[must_use]
    pub fn filtered(&self, mut keep: impl FnMut(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, _)| keep(name)).cloned().collect())
    }

    /// The same with one label set to another value, or without it when the value is empty; texts are
    /// shared with these.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        Self::from_pairs(self.0.iter().cloned().chain([(name.into(), value.into())]))
    }

    /// How many labels there are, the metric's name among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no label at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{{", self.metric())?;
        let mut comma = "";
        for (name, value) in self.iter().filter(|(name, _)| *name != METRIC_NAME) {
            write!(f, "{comma}{name}={value:?}")?;
            comma = ",";
        }
        f.write_str("}")
    }
}

/// One value of one series at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The series.
    pub labels: Labels,
    /// When.
    pub time: WallMs,
    /// The value; a stale marker is Prometheus' special NaN ([`STALE_NAN`]).
    pub value: f64,
}

/// The NaN with which Prometheus marks the end of a series
/// (`model/value/value.go` of prometheus/prometheus, `StaleNaN`).
pub const STALE_NAN: u64 = 0x7ff0_0000_0000_0002;

/// A condition on one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matcher {
    /// The label.
    pub name: String,
    /// How it is compared.
    pub op: MatchOp,
    /// With what.
    pub value: String,
}

/// How a matcher compares. A missing label counts as the empty string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`, anchored at both ends
    Regex,
    /// `!~`, anchored at both ends
    NotRegex,
}

impl Matcher {
    /// `name = value`.
    pub fn equal(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), op: MatchOp::Equal, value: value.into() }
    }
}
