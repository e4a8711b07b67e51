//! Reading captures of every version.

use std::io::Read;

use lanner_model::id::Tid;
use lanner_model::loss::{Loss, LossCause};
use lanner_model::snapshot::Record;
use lanner_model::source::{Delivery, Next, Source, SourceError};

use crate::block::{self, Block, Entries, Kind};
use crate::entry::Entry;
use crate::error::CaptureError;
use crate::event_block::EventReader;
use crate::input::Input;
use crate::record::machine::Extra;
use crate::record::{fd, interface, machine, thread, user};
use crate::upgrade::{Draft, Outcome, Upgrader};

const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
const MAJOR_VERSION: u16 = 1;

/// A capture as a [`Source`]: its snapshot records, then its events, upgraded to today's forms.
///
/// It holds one entry or event at a time and the enter events that wait for their exit events
/// (at most 64 MiB), whatever lengths the file claims.
pub struct CaptureReader {
    input: Input,
    on_damage: OnDamage,
    place: Place,
    extra: Extra,
    events: EventReader,
    upgrader: Upgrader,
    draft: Draft,
    number: u64,
    losses: Losses,
}

/// What a reader does when bytes are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OnDamage {
    Refuse,
    Salvage,
}

/// Where in the file the reader is.
enum Place {
    BetweenBlocks,
    /// In a list, between entries. An fd list belongs to a process.
    InList(Block, Option<Tid>),
    AtEnd,
}

/// Cumulative counts, each told when it grows.
#[derive(Default)]
struct Losses {
    damaged: u64,
    unknown: u64,
    forgotten: u64,
}

enum Found {
    Record(Record),
    /// An event; it lies in the draft.
    Event {
        cpu: u16,
    },
    Loss(Loss),
    End,
}

impl CaptureReader {
    /// Opens a capture, plain or compressed by gzip. Damage is an error of [`Source::next`], after
    /// all that came before it.
    ///
    /// # Errors
    /// When the bytes do not begin as a capture that can be read.
    pub fn open(reader: impl Read + Send + 'static) -> Result<Self, CaptureError> {
        Self::open_with(reader, OnDamage::Refuse)
    }

    /// Opens a capture of which something may be missing: what is damaged is a [`Next::Loss`] that
    /// says where, a damaged event or entry is passed over, and where the frame itself is broken or
    /// the file cut, the source ends.
    ///
    /// # Errors
    /// When the bytes do not begin as a capture that can be read.
    pub fn salvage(reader: impl Read + Send + 'static) -> Result<Self, CaptureError> {
        Self::open_with(reader, OnDamage::Salvage)
    }

    fn open_with(reader: impl Read + Send + 'static, on_damage: OnDamage) -> Result<Self, CaptureError> {
        let mut input = Input::open(reader)?;
        if !input.first_bytes().starts_with(&block::SECTION_HEADER.to_le_bytes()) {
            return Err(CaptureError::NotACapture { found: input.first_bytes().to_vec() });
        }
        if let Some(mut block) = Block::next(&mut input)? {
            read_section_header(&mut input, &mut block)?;
            block.close(&mut input)?;
        }
        Ok(Self {
            input,
            on_damage,
            place: Place::BetweenBlocks,
            extra: Extra::default(),
            events: EventReader::default(),
            upgrader: Upgrader::default(),
            draft: Draft { bytes: Vec::new(), wide: false },
            number: 0,
            losses: Losses::default(),
        })
    }

    fn find(&mut self) -> Result<Found, CaptureError> {
        loop {
            let found = match std::mem::replace(&mut self.place, Place::AtEnd) {
                Place::AtEnd => Some(Found::End),
                Place::BetweenBlocks => match Block::next(&mut self.input)? {
                    None => Some(Found::End),
                    Some(mut block) => {
                        let found = self.enter(&mut block);
                        self.leave(block, found)?
                    }
                },
                Place::InList(mut block, owner) => {
                    let found = self.entry(&mut block, owner);
                    match found {
                        Ok(Some(record)) => {
                            self.place = Place::InList(block, owner);
                            Some(Found::Record(record))
                        }
                        Ok(None) => self.leave(block, Ok(Step::Done(None)))?,
                        Err(error) => self.leave(block, Err(error))?,
                    }
                }
            };
            if let Some(found) = found {
                return Ok(found);
            }
            if let Some(loss) = self.new_loss() {
                return Ok(Found::Loss(loss));
            }
        }
    }

    /// Goes on behind a block, or into its list.
    fn leave(
        &mut self,
        mut block: Block,
        found: Result<Step, CaptureError>,
    ) -> Result<Option<Found>, CaptureError> {
        match found {
            Ok(Step::List(owner)) => {
                self.place = Place::InList(block, owner);
                Ok(None)
            }
            Ok(Step::Done(found)) => {
                block.close(&mut self.input)?;
                self.place = Place::BetweenBlocks;
                Ok(found)
            }
            // Only what is inside the block is wrong: the frame leads to the next one.
            Err(error @ CaptureError::Damaged { .. }) if self.on_damage == OnDamage::Salvage => {
                block.close(&mut self.input)?;
                self.place = Place::BetweenBlocks;
                Ok(Some(Found::Loss(self.damage(&error))))
            }
            Err(error) => Err(error),
        }
    }

    fn enter(&mut self, block: &mut Block) -> Result<Step, CaptureError> {
        match block.kind {
            Kind::SectionHeader => {
                // Another capture was put behind this one.
                read_section_header(&mut self.input, block)?;
                self.upgrader.restart();
                self.extra = Extra::default();
                Ok(Step::Done(None))
            }
            Kind::LannerMachine => {
                self.extra = Extra::read(Entry::bare(&mut self.input, block))?;
                Ok(Step::Done(None))
            }
            Kind::Machine => {
                let left = block.left();
                let machine = machine::read(Entry::bare(&mut self.input, block), &self.extra, left)?;
                Ok(Step::Done(Some(Found::Record(Record::Machine(machine)))))
            }
            Kind::FdList(_) => {
                let tid = Entry::bare(&mut self.input, block).i64("the process of a list of descriptors")?;
                Ok(Step::List(Some(Tid(tid))))
            }
            Kind::ProcessList(_) | Kind::InterfaceList(_) | Kind::UserList(_) => Ok(Step::List(None)),
            Kind::Event(layout) => {
                let start = block.start;
                let event = &mut self.draft.bytes;
                let Some(found) = self.events.read(&mut self.input, block, layout, event)? else {
                    return Ok(Step::Done(None));
                };
                self.draft.wide = found.wide;
                let checked = self.draft.event().map(|_| ());
                checked
                    .map_err(|error| CaptureError::Damaged { offset: start, problem: error.to_string() })?;
                Ok(Step::Done(self.upgraded(found.cpu)))
            }
            Kind::Other => Ok(Step::Done(None)),
        }
    }

    fn upgraded(&mut self, cpu: u16) -> Option<Found> {
        match self.upgrader.upgrade(&mut self.draft) {
            Outcome::Ready => {
                self.number += 1;
                Some(Found::Event { cpu })
            }
            Outcome::Gone => None,
            Outcome::Unknown => {
                self.losses.unknown += 1;
                Some(Found::Loss(Loss {
                    cause: LossCause::Decode,
                    place: "upgrade of old events".to_owned(),
                    count: self.losses.unknown,
                }))
            }
        }
    }

    /// The next entry of a list; `None` at its end.
    fn entry(&mut self, block: &mut Block, owner: Option<Tid>) -> Result<Option<Record>, CaptureError> {
        // What is left may be zeros up to a multiple of 4.
        if block.left() < 4 {
            return Ok(None);
        }
        let kind = block.kind;
        let with_length = match kind {
            Kind::ProcessList(version) => version >= 9,
            Kind::FdList(entries) | Kind::InterfaceList(entries) | Kind::UserList(entries) => {
                entries == Entries::WithLength
            }
            _ => return Ok(None),
        };
        let counted_itself = if matches!(kind, Kind::InterfaceList(_)) { 0 } else { 4 };
        let mut entry = if with_length {
            Entry::sized(&mut self.input, block, counted_itself)?
        } else {
            Entry::bare(&mut self.input, block)
        };
        let record = match (kind, owner) {
            (Kind::ProcessList(version), _) => Record::Thread(Box::new(thread::read(&mut entry, version)?)),
            (Kind::FdList(_), Some(tid)) => Record::Fd(fd::read(&mut entry, tid)?),
            (Kind::InterfaceList(_), _) => Record::Interface(interface::read(&mut entry)?),
            _ => user::read(&mut entry)?,
        };
        entry.close()?;
        Ok(Some(record))
    }

    fn damage(&mut self, error: &CaptureError) -> Loss {
        self.losses.damaged += 1;
        Loss { cause: LossCause::Decode, place: error.to_string(), count: self.losses.damaged }
    }

    fn new_loss(&mut self) -> Option<Loss> {
        let forgotten = self.upgrader.forgotten();
        (forgotten > self.losses.forgotten).then(|| {
            self.losses.forgotten = forgotten;
            Loss { cause: LossCause::MapFull, place: "enter events".to_owned(), count: forgotten }
        })
    }
}

/// What a block turned out to be.
enum Step {
    /// It was read whole.
    Done(Option<Found>),
    /// It is a list, perhaps of a process, whose entries follow.
    List(Option<Tid>),
}

impl Source for CaptureReader {
    fn next(&mut self) -> Result<Next<'_>, SourceError> {
        let found = match self.find() {
            Ok(found) => found,
            Err(error) if self.on_damage == OnDamage::Salvage => Found::Loss(self.damage(&error)),
            Err(error) => return Err(error.into()),
        };
        Ok(match found {
            Found::Record(record) => Next::Record(record),
            Found::Event { cpu } => {
                let event = self.draft.event().map_err(|error| CaptureError::Damaged {
                    offset: self.input.offset(),
                    problem: error.to_string(),
                })?;
                Next::Event(Delivery { number: self.number, cpu, event })
            }
            Found::Loss(loss) => Next::Loss(loss),
            Found::End => Next::End,
        })
    }
}

fn read_section_header(input: &mut Input, block: &mut Block) -> Result<(), CaptureError> {
    let mut entry = Entry::bare(input, block);
    let magic = entry.u32("the byte order mark")?;
    if magic == BYTE_ORDER_MAGIC.swap_bytes() {
        return Err(CaptureError::BigEndian);
    }
    if magic != BYTE_ORDER_MAGIC {
        return Err(entry.damaged(format!("the byte order mark is {magic:#x}")));
    }
    let (major, minor) = (entry.u16("the format version")?, entry.u16("the format version")?);
    if major > MAJOR_VERSION {
        return Err(CaptureError::Version { major, minor });
    }
    Ok(())
}
