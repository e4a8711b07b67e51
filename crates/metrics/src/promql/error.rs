//! What can go wrong with a query.

use super::position::{Position, Span};

/// A text that is no query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{position}: parse error: {message}")]
pub struct ParseError {
    /// What is wrong.
    pub message: String,
    /// Where it begins.
    pub position: Position,
}

/// Why a query that was understood has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// The data does not allow what the query wants; the text says what and which series.
    #[error("{0}")]
    Data(String),
    /// It would hold more samples than it may.
    #[error("query processing would load too many samples into memory in query execution: more than {limit}")]
    TooManySamples {
        /// How many it may hold.
        limit: u64,
    },
    /// It asks for more moments than it may.
    #[error(
        "exceeded maximum resolution of {} points per timeseries. Try decreasing the query resolution (?step=XX)",
        grouped(*limit)
    )]
    TooManySteps {
        /// How many there may be.
        limit: u64,
    },
    /// A query over a range of time is no vector or scalar.
    #[error("invalid expression type {found:?} for range query, must be Scalar or instant Vector")]
    Type {
        /// What it is.
        found: &'static str,
    },
    /// Times or steps that make no sense.
    #[error("{0}")]
    Range(&'static str),
    /// The query was told to stop.
    #[error("query was canceled in expression evaluation")]
    Canceled,
}

/// What is wrong with a part of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) span: Span,
}

impl Fault {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Fault {
        Fault { message: message.into(), span }
    }

    pub(crate) fn in_text(self, text: &str) -> ParseError {
        ParseError { position: Position::of(text, self.span.start), message: self.message }
    }
}

/// A number with its thousands set apart, as Prometheus has it in this message.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
