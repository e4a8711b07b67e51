//! Paths: signing in: sessions, users, API tokens.

use utoipa::OpenApi;

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths())]
pub(super) struct Access;
