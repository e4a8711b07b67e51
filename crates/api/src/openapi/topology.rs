//! Paths: who talks to whom.

use utoipa::OpenApi;

use crate::http::{ErrorBody, TopologyLevel, TopologyMap, TopologyOnly, TopologyPorts, TopologyQuery};

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths(topology), components(schemas(TopologyLevel, TopologyOnly, TopologyPorts)))]
pub(super) struct Topology;

/// A map of processes, containers or hosts, and of what goes between them.
#[utoipa::path(get, path = "/api/v1/topology", params(TopologyQuery), responses(
    (status = 200, body = TopologyMap, description = "the map"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn topology() {}
