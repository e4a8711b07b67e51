//! What can go wrong.

use std::io;
use std::path::PathBuf;

use crate::recovery::Damage;

/// Why something could not be done with a journal; one variant per operation.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder could not be made, listed or synced.
    #[error("cannot use {} as a journal's folder", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Someone else has the journal open.
    #[error("the journal in {} is in use by another process; stop that one or choose another folder", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// A segment was written by a newer Lanner.
    #[error("{} has format version {version}, this Lanner reads up to {}; use the newer one", path.display(), crate::segment::VERSION)]
    Version {
        /// The segment.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// A segment could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The segment.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A stretch of a segment is damaged. A [`Reader`](crate::Reader) goes on behind it.
    #[error("{0}")]
    Damaged(Damage),
    /// A record could not be written. The segment was cut back to what it was before.
    #[error("cannot append to {}", path.display())]
    Append {
        /// The segment.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The disk did not confirm what was written. See [`JournalError::Halted`].
    #[error("cannot sync {}", path.display())]
    Sync {
        /// The segment.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A new segment could not be begun.
    #[error("cannot begin segment {}", path.display())]
    Begin {
        /// The segment.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A segment could not be deleted.
    #[error("cannot delete segment {}", path.display())]
    Delete {
        /// The segment.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A failed sync leaves unknown what the disk has (the kernel may drop the pages and report the
    /// next sync as good), so nothing more is written until the journal is opened again, which
    /// reads what is really there.
    #[error("the journal in {} stopped after a write or sync that failed; open it again", path.display())]
    Halted {
        /// The folder.
        path: PathBuf,
    },
    /// The record does not fit, ever.
    #[error("a record of {size_bytes} bytes is over the limit of {limit_bytes}")]
    TooLarge {
        /// The payload's size.
        size_bytes: u64,
        /// What is allowed.
        limit_bytes: u64,
    },
    /// The cap is reached and the oldest records may not be dropped.
    #[error("the journal in {} is full ({limit_bytes} bytes)", path.display())]
    Full {
        /// The folder.
        path: PathBuf,
        /// The cap.
        limit_bytes: u64,
    },
}
