//! Paths: what a capture shows.

use utoipa::OpenApi;

use crate::http::{
    ErrorBody, InspectEventDetail, InspectEvents, InspectEventsQuery, InspectOverview, InspectQuery,
    InspectTable, InspectTableQuery, InspectView,
};

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths(overview, view, captured_events, captured_event), components(schemas(InspectView)))]
pub(super) struct Inspect;

/// A capture at one look: tiles with their course over time, and how much each view has.
#[utoipa::path(get, path = "/api/v1/captures/{id}/overview", params(
    ("id" = String, Path, description = "the capture's id"),
    InspectQuery,
), responses(
    (status = 200, body = InspectOverview, description = "the overview"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn overview() {}

/// A table of the capture: processes, files, connections ...
#[utoipa::path(get, path = "/api/v1/captures/{id}/views/{view}", params(
    ("id" = String, Path, description = "the capture's id"),
    ("view" = InspectView, Path, description = "which table"),
    InspectTableQuery,
), responses(
    (status = 200, body = InspectTable, description = "the table"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn view() {}

/// Events of the capture, in their order, in pages.
#[utoipa::path(get, path = "/api/v1/captures/{id}/events", params(
    ("id" = String, Path, description = "the capture's id"),
    InspectEventsQuery,
), responses(
    (status = 200, body = InspectEvents, description = "a page of events"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn captured_events() {}

/// One event with its parameters, its data and its process's ancestors.
#[utoipa::path(get, path = "/api/v1/captures/{id}/events/{number}", params(
    ("id" = String, Path, description = "the capture's id"),
    ("number" = u64, Path, description = "the event's number"),
), responses(
    (status = 200, body = InspectEventDetail, description = "the event"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn captured_event() {}
