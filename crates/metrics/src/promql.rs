//! PromQL: the query language of Prometheus 3, over columns of samples.
//!
//! A query is answered in three steps. [`Query::parse`] reads it, [`plan`] says which series and which
//! time ranges it needs; whoever has a store fetches them (there, and only there, is waiting); and
//! [`evaluate_instant`]
//! and [`evaluate_range`] fold what was fetched, moment by moment, within [`Limits`] and until it is told to stop.
//! None of them knows a clock or a store.
//!
//! ```
//! use lanner_metrics::promql::{Column, Limits, Moments, Query, Value, evaluate_instant, plan};
//! use lanner_model::series::Labels;
//! use lanner_model::time::WallMs;
//!
//! let query = Query::parse("sum(rate(requests_total[1m]))").expect("a query");
//! let (at, limits) = (WallMs(60_000), Limits::default());
//! let plan = plan(&query, Moments::instant(at), &limits).expect("a plan");
//! assert_eq!((plan.fetches[0].from, plan.fetches[0].to), (WallMs(1), WallMs(60_000)));
//!
//! let labels = Labels::new("requests_total", [("path", "/")]);
//! let points = (1..=4).map(|n| (WallMs(n * 15_000), n as f64 * 32.0)).collect();
//! let columns = vec![vec![Column { labels, points }]];
//! let answer = evaluate_instant(&query, at, &plan, &columns, &limits, &|| false).expect("an answer");
//! let Value::Vector(samples) = answer.value else { panic!("no vector") };
//! assert!((samples[0].value - 32.0 / 15.0).abs() < 1e-9);
//! ```
//!
//! Where the language's versions differ, it is that of Prometheus 3: a range holds the samples after its
//! beginning up to and with its end, and names are dropped at the end of a query, not in its middle.
//! [`script`] runs the test scripts of Prometheus (`load`, `eval`).
//!
//! The parser is ours, since annotations name the place of an expression, since a query from outside must
//! not be able to exhaust the stack, and since no published parser does both.

mod check;
mod display;
mod error;
mod evaluate;
mod expr;
mod function;
mod lex;
mod parse;
mod plan;
mod position;
mod query;
pub mod script;
mod value;

pub use error::{EvalError, ParseError};
pub use evaluate::{Stop, evaluate_instant, evaluate_range};
pub use plan::{Fetch, Limits, Moments, Plan, plan};
pub use position::Position;
pub use query::{Query, duration_ms, matchers};
pub use value::{Answer, Column, Series, Stats, Value, ValueType};
