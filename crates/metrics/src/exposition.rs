//! The text exposition format of Prometheus, version 0.0.4
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
//!
//! ```
//! use lanner_metrics::exposition;
//!
//! let families = exposition::parse("# TYPE up gauge\nup{job=\"a\\\"b\"} 1\n").unwrap();
//! assert_eq!(families[0].name, "up");
//! assert_eq!(families[0].values[0].labels.value("job"), Some("a\"b"));
//!
//! let error = exposition::parse("up{job=} 1\n").unwrap_err();
//! assert_eq!(error.to_string(), "line 1: a label's value begins with a quotation mark");
//! ```

mod family;
mod parse;
mod write;

pub use family::{Family, FamilyKind, Value};
pub use parse::{ParseError, parse};
pub use write::write;
