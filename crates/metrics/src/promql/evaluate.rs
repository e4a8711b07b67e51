//! A query's answer, folded from what was fetched.
//!
//! [`build`] turns the tree into operators, one for each expression; [`run`] asks the outermost for its
//! values at each moment, and it asks those it is made of. So no more is held than the columns that were
//! fetched, one moment of each operator, the windows of subqueries, and the answer. Series are known
//! within an operator by their number in its [`table`]; labels are worked out when a series is first met,
//! not at each moment.

mod absent;
mod aggregate;
mod annotation;
mod binary;
mod build;
mod classic_histogram;
mod context;
mod date;
mod each_value;
mod histogram_function;
mod label;
mod math;
mod number;
mod operator;
mod rank;
mod rate;
mod run;
mod select;
mod set;
mod sort;
mod statistics;
mod subquery;
mod table;
mod window;
mod window_function;

pub use context::Stop;
pub use run::{evaluate_instant, evaluate_range};
