//! What every answer that is no success says.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What every answer that is no success says.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

/// What went wrong, why, what next.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ErrorDetail {
    /// A word for programs: `bad_request`, `not_found`, `unavailable`, `internal`.
    pub code: String,
    /// One sentence for people.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Found again in the server's log.
    pub id: String,
}
