//! Paths: what a capture shows.

use utoipa::OpenApi;

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths())]
pub(super) struct Inspect;
