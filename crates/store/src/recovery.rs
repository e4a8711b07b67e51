//! What opening a store found.

use std::fmt;
use std::path::PathBuf;

/// What opening a store found. All counts are of this opening.
#[derive(Clone, Debug, Default)]
pub struct StoreRecovery {
    /// Samples or findings that were restored from the write-ahead log, the rest was in files.
    pub replayed: u64,
    /// What the write-ahead log's files were like.
    pub log: lanner_journal::Recovery,
    /// Records of the log, or samples in them, that are whole but make no sense (their series was
    /// in a damaged stretch).
    pub unreadable: u64,
    /// Files that were damaged and set aside.
    pub set_aside: Vec<SetAside>,
}

impl StoreRecovery {
    /// Whether everything was as it had been written. A torn tail of the log is clean: nobody was
    /// promised it.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.log.damage.is_empty() && self.unreadable == 0 && self.set_aside.is_empty()
    }
}

/// A damaged file that was renamed to `*.damaged`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Where it lies now.
    pub path: PathBuf,
    /// What was wrong with it.
    pub reason: String,
}

impl fmt::Display for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}
