//! Topology: who talks to whom. Series come from the store, names and limits from live tables; what a map
//! is made of them is `lanner_topology`'s business.

mod answer;
mod known;
mod observed;
mod request;

pub(crate) use answer::answer;
pub(crate) use known::known;
pub(crate) use observed::Observations;
pub(crate) use request::{TopologyError, request};
