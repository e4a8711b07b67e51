//! Why a query has no answer.

use std::time::Duration;

use lanner_metrics::promql::{EvalError, ParseError};
use lanner_store::StoreError;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PromqlError {
    /// Its text is none.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// It can not be answered with these series, or takes too much.
    #[error(transparent)]
    Evaluate(#[from] EvalError),
    /// The store did not answer.
    #[error("the store could not answer")]
    Store(#[from] StoreError),
    /// It took too long.
    #[error("query timed out in expression evaluation after {limit:?}")]
    Timeout {
        /// What it had.
        limit: Duration,
    },
    /// Others are answered.
    #[error("query timed out in query queue: {at_a_time} others are being answered")]
    Busy {
        /// How many are at a time.
        at_a_time: usize,
    },
    /// The evaluation ended without an answer.
    #[error("the query's evaluation broke off")]
    Broken,
}
