//! The processes of the node.
//!
//! [`table::ProcessTable`] holds them over the rounds. What changes all the time ([`reading`]) is read each
//! round, what changes with an `exec` ([`identity`]) when it does. A process that did not run since the
//! round before ([`cpu_clock`]) costs one system call instead of ten.

pub(crate) mod cpu_clock;
pub(crate) mod identity;
pub(crate) mod reading;
pub(crate) mod start;
pub(crate) mod stat;
pub(crate) mod table;
pub(crate) mod user;
