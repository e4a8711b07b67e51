//! Every path of the HTTP API, described once. The server routes what stands here (a test of the
//! server asks for each), the web UI's client is generated from `openapi.json`.

#![expect(dead_code, reason = "the functions carry the descriptions; the server has the handlers")]

mod access;
mod alerts;
mod captures;
mod dashboards;
mod inspect;
mod prometheus;
mod spotlight;
mod topology;

use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi as Document, RefOr};
use utoipa::{Modify, OpenApi};

use crate::http::{
    Agent, ErrorBody, EventPage, EventsQuery, ExploreQuery, ExploreTable, ExploreView, History, HistoryQuery,
    RuleList, SecurityEvent, SecurityEventDetail, Status,
};

/// The description of the API as it stands in `openapi.json`: pretty-printed, with a line end.
///
/// ```
/// assert!(lanner_api::openapi_json().contains("/api/v1/explore"));
/// ```
#[must_use]
pub fn openapi_json() -> String {
    let mut json = document().to_pretty_json().unwrap_or_default();
    json.push('\n');
    json
}

/// All rooms in one document.
fn document() -> Document {
    let rooms = [
        access::Access::openapi(),
        alerts::Alerts::openapi(),
        captures::Captures::openapi(),
        dashboards::Dashboards::openapi(),
        inspect::Inspect::openapi(),
        prometheus::Prometheus::openapi(),
        spotlight::Spotlight::openapi(),
        topology::Topology::openapi(),
    ];
    let mut document = ApiDocument::openapi();
    rooms.into_iter().for_each(|room| document.merge(room));
    EveryPropertyIsSent.modify(&mut document);
    document
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lanner",
        description = "What Lanner's server tells pages and programs. Times are milliseconds since \
                       the epoch unless a name says otherwise, sizes bytes, CPU in cores; `null` is \
                       \"not known\", never zero.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        status,
        agents,
        explore,
        explore_stream,
        history,
        events,
        events_stream,
        event,
        rules,
        openapi,
        healthz,
        metrics
    ),
    components(schemas(ExploreView))
)]
struct ApiDocument;

/// Answers always carry every property, `null` where there is no value, so each is `required`: a
/// generated client then asks for `null` only.
struct EveryPropertyIsSent;

impl Modify for EveryPropertyIsSent {
    fn modify(&self, document: &mut Document) {
        for schema in document.components.iter_mut().flat_map(|c| c.schemas.values_mut()) {
            require_all(schema);
        }
    }
}

fn require_all(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Object) => {
            object.required = object.properties.keys().cloned().collect();
        }
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().for_each(require_all),
        _ => {}
    }
}

/// The server, its agents and what is stored.
#[utoipa::path(get, path = "/api/v1/status", responses(
    (status = 200, body = Status, description = "the server"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn status() {}

/// Agents that were seen, in order of their nodes.
#[utoipa::path(get, path = "/api/v1/agents", responses(
    (status = 200, body = Vec<Agent>, description = "the agents"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn agents() {}

/// Hosts, containers and processes of this moment.
#[utoipa::path(get, path = "/api/v1/explore", params(ExploreQuery), responses(
    (status = 200, body = ExploreTable, description = "the table"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn explore() {}

/// The same, pushed whenever an agent sent a newer table: server-sent events named `table`, each an
/// `ExploreTable`. While one is open, agents send every 2 s.
#[utoipa::path(get, path = "/api/v1/explore/stream", params(ExploreQuery), responses(
    (status = 200, body = ExploreTable, content_type = "text/event-stream", description = "events named `table`"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn explore_stream() {}

/// Charts of one row over time.
#[utoipa::path(get, path = "/api/v1/history", params(HistoryQuery), responses(
    (status = 200, body = History, description = "the charts"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn history() {}

/// Security events, newest first.
#[utoipa::path(get, path = "/api/v1/events", params(EventsQuery), responses(
    (status = 200, body = EventPage, description = "a page of events"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn events() {}

/// Security events as they are stored: server-sent events named `finding`, each a `SecurityEvent`;
/// one named `lagged` (its data is a number) says that so many were passed over and the list is to
/// be asked for again. Takes the filters of `/api/v1/events`; range, limit and cursor say nothing
/// here.
#[utoipa::path(get, path = "/api/v1/events/stream", params(EventsQuery), responses(
    (status = 200, body = SecurityEvent, content_type = "text/event-stream", description = "events named `finding`"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn events_stream() {}

/// One security event with its process tree.
#[utoipa::path(get, path = "/api/v1/events/{id}", params(
    ("id" = String, Path, description = "the event's id"),
), responses(
    (status = 200, body = SecurityEventDetail, description = "the event"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn event() {}

/// Rules that agents have loaded.
#[utoipa::path(get, path = "/api/v1/rules", responses(
    (status = 200, body = RuleList, description = "the rules"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn rules() {}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", responses(
    (status = 200, body = serde_json::Value, description = "OpenAPI 3.1"),
))]
fn openapi() {}

/// Says `ok` while the server answers.
#[utoipa::path(get, path = "/healthz", responses(
    (status = 200, body = String, content_type = "text/plain", description = "`ok`"),
))]
fn healthz() {}

/// The server's own metrics in the Prometheus text format.
#[utoipa::path(get, path = "/metrics", responses(
    (status = 200, body = String, content_type = "text/plain", description = "text format 0.0.4"),
))]
fn metrics() {}
