//! Dashboards.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lanner_api::http::{
    ChangedDashboard, Dashboard, DashboardCheck, DashboardContent, DashboardDeletion, DashboardList,
    NewDashboard,
};
use lanner_model::time::WallMs;

use crate::access::Caller;
use crate::app::App;
use crate::clock;
use crate::dashboards::{self, DashboardError, problems};
use crate::error_chain::chain;
use crate::http::access::Access;
use crate::http::body::Body;
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::routes::Routes;

/// The most bytes of a request; a dashboard of the most bytes is a little less.
const MAX_BYTES: usize = 256 << 10;

type Answer<T> = Result<Json<T>, ApiError>;

pub(crate) fn routes(app: &Arc<App>) -> Routes {
    Routes::new(app)
        .get("/api/v1/dashboards", Access::Read, list)
        .post("/api/v1/dashboards", Access::Write, create)
        .post("/api/v1/dashboards/check", Access::Read, check)
        .get("/api/v1/dashboards/{id}", Access::Read, dashboard)
        .put("/api/v1/dashboards/{id}", Access::Write, change)
        .delete("/api/v1/dashboards/{id}", Access::Write, delete)
}

async fn list(State(app): State<Arc<App>>) -> Answer<DashboardList> {
    Ok(Json(dashboards::list(&*app.settings).await.map_err(refusal)?))
}

async fn dashboard(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer<Dashboard> {
    Ok(Json(dashboards::dashboard(&*app.settings, &id).await.map_err(refusal)?))
}

async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(new): Body<NewDashboard, MAX_BYTES>,
) -> Answer<Dashboard> {
    let made = dashboards::create(&*app.settings, new, &caller.name, clock::now()).await;
    Ok(Json(made.map_err(refusal)?))
}

async fn change(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
    Body(changed): Body<ChangedDashboard, MAX_BYTES>,
) -> Answer<Dashboard> {
    let changed = dashboards::change(&*app.settings, &id, changed, &caller.name, clock::now()).await;
    Ok(Json(changed.map_err(refusal)?))
}

async fn delete(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
    Params(deletion): Params<DashboardDeletion>,
) -> Result<StatusCode, ApiError> {
    let deleted = dashboards::delete(&*app.settings, &id, deletion.version, &caller.name, clock::now()).await;
    deleted.map_err(refusal)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn check(Body(content): Body<DashboardContent, MAX_BYTES>) -> Json<DashboardCheck> {
    Json(DashboardCheck { problems: problems(&content) })
}

fn refusal(error: DashboardError) -> ApiError {
    let message = error.to_string();
    let conflict = |message| ApiError::new(StatusCode::CONFLICT, "conflict", message);
    match error {
        DashboardError::Unknown => ApiError::not_found(message).hint("it may have been deleted"),
        DashboardError::BuiltIn => {
            ApiError::new(StatusCode::FORBIDDEN, "built_in", message).hint("make a copy and change that")
        }
        DashboardError::Refused { .. } | DashboardError::TooLarge { .. } => {
            ApiError::bad_request(message).hint("/api/v1/dashboards/check lists all problems of a dashboard")
        }
        DashboardError::TooMany { .. } => conflict(message).hint("delete one that nobody needs"),
        DashboardError::Changed { at, .. } => conflict(format!("{message}, {}", ago(at, clock::now())))
            .hint("load it again, or save yours as a copy"),
        DashboardError::Deleted => conflict(message).hint("save yours as a copy"),
        DashboardError::Unreadable { .. } => {
            tracing::error!(error = %chain(&error), "a dashboard cannot be read");
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
        }
        DashboardError::Store(error) => error.into(),
    }
}

fn ago(then: WallMs, now: WallMs) -> String {
    let seconds = (now.0 - then.0).max(0) / 1000;
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}
