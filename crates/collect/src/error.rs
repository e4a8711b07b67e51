//! What can go wrong at the beginning; later nothing does.

use std::path::{Path, PathBuf};

use crate::folder::Folder;

/// Why a collector cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// Without procfs there is nothing to see.
    #[error("open {path}: is procfs mounted there?")]
    OpenProc {
        /// Where it was looked for.
        path: PathBuf,
        /// Why it could not be opened.
        #[source]
        source: std::io::Error,
    },
}

pub(crate) fn open_proc(path: &Path) -> Result<Folder, CollectError> {
    Folder::open(path).map_err(|errno| CollectError::OpenProc { path: path.to_owned(), source: errno.into() })
}
