//! What a capture shows.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use lanner_api::http::{
    InspectEventDetail, InspectEvents, InspectEventsQuery, InspectOverview, InspectQuery, InspectTable,
    InspectTableQuery,
};
use lanner_inspect::{Page, SelectionError};

use crate::access::{Caller, audit_entry};
use crate::app::App;
use crate::clock;
use crate::http::access::Access;
use crate::http::error::ApiError;
use crate::http::params::{Params, limit};
use crate::http::routes::Routes;
use crate::inspect::{Ask, InspectError, moment, view_of};

type Answer<T> = Result<Json<T>, ApiError>;

pub(crate) fn routes(app: &Arc<App>) -> Routes {
    Routes::new(app)
        .get("/api/v1/captures/{id}/overview", Access::Capture, overview)
        .get("/api/v1/captures/{id}/views/{view}", Access::Capture, view)
        .get("/api/v1/captures/{id}/events", Access::Capture, events)
        .get("/api/v1/captures/{id}/events/{number}", Access::Capture, event)
}

async fn overview(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Params(query): Params<InspectQuery>,
) -> Answer<InspectOverview> {
    let InspectQuery { path, t0, t1, filter, steps } = query;
    let ask = Ask::new(path, filter, t0, t1)?;
    note(&app, &caller, &id).await?;
    let steps = limit(steps, 100, 400)? as usize;
    Ok(Json(app.inspector.overview(&app.captures, &id, &ask, steps).await?))
}

async fn view(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, view)): Path<(String, String)>,
    Params(query): Params<InspectTableQuery>,
) -> Answer<InspectTable> {
    let InspectTableQuery { path, t0, t1, filter, sort, q, limit: most } = query;
    let ask = Ask::new(path, filter, t0, t1)?;
    note(&app, &caller, &id).await?;
    let view = view_of(&view)?;
    let most = limit(most, 500, 5_000)? as usize;
    let sort = sort.as_deref().filter(|sort| !sort.is_empty());
    let text = q.unwrap_or_default();
    Ok(Json(app.inspector.table(&app.captures, &id, &ask, view, (sort, &text, most)).await?))
}

async fn events(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Params(query): Params<InspectEventsQuery>,
) -> Answer<InspectEvents> {
    let InspectEventsQuery { path, t0, t1, filter, after, before, at, limit: most } = query;
    let ask = Ask::new(path, filter, t0, t1)?;
    note(&app, &caller, &id).await?;
    let page = match (after, before, moment("at", at)?) {
        (None, None, None) => Page::After(0),
        (Some(after), None, None) => Page::After(after),
        (None, Some(before), None) => Page::Before(before),
        (None, None, Some(at)) => Page::From(at),
        _ => return Err(ApiError::bad_request("only one of after, before and at can be asked for")),
    };
    let most = limit(most, 200, 1_000)? as usize;
    Ok(Json(app.inspector.events(&app.captures, &id, &ask, (page, most)).await?))
}

async fn event(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, number)): Path<(String, u64)>,
) -> Answer<InspectEventDetail> {
    note(&app, &caller, &id).await?;
    Ok(Json(app.inspector.event(&app.captures, &id, number).await?))
}

/// Writes down who opens a capture.
async fn note(app: &App, caller: &Caller, id: &str) -> Result<(), ApiError> {
    app.captures.get(id).await?;
    let now = clock::now();
    if app.inspector.opens(&caller.name, id, now) {
        let entry = audit_entry(now, &caller.name, "capture_opened", id);
        app.settings.commit(now, &[entry]).await?;
    }
    Ok(())
}

impl From<InspectError> for ApiError {
    fn from(error: InspectError) -> Self {
        match error {
            InspectError::Capture(error) => error.into(),
            InspectError::File(error) => {
                let message = format!("the capture cannot be read: {error}");
                Self::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "unreadable", message)
                    .hint("download it and look at it with `lanner read`")
            }
            InspectError::Selection(SelectionError::Filter(problems)) => {
                let problem = problems.first();
                let text = problem.map_or_else(String::new, |problem| problem.message.clone());
                let error = Self::bad_request(format!("the filter is not understood: {text}"));
                match problem.and_then(|problem| problem.hint.clone()) {
                    Some(hint) => error.hint(hint),
                    None => error.hint("an example: evt.type = openat and fd.name startswith /etc"),
                }
            }
            error @ (InspectError::Selection(_)
            | InspectError::Column(_)
            | InspectError::View { .. }
            | InspectError::Moment { .. }) => {
                Self::bad_request(error.to_string()).hint("/api/v1/openapi.json lists what each path takes")
            }
            error @ InspectError::NoEvent { .. } => Self::not_found(error.to_string()),
            error @ (InspectError::Busy | InspectError::GivenUp) => Self::unavailable(error.to_string()),
        }
    }
}
