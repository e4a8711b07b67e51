//! Answers that go on: server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use lanner_api::http::{EventsQuery, ExploreQuery};
use lanner_store::EventFilter;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, broadcast, watch};
use tokio::time::Instant;

use super::access::Pass;
use super::error::ApiError;
use super::params::{self, Params};
use crate::app::{App, StoredFinding};
use crate::clock;
use crate::ending::Ending;
use crate::explore::ExploreRequest;
use crate::findings::security_event;
use crate::live::Looking;

/// Tables are not pushed faster than this, however many nodes send theirs.
const BETWEEN_TABLES: Duration = Duration::from_millis(500);
/// A line of nothing now and then shows both ends that the other is there.
const HEARTBEAT: Duration = Duration::from_secs(15);

type Events<S> = Result<Sse<axum::response::sse::KeepAliveStream<S>>, ApiError>;

/// The table, whenever there is a newer one.
pub(super) async fn explore(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Params(query): Params<ExploreQuery>,
) -> Events<impl Stream<Item = Result<Event, Infallible>>> {
    let state = Tables {
        request: params::explore(query)?,
        _place: place(&app)?,
        _looking: app.interest.begin(),
        changes: app.live.changes(),
        ending: app.ending(),
        pass: Pass::of(&headers),
        next: None,
        app,
    };
    Ok(sse(unfold(state, Tables::next)))
}

/// An open stream of tables.
struct Tables {
    app: Arc<App>,
    request: ExploreRequest,
    changes: watch::Receiver<u64>,
    ending: Ending,
    pass: Pass,
    /// When the next table may be sent; `None` before the first.
    next: Option<Instant>,
    _looking: Looking,
    _place: OwnedSemaphorePermit,
}

impl Tables {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if let Some(next) = self.next {
            tokio::select! {
                () = tokio::time::sleep_until(next) => {}
                () = self.ending.announced() => return None,
            }
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                () = self.ending.announced() => return None,
            }
        }
        if !self.pass.holds(&self.app).await {
            return None;
        }
        self.changes.mark_unchanged();
        self.next = Some(Instant::now() + BETWEEN_TABLES);
        let table = self.app.explore(&self.request, clock::now()).await;
        Some((Ok(event("table", &table)), self))
    }
}

/// Security events as they are stored.
pub(super) async fn events(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Params(query): Params<EventsQuery>,
) -> Events<impl Stream<Item = Result<Event, Infallible>>> {
    let state = Findings {
        filter: params::event_filter(query)?,
        _place: place(&app)?,
        findings: app.findings(),
        ending: app.ending(),
        pass: Pass::of(&headers),
        app,
    };
    Ok(sse(unfold(state, Findings::next)))
}

/// An open stream of security events.
struct Findings {
    app: Arc<App>,
    filter: EventFilter,
    findings: broadcast::Receiver<StoredFinding>,
    ending: Ending,
    pass: Pass,
    _place: OwnedSemaphorePermit,
}

impl Findings {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            let finding = tokio::select! {
                finding = self.findings.recv() => finding,
                () = self.ending.announced() => return None,
            };
            match finding {
                Ok(finding) if self.filter.matches(&finding) => {
                    if !self.pass.holds(&self.app).await {
                        return None;
                    }
                    return Some((Ok(event("finding", &security_event(&finding))), self));
                }
                Ok(_) => {}
                Err(RecvError::Lagged(count)) => {
                    self.app.own_metrics.findings_not_streamed.add(count);
                    return Some((Ok(event("lagged", &count)), self));
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

fn place(app: &App) -> Result<OwnedSemaphorePermit, ApiError> {
    app.take_stream_place().ok_or_else(|| {
        ApiError::unavailable("as many live views are open as the server keeps")
            .hint("close a page, or ask without stream")
    })
}

fn event(name: &str, data: &impl Serialize) -> Event {
    let text = serde_json::to_string(data).unwrap_or_default();
    Event::default().event(name).data(text)
}

fn sse<S: Stream<Item = Result<Event, Infallible>> + Send + 'static>(
    stream: S,
) -> Sse<axum::response::sse::KeepAliveStream<S>> {
    Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}
