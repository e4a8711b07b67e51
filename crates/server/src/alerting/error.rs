//! Why something about alerts could not be done.

use lanner_alert::{MatchError, RuleError};
use lanner_metrics::promql::ParseError;
use lanner_store::ConfigError;

use crate::promql::PromqlError;

/// Why something about alerts could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AlertingError {
    /// There is none of that id.
    #[error("there is no such {what}")]
    Unknown {
        /// A rule, a silence, a channel.
        what: &'static str,
    },
    /// Somebody else changed it.
    #[error("this {what} was changed by somebody else meanwhile")]
    Changed {
        /// A rule, a silence, a channel.
        what: &'static str,
    },
    /// There are as many as may be.
    #[error("there are {most} {what} already, more are not kept")]
    TooMany {
        /// Rules, silences, channels.
        what: &'static str,
        /// How many may be.
        most: usize,
    },
    /// Something about a channel is not as it must be.
    #[error("{problem}")]
    Channel {
        /// What.
        problem: String,
    },
    /// Something about a rule is not as it must be.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// Something about a silence is not as it must be.
    #[error(transparent)]
    Silence(#[from] MatchError),
    /// The expression is no PromQL.
    #[error("the expression is no PromQL: {0}")]
    Expression(#[from] ParseError),
    /// The expression gives no series with one value each.
    #[error("the expression gives a {found}; a rule needs one value for each series")]
    ExpressionType {
        /// What it gives.
        found: &'static str,
    },
    /// The expression has no answer.
    #[error("the expression could not be evaluated")]
    Query(#[from] PromqlError),
    /// The config store.
    #[error(transparent)]
    Store(#[from] ConfigError),
}
