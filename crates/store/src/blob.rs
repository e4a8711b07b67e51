//! Large things that are written once and read whole: captures.
//!
//! [`BlobStore`] is the face; [`FolderBlobs`] keeps each blob as a file, [`MemoryBlobs`] is for tests. A
//! blob is written part by part, each on the disk before it is acknowledged, and has its name only when
//! it is whole; until then it is a part that goes on after a crash where it was.

mod folder;
mod memory;
mod name;
mod store;

pub use folder::FolderBlobs;
pub use memory::MemoryBlobs;
pub use store::{Blob, BlobError, BlobReader, BlobStore};
