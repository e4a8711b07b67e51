//! What every config store can do.

use std::path::PathBuf;

use async_trait::async_trait;
use lanner_model::time::WallMs;

use super::document::{Change, Document, Kind, Listing};

/// A store of small JSON documents. A commit is all or nothing, and durable when it returns; two that
/// touch the same document follow one another.
#[async_trait]
pub trait ConfigStore: Send + Sync {
    /// A document, if it is there.
    async fn get(&self, kind: Kind, id: &str) -> Result<Option<Document>, ConfigError>;

    /// Documents of a kind, in the order of their ids.
    async fn list(&self, listing: &Listing) -> Result<Vec<Document>, ConfigError>;

    /// Makes all changes or none, in their order. `now` becomes the documents' time of change.
    ///
    /// # Errors
    /// [`ConfigError::Conflict`] when something else stands in a place than was expected.
    async fn commit(&self, now: WallMs, changes: &[Change]) -> Result<(), ConfigError>;

    /// Ends what runs and lets go of what is open; what is asked for afterwards fails.
    async fn close(&self) {}
}

/// Why a config store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Somebody else changed, made or deleted the document meanwhile. Nothing was changed.
    #[error("{} {id:?} was changed by somebody else", kind.as_str())]
    Conflict {
        /// What it is about.
        kind: Kind,
        /// Its name.
        id: String,
    },
    /// The database cannot be opened.
    #[error("cannot open the settings in {}", path.display())]
    Open {
        /// Its file.
        path: PathBuf,
        /// What was underneath.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database is damaged.
    #[error(
        "the settings in {path} are damaged ({found}); restore the file from a backup, or move it and \
         {path}-wal away and start again: users, alert rules and channels are then to be set up anew, \
         samples and events stay",
        path = path.display()
    )]
    Damaged {
        /// Its file.
        path: PathBuf,
        /// What SQLite says of it.
        found: String,
    },
    /// A newer version wrote the database.
    #[error(
        "the settings in {} were written by a newer lanner (step {version}); use that one, or another \
         --data-dir", path.display()
    )]
    Newer {
        /// Its file.
        path: PathBuf,
        /// The step of its tables that is not known here.
        version: i64,
    },
    /// The database could not be asked.
    #[error("the config store failed to {doing}")]
    Database {
        /// What was tried, as in "failed to ...".
        doing: &'static str,
        /// What was underneath.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
