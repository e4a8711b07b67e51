//! What a capture shows: a machine's story in numbers, tables and single events.
//!
//! A [`Summary`] is made in one pass over a [`Source`](lanner_model::source::Source): [`Tile`]s (how many
//! commands, which bytes, each with its course over time) and [`Table`]s (processes, files, connections
//! ...). A [`Selection`] says which events count: a path of [`Choice`]s, a window of time, a filter of
//! the rule language; all of it has to hold. [`EventList`] is a page of the events themselves,
//! [`EventDetail`] one of them with everything that is known around it.
//!
//! Whatever is looked at, the whole capture is folded into [`lanner_state::State`] from its beginning, so
//! that an event in the middle knows its process and its file.
//!
//! Captures are data of strangers and may be long. Tables and courses have a fixed size, what does not
//! fit is counted, and a file that is cut or damaged gives what is good and says what is missing.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! use lanner_inspect::{Selection, Summary, ViewName};
//! use lanner_testkit::{Script, process};
//!
//! let mut source = Script::new()
//!     .record(process(10, 1, "bash"))
//!     .fork(10, 11)
//!     .execve(11, "/bin/cat", &["/etc/shadow"])
//!     .openat(11, 3, "/etc/shadow")
//!     .close(11, 3)
//!     .exit(11);
//! let summary = Summary::read(&mut source, &Selection::default(), &AtomicBool::new(false))?;
//! let commands = summary.tiles(100).tiles.into_iter().find(|tile| tile.info.name == "commands");
//! assert_eq!(commands.map(|tile| tile.total), Some(1));
//! assert_eq!(summary.table(ViewName::Processes).rows.len(), 2);
//! # Ok::<(), lanner_inspect::Cancelled>(())
//! ```
#![forbid(unsafe_code)]

mod choice;
mod course;
mod deed;
mod event_detail;
mod event_list;
mod fields;
mod keyed;
mod pass;
mod requests;
mod seen;
mod selection;
mod summary;
mod table;
mod tile;

pub use choice::{Choice, ChoiceError};
pub use course::Steps;
pub use event_detail::{EventDetail, Param};
pub use event_list::{EventLine, EventList, Page};
pub use pass::{Cancelled, Ended, open};
pub use selection::{Selection, SelectionError};
pub use summary::{Summary, Tiles};
pub use table::{Cell, Column, ColumnKind, Row, Table, UnknownColumn, ViewName};
pub use tile::{Category, Tile, TileInfo, Unit};
