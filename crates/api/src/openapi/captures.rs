//! Paths: captures: asking for one, listing them.

use utoipa::OpenApi;

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths())]
pub(super) struct Captures;
