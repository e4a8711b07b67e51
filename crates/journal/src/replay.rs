//! Reading what a folder holds when it is opened.

use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::error::JournalError;
use crate::folder::Folder;
use crate::record::Kind;
use crate::recovery::{Damage, Recovery, TornTail};
use crate::segment::{SEGMENT_HEADER_BYTES, SegmentHeader, Step, VERSION, Walk, read_header, write_header};
use crate::sequence::Sequence;

/// One place is remembered for about this many bytes, so that reading from a number does not read
/// the whole segment before it.
const INDEX_STRIDE_BYTES: u64 = 64 << 10;

/// What is known of a segment without reading it.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) path: PathBuf,
    /// The number of its first record.
    pub(crate) first: Sequence,
    /// The number after its last record.
    pub(crate) next: Sequence,
    /// Where its good records end.
    pub(crate) end: u64,
    /// How many data records can be read.
    pub(crate) records: u64,
    index: Vec<(Sequence, u64)>,
}

impl Segment {
    /// A segment with a header and nothing else.
    pub(crate) fn empty(path: PathBuf, first: Sequence) -> Segment {
        Segment { path, first, next: first, end: SEGMENT_HEADER_BYTES, records: 0, index: Vec::new() }
    }

    /// Whether a number was given to any record of it.
    pub(crate) fn has_records(&self) -> bool {
        self.next > self.first
    }

    /// Takes note of a record that ends at `end`.
    pub(crate) fn note(&mut self, sequence: Sequence, kind: Kind, offset: u64, end: u64) {
        let indexed = self.index.last().map_or(SEGMENT_HEADER_BYTES, |last| last.1);
        if offset - indexed >= INDEX_STRIDE_BYTES {
            self.index.push((sequence, offset));
        }
        self.end = end;
        if kind == Kind::Data {
            self.records += 1;
            self.next = sequence.next();
        }
    }

    /// A place at or before the record with this number: the number there, and the offset.
    pub(crate) fn place_of(&self, sequence: Sequence) -> (Sequence, u64) {
        let behind = self.index.partition_point(|(indexed, _)| *indexed <= sequence);
        match behind.checked_sub(1) {
            Some(at) => self.index[at],
            None => (self.first, SEGMENT_HEADER_BYTES),
        }
    }
}

/// What a folder holds.
pub(crate) struct Replay {
    pub(crate) segments: VecDeque<Segment>,
    /// Records before this were forgotten.
    pub(crate) first_kept: Sequence,
    pub(crate) recovery: Recovery,
}

/// Reads all segments, cuts the torn tail of the last one and says what was found.
pub(crate) fn replay(folder: &Folder) -> Result<Replay, JournalError> {
    let found = folder.segments()?;
    let mut replay =
        Replay { segments: VecDeque::new(), first_kept: Sequence::FIRST, recovery: Recovery::default() };
    let count = found.len();
    for (number, (first, path)) in found.into_iter().enumerate() {
        replay.read(first, path, number + 1 == count)?;
    }
    if let Some(first) = replay.segments.front() {
        replay.first_kept = replay.first_kept.max(first.first);
    }
    // What was forgotten cannot be lost.
    let first_kept = replay.first_kept;
    replay.recovery.damage.retain(|damage| damage.records == 0 || damage.end() > first_kept);
    Ok(replay)
}

impl Replay {
    fn read(&mut self, first: Sequence, path: PathBuf, is_last: bool) -> Result<(), JournalError> {
        let read_failed = |source| JournalError::Read { path: path.clone(), source };
        let mut file = File::options().read(true).write(true).open(&path).map_err(read_failed)?;
        let size_bytes = file.metadata().map_err(read_failed)?.len();
        let header = read_header(&mut file).map_err(read_failed)?;
        if let SegmentHeader::Good(version, _) = header
            && version > VERSION
        {
            return Err(JournalError::Version { path, version });
        }
        // The name says the first number, too, so a segment is of use without its header.
        let header_is_whole = matches!(header, SegmentHeader::Good(_, in_file) if in_file == first);
        self.note_gap_before(first, &path);

        let mut segment = Segment::empty(path.clone(), first);
        let damage_before = self.recovery.damage.len();
        let tail = self.walk(&mut segment, size_bytes).map_err(read_failed)?;
        if !header_is_whole {
            if segment.records == 0 && is_last {
                // It was being begun: nothing was in it yet.
                file.set_len(0).and_then(|()| write_header(&mut file, first)).map_err(read_failed)?;
                self.recovery.torn = Some(TornTail { path: path.clone(), offset: 0, size_bytes });
                self.segments.push_back(segment);
                return Ok(());
            }
            let size_bytes = size_bytes.min(SEGMENT_HEADER_BYTES);
            let damage = Damage { path: path.clone(), offset: 0, size_bytes, first, records: 0 };
            self.recovery.damage.insert(damage_before, damage);
        }
        if let Some((offset, size_bytes)) = tail {
            if is_last {
                file.set_len(offset).and_then(|()| file.sync_all()).map_err(read_failed)?;
                self.recovery.torn = Some(TornTail { path, offset, size_bytes });
            } else {
                // How many records it held, the next segment's first number will tell.
                let first = segment.next;
                self.recovery.damage.push(Damage { path, offset, size_bytes, first, records: 0 });
            }
        }
        self.recovery.records += segment.records;
        self.segments.push_back(segment);
        Ok(())
    }

    /// Steps over the whole segment; gives the bytes behind its last good record.
    fn walk(&mut self, segment: &mut Segment, size_bytes: u64) -> std::io::Result<Option<(u64, u64)>> {
        let path = segment.path.clone();
        let mut walk = Walk::begin(&path, SEGMENT_HEADER_BYTES, size_bytes, segment.first)?;
        loop {
            match walk.step()? {
                Step::Record { offset, sequence, kind } => {
                    segment.note(sequence, kind, offset, walk.offset());
                    if kind == Kind::Mark
                        && let Some(bytes) = walk.payload().first_chunk::<8>()
                    {
                        self.first_kept = self.first_kept.max(Sequence(u64::from_le_bytes(*bytes)));
                    }
                }
                Step::Damage { offset, size_bytes, first, records } => {
                    self.recovery.damage.push(Damage {
                        path: path.clone(),
                        offset,
                        size_bytes,
                        first,
                        records,
                    });
                }
                Step::Tail { offset, size_bytes } => return Ok(Some((offset, size_bytes))),
                Step::End => return Ok(None),
            }
        }
    }

    /// Records between the segment before and this one: in a damaged tail, or in a file that is gone.
    fn note_gap_before(&mut self, first: Sequence, path: &Path) {
        let Some(before) = self.segments.back() else { return };
        let records = first.since(before.next);
        if records == 0 {
            return;
        }
        match self.recovery.damage.last_mut() {
            Some(tail) if tail.path == before.path && tail.offset >= before.end => tail.records = records,
            _ => self.recovery.damage.push(Damage {
                path: path.to_owned(),
                offset: 0,
                size_bytes: 0,
                first: before.next,
                records,
            }),
        }
    }
}
