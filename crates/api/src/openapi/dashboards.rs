//! Paths: dashboards: shipped ones and people's own.

use utoipa::OpenApi;

use crate::http::{
    ChangedDashboard, Dashboard, DashboardCheck, DashboardContent, DashboardDeletion, DashboardList,
    ErrorBody, NewDashboard,
};

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths(
    dashboards,
    dashboard,
    create_dashboard,
    change_dashboard,
    delete_dashboard,
    check_dashboard
))]
pub(super) struct Dashboards;

/// All dashboards.
#[utoipa::path(get, path = "/api/v1/dashboards", responses(
    (status = 200, body = DashboardList, description = "the dashboards"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn dashboards() {}

/// One dashboard.
#[utoipa::path(get, path = "/api/v1/dashboards/{id}", params(
    ("id" = String, Path, description = "the dashboard's id"),
), responses(
    (status = 200, body = Dashboard, description = "the dashboard"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn dashboard() {}

/// Makes a dashboard, of a content or as a copy of another.
#[utoipa::path(post, path = "/api/v1/dashboards", request_body = NewDashboard, responses(
    (status = 200, body = Dashboard, description = "the new dashboard"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn create_dashboard() {}

/// Replaces what a dashboard shows. Shipped ones cannot be changed.
#[utoipa::path(put, path = "/api/v1/dashboards/{id}", params(
    ("id" = String, Path, description = "the dashboard's id"),
), request_body = ChangedDashboard, responses(
    (status = 200, body = Dashboard, description = "the changed dashboard"),
    (status = 409, body = ErrorBody, description = "somebody else changed it meanwhile; the message says who and when"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn change_dashboard() {}

/// Deletes a dashboard. Shipped ones cannot be deleted.
#[utoipa::path(delete, path = "/api/v1/dashboards/{id}", params(
    ("id" = String, Path, description = "the dashboard's id"),
    DashboardDeletion,
), responses(
    (status = 204, description = "it is gone"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn delete_dashboard() {}

/// Says why a content would be refused, and stores nothing.
#[utoipa::path(post, path = "/api/v1/dashboards/check", request_body = DashboardContent, responses(
    (status = 200, body = DashboardCheck, description = "its problems"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn check_dashboard() {}
