//! Facts become decisions: which programs are loaded, how large the rings are, which hierarchy names
//! a container. Pure, so that every kind of machine can be tested on any.

mod cgroup_key;
mod choice;
mod flight_plan;
mod ring_plan;
mod take;

pub use cgroup_key::CgroupKey;
pub use choice::{Blocker, Choice};
pub use flight_plan::FlightPlan;
pub use ring_plan::RingPlan;
pub use take::{Decisions, Wishes, decide};
