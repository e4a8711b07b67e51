//! From readings to tables and samples.
//!
//! [`gather`] holds what is read and when; [`live`] makes the live table of it, `*_samples` the samples,
//! [`top`] chooses which processes have series of their own.

mod agent_counts;
mod agent_samples;
mod container_samples;
mod face;
mod gather;
mod host_samples;
mod live;
mod process_samples;
mod top;

pub use agent_counts::{AgentCounts, NetworkBytes};
pub use face::{Collector, Surroundings};
