//! The first page: who reports, what needs a look, which services run.
//!
//! `view` asks the app's parts; what it makes of the answers is pure: `attention` sorts out what needs
//! a look, `integration` recognises services by the data in `known_service`, `trend` counts losses.

mod attention;
mod integration;
mod known_service;
mod trend;
mod view;

pub(crate) use view::spotlight;
