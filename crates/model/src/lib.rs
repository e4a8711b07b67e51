//! The words every other crate speaks.
//!
//! An observation of the kernel is an [`event::EventRef`]: a borrowed view over bytes in the open
//! `.scap` layout, whether they came out of a ring buffer a microsecond ago or out of a file ten
//! years old. What produces them implements [`source::Source`]; what a capture begins with (the
//! processes, descriptors, users and interfaces that were there before the first event) are the
//! records of [`snapshot`]. Folding events yields [`finding::Finding`]s (a rule hit) and
//! [`series::Sample`]s (a metric), about the things named in [`resource`].
//!
//! Two tables are declared in `schema/*.toml` and generated into this crate: every event type with
//! its parameters ([`event::EventType::info`]), and every field a rule or a format may name
//! ([`field::FieldId::info`]).
//!
//! Nothing here does IO, reads a clock or keeps a global.
//!
//! ```
//! use lanner_model::event::{EventBuf, EventType};
//!
//! let mut buf = EventBuf::new();
//! let event = buf.build(EventType::SYSCALL_CLOSE_X, 1_700_000_000_000_000_000, 42, |p| {
//!     p.i64(0); // res
//!     p.i64(3); // fd
//! });
//! assert_eq!(event.event_type().name(), "close");
//! assert_eq!(event.i64(1), Some(3));
//! ```
#![forbid(unsafe_code)]

pub mod cgroup;
pub mod event;
pub mod field;
pub mod finding;
pub mod id;
pub mod loss;
pub mod resource;
pub mod series;
pub mod snapshot;
pub mod source;
pub mod time;
