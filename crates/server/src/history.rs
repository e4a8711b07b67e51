//! Charts of one row over time. What to ask the store for follows from the row ([`charts`]), what to
//! draw from the answer ([`Line::values`]); both are pure, the store is asked in between.

mod grid;
mod plan;
mod step;

#[cfg(test)]
mod tests;

pub(crate) use grid::Grid;
pub(crate) use plan::{IDLE_MODES, Select, charts, not_matching};
pub(crate) use step::{rates, sum};
