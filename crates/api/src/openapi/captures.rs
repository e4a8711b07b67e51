//! Paths: captures: asking for one, listing them.

use utoipa::OpenApi;

use crate::http::{Capture, CaptureList, CaptureRequest, CapturesQuery, ErrorBody};

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths(captures, start_capture, capture, delete_capture, capture_file, stop_capture))]
pub(super) struct Captures;

/// Captures, the newest first.
#[utoipa::path(get, path = "/api/v1/captures", params(CapturesQuery), responses(
    (status = 200, body = CaptureList, description = "the captures"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn captures() {}

/// Asks the node's agent to record. The answer comes when the agent was told; `409` says that no
/// agent of the node is connected or that it cannot record.
#[utoipa::path(post, path = "/api/v1/captures", request_body = CaptureRequest, responses(
    (status = 201, body = Capture, description = "the capture that begins"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn start_capture() {}

/// One capture.
#[utoipa::path(get, path = "/api/v1/captures/{id}", params(
    ("id" = String, Path, description = "the capture's id"),
), responses(
    (status = 200, body = Capture, description = "the capture"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn capture() {}

/// Deletes a capture and its file. One that is recording is stopped first.
#[utoipa::path(delete, path = "/api/v1/captures/{id}", params(
    ("id" = String, Path, description = "the capture's id"),
), responses(
    (status = 204, description = "it is deleted"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn delete_capture() {}

/// The capture as a `.scap` file.
#[utoipa::path(get, path = "/api/v1/captures/{id}/file", params(
    ("id" = String, Path, description = "the capture's id"),
), responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream", description = "the file"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn capture_file() {}

/// Ends a recording before its time; what was recorded is kept.
#[utoipa::path(post, path = "/api/v1/captures/{id}/stop", params(
    ("id" = String, Path, description = "the capture's id"),
), responses(
    (status = 200, body = Capture, description = "the capture"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn stop_capture() {}
