//! A map as JSON has it.

use lanner_api::http::{
    GroupLabel, TopologyEdge, TopologyFolded, TopologyKind, TopologyMap, TopologyNode, TopologyObserved,
    TopologyStatus, TopologyStatusCount, TopologyTraffic,
};
use lanner_model::time::WallMs;
use lanner_topology::{Edge, Figures, Folded, Kind, Map, Node, Status};

use crate::range::TimeRange;

/// Agents sample links this often.
const STEP_MS: i64 = 10_000;

/// The answer.
pub(crate) fn answer(map: Map, range: TimeRange, observed: Option<(WallMs, WallMs)>) -> TopologyMap {
    TopologyMap {
        from_ms: range.from.0,
        to_ms: range.to.0,
        step_ms: STEP_MS,
        observed: observed.map(|(from, to)| TopologyObserved { from_ms: from.0, to_ms: to.0 }),
        nodes: map.nodes.into_iter().map(node).collect(),
        edges: map.edges.into_iter().map(edge).collect(),
        folded: folded(map.folded),
    }
}

fn node(node: Node) -> TopologyNode {
    let label =
        |name: &str| node.labels.iter().find(|(label, _)| label == name).map(|(_, value)| value.clone());
    TopologyNode {
        node: label("node"),
        container_id: label("container_id"),
        id: node.id,
        kind: kind(node.kind),
        name: node.name,
        labels: node.labels.into_iter().map(|(label, value)| GroupLabel { label, value }).collect(),
        container: node.container,
        image: node.image,
        processes: node.processes,
        stands_for: count(node.stands_for),
        listens: node.listens,
        addresses: node.addresses,
        cpu_cores: node.cpu_cores,
        cpu_percent: node.cpu_percent,
        inbound: traffic(node.inbound),
        outbound: traffic(node.outbound),
        status: status(node.status),
    }
}

fn edge(edge: Edge) -> TopologyEdge {
    TopologyEdge {
        id: edge.id,
        from: edge.from,
        to: edge.to,
        port: edge.port,
        protocol: edge.protocol,
        traffic: traffic(edge.figures),
        client: edge.client.map(traffic),
        server: edge.server.map(traffic),
        status: status(edge.status),
    }
}

fn traffic(figures: Figures) -> TopologyTraffic {
    let statuses = figures.statuses.into_iter();
    TopologyTraffic {
        connections_per_second: figures.connections_per_second,
        failed_connections_per_second: figures.failed_connections_per_second,
        active_connections: figures.active_connections,
        sent_bytes_per_second: figures.sent_bytes_per_second,
        received_bytes_per_second: figures.received_bytes_per_second,
        rtt_ms: figures.rtt_ms,
        requests_per_second: figures.requests_per_second,
        requests: figures.requests,
        statuses: statuses.map(|(status, requests)| TopologyStatusCount { status, requests }).collect(),
        error_ratio: figures.error_ratio,
        client_error_ratio: figures.client_error_ratio,
        mean_ms: figures.mean_ms,
        p50_ms: figures.p50_ms,
        p95_ms: figures.p95_ms,
    }
}

fn folded(folded: Folded) -> TopologyFolded {
    TopologyFolded {
        nodes_total: count(folded.nodes_total),
        edges_total: count(folded.edges_total),
        clients: count(folded.clients),
        others: count(folded.others),
        filtered: count(folded.filtered),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn kind(kind: Kind) -> TopologyKind {
    match kind {
        Kind::Host => TopologyKind::Host,
        Kind::Container => TopologyKind::Container,
        Kind::Process => TopologyKind::Process,
        Kind::Group => TopologyKind::Group,
        Kind::External => TopologyKind::External,
        Kind::Clients => TopologyKind::Clients,
        Kind::Others => TopologyKind::Others,
    }
}

fn status(status: Status) -> TopologyStatus {
    match status {
        Status::Unknown => TopologyStatus::Unknown,
        Status::Ok => TopologyStatus::Ok,
        Status::Warning => TopologyStatus::Warning,
        Status::Critical => TopologyStatus::Critical,
    }
}
