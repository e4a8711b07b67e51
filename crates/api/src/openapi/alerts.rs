//! Paths: alert rules, their states and history, silences, channels, deliveries.

use utoipa::OpenApi;

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths())]
pub(super) struct Alerts;
