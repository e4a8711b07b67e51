//! The journal's folder: its lock and the names in it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;

use crate::error::JournalError;
use crate::sequence::Sequence;

/// A journal's folder, locked for this process as long as the value lives.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder where it is missing and locks it.
    pub(crate) fn open(path: &Path) -> Result<Folder, JournalError> {
        let failed = |source| JournalError::Folder { path: path.to_owned(), source };
        if !path.is_dir() {
            fs::create_dir_all(path).map_err(failed)?;
            // The folder's own name must be on the disk before anything in it is promised.
            if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                sync(parent).map_err(failed)?;
            }
        }
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .map_err(failed)?;
        match rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Folder { path: path.to_owned(), _lock: lock }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(JournalError::InUse { path: path.to_owned() }),
            Err(error) => Err(failed(error.into())),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The path of the segment whose first record has this number.
    pub(crate) fn segment_path(&self, first: Sequence) -> PathBuf {
        self.path.join(format!("{:020}.log", first.0))
    }

    /// The segments, the oldest first, by their names.
    pub(crate) fn segments(&self) -> Result<Vec<(Sequence, PathBuf)>, JournalError> {
        let failed = |source| JournalError::Folder { path: self.path.clone(), source };
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if let Some(first) = entry.file_name().to_str().and_then(first_of_name) {
                found.push((first, entry.path()));
            }
        }
        found.sort();
        Ok(found)
    }

    /// Puts names that were added or removed on the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        sync(&self.path)
    }
}

fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn first_of_name(name: &str) -> Option<Sequence> {
    let digits = name.strip_suffix(".log")?;
    let all_digits = digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| digits.parse().ok()).flatten().map(Sequence)
}
