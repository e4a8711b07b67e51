//! What a look at all links says.

use std::net::IpAddr;

use lanner_model::id::CgroupId;
use lanner_model::loss::Loss;

use super::key::{LinkKey, Name};

/// All links at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkLook {
    /// Links that have a connection, or that something happened to since the look before; each once.
    pub links: Vec<LinkGrowth>,
    /// Sockets that wait for connections, once for each process that holds one.
    pub listeners: Vec<Listener>,
    /// What was lost since the probe started.
    pub losses: Vec<Loss>,
}

/// A link, and what has happened to it since the look before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkGrowth {
    /// Which.
    pub link: LinkKey,
    /// What happened.
    pub grown: LinkCounts,
    /// Connections that stand.
    pub active: u64,
    /// Smoothed round trips in microseconds of those that stand and those that have ended: their sum.
    pub rtt_sum_us: u64,
    /// How many that sum is of.
    pub rtt_count: u64,
}

/// What can happen to a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkCounts {
    /// Connections that were established (client) or accepted (server).
    pub connections: u64,
    /// Attempts to connect that came to nothing.
    pub failed: u64,
    /// Connections that have ended.
    pub closed: u64,
    /// Bytes of data sent, each once, however often they went out.
    pub sent: u64,
    /// Bytes of data received.
    pub received: u64,
}

/// A program that waits for connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Listener {
    /// Its name.
    pub comm: Name,
    /// Its control group.
    pub cgroup: CgroupId,
    /// The inode of the socket's network namespace.
    pub netns: u32,
    /// The address it is bound to; `0.0.0.0` or `::` is any.
    pub address: IpAddr,
    /// The port.
    pub port: u16,
}
