//! The journal.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::error::JournalError;
use crate::folder::Folder;
use crate::options::{Durability, Options, WhenFull};
use crate::reader::Reader;
use crate::record::{self, HEADER_BYTES, Kind, PAYLOAD_LIMIT};
use crate::recovery::Recovery;
use crate::replay::{Segment, replay};
use crate::segment::{SEGMENT_HEADER_BYTES, write_header};
use crate::sequence::Sequence;

/// An append-only log in a folder. The crate's page says what it promises.
#[derive(Debug)]
pub struct Journal {
    folder: Folder,
    options: Options,
    /// All but the last are closed and on the disk; the last is written to. Never empty.
    segments: VecDeque<Segment>,
    active: File,
    /// Records before this are forgotten or dropped.
    first_kept: Sequence,
    synced: Sequence,
    dirty: bool,
    halted: bool,
    dropped_records: u64,
    scratch: Vec<u8>,
}

impl Journal {
    /// Opens the journal in `folder`, which is made where it is missing, and reads all of it to see
    /// what is good.
    ///
    /// # Errors
    /// When the folder cannot be used, another process has it, or a segment is of a newer format.
    /// Damage is no error: see [`Recovery`].
    pub fn open(folder: impl AsRef<Path>, options: Options) -> Result<(Journal, Recovery), JournalError> {
        let folder = Folder::open(folder.as_ref())?;
        let found = replay(&folder)?;
        let mut segments = found.segments;
        let active = match segments.back() {
            Some(last) => reopen(&last.path)?,
            None => {
                let path = folder.segment_path(Sequence::FIRST);
                let file = begin(&folder, &path, Sequence::FIRST)?;
                segments.push_back(Segment::empty(path, Sequence::FIRST));
                file
            }
        };
        let mut journal = Journal {
            folder,
            options,
            segments,
            active,
            first_kept: found.first_kept,
            synced: Sequence::NONE,
            // What the last owner appended may not be on the disk yet.
            dirty: true,
            halted: false,
            dropped_records: 0,
            scratch: Vec::new(),
        };
        journal.sync()?;
        journal.delete_forgotten()?;
        let recovery =
            Recovery { segments: journal.segments.len(), size_bytes: journal.size_bytes(), ..found.recovery };
        Ok((journal, recovery))
    }

    /// Appends a record and says its number. It is on the disk after the next
    /// [`sync`](Journal::sync).
    ///
    /// # Errors
    /// [`JournalError::TooLarge`], [`JournalError::Full`], or when the system refuses to write; then
    /// the journal is as it was before.
    pub fn append(&mut self, payload: &[u8]) -> Result<Sequence, JournalError> {
        self.check_running()?;
        let record_bytes = HEADER_BYTES + payload.len() as u64;
        let limit_bytes = (self.options.max_record_bytes as u64).min(PAYLOAD_LIMIT);
        let limit_bytes = match self.options.max_bytes {
            Some(cap) => limit_bytes.min(cap.saturating_sub(SEGMENT_HEADER_BYTES + HEADER_BYTES)),
            None => limit_bytes,
        };
        if payload.len() as u64 > limit_bytes {
            return Err(JournalError::TooLarge { size_bytes: payload.len() as u64, limit_bytes });
        }
        self.make_room(record_bytes)?;
        let active = self.active_segment();
        if active.has_records() && active.end + record_bytes > self.options.effective_segment_bytes() {
            self.roll(active.next)?;
        }
        let sequence = self.next_sequence();
        self.write(sequence, Kind::Data, payload)?;
        Ok(sequence)
    }

    /// Waits until all that was appended is on the disk; gives the number of the last record, which
    /// is now safe with all before it.
    ///
    /// # Errors
    /// When the disk does not confirm. The journal then takes no more records
    /// ([`JournalError::Halted`]).
    pub fn sync(&mut self) -> Result<Sequence, JournalError> {
        self.check_running()?;
        if self.dirty
            && self.options.durability == Durability::Disk
            && let Err(source) = self.active.sync_data()
        {
            self.halted = true;
            return Err(JournalError::Sync { path: self.active_segment().path.clone(), source });
        }
        self.dirty = false;
        self.synced = self.next_sequence().previous();
        Ok(self.synced)
    }

    /// The records from `sequence` on that are neither forgotten nor dropped.
    #[must_use]
    pub fn read_from(&self, sequence: Sequence) -> Reader {
        Reader::new(self.segments.iter(), sequence.max(self.first_kept))
    }

    /// Lets go of all records before `sequence`: they are not read again, after a restart neither,
    /// and segments that hold no others are deleted. The note itself is on the disk with the next
    /// [`sync`](Journal::sync); should it be lost, records come back, which the owner must bear.
    ///
    /// # Errors
    /// When the note cannot be written or a segment cannot be deleted.
    pub fn forget_before(&mut self, sequence: Sequence) -> Result<(), JournalError> {
        self.check_running()?;
        let sequence = sequence.min(self.next_sequence());
        if sequence <= self.first_kept {
            return Ok(());
        }
        // Deleting comes first: on a full disk it is what makes room for the note.
        self.first_kept = sequence;
        self.delete_forgotten()?;
        self.write(self.next_sequence(), Kind::Mark, &sequence.0.to_le_bytes())
    }

    /// Forgets all records and goes on with number `sequence`; does nothing when that many were
    /// appended already. It is for an owner who knows from elsewhere that numbers below were used,
    /// though the journal's folder was lost.
    ///
    /// # Errors
    /// When the segment cannot be begun or old ones not be deleted.
    pub fn advance_to(&mut self, sequence: Sequence) -> Result<(), JournalError> {
        self.check_running()?;
        if sequence <= self.next_sequence() {
            return Ok(());
        }
        self.roll(sequence)?;
        self.first_kept = sequence;
        self.delete_forgotten()
    }

    /// The first record that is kept; equal to [`next_sequence`](Journal::next_sequence) when there
    /// is none.
    #[must_use]
    pub fn first_sequence(&self) -> Sequence {
        self.first_kept
    }

    /// The number the next record will have.
    #[must_use]
    pub fn next_sequence(&self) -> Sequence {
        self.active_segment().next
    }

    /// The last record that is known to be on the disk.
    #[must_use]
    pub fn synced_sequence(&self) -> Sequence {
        self.synced
    }

    /// Bytes of all segments.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.end).sum()
    }

    /// Records that were dropped at the size cap since the journal was opened.
    #[must_use]
    pub fn dropped_records(&self) -> u64 {
        self.dropped_records
    }

    /// The journal's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn active_segment(&self) -> &Segment {
        self.segments.back().expect("a journal has an active segment from open on")
    }

    fn check_running(&self) -> Result<(), JournalError> {
        if self.halted {
            return Err(JournalError::Halted { path: self.folder.path().to_owned() });
        }
        Ok(())
    }

    fn write(&mut self, sequence: Sequence, kind: Kind, payload: &[u8]) -> Result<(), JournalError> {
        record::encode(&mut self.scratch, sequence, kind, payload);
        let segment = self.segments.back_mut().expect("a journal has an active segment from open on");
        let offset = segment.end;
        if let Err(source) = self.active.write_all_at(&self.scratch, offset) {
            // Half a record must not stand before the next one.
            self.halted = self.active.set_len(offset).is_err();
            return Err(JournalError::Append { path: segment.path.clone(), source });
        }
        segment.note(sequence, kind, offset, offset + self.scratch.len() as u64);
        self.dirty = true;
        Ok(())
    }

    /// Closes the active segment and begins the next, which must not begin with the same number.
    fn roll(&mut self, first: Sequence) -> Result<(), JournalError> {
        // Only the last segment may have a torn tail.
        self.sync()?;
        let path = self.folder.segment_path(first);
        self.active = begin(&self.folder, &path, first)?;
        self.segments.push_back(Segment::empty(path, first));
        Ok(())
    }

    /// Sees to it that `record_bytes` more stay below the cap.
    fn make_room(&mut self, record_bytes: u64) -> Result<(), JournalError> {
        let Some(limit_bytes) = self.options.max_bytes else { return Ok(()) };
        while self.size_bytes() + record_bytes > limit_bytes {
            let oldest_is_forgotten = self.segments.front().is_some_and(|s| s.next <= self.first_kept);
            if self.options.when_full == WhenFull::Refuse && !oldest_is_forgotten {
                return Err(JournalError::Full { path: self.folder.path().to_owned(), limit_bytes });
            }
            if self.segments.len() == 1 {
                let active = self.active_segment();
                if !active.has_records() {
                    break; // nothing left to drop
                }
                self.roll(active.next)?;
            }
            self.drop_oldest()?;
        }
        Ok(())
    }

    fn drop_oldest(&mut self) -> Result<(), JournalError> {
        let Some(oldest) = self.segments.front() else { return Ok(()) };
        delete(&oldest.path)?;
        let kept = oldest.next.since(oldest.first.max(self.first_kept)).min(oldest.records);
        self.dropped_records += kept;
        self.first_kept = self.first_kept.max(oldest.next);
        self.segments.pop_front();
        Ok(())
    }

    fn delete_forgotten(&mut self) -> Result<(), JournalError> {
        while self.segments.len() > 1 && self.segments[0].next <= self.first_kept {
            delete(&self.segments[0].path)?;
            self.segments.pop_front();
        }
        Ok(())
    }
}

fn reopen(path: &Path) -> Result<File, JournalError> {
    let opened = File::options().read(true).write(true).open(path);
    opened.map_err(|source| JournalError::Read { path: path.to_owned(), source })
}

/// Makes a segment with its header and puts both, the file and its name, on the disk.
fn begin(folder: &Folder, path: &PathBuf, first: Sequence) -> Result<File, JournalError> {
    let made = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)
        .and_then(|mut file| write_header(&mut file, first).map(|()| file))
        .and_then(|file| folder.sync().map(|()| file));
    made.map_err(|source| {
        // Left behind, it would be taken for a segment at the next start; empty as it is, that is
        // harmless, so whether this works does not matter.
        let _ = fs::remove_file(path);
        JournalError::Begin { path: path.clone(), source }
    })
}

fn delete(path: &Path) -> Result<(), JournalError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(JournalError::Delete { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}
