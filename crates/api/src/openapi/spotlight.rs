//! Paths: the first page: is everything alive, what needs a look.

use utoipa::OpenApi;

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths())]
pub(super) struct Spotlight;
