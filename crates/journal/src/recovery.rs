//! What opening a journal found.

use std::fmt;
use std::path::PathBuf;

use crate::sequence::Sequence;

/// What opening a journal found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Records that can be read.
    pub records: u64,
    /// Segment files.
    pub segments: usize,
    /// Bytes of all segments, after the torn tail was cut.
    pub size_bytes: u64,
    /// The record that was being written when the journal's last owner stopped. It was never
    /// synced, so nobody was promised it.
    pub torn: Option<TornTail>,
    /// Stretches that were damaged after they had been written.
    pub damage: Vec<Damage>,
}

impl Recovery {
    /// Whether every byte was as it had been written.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.torn.is_none() && self.damage.is_empty()
    }

    /// How many records lie in damaged stretches.
    #[must_use]
    pub fn damaged_records(&self) -> u64 {
        self.damage.iter().map(|damage| damage.records).sum()
    }
}

/// Bytes behind the last good record, cut off when the journal was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornTail {
    /// The segment.
    pub path: PathBuf,
    /// Where the good records end.
    pub offset: u64,
    /// How many bytes were cut.
    pub size_bytes: u64,
}

/// A stretch of a segment that cannot be read, with good records, or a later segment, behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The segment.
    pub path: PathBuf,
    /// Where it begins.
    pub offset: u64,
    /// How long it is; 0 when the records are not in the file at all.
    pub size_bytes: u64,
    /// The first record that is lost.
    pub first: Sequence,
    /// How many records are lost: 0 when only a segment's header is hurt.
    pub records: u64,
}

impl Damage {
    /// The number after the last record that is lost.
    pub(crate) fn end(&self) -> Sequence {
        Sequence(self.first.0.saturating_add(self.records))
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is damaged from byte {} on for {} bytes: {} records lost",
            self.path.display(),
            self.offset,
            self.size_bytes,
            self.records
        )?;
        if self.records > 0 {
            write!(f, ", from number {}", self.first)?;
        }
        Ok(())
    }
}
