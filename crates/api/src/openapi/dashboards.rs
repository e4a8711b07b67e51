//! Paths: dashboards: shipped ones and people's own.

use utoipa::OpenApi;

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths())]
pub(super) struct Dashboards;
