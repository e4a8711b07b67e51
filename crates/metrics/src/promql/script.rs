//! Test scripts in the language of Prometheus' promqltest: `load` gives series, `eval` asks a query and
//! says what the answer must be, `clear` begins anew.
//!
//! ```
//! let report = lanner_metrics::promql::script::run("
//! load 1m
//!   requests_total{path=\"/\"} 0+60x10
//!
//! eval instant at 10m sum(rate(requests_total[5m]))
//!   {} 1
//! ").expect("a script");
//! assert_eq!((report.passed, report.failures.len()), (1, 0));
//! ```
//!
//! Native histograms can be loaded and are known, but not evaluated: what asks for them is reported as
//! [`NotYet`], with the reason.

mod check;
mod command;
mod data;
mod read;
mod run;
mod series;

pub use command::ScriptError;
pub use run::{Failure, NotYet, Report, run};
