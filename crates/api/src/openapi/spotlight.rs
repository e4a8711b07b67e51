//! Paths: the first page.

use utoipa::OpenApi;

use crate::http::{ErrorBody, Spotlight as SpotlightBody};

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths(spotlight, forget_agent))]
pub(super) struct Spotlight;

/// Agents, what needs a look, services found running.
#[utoipa::path(get, path = "/api/v1/spotlight", responses(
    (status = 200, body = SpotlightBody, description = "everything the first page shows"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn spotlight() {}

/// Forgets an agent that is not connected: its machine is gone for good.
#[utoipa::path(delete, path = "/api/v1/agents/{id}", params(
    ("id" = String, Path, description = "the agent's id"),
), responses(
    (status = 204, description = "the agent is forgotten"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn forget_agent() {}
