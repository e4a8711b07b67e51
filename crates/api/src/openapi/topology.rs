//! Paths: who talks to whom.

use utoipa::OpenApi;

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths())]
pub(super) struct Topology;
