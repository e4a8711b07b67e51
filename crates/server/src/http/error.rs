//! Answers that are no success: one form, with an id that is also in the log.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lanner_api::http::{ErrorBody, ErrorDetail};
use lanner_store::{ConfigError, StoreError};

use crate::clock;
use crate::error_chain::chain;

/// An answer that is no success.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    hint: Option<String>,
    /// What only the log is told.
    cause: Option<String>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), hint: None, cause: None }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message)
    }

    /// Something that is nobody's fault who asks; only the log is told the cause.
    pub(crate) fn internal(message: impl Into<String>, cause: String) -> Self {
        Self {
            cause: Some(cause),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
                .hint("the server's log has the reason under this error's id")
        }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cursor { .. } => {
                Self::bad_request("the cursor is none that a page ended with").hint("ask without a cursor")
            }
            StoreError::TooManyPoints { .. } | StoreError::TooManySteps { .. } => {
                Self::bad_request(error.to_string()).hint("ask for a shorter time range")
            }
            StoreError::Closed => Self::unavailable("the server is shutting down"),
            error => Self {
                cause: Some(chain(&error)),
                ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the store could not answer")
                    .hint("the server's log has the reason under this error's id")
            },
        }
    }
}

impl From<ConfigError> for ApiError {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::Conflict { .. } => Self::new(StatusCode::CONFLICT, "conflict", error.to_string())
                .hint("load it again and repeat the change"),
            error => Self {
                cause: Some(chain(&error)),
                ..Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "the settings could not be read or kept",
                )
                .hint("the server's log has the reason under this error's id")
            },
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let id = next_id();
        let cause = self.cause.as_deref().unwrap_or_default();
        if self.status.is_server_error() {
            tracing::error!(%id, code = self.code, message = %self.message, cause, "a request failed");
        } else {
            tracing::info!(%id, code = self.code, message = %self.message, "a request was refused");
        }
        let error = ErrorDetail { code: self.code.to_owned(), message: self.message, hint: self.hint, id };
        (self.status, Json(ErrorBody { error })).into_response()
    }
}

/// Unique as long as a log is kept: the time, and a number that counts up.
fn next_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:x}-{:x}", clock::now().0, NEXT.fetch_add(1, Ordering::Relaxed))
}

/// What a stranger wrote, short enough for a message.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(64).collect()
}
