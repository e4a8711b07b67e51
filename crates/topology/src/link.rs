//! One end of connections between two addresses and a port.

use lanner_model::series::{Labels, METRIC_NAME};

use super::address::Address;

/// Labels of a link's series that say nothing of who has the link.
const OF_THE_LINK: [&str; 12] = [
    METRIC_NAME,
    "side",
    "netns",
    "local",
    "peer",
    "port",
    "address",
    "protocol",
    "status",
    "le",
    "job",
    "instance",
];

/// Who observed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Side {
    Client,
    Server,
}

/// The network that addresses are of: loopback addresses mean something within it only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) node: Box<str>,
    pub(crate) netns: Box<str>,
}

/// One end of a link.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct LinkKey {
    /// The labels of the process: node, comm, container and what else the target has.
    pub(crate) owner: Labels,
    pub(crate) side: Side,
    pub(crate) place: Place,
    pub(crate) local: Address,
    pub(crate) peer: Address,
    /// The server's.
    pub(crate) port: u16,
}

/// A program that listens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Listener {
    pub(crate) owner: Labels,
    pub(crate) place: Place,
    pub(crate) address: Address,
    pub(crate) port: u16,
}

impl LinkKey {
    /// The link a series is of; `None` when its labels do not say.
    pub(crate) fn of(labels: &Labels) -> Option<LinkKey> {
        let side = match labels.value("side")? {
            "client" => Side::Client,
            "server" => Side::Server,
            _ => return None,
        };
        Some(LinkKey {
            owner: owner(labels),
            side,
            place: Place::of(labels),
            local: Address::parse(labels.value("local").unwrap_or_default()),
            peer: Address::parse(labels.value("peer")?),
            port: labels.value("port")?.parse().ok()?,
        })
    }
}

impl Listener {
    pub(crate) fn of(labels: &Labels) -> Option<Listener> {
        Some(Listener {
            owner: owner(labels),
            place: Place::of(labels),
            address: Address::parse(labels.value("address")?),
            port: labels.value("port")?.parse().ok()?,
        })
    }
}

impl Place {
    fn of(labels: &Labels) -> Place {
        let value = |name| labels.value(name).unwrap_or_default().into();
        Place { node: value("node"), netns: value("netns") }
    }
}

fn owner(labels: &Labels) -> Labels {
    let pairs = labels.iter().filter(|(name, _)| !OF_THE_LINK.contains(name));
    Labels::from_pairs(pairs.map(|(name, value)| (name.into(), value.into())))
}
