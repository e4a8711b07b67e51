//! Answers that are no success, as Prometheus has them.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use lanner_metrics::promql::{EvalError, ParseError};
use lanner_store::StoreError;

use crate::error_chain::chain;
use crate::http::error::shorten;
use crate::promql::PromqlError;

/// Somebody asked who did not wait; the same number as nginx and Prometheus use.
const CLIENT_CLOSED_REQUEST: u16 = 499;

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Failure {
    status: StatusCode,
    error_type: &'static str,
    message: String,
}

impl Failure {
    /// A parameter that is missing, or of another form than it must be.
    pub(super) fn bad_parameter(name: &str, reason: &str) -> Failure {
        Failure::bad_data(format!("invalid parameter {name:?}: {reason}"))
    }

    pub(super) fn bad_data(message: String) -> Failure {
        Failure { status: StatusCode::BAD_REQUEST, error_type: "bad_data", message }
    }

    pub(super) fn too_large(message: String) -> Failure {
        Failure { status: StatusCode::PAYLOAD_TOO_LARGE, error_type: "bad_data", message }
    }

    /// A parameter that is neither a time nor anything else it may be.
    pub(super) fn not_a(name: &str, value: &str, what: &str) -> Failure {
        Failure::bad_parameter(name, &format!("cannot parse {:?} to a valid {what}", shorten(value)))
    }

    pub(super) fn not_a_query(name: &str, error: &ParseError) -> Failure {
        Failure::bad_parameter(name, &error.to_string())
    }
}

impl From<PromqlError> for Failure {
    fn from(error: PromqlError) -> Failure {
        let message = error.to_string();
        let (status, error_type) = match &error {
            PromqlError::Parse(_)
            | PromqlError::Evaluate(
                EvalError::Range(_) | EvalError::Type { .. } | EvalError::TooManySteps { .. },
            ) => (StatusCode::BAD_REQUEST, "bad_data"),
            PromqlError::Evaluate(EvalError::Canceled) => {
                (StatusCode::from_u16(CLIENT_CLOSED_REQUEST).unwrap_or(StatusCode::BAD_REQUEST), "canceled")
            }
            PromqlError::Evaluate(_) => (StatusCode::UNPROCESSABLE_ENTITY, "execution"),
            PromqlError::Timeout { .. } | PromqlError::Busy { .. } => {
                (StatusCode::SERVICE_UNAVAILABLE, "timeout")
            }
            PromqlError::Store(_) => match error {
                PromqlError::Store(error) => return Failure::from(error),
                _ => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            },
            PromqlError::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        Failure { status, error_type, message }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match error {
            StoreError::TooManyPoints { .. } => Failure {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                error_type: "execution",
                message: error.to_string(),
            },
            StoreError::Matcher { .. } => Failure::bad_data(chain(&error)),
            StoreError::Closed => Failure {
                status: StatusCode::SERVICE_UNAVAILABLE,
                error_type: "unavailable",
                message: "the server is shutting down".to_owned(),
            },
            error => {
                tracing::error!(error = %chain(&error), "a query found the store failing");
                Failure {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    error_type: "internal",
                    message: "the store could not answer; the server's log says why".to_owned(),
                }
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        tracing::info!(error_type = self.error_type, message = %self.message, "a query was refused");
        let body = serde_json::json!({
            "status": "error",
            "errorType": self.error_type,
            "error": self.message,
        });
        (self.status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
    }
}
