//! Reading records back.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;

use crate::error::JournalError;
use crate::record::Kind;
use crate::recovery::Damage;
use crate::replay::Segment;
use crate::segment::{Step, Walk};
use crate::sequence::Sequence;

/// A record that was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub sequence: Sequence,
    /// What was appended.
    pub payload: Vec<u8>,
}

/// The records that were in the journal when [`Journal::read_from`](crate::Journal::read_from) was
/// called, in order. It borrows nothing, so appending goes on beside it; segments that are deleted
/// meanwhile (forgotten, or dropped at the cap) are left out.
///
/// A damaged stretch is one [`JournalError::Damaged`], and the iterator goes on behind it. After
/// [`JournalError::Read`] it goes on with the next segment.
pub struct Reader {
    from: Sequence,
    parts: VecDeque<Part>,
    open: Option<(Part, Walk)>,
}

/// What is to be read of a segment.
struct Part {
    path: PathBuf,
    place: (Sequence, u64),
    next: Sequence,
    end: u64,
}

impl Reader {
    pub(crate) fn new<'a>(segments: impl Iterator<Item = &'a Segment>, from: Sequence) -> Reader {
        let parts = segments.filter(|segment| segment.next > from).map(|segment| Part {
            path: segment.path.clone(),
            place: segment.place_of(from),
            next: segment.next,
            end: segment.end,
        });
        Reader { from, parts: parts.collect(), open: None }
    }

    /// Goes on to the next part; `false` when there is none.
    fn open_next(&mut self) -> Result<bool, JournalError> {
        while let Some(part) = self.parts.pop_front() {
            let (expected, offset) = part.place;
            match Walk::begin(&part.path, offset, part.end, expected) {
                Ok(walk) => {
                    self.open = Some((part, walk));
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(JournalError::Read { path: part.path, source }),
            }
        }
        Ok(false)
    }

    fn damaged(&self, damage: Damage) -> Option<JournalError> {
        (damage.end() > self.from).then_some(JournalError::Damaged(damage))
    }
}

impl Iterator for Reader {
    type Item = Result<Entry, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((part, walk)) = &mut self.open else {
                match self.open_next() {
                    Ok(true) => continue,
                    Ok(false) => return None,
                    Err(error) => return Some(Err(error)),
                }
            };
            let damage = match walk.step() {
                Ok(Step::Record { sequence, kind: Kind::Data, .. }) if sequence >= self.from => {
                    return Some(Ok(Entry { sequence, payload: walk.take_payload() }));
                }
                Ok(Step::Record { .. }) => continue,
                Ok(Step::Damage { offset, size_bytes, first, records }) => {
                    Damage { path: part.path.clone(), offset, size_bytes, first, records }
                }
                Ok(Step::Tail { offset, size_bytes }) => {
                    let first = walk.expected();
                    let records = part.next.since(first);
                    Damage { path: part.path.clone(), offset, size_bytes, first, records }
                }
                Ok(Step::End) => {
                    self.open = None;
                    continue;
                }
                Err(source) => {
                    let path = part.path.clone();
                    self.open = None;
                    return Some(Err(JournalError::Read { path, source }));
                }
            };
            if let Some(error) = self.damaged(damage) {
                return Some(Err(error));
            }
        }
    }
}
