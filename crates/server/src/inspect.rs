//! What captures show: summaries that are made when somebody looks and remembered for a while, in the
//! form of the API.

mod answer;
mod ask;
mod cache;
mod error;
mod looks;
mod reader;

pub(crate) use ask::{Ask, moment, view_of};
pub(crate) use error::InspectError;
pub(crate) use reader::Inspector;
