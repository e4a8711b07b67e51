//! What a map shows.

use super::traffic::Figures;

/// A map of who talks to whom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// Boxes, sorted by id.
    pub nodes: Vec<Node>,
    /// Who talks to whom, sorted by id. From a box to itself when its processes talk to each other.
    pub edges: Vec<Edge>,
    /// What does not stand on its own.
    pub folded: Folded,
}

/// How much stands in boxes that stand for many, and how much was left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Boxes there would be if nothing were.
    pub nodes_total: usize,
    /// Edges there would be.
    pub edges_total: usize,
    /// External clients that stand together.
    pub clients: usize,
    /// Boxes that stand together as the others.
    pub others: usize,
    /// Boxes that were not asked for.
    pub filtered: usize,
}

/// A box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// The same over time.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// What people call it; empty for boxes that stand for many.
    pub name: String,
    /// The labels it was made by, the outermost first.
    pub labels: Vec<(String, String)>,
    /// The container's name, where it is known.
    pub container: Option<String>,
    /// The container's image, where it is known.
    pub image: Option<String>,
    /// Running processes; `None` where no live table says.
    pub processes: Option<u32>,
    /// How many boxes or addresses it stands for.
    pub stands_for: usize,
    /// Ports it listens on, sorted.
    pub listens: Vec<u16>,
    /// Its addresses, sorted; the first few.
    pub addresses: Vec<String>,
    /// CPUs used.
    pub cpu_cores: Option<f64>,
    /// Of the limit, else of the node's CPUs.
    pub cpu_percent: Option<f64>,
    /// What comes to it.
    pub inbound: Figures,
    /// What it asks of others.
    pub outbound: Figures,
    /// The worst of what comes to it and of its CPU.
    pub status: Status,
}

/// What a box is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
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

/// Who talks to whom, on one port.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edge {
    /// `FROM>TO>PORT`.
    pub id: String,
    /// The client's box.
    pub from: String,
    /// The server's box.
    pub to: String,
    /// The server's port; `None` for several.
    pub port: Option<u16>,
    /// What is spoken, where it is known.
    pub protocol: Option<String>,
    /// The client's view where there is one, what that lacks from the server's.
    pub figures: Figures,
    /// The view of the client's end.
    pub client: Option<Figures>,
    /// The view of the server's end.
    pub server: Option<Figures>,
    /// How well it fares.
    pub status: Status,
}

/// How well something fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
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

impl Status {
    pub(crate) fn is_problem(self) -> bool {
        self >= Status::Warning
    }

    /// Of an edge.
    pub(crate) fn of(figures: &Figures) -> Status {
        let part = |ratio: Option<f64>| ratio.unwrap_or_default();
        let bad = part(figures.error_ratio).max(part(figures.failed_ratio));
        if bad > 0.01 {
            Status::Critical
        } else if bad > 0.0 || part(figures.client_error_ratio) > 0.05 {
            Status::Warning
        } else {
            Status::Ok
        }
    }

    /// Of CPU in percent of what there may be.
    pub(crate) fn of_cpu(percent: Option<f64>) -> Status {
        match percent {
            None => Status::Unknown,
            Some(percent) if percent >= 90.0 => Status::Critical,
            Some(percent) if percent >= 75.0 => Status::Warning,
            Some(_) => Status::Ok,
        }
    }
}
