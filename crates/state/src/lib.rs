//! Processes, threads, descriptors, users and containers as a fold over events.
//!
//! A [`State`] takes in the records of a snapshot and then events, one after another, and knows after
//! each what the machine's processes are and hold. [`State::observe`] gives a [`View`]: the event with
//! everything around it, which answers every field that rules and formats may name
//! ([`lanner_rules::Facts`]).
//!
//! ```
//! use lanner_model::event::{EventBuf, EventType};
//! use lanner_model::field::FieldRef;
//! use lanner_model::source::Delivery;
//! use lanner_state::{Budget, State};
//!
//! let mut state = State::new(Budget::default());
//! let mut buf = EventBuf::new();
//! let event = buf.build(EventType::SYSCALL_OPENAT_2_X, 1_700_000_000_000_000_000, 42, |p| {
//!     p.i64(3); // fd
//!     p.i64(-100); // dirfd: the working directory
//!     p.text(b"/etc/../etc/shadow");
//!     p.u32(1); // O_RDONLY
//! });
//! let view = state.observe(&Delivery { number: 1, cpu: 0, event });
//! let field = FieldRef::parse("fd.name").unwrap();
//! assert_eq!(view.text(&field).as_deref(), Some("/etc/shadow"));
//! let field = FieldRef::parse("evt.arg.flags").unwrap();
//! assert_eq!(view.text(&field).as_deref(), Some("O_RDONLY"));
//! ```
//!
//! - It is pure: no files, no clock, no threads. Time is that of the events.
//! - A view sees what its event ends. A closed descriptor or an exited process is taken away when the
//!   next event comes.
//! - What a live event says of its descriptor counts more than what the table says and mends it, so
//!   an `open` that was not sent is not missed.
//! - What is not known is [`lanner_rules::Value::None`], never an empty text or a zero.
//! - Everything has a budget ([`Budget`]); what does not fit is counted ([`State::losses`]).
//! - A process whose parent exits gets the parent that the kernel gives it (`proc.ppid`), but
//!   [`State::ancestry`] keeps telling who made it.
#![forbid(unsafe_code)]

mod budget;
mod container;
mod fd;
mod fd_table;
mod fold;
mod image;
mod lineage;
mod moment;
mod names;
mod network;
mod path;
mod render;
mod state;
mod text;
mod thread;
mod users;
mod view;

pub use budget::Budget;
pub use state::State;
pub use view::View;
