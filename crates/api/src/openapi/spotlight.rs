//! Paths: the first page.

use utoipa::OpenApi;

use crate::http::{ErrorBody, Spotlight as SpotlightBody};

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths(spotlight))]
pub(super) struct Spotlight;

/// Agents, what needs a look, services found running.
#[utoipa::path(get, path = "/api/v1/spotlight", responses(
    (status = 200, body = SpotlightBody, description = "everything the first page shows"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn spotlight() {}
