//! Topology: who talks to whom.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::explore::GroupLabel;

/// What `GET /topology` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct TopologyQuery {
    /// What a box stands for: `process` (the default), `container` or `host`.
    pub level: Option<TopologyLevel>,
    /// Instead of a level: labels that boxes are made by, the outermost first (`node,comm`). What does not
    /// have the innermost stands one level higher.
    #[param(max_length = 256, pattern = "^([a-zA-Z_][a-zA-Z0-9_]*(,[a-zA-Z_][a-zA-Z0-9_]*)*)?$")]
    pub by: Option<String>,
    /// From, milliseconds since the epoch or `now-1h` (the default).
    #[param(pattern = "^(now(-[0-9]{1,9}[smhd])?|[0-9]{1,13})$")]
    pub from: Option<String>,
    /// To, milliseconds since the epoch or `now` (the default).
    #[param(pattern = "^(now(-[0-9]{1,9}[smhd])?|[0-9]{1,13})$")]
    pub to: Option<String>,
    /// Only this box and those near it: a node's id.
    #[param(max_length = 512)]
    pub focus: Option<String>,
    /// How near: so many edges away at most (1 by default, 9 at most).
    #[param(minimum = 1, maximum = 9)]
    pub depth: Option<u32>,
    /// `problems`: only edges and boxes that have one.
    pub only: Option<TopologyOnly>,
    /// Only boxes with these labels and those they talk to: `node:worker-1,comm:nginx`.
    #[param(max_length = 512)]
    pub scope: Option<String>,
    /// `together`: more than three ports between two boxes are one edge. `apart` (the default): each is one.
    pub ports: Option<TopologyPorts>,
    /// At most so many boxes (150 by default and at most); the least busy are put into one.
    #[param(minimum = 10, maximum = 150)]
    pub limit: Option<u32>,
}

/// What a box stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopologyLevel {
    /// The processes of one name in one container, or on one host.
    #[default]
    Process,
    /// A container; the processes of a host that are in none are one box.
    Container,
    /// A host.
    Host,
}

/// What is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopologyOnly {
    /// What has no problem.
    Problems,
}

/// How the ports between two boxes are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopologyPorts {
    /// Each as an edge.
    #[default]
    Apart,
    /// Many as one edge, whose status is the worst of theirs.
    Together,
}

/// A map of who talks to whom. Rates are means over the part of the range in which the node was observed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct TopologyMap {
    /// From here.
    pub from_ms: i64,
    /// To here.
    pub to_ms: i64,
    /// Milliseconds between two samples that it was made of: what lasted shorter may be missing.
    pub step_ms: i64,
    /// The first and the last sample in the range; `null` when there is none.
    pub observed: Option<TopologyObserved>,
    /// Boxes, sorted by id.
    pub nodes: Vec<TopologyNode>,
    /// Who talks to whom, sorted by id; from a box to itself when its processes talk to each other.
    pub edges: Vec<TopologyEdge>,
    /// What is not shown on its own.
    pub folded: TopologyFolded,
}

/// The part of the range of which there is something.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct TopologyObserved {
    /// The first sample.
    pub from_ms: i64,
    /// The last sample.
    pub to_ms: i64,
}

/// How much stands in boxes that stand for many, and how much was left out.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct TopologyFolded {
    /// Boxes there would be without `limit` and without grouping clients.
    pub nodes_total: u32,
    /// Edges there would be.
    pub edges_total: u32,
    /// External clients that stand together as `n clients`.
    pub clients: u32,
    /// Boxes that stand together as `n others` because there are too many.
    pub others: u32,
    /// Boxes left out by `focus`, `scope` or `only`.
    pub filtered: u32,
}

/// A box.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct TopologyNode {
    /// Its identity, the same over time: `host:NODE`, `container:NODE:ID`, `group:node=NODE,comm=NAME`
    /// (processes of one name), `external:ADDRESS`, `clients:...`, `others`. The first three are also rows of
    /// Explore and of `/history`.
    pub id: String,
    /// What it is.
    pub kind: TopologyKind,
    /// Its name: node, container's name or short id, command, address.
    pub name: String,
    /// The labels it was made by, the outermost first; empty for what is not observed.
    pub labels: Vec<GroupLabel>,
    /// The node it runs on; `null` for what is not observed.
    pub node: Option<String>,
    /// The container's full id, where it is or is in one.
    pub container_id: Option<String>,
    /// The container's name, where it is known.
    pub container: Option<String>,
    /// The container's image, where it is known.
    pub image: Option<String>,
    /// Running processes of it; `null` where no live table says.
    pub processes: Option<u32>,
    /// How many boxes or addresses it stands for; 1 for most.
    pub stands_for: u32,
    /// Ports it listens on, sorted.
    pub listens: Vec<u16>,
    /// Its addresses that were seen, sorted; at most 16.
    pub addresses: Vec<String>,
    /// CPUs used, mean of the range.
    pub cpu_cores: Option<f64>,
    /// Of the limit, else of the node's CPUs.
    pub cpu_percent: Option<f64>,
    /// What comes to it, as a server.
    pub inbound: TopologyTraffic,
    /// What it asks of others, as a client.
    pub outbound: TopologyTraffic,
    /// The worst of what comes to it and of its CPU.
    pub status: TopologyStatus,
}

/// What a box is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopologyKind {
    /// A node, or the processes of a node that are in no container.
    Host,
    /// A container.
    Container,
    /// The processes of one name in one place.
    #[default]
    Process,
    /// What has some labels in common.
    Group,
    /// An address that nobody observes.
    External,
    /// Many addresses that use one port.
    Clients,
    /// The least busy boxes.
    Others,
}

/// How well something fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopologyStatus {
    /// Nothing is known.
    #[default]
    Unknown,
    /// No problem.
    Ok,
    /// Some errors or failed connections, many 4xx, or CPU from 75 % on.
    Warning,
    /// More than 1 % errors or failed connections, or CPU from 90 % on.
    Critical,
}

/// Who talks to whom, on one port.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct TopologyEdge {
    /// `FROM>TO>PORT`.
    pub id: String,
    /// The client's box.
    pub from: String,
    /// The server's box.
    pub to: String,
    /// The server's port; `null` for many ports.
    pub port: Option<u16>,
    /// What is spoken, where it is known: `http`.
    pub protocol: Option<String>,
    /// What is known of it: the client's view where there is one, what that does not know from the server's.
    pub traffic: TopologyTraffic,
    /// The view of the client's end; `null` where it is not observed.
    pub client: Option<TopologyTraffic>,
    /// The view of the server's end; `null` where it is not observed.
    pub server: Option<TopologyTraffic>,
    /// How well it fares.
    pub status: TopologyStatus,
}

/// What went over one or more links. `sent` is from client to server.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct TopologyTraffic {
    /// Connections that began, per second.
    pub connections_per_second: Option<f64>,
    /// Attempts to connect that failed, per second.
    pub failed_connections_per_second: Option<f64>,
    /// Connections that stand at the end of the range.
    pub active_connections: Option<f64>,
    /// Bytes/s from client to server.
    pub sent_bytes_per_second: Option<f64>,
    /// Bytes/s from server to client.
    pub received_bytes_per_second: Option<f64>,
    /// Round trip, mean of the range.
    pub rtt_ms: Option<f64>,
    /// Requests per second; `null` where no protocol was recognised.
    pub requests_per_second: Option<f64>,
    /// Requests in the range.
    pub requests: Option<f64>,
    /// Requests by how they ended, those that occurred: `2xx`, `4xx`, `none` (no answer came).
    pub statuses: Vec<TopologyStatusCount>,
    /// The part of all requests that ended with 5xx or without an answer, 0 to 1.
    pub error_ratio: Option<f64>,
    /// The part that ended with 4xx.
    pub client_error_ratio: Option<f64>,
    /// How long answered requests took, mean.
    pub mean_ms: Option<f64>,
    /// The median, as exact as the histogram is.
    pub p50_ms: Option<f64>,
    /// What 95 % stay below, as exact as the histogram is.
    pub p95_ms: Option<f64>,
}

/// Requests that ended in one way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopologyStatusCount {
    /// `1xx` to `5xx`, `none`.
    pub status: String,
    /// How many in the range.
    pub requests: f64,
}
