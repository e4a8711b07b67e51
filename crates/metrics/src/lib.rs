//! Which metrics there are, which series live, and how they look as text.
//!
//! Every metric the agent makes is declared once, in `schema/metrics.toml`, and becomes a constant of
//! [`metric`] that knows its name, unit, labels and job. A [`SeriesSet`] turns values of declared metrics
//! into [`Sample`](lanner_model::series::Sample)s, round by round: a series that had a value in the round
//! before and has none now gets Prometheus' stale marker, so that it ends when its thing ends.
//! [`exposition`] writes and reads the text format.
//!
//! A typo in a metric's name or a forgotten label does not compile: [`Round::add`] takes the constant and
//! exactly as many label values as it declares.
//!
//! ```
//! use lanner_metrics::{SeriesSet, Target, exposition, metric};
//! use lanner_model::series::STALE_NAN;
//! use lanner_model::time::WallMs;
//!
//! let mut series = SeriesSet::new(&Target { node: "node-1".into(), ..Target::default() }, 1000);
//! let mut round = series.round(WallMs(1_000));
//! round.add(&metric::NODE_CPU_SECONDS_TOTAL, ["0", "user"], 12.5);
//! let samples = round.finish();
//! assert_eq!(
//!     exposition::write(&samples).lines().last(),
//!     Some(r#"node_cpu_seconds_total{cpu="0",instance="node-1",job="node-exporter",mode="user",node="node-1"} 12.5 1000"#),
//! );
//!
//! // The CPU is unplugged: its series ends.
//! let samples = series.round(WallMs(11_000)).finish();
//! assert_eq!(samples[0].value.to_bits(), STALE_NAN);
//! ```
#![forbid(unsafe_code)]

mod catalogue;
mod declaration;
pub mod exposition;
mod generated;
pub mod promql;
mod series_set;
mod start_label;
mod target;

pub use catalogue::declaration_of;
pub use declaration::{Declaration, Kind, Metric, Source, Unit};
pub use series_set::{Round, SeriesSet};
pub use start_label::{parse_start_label, start_label};
pub use target::Target;

/// The declared metrics. Tables of metrics that follow the keys of a kernel file are sorted by key.
pub mod metric {
    pub use crate::generated::*;
}
