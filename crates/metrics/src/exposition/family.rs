//! What the text format says.

use lanner_model::series::Labels;
use lanner_model::time::WallMs;

/// All series of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// The metric's name; of histograms and summaries without `_bucket`, `_sum`, `_count`.
    pub name: String,
    /// What its values are.
    pub kind: FamilyKind,
    /// Its help; empty where the text has none.
    pub help: String,
    /// Its values in the order of the text.
    pub values: Vec<Value>,
}

/// What a family's values are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FamilyKind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Cumulative buckets, sum and count.
    Histogram,
    /// Quantiles, sum and count.
    Summary,
    /// Not said.
    #[default]
    Untyped,
}

/// One line of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The series, the metric's name among its labels.
    pub labels: Labels,
    /// The value.
    pub value: f64,
    /// Its time, where the text says one.
    pub time: Option<WallMs>,
}
