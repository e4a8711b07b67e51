//! HTTP: what `lanner_api` describes, answered from the app's parts; and the page.

mod access;
mod answer;
mod body;
mod connection;
mod error;
mod guard;
mod page;
mod params;
mod room;
mod routes;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use crate::app::App;
use access::Access;
use error::ApiError;
use routes::Routes;

/// What a request may carry that is not read by `body::Body`, which has bounds of its own.
const MAX_BODY_BYTES: usize = 16 << 10;
/// An answer that takes longer is given up; streams have none.
const ANSWER_TIME: Duration = Duration::from_secs(30);

/// Answers until the server ends.
pub(crate) async fn serve(app: Arc<App>, listener: TcpListener) {
    let (router, mut ending) = (router(Arc::clone(&app)), app.ending());
    connection::accept(listener, router, &app.own_metrics, &mut ending).await;
}

/// Everything the server answers.
fn router(app: Arc<App>) -> Router {
    let answers = Routes::new(&app)
        .get("/api/v1/status", Access::Read, answer::status)
        .get("/api/v1/agents", Access::Read, answer::agents)
        .get("/api/v1/explore", Access::Read, answer::explore)
        .get("/api/v1/history", Access::Read, answer::history)
        .get("/api/v1/events", Access::Read, answer::events)
        .get("/api/v1/events/{id}", Access::Read, answer::event)
        .get("/api/v1/rules", Access::Read, answer::rules)
        .get("/api/v1/openapi.json", Access::Read, answer::openapi)
        .get("/healthz", Access::Open, answer::healthz)
        .get("/metrics", Access::Read, answer::metrics)
        .and(room::routes(&app))
        .into_router()
        .layer(middleware::from_fn(in_time));
    let streams = Routes::new(&app)
        .get("/api/v1/explore/stream", Access::Read, stream::explore)
        .get("/api/v1/events/stream", Access::Read, stream::events)
        .into_router();
    answers
        .merge(streams)
        .fallback(elsewhere)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), guard::only_own_pages))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), count))
        .layer(middleware::map_response(secure))
        .with_state(app)
}

/// What is no API path is the page's.
async fn elsewhere(State(app): State<Arc<App>>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return ApiError::not_found(format!("there is no {}", error::shorten(path))).into_response();
    }
    if request.method() != axum::http::Method::GET && request.method() != axum::http::Method::HEAD {
        return wrong_method().await.into_response();
    }
    page::answer(&page::embedded, path, request.headers(), &app.config.base_path)
}

async fn wrong_method() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this path is not asked so")
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(ANSWER_TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::unavailable("the answer took too long")
            .hint("ask for a shorter time range or fewer rows")
            .into_response(),
    }
}

async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let own = &app.own_metrics;
    let counter = match response.status() {
        status if status.is_server_error() => &own.requests_failed,
        status if status.is_client_error() => &own.requests_refused,
        _ => &own.requests_ok,
    };
    counter.add(1);
    response
}

/// What the browser is allowed to do with an answer. Scripts, styles and data come from here and
/// nowhere else; pictures may also be written into a style or page.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; \
     base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
