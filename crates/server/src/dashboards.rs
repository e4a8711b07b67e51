//! Dashboards: the shipped ones, people's own, and what both must be like.
//!
//! A dashboard is data: panels, each with queries in PromQL, and selectors that say how the scope of a
//! page gets into them. `shipped` are files of `dashboards/`, compiled in; `own` are documents of the
//! [`ConfigStore`](lanner_store::ConfigStore). Both pass the same `check`. The page fills in scope and
//! time; `template` does the same here, so that a query is checked as it will be asked.

mod check;
mod error;
mod own;
mod shipped;
mod summary;
mod template;
#[cfg(test)]
mod tests;

pub(crate) use check::problems;
pub(crate) use error::DashboardError;
pub(crate) use own::{change, create, dashboard, delete, list};
