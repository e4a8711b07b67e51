//! How a journal behaves.

/// How a journal behaves. The format on disk does not depend on it, so it may change from one
/// opening to the next.
#[derive(Clone, Debug)]
pub struct Options {
    /// A segment that would grow beyond this many bytes is closed and a new one begun. Default
    /// 16 MiB; never more than a quarter of [`Options::max_bytes`], so that a full journal gives up
    /// a part of what it holds and not all of it.
    pub segment_bytes: u64,
    /// The cap on all segments together. Default: none.
    pub max_bytes: Option<u64>,
    /// What gives way at the cap. Default: the oldest records.
    pub when_full: WhenFull,
    /// The largest payload that is taken. Default 16 MiB; at most 1 GiB.
    pub max_record_bytes: usize,
    /// What [`Journal::sync`](crate::Journal::sync) does. Default: wait for the disk.
    pub durability: Durability,
}

/// What gives way when a journal reaches its cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFull {
    /// The oldest segments are deleted, and their records counted as dropped.
    DropOldest,
    /// The new record is refused with [`JournalError::Full`](crate::JournalError::Full).
    Refuse,
}

/// What a sync waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The disk (`fdatasync`): records outlive a power failure.
    Disk,
    /// Nothing: records outlive the process, but not the machine.
    PageCache,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            segment_bytes: 16 << 20,
            max_bytes: None,
            when_full: WhenFull::DropOldest,
            max_record_bytes: 16 << 20,
            durability: Durability::Disk,
        }
    }
}

impl Options {
    pub(crate) fn effective_segment_bytes(&self) -> u64 {
        self.max_bytes.map_or(self.segment_bytes, |cap| self.segment_bytes.min(cap / 4))
    }
}
