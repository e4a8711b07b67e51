//! Who talks to whom: from series of links to a map.
//!
//! An [`Observation`] takes the points of a time range, series by series ([`METRICS`] are those it wants),
//! and keeps sums. [`Observation::map`] makes boxes and edges of them, for a [`Request`]. What a box stands
//! for is a [`Level`]: any ordered list of labels, with processes, containers and hosts as the usual ones.
//!
//! The agent sees each end of a connection on its own: a link's series have the labels of the process, its
//! own address (`local`), the other one (`peer`) and the server's `port`. Here the ends find each other: a
//! client's link leads to the process that has the server's end of it, else to the one that listens there.
//! Loopback addresses mean something within one network namespace of one node only. What has no other end
//! here is external, and is called by its address.
//!
//! Nothing is made up: what no series says is `None`. Rates are means over the time in which the node was
//! observed; a counter that fell began anew, one that appeared while its node was observed began at zero.
//!
//! Nothing here does IO, reads a clock or keeps a global.
//!
//! ```
//! use lanner_model::series::Labels;
//! use lanner_model::time::WallMs;
//! use lanner_topology::{Known, Observation, Request};
//!
//! let link = |side, comm, local, peer| {
//!     let labels = [("side", side), ("comm", comm), ("local", local), ("peer", peer), ("port", "80")];
//!     Labels::new("lanner_link_connections_total", labels.into_iter().chain([("node", "a"), ("netns", "1")]))
//! };
//! let points = [(WallMs(0), 3.0), (WallMs(10_000), 23.0)];
//! let mut observation = Observation::new(WallMs(0));
//! observation.add(&link("client", "wget", "10.0.0.1", "10.0.0.1"), &points);
//! observation.add(&link("server", "nginx", "10.0.0.1", "10.0.0.1"), &points);
//!
//! let map = observation.map(&Known::default(), &Request::default());
//! assert_eq!(map.edges.len(), 1);
//! assert_eq!(map.edges[0].id, "group:node=a,comm=wget>group:node=a,comm=nginx>80");
//! assert_eq!(map.edges[0].figures.connections_per_second, Some(2.0));
//! assert_eq!(map.edges[0].figures.p95_ms, None);
//! ```
#![forbid(unsafe_code)]

mod address;
mod course;
mod cpu;
mod draw;
mod known;
mod level;
mod link;
mod map;
mod measure;
mod observation;
mod presence;
mod quantile;
mod request;
mod resolve;
mod sketch;
mod traffic;

pub use known::{Known, KnownContainer};
pub use level::Level;
pub use map::{Edge, Folded, Kind, Map, Node, Status};
pub use measure::METRICS;
pub use observation::Observation;
pub use request::{Focus, Ports, Request, Shown};
pub use traffic::Figures;
