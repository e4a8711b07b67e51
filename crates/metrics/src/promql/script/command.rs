//! The commands of a script.

use lanner_model::series::Labels;

/// A script that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

/// A command and the line it begins in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Command {
    pub(super) line: usize,
    pub(super) action: Action,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    Clear,
    Load { step_ms: i64, series: Vec<Sequence>, with_histograms: bool },
    Evaluate(Evaluation),
}

/// A series with one point each step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sequence {
    pub(super) labels: Labels,
    pub(super) points: Vec<Point>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Point {
    None,
    Value(f64),
    Stale,
    /// A native histogram.
    Histogram,
}

/// A query, and what must come of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Evaluation {
    pub(super) query: String,
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
    /// 0 for an instant query.
    pub(super) step_ms: i64,
    pub(super) expects: Vec<Expect>,
    pub(super) answer: Vec<Sequence>,
    pub(super) scalar: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expect {
    Fail(Message),
    Warn(Message),
    Info(Message),
    NoWarn,
    NoInfo,
    Ordered,
    Text(String),
    /// The answer is a matrix with points at these moments.
    Matrix {
        from_ms: i64,
        to_ms: i64,
        step_ms: i64,
    },
}

/// What a message must be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Message {
    Any,
    Exactly(String),
    /// A regular expression for a part of it.
    Matching(String),
}
