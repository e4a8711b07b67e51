//! The number of a record.

use std::fmt;

/// The number of a record in its journal: 1 for the first, one more for each next, never used
/// again, not even after all records were forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence(pub u64);

impl Sequence {
    /// Stands before every record: what [`Journal::sync`](crate::Journal::sync) says of a journal
    /// that never had one.
    pub const NONE: Sequence = Sequence(0);
    /// The first record of a journal.
    pub const FIRST: Sequence = Sequence(1);

    /// The one after this.
    #[must_use]
    pub fn next(self) -> Sequence {
        Sequence(self.0.saturating_add(1))
    }

    /// The one before this; [`Sequence::NONE`] has none and stays.
    #[must_use]
    pub fn previous(self) -> Sequence {
        Sequence(self.0.saturating_sub(1))
    }

    /// How many records lie from `earlier` to just before this; 0 when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Sequence) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
