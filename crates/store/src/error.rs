//! What can go wrong in a store.

use std::io;
use std::path::{Path, PathBuf};

use lanner_journal::JournalError;

/// Why a store could not do something; one variant per operation.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The write-ahead log refused. Nothing of the call was promised.
    #[error("the write-ahead log failed")]
    Log(#[from] JournalError),
    /// A file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file could not be written, put in its place or deleted.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file was written by a newer Lanner.
    #[error("{} has format version {version}, this Lanner reads up to {newest}; use the newer one", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u32,
        /// The newest that is understood.
        newest: u32,
    },
    /// A regular expression in a matcher is none, or is too large.
    #[error("the matcher on label {name} has a bad regular expression")]
    Matcher {
        /// The label.
        name: String,
        /// What is wrong with it.
        #[source]
        source: Box<regex::Error>,
    },
    /// A cursor's text is none that a page of results ever had.
    #[error("{text:?} is no cursor")]
    Cursor {
        /// The text.
        text: String,
    },
    /// A query would give more points than the store hands out at once.
    #[error("the query selects more than {limit} points; narrow its matchers or its time range")]
    TooManyPoints {
        /// The limit.
        limit: usize,
    },
    /// A histogram would have more steps than the store hands out at once.
    #[error("the query asks for {steps} steps, at most {limit} are given; use longer ones")]
    TooManySteps {
        /// How many were asked for.
        steps: u64,
        /// The limit.
        limit: u64,
    },
    /// Rows could not be turned into Arrow columns or back.
    #[error("cannot convert {what}")]
    Convert {
        /// Of what.
        what: &'static str,
        /// What was underneath.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store's writer is gone (it was closed, or it panicked).
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    pub(crate) fn read(path: &Path, source: io::Error) -> StoreError {
        StoreError::Read { path: path.to_owned(), source }
    }

    pub(crate) fn write(path: &Path, source: io::Error) -> StoreError {
        StoreError::Write { path: path.to_owned(), source }
    }

    pub(crate) fn convert(
        what: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> StoreError {
        StoreError::Convert { what, source: source.into() }
    }
}
