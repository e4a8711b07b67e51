//! What every blob store can do.

use std::io::{self, Read};

use async_trait::async_trait;
use lanner_model::time::WallMs;

/// A store of large things. Names are of ASCII letters, digits, `-`, `_` and `.`, which they do not begin
/// with, at most 200 bytes; others are refused.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Appends to a part, which is made at offset 0; gives its new length. The bytes are on the disk when
    /// it returns.
    ///
    /// # Errors
    /// [`BlobError::Offset`] when the part is not as long as that.
    async fn append(&self, name: &str, offset: u64, data: Vec<u8>) -> Result<u64, BlobError>;

    /// How long a part is; 0 when there is none.
    async fn written(&self, name: &str) -> Result<u64, BlobError>;

    /// Makes a part a whole blob, durably.
    ///
    /// # Errors
    /// [`BlobError::Missing`] when there is no part.
    async fn finish(&self, name: &str) -> Result<(), BlobError>;

    /// Opens a whole blob, or a part as far as it is.
    ///
    /// # Errors
    /// [`BlobError::Missing`] when there is neither.
    async fn open(&self, name: &str) -> Result<BlobReader, BlobError>;

    /// Deletes a blob and its part; that there is none is no failure.
    async fn delete(&self, name: &str) -> Result<(), BlobError>;

    /// All blobs and parts, in the order of their names.
    async fn list(&self) -> Result<Vec<Blob>, BlobError>;
}

/// A blob that is read.
pub struct BlobReader {
    /// Its bytes.
    pub bytes: Box<dyn Read + Send>,
    /// How many there are.
    pub size: u64,
}

/// A blob in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its name.
    pub name: String,
    /// How many bytes it has.
    pub size: u64,
    /// Whether it is whole.
    pub is_whole: bool,
    /// When it was last written.
    pub changed: WallMs,
}

/// Why a blob store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// A name that no blob has.
    #[error("{name:?} is no name of a blob")]
    Name {
        /// The name.
        name: String,
    },
    /// There is no such blob.
    #[error("there is no blob {name:?}")]
    Missing {
        /// The name.
        name: String,
    },
    /// Bytes do not follow what is there.
    #[error("the part of {name:?} has {written} bytes, what comes begins at {offset}")]
    Offset {
        /// The name.
        name: String,
        /// Where the bytes begin.
        offset: u64,
        /// Where the part ends.
        written: u64,
    },
    /// The disk refused.
    #[error("cannot {doing} {name:?}")]
    Disk {
        /// What was tried, as in "cannot ...".
        doing: &'static str,
        /// The name.
        name: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}
