//! Queries over the metric store: what they need is planned by `lanner_metrics`, fetched here, and folded
//! there, on a thread that may be busy with it.

mod answer;
mod error;
mod limits;
mod places;

pub(crate) use answer::{instant, instant_answer, range, range_answer};
pub(crate) use error::PromqlError;
pub(crate) use limits::Limits;
pub(crate) use places::QueryPlaces;
