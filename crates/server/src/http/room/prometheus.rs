//! The Prometheus HTTP API, version 1, below `/prometheus`: paths, parameters, answers and errors are
//! those of Prometheus, so that what asks Prometheus can ask here.
//!
//! One parameter is ours: `scope=LABEL:VALUE` restricts every selector of a query to series with that
//! label; given for several labels, all must hold; with several values for one, any of them.

mod failure;
mod handler;
mod parameters;
mod render;
mod time;

pub(crate) use handler::routes;
