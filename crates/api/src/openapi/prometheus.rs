//! Paths: the Prometheus HTTP API.

use utoipa::OpenApi;

use crate::http::{
    PrometheusAnswer, PrometheusMatch, PrometheusMetadata, PrometheusQuery, PrometheusRangeQuery,
};

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths(
    prometheus_query,
    prometheus_query_range,
    prometheus_format_query,
    prometheus_series,
    prometheus_labels,
    prometheus_query_post,
    prometheus_query_range_post,
    prometheus_format_query_post,
    prometheus_series_post,
    prometheus_labels_post,
    prometheus_label_values,
    prometheus_metadata,
    prometheus_build_info
))]
pub(super) struct Prometheus;

/// A query at one moment.
#[utoipa::path(get, path = "/prometheus/api/v1/query", params(PrometheusQuery), responses(
    (status = 200, body = PrometheusAnswer, description = "`{\"resultType\": \"vector\" | \"matrix\" | \"scalar\" | \"string\", \"result\": ...}`"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_query() {}

/// A query over a range of time.
#[utoipa::path(get, path = "/prometheus/api/v1/query_range", params(PrometheusRangeQuery), responses(
    (status = 200, body = PrometheusAnswer, description = "`{\"resultType\": \"matrix\", \"result\": [...]}`"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_query_range() {}

/// A query in its usual form.
#[utoipa::path(get, path = "/prometheus/api/v1/format_query", params(PrometheusQuery), responses(
    (status = 200, body = PrometheusAnswer, description = "the query"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_format_query() {}

/// The series that match.
#[utoipa::path(get, path = "/prometheus/api/v1/series", params(PrometheusMatch), responses(
    (status = 200, body = PrometheusAnswer, description = "their labels"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_series() {}

/// The names of labels.
#[utoipa::path(get, path = "/prometheus/api/v1/labels", params(PrometheusMatch), responses(
    (status = 200, body = PrometheusAnswer, description = "the names"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_labels() {}

/// A query at one moment, asked with a form.
#[utoipa::path(post, path = "/prometheus/api/v1/query", params(PrometheusQuery), responses(
    (status = 200, body = PrometheusAnswer, description = "`{\"resultType\": \"vector\" | \"matrix\" | \"scalar\" | \"string\", \"result\": ...}`"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_query_post() {}

/// A query over a range of time, asked with a form.
#[utoipa::path(post, path = "/prometheus/api/v1/query_range", params(PrometheusRangeQuery), responses(
    (status = 200, body = PrometheusAnswer, description = "`{\"resultType\": \"matrix\", \"result\": [...]}`"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_query_range_post() {}

/// A query in its usual form, asked with a form.
#[utoipa::path(post, path = "/prometheus/api/v1/format_query", params(PrometheusQuery), responses(
    (status = 200, body = PrometheusAnswer, description = "the query"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_format_query_post() {}

/// The series that match, asked with a form.
#[utoipa::path(post, path = "/prometheus/api/v1/series", params(PrometheusMatch), responses(
    (status = 200, body = PrometheusAnswer, description = "their labels"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_series_post() {}

/// The names of labels, asked with a form.
#[utoipa::path(post, path = "/prometheus/api/v1/labels", params(PrometheusMatch), responses(
    (status = 200, body = PrometheusAnswer, description = "the names"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_labels_post() {}

/// The values of a label.
#[utoipa::path(get, path = "/prometheus/api/v1/label/{name}/values", params(("name" = String, Path, description = "the label"), PrometheusMatch), responses(
    (status = 200, body = PrometheusAnswer, description = "the values"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_label_values() {}

/// What metrics are, as far as they are declared.
#[utoipa::path(get, path = "/prometheus/api/v1/metadata", params(PrometheusMetadata), responses(
    (status = 200, body = PrometheusAnswer, description = "type, unit and help by name"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_metadata() {}

/// Who answers.
#[utoipa::path(get, path = "/prometheus/api/v1/status/buildinfo", responses(
    (status = 200, body = PrometheusAnswer, description = "name and version"),
    (status = "default", body = PrometheusAnswer, description = "what went wrong"),
))]
fn prometheus_build_info() {}
