//! Writing captures of the newest version.

use std::io::{BufWriter, Write};

use flate2::write::GzEncoder;
use lanner_model::event::EventRef;
use lanner_model::id::Tid;
use lanner_model::snapshot::{Machine, Record};

use crate::block;
use crate::error::CaptureError;
use crate::event_block;
use crate::record::machine::Extra;
use crate::record::{fd, interface, machine, thread, user};

const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
const VERSION: [u16; 2] = [1, 2];
/// A list of processes or descriptors is written when it has this many bytes; the next entries make
/// another block.
const LIST_LEN: usize = 256 * 1024;

/// Whether a capture is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Bytes as they are.
    None,
    /// By gzip, fast; every reader of captures understands it.
    Gzip,
}

/// Writes a capture: snapshot records first, then events.
///
/// Users and interfaces are kept until the first event, as a file has one list of each; all else is
/// written as it comes. The file is whole after [`CaptureWriter::finish`]; without it, readers get
/// all but the last few kilobytes and are told that it is cut.
pub struct CaptureWriter<W: Write> {
    sink: Sink<W>,
    users: Vec<u8>,
    interfaces: Vec<u8>,
    list: List,
    has_events: bool,
    body: Vec<u8>,
    framed: Vec<u8>,
}

enum Sink<W: Write> {
    Plain(BufWriter<W>),
    Gzip(Box<GzEncoder<BufWriter<W>>>),
}

/// The list that is being filled.
enum List {
    None,
    Threads(Vec<u8>),
    Fds(Tid, Vec<u8>),
}

impl<W: Write> CaptureWriter<W> {
    /// Begins a capture of this machine.
    ///
    /// # Errors
    /// When the first bytes cannot be written.
    pub fn create(writer: W, machine: &Machine, compression: Compression) -> Result<Self, CaptureError> {
        let writer = BufWriter::with_capacity(64 * 1024, writer);
        let sink = match compression {
            Compression::None => Sink::Plain(writer),
            Compression::Gzip => Sink::Gzip(Box::new(GzEncoder::new(writer, flate2::Compression::fast()))),
        };
        let mut capture = Self {
            sink,
            users: Vec::new(),
            interfaces: Vec::new(),
            list: List::None,
            has_events: false,
            body: Vec::new(),
            framed: Vec::new(),
        };
        let mut section = BYTE_ORDER_MAGIC.to_le_bytes().to_vec();
        section.extend(VERSION.iter().flat_map(|number| number.to_le_bytes()));
        section.extend(u64::MAX.to_le_bytes()); // the section's length: not known
        capture.write_block(block::SECTION_HEADER, &section)?;
        let mut body = Vec::new();
        Extra::write(&mut body, machine);
        capture.write_block(block::LANNER_MACHINE, &body)?;
        body.clear();
        machine::write(&mut body, machine);
        capture.write_block(block::MACHINE, &body)?;
        Ok(capture)
    }

    /// Writes a record of the snapshot. Threads come before their descriptors. The machine was
    /// said when the capture was begun; a record of it is passed over.
    ///
    /// # Errors
    /// When an event was written already, or the bytes cannot be.
    pub fn record(&mut self, record: &Record) -> Result<(), CaptureError> {
        if self.has_events {
            return Err(CaptureError::RecordAfterEvent);
        }
        match record {
            Record::Machine(_) => {}
            Record::User(record) => user::write_user(&mut self.users, record),
            Record::Group(record) => user::write_group(&mut self.users, record),
            Record::Interface(record) => interface::write(&mut self.interfaces, record),
            Record::Thread(record) => {
                let fits = matches!(&self.list, List::Threads(body) if body.len() < LIST_LEN);
                if !fits {
                    self.write_list()?;
                    self.list = List::Threads(Vec::new());
                }
                if let List::Threads(body) = &mut self.list {
                    thread::write(body, record);
                }
            }
            Record::Fd(record) => {
                let fits =
                    matches!(&self.list, List::Fds(tid, body) if *tid == record.tid && body.len() < LIST_LEN);
                if !fits {
                    self.write_list()?;
                    self.list = List::Fds(record.tid, record.tid.0.to_le_bytes().to_vec());
                }
                if let List::Fds(_, body) = &mut self.list {
                    fd::write(body, record);
                }
            }
        }
        Ok(())
    }

    /// Writes an event. A descriptor that a live event carries resolved goes into an option of its
    /// block, where our reader finds it and others pass over it. An event that is longer than other
    /// readers take is cut at its longest parameter.
    ///
    /// # Errors
    /// When the bytes cannot be written.
    pub fn event(&mut self, cpu: u16, event: EventRef<'_>) -> Result<(), CaptureError> {
        self.write_snapshot()?;
        let mut body = std::mem::take(&mut self.body);
        body.clear();
        let large = event_block::write(&mut body, cpu, &event);
        let written = self.write_block(if large { block::EVENT_V2_LARGE } else { block::EVENT_V2 }, &body);
        self.body = body;
        written
    }

    /// Ends the capture and gives the writer back, flushed. Making it durable (fsync, rename) is
    /// the caller's.
    ///
    /// # Errors
    /// When the last bytes cannot be written.
    pub fn finish(mut self) -> Result<W, CaptureError> {
        self.write_snapshot()?;
        let mut buffer = match self.sink {
            Sink::Plain(buffer) => buffer,
            Sink::Gzip(encoder) => encoder.finish().map_err(CaptureError::Write)?,
        };
        buffer.flush().map_err(CaptureError::Write)?;
        buffer.into_inner().map_err(|error| CaptureError::Write(error.into_error()))
    }

    /// Writes what was kept, before the first event.
    fn write_snapshot(&mut self) -> Result<(), CaptureError> {
        if self.has_events {
            return Ok(());
        }
        self.has_events = true;
        self.write_list()?;
        let (interfaces, users) = (std::mem::take(&mut self.interfaces), std::mem::take(&mut self.users));
        self.write_block(block::INTERFACE_LIST_V2, &interfaces)?;
        self.write_block(block::USER_LIST_V2, &users)
    }

    fn write_list(&mut self) -> Result<(), CaptureError> {
        match std::mem::replace(&mut self.list, List::None) {
            List::None => Ok(()),
            List::Threads(body) => self.write_block(block::PROCESS_LIST_V9, &body),
            List::Fds(_, body) => self.write_block(block::FD_LIST_V2, &body),
        }
    }

    fn write_block(&mut self, block_type: u32, body: &[u8]) -> Result<(), CaptureError> {
        self.framed.clear();
        block::write(&mut self.framed, block_type, body);
        let sink: &mut dyn Write = match &mut self.sink {
            Sink::Plain(buffer) => buffer,
            Sink::Gzip(encoder) => encoder.as_mut(),
        };
        sink.write_all(&self.framed).map_err(CaptureError::Write)
    }
}
