//! What queries answer.

use lanner_model::series::{Labels, Sample};
use lanner_model::time::WallMs;

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// One number at each moment.
    Scalar,
    /// A text.
    Text,
    /// At each moment at most one value of each series.
    Vector,
    /// At each moment several values of each series.
    Matrix,
}

/// The answer to an instant query.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One number.
    Scalar(WallMs, f64),
    /// A text.
    Text(WallMs, String),
    /// One value of each series; in the order of the query's outermost sort, topk or bottomk.
    Vector(Vec<Sample>),
    /// Several values of each series.
    Matrix(Vec<Series>),
}

/// The values of one series, the oldest first. Stale markers are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The series; without labels when the query is a scalar.
    pub labels: Labels,
    /// Its values.
    pub points: Vec<(WallMs, f64)>,
}

/// An answer with what should be known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<T> {
    /// The answer.
    pub value: T,
    /// What is likely a mistake.
    pub warnings: Vec<String>,
    /// What may be one.
    pub infos: Vec<String>,
    /// What it took.
    pub stats: Stats,
}

/// What a query took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Samples looked at, those in overlapping windows as often as they were.
    pub samples: u64,
    /// The most samples that were held at a time.
    pub peak_samples: u64,
    /// Series that were fetched.
    pub series: u64,
}

/// Samples of one series as a store has them, stale markers among them; times ascend.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The series.
    pub labels: Labels,
    /// Its samples.
    pub points: Vec<(WallMs, f64)>,
}

impl ValueType {
    /// Its name in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ValueType::Scalar => "scalar",
            ValueType::Text => "string",
            ValueType::Vector => "instant vector",
            ValueType::Matrix => "range vector",
        }
    }
}
