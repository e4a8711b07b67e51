//! Reader and writer of `.scap` capture files.
//!
//! A capture is a snapshot of a machine (its threads, descriptors, users, interfaces) and the events
//! that followed. [`CaptureReader`] is a [`Source`](lanner_model::source::Source): it reads every
//! version of the format, plain or gzip, and upgrades the events of old files, so that nothing behind
//! it knows of old forms. [`CaptureWriter`] writes the newest version. The bytes are described in
//! `docs/formats/scap.md`.
//!
//! A file is data of strangers. Lengths are checked before they are used, memory does not follow
//! what a length claims, and an error names the byte where it was found.
//! [`CaptureReader::salvage`] gives all that can be had of a damaged file and says what is missing.
//!
//! Events are numbered as the reference implementation does (`evt.num`): from 1, those that the
//! upgrade merges into others not counted.
//!
//! ```
//! use lanner_capture::{CaptureReader, CaptureWriter, Compression};
//! use lanner_model::event::{EventBuf, EventType};
//! use lanner_model::snapshot::Machine;
//! use lanner_model::source::{Next, Source};
//!
//! let mut writer = CaptureWriter::create(Vec::new(), &Machine::default(), Compression::Gzip)?;
//! let mut buf = EventBuf::new();
//! let event = buf.build(EventType::SYSCALL_CLOSE_X, 1_700_000_000_000_000_000, 42, |params| {
//!     params.i64(0); // res
//!     params.i64(3); // fd
//! });
//! writer.event(1, event)?;
//! let file = writer.finish()?;
//!
//! let mut reader = CaptureReader::open(std::io::Cursor::new(file))?;
//! while let Ok(next) = reader.next() {
//!     match next {
//!         Next::Event(delivery) => assert_eq!(delivery.event.event_type().name(), "close"),
//!         Next::End => break,
//!         _ => {}
//!     }
//! }
//! # Ok::<(), lanner_capture::CaptureError>(())
//! ```
#![forbid(unsafe_code)]

mod block;
mod entry;
mod error;
mod event_block;
mod input;
mod reader;
mod record;
mod upgrade;
mod writer;

pub use error::CaptureError;
pub use reader::CaptureReader;
pub use writer::{CaptureWriter, Compression};
