//! The first page, and agents that are to be forgotten.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lanner_api::http::Spotlight;

use crate::app::App;
use crate::clock;
use crate::http::access::Access;
use crate::http::error::ApiError;
use crate::http::routes::Routes;
use crate::registry::ForgetError;

pub(crate) fn routes(app: &Arc<App>) -> Routes {
    Routes::new(app).get("/api/v1/spotlight", Access::Read, spotlight).delete(
        "/api/v1/agents/{id}",
        Access::Administer,
        forget,
    )
}

async fn spotlight(State(app): State<Arc<App>>) -> Result<Json<Spotlight>, ApiError> {
    Ok(Json(crate::spotlight::spotlight(&app, clock::now()).await?))
}

async fn forget(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    app.registry.forget(&id).map_err(|error| match error {
        ForgetError::Unknown => ApiError::not_found(error.to_string()),
        ForgetError::Connected => ApiError::new(StatusCode::CONFLICT, "conflict", error.to_string()),
    })?;
    Ok(StatusCode::NO_CONTENT)
}
