//! Captures.

use std::io::Read;
use std::sync::Arc;

use axum::Json;
use axum::body::{Body as ResponseBody, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use lanner_api::agent::FromServer;
use lanner_api::http::{Capture, CaptureList, CaptureRequest, CaptureStateName, CapturesQuery};
use lanner_store::Change;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::access::{Caller, audit_entry};
use crate::app::App;
use crate::captures::{CaptureError, Target};
use crate::clock;
use crate::http::access::Access;
use crate::http::body::Body;
use crate::http::error::{ApiError, shorten};
use crate::http::params::{self, Params, limit};
use crate::http::routes::Routes;
use crate::row::RowId;

/// Bytes of a file that are read at a time.
const PART_BYTES: usize = 256 << 10;
/// The longest capture and the longest time before, in seconds.
const MOST_SECONDS: u32 = 600;
const DAY_MS: i64 = 24 * 3_600_000;

type Answer<T> = Result<Json<T>, ApiError>;

pub(crate) fn routes(app: &Arc<App>) -> Routes {
    Routes::new(app)
        .get("/api/v1/captures", Access::Read, list)
        .post("/api/v1/captures", Access::Capture, start)
        .get("/api/v1/captures/{id}", Access::Read, one)
        .delete("/api/v1/captures/{id}", Access::Capture, delete)
        .get("/api/v1/captures/{id}/file", Access::Capture, file)
        .post("/api/v1/captures/{id}/stop", Access::Capture, stop)
}

async fn list(State(app): State<Arc<App>>, Params(query): Params<CapturesQuery>) -> Answer<CaptureList> {
    let now = clock::now();
    let range = match (&query.from, &query.to) {
        (None, None) => None,
        (from, to) => Some(params::range(from.as_deref(), to.as_deref(), "now-365d", now)?),
    };
    let states = query.state.as_deref().unwrap_or_default().split(',').filter(|word| !word.is_empty());
    let states = states.map(state).collect::<Result<Vec<CaptureStateName>, ApiError>>()?;
    let most = limit(query.limit, 200, 1_000)? as usize;
    let all = app.captures.list().await?;
    let used_bytes = all.iter().map(|document| document.size_bytes).sum();
    let mut captures: Vec<Capture> = all.iter().map(|document| document.answer()).collect();
    captures.retain(|capture| {
        range.is_none_or(|range| (range.from.0..=range.to.0).contains(&capture.asked_ms))
            && (states.is_empty() || states.contains(&capture.state))
    });
    let total = captures.len() as u64;
    captures.truncate(most);
    let limits = &app.captures.limits;
    let kept_days = u32::try_from(limits.keep_ms / DAY_MS).unwrap_or(u32::MAX);
    Ok(Json(CaptureList { captures, total, used_bytes, budget_bytes: limits.budget_bytes, kept_days }))
}

async fn one(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer<Capture> {
    Ok(Json(app.captures.get(&id).await?.answer()))
}

async fn start(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(request): Body<CaptureRequest>,
) -> Result<(StatusCode, Json<Capture>), ApiError> {
    let now = clock::now();
    let row = RowId::parse(&request.row).ok_or_else(|| {
        ApiError::bad_request(format!("`{}` is no row", shorten(&request.row)))
            .hint("a row is host:NODE, container:NODE:ID or process:NODE:PID:START_MS")
    })?;
    let seconds = within("seconds", request.seconds.unwrap_or(30), 1)?;
    let before_seconds = within("before_seconds", request.before_seconds.unwrap_or(5), 0)?;
    let tables = app.live.current(now);
    let target = Target::find(&row, tables.iter().map(|table| &**table))?;
    if !app.registry.is_connected(&target.node) {
        return Err(CaptureError::NotConnected { node: target.node }.into());
    }
    let audit = |id: &str| audit(now, &caller, "capture_asked", id);
    let asked = (seconds, before_seconds);
    let (document, start) = app.captures.ask(&target, &row, asked, &caller.name, now, audit).await?;
    if app.registry.tell(&target.node, FromServer::StartCapture(start)).await.is_err() {
        app.captures.not_heard(&document.id, clock::now()).await?;
        return Err(CaptureError::NotConnected { node: target.node }.into());
    }
    Ok((StatusCode::CREATED, Json(document.answer())))
}

async fn stop(State(app): State<Arc<App>>, caller: Caller, Path(id): Path<String>) -> Answer<Capture> {
    let document = app.captures.get(&id).await?;
    if document.is_open() {
        let now = clock::now();
        app.settings.commit(now, &audit(now, &caller, "capture_stopped", &id)).await?;
        let id = document.id.as_str().into();
        app.registry
            .tell(&document.node, FromServer::StopCapture { id })
            .await
            .map_err(|_| CaptureError::NotConnected { node: document.node.clone() })?;
    }
    Ok(Json(document.answer()))
}

async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let now = clock::now();
    let refused = app.captures.delete(&id, now, audit(now, &caller, "capture_deleted", &id)).await?;
    app.inspector.forget(&id);
    if let Some((document, refused)) = refused {
        // An agent that is away is told when it tells of the capture.
        let _ = app.registry.tell(&document.node, FromServer::CaptureRefused(refused)).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn file(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let now = clock::now();
    let (document, blob) = app.captures.open(&id).await?;
    app.settings.commit(now, &audit(now, &caller, "capture_downloaded", &id)).await?;
    let (parts, stream) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || send(blob.bytes, &parts));
    let disposition = format!("attachment; filename=\"{}.scap\"", document.id);
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, blob.size.to_string()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, ResponseBody::from_stream(ReceiverStream::new(stream))).into_response())
}

/// Sends a file part by part, as fast as it is taken.
fn send(mut bytes: Box<dyn Read + Send>, parts: &mpsc::Sender<std::io::Result<Bytes>>) {
    loop {
        let mut part = Vec::with_capacity(PART_BYTES);
        let read = (&mut bytes).take(PART_BYTES as u64).read_to_end(&mut part);
        let is_last = !matches!(read, Ok(1..));
        if matches!(read, Ok(0)) || parts.blocking_send(read.map(|_| part.into())).is_err() || is_last {
            return;
        }
    }
}

fn audit(now: lanner_model::time::WallMs, caller: &Caller, action: &str, id: &str) -> Vec<Change> {
    vec![audit_entry(now, &caller.name, action, id)]
}

fn within(name: &str, asked: u32, least: u32) -> Result<u32, ApiError> {
    if (least..=MOST_SECONDS).contains(&asked) {
        return Ok(asked);
    }
    Err(ApiError::bad_request(format!("{name} is {asked}, not between {least} and {MOST_SECONDS}")))
}

fn state(word: &str) -> Result<CaptureStateName, ApiError> {
    match word {
        "asked" => Ok(CaptureStateName::Asked),
        "recording" => Ok(CaptureStateName::Recording),
        "done" => Ok(CaptureStateName::Done),
        "failed" => Ok(CaptureStateName::Failed),
        _ => Err(ApiError::bad_request(format!("there is no state `{}`", shorten(word)))
            .hint("states are asked, recording, done, failed")),
    }
}

impl From<CaptureError> for ApiError {
    fn from(error: CaptureError) -> Self {
        let conflict = |code, error: &CaptureError| Self::new(StatusCode::CONFLICT, code, error.to_string());
        match &error {
            CaptureError::Missing => Self::not_found(error.to_string())
                .hint("it may have been deleted, or be older than what is kept"),
            CaptureError::Scope { .. } => Self::bad_request(error.to_string()),
            CaptureError::Gone { .. } => {
                Self::not_found(error.to_string()).hint("look in Explore what is running")
            }
            CaptureError::NotConnected { .. } => conflict("not_connected", &error)
                .hint("see Spotlight whether the agent runs and reaches the server"),
            CaptureError::TooMany { .. } => {
                conflict("too_many", &error).hint("wait for one to end, or stop one")
            }
            CaptureError::NotYet => conflict("not_yet", &error).hint("wait until it is whole, or stop it"),
            CaptureError::Nothing { .. } => Self::not_found(error.to_string()),
            CaptureError::Settings(_)
            | CaptureError::Blob(_)
            | CaptureError::Document(_)
            | CaptureError::Read(_) => {
                let cause = crate::error_chain::chain(&error);
                Self::internal("the capture could not be read or kept", cause)
            }
        }
    }
}
