//! An append-only log in a folder: the agent's spool and the store's write-ahead log are both this.
//!
//! Records are bytes that the owner understands; the [`Journal`] numbers them by [`Sequence`], from
//! 1 and never twice. They lie in segment files of about equal size. [`Journal::append`] hands a
//! record to the kernel, so it outlives the death of the process; [`Journal::sync`] puts all that
//! was appended on the disk with one `fdatasync`, so it outlives the machine's. Append many, sync
//! once, then acknowledge: that is group commit.
//!
//! Opening replays: every record's checksum is read. A record that was being written when the
//! machine stopped is cut off and counted ([`TornTail`]); a record that was damaged later, with
//! good records after it, stays where it is, is skipped by readers and reported with its file and
//! offset ([`Damage`]). Nothing disappears without one of the two, or [`Journal::dropped_records`].
//!
//! What the owner is done with is let go by [`Journal::forget_before`]: whole segments are deleted,
//! and the place is written down, so that a record is not handed out again after a restart. With
//! [`Options::max_bytes`] the folder has a size cap, and [`WhenFull`] says what gives way.
//!
//! One process at a time may have a journal open (a lock file sees to it). Calls are synchronous;
//! the format is described byte by byte in `docs/formats/journal.md`.
//!
//! ```
//! use lanner_journal::{Journal, Options, Sequence};
//!
//! # let folder = tempfile::tempdir()?;
//! let (mut journal, recovery) = Journal::open(folder.path(), Options::default())?;
//! assert!(recovery.is_clean());
//!
//! journal.append(b"first")?;
//! let last = journal.append(b"second")?;
//! assert_eq!(journal.sync()?, last); // both are on the disk
//!
//! journal.forget_before(last)?; // "first" was dealt with
//! let left: Vec<_> = journal.read_from(Sequence::FIRST).collect::<Result<_, _>>()?;
//! assert_eq!(left.len(), 1);
//! assert_eq!(left[0].payload, b"second");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod error;
mod folder;
mod journal;
mod options;
mod reader;
mod record;
mod recovery;
mod replay;
mod segment;
mod sequence;

pub use error::JournalError;
pub use journal::Journal;
pub use options::{Durability, Options, WhenFull};
pub use reader::{Entry, Reader};
pub use recovery::{Damage, Recovery, TornTail};
pub use sequence::Sequence;
