//! A segment file: its header, and walking over its records.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::record::{HEADER_BYTES, Header, Kind};
use crate::sequence::Sequence;

/// magic 8, version u32, first sequence u64, checksum of these u32; little endian.
pub(crate) const SEGMENT_HEADER_BYTES: u64 = 24;
/// The version this code writes, and the newest it reads.
pub(crate) const VERSION: u32 = 1;
const MAGIC: [u8; 8] = *b"LANNERJ\n";

/// What a segment's first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SegmentHeader {
    /// The header is whole: version, and the number of the first record.
    Good(u32, Sequence),
    /// It is too short or does not fit its checksum.
    Bad,
}

/// Writes a header at the beginning of an empty file and waits for the disk.
pub(crate) fn write_header(file: &mut File, first: Sequence) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(SEGMENT_HEADER_BYTES as usize);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&first.0.to_le_bytes());
    let checksum = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&bytes)?;
    file.sync_all()
}

/// Reads a segment's header.
pub(crate) fn read_header(file: &mut File) -> io::Result<SegmentHeader> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(SEGMENT_HEADER_BYTES).read_to_end(&mut bytes)?;
    Ok(parse_header(&bytes).unwrap_or(SegmentHeader::Bad))
}

fn parse_header(bytes: &[u8]) -> Option<SegmentHeader> {
    let (magic, rest) = bytes.split_first_chunk::<8>()?;
    let (version, rest) = rest.split_first_chunk::<4>()?;
    let (first, rest) = rest.split_first_chunk::<8>()?;
    let checksum = rest.first_chunk::<4>()?;
    let good = *magic == MAGIC && u32::from_le_bytes(*checksum) == crc32fast::hash(&bytes[..20]);
    good.then(|| SegmentHeader::Good(u32::from_le_bytes(*version), Sequence(u64::from_le_bytes(*first))))
}

/// What a walk came upon.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A good record; its payload is the walk's [`Walk::payload`].
    Record { offset: u64, sequence: Sequence, kind: Kind },
    /// A stretch that is no record, with a good one behind it. `records` are lost, from `first` on.
    Damage { offset: u64, size_bytes: u64, first: Sequence, records: u64 },
    /// From here to the end there is no good record.
    Tail { offset: u64, size_bytes: u64 },
    /// Nothing more.
    End,
}

/// A walk over the records of one segment, in order.
pub(crate) struct Walk {
    file: BufReader<File>,
    offset: u64,
    end: u64,
    expected: Sequence,
    payload: Vec<u8>,
}

impl Walk {
    /// Begins at `offset`, where the record `expected` should be, and goes to `end`.
    pub(crate) fn begin(path: &Path, offset: u64, end: u64, expected: Sequence) -> io::Result<Walk> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let file = BufReader::with_capacity(64 << 10, file);
        Ok(Walk { file, offset, end, expected, payload: Vec::new() })
    }

    /// The payload of the record that was stepped on last.
    pub(crate) fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Takes that payload.
    pub(crate) fn take_payload(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.payload)
    }

    /// Where the walk is.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The number the next record should have.
    pub(crate) fn expected(&self) -> Sequence {
        self.expected
    }

    /// Goes one record, or one damaged stretch, on.
    pub(crate) fn step(&mut self) -> io::Result<Step> {
        let offset = self.offset;
        if offset >= self.end {
            return Ok(Step::End);
        }
        let Some(header) = self.read_record()? else {
            return self.step_over_damage(offset);
        };
        let Header { sequence, kind, .. } = header;
        if sequence > self.expected {
            // A good record, but not the next: those between were never in this file.
            let (first, records) = (self.expected, sequence.since(self.expected));
            self.expected = sequence;
            self.seek(offset)?;
            return Ok(Step::Damage { offset, size_bytes: 0, first, records });
        }
        self.offset = offset + header.record_bytes();
        if kind == Kind::Data {
            self.expected = sequence.next();
        }
        Ok(Step::Record { offset, sequence, kind })
    }

    /// Reads the record at the walk's place; `None` when there is no good one.
    fn read_record(&mut self) -> io::Result<Option<Header>> {
        let left = self.end - self.offset;
        if left < HEADER_BYTES {
            return Ok(None);
        }
        let mut bytes = [0; HEADER_BYTES as usize];
        if !read_fully(&mut self.file, &mut bytes)? {
            return Ok(None);
        }
        let header = Header::parse(&bytes)
            .filter(|header| header.record_bytes() <= left && header.sequence >= self.expected);
        let Some(header) = header else { return Ok(None) };
        self.payload.clear();
        self.payload.resize(header.payload_bytes as usize, 0);
        let whole = read_fully(&mut self.file, &mut self.payload)? && header.guards(&self.payload);
        Ok(whole.then_some(header))
    }

    /// Looks for the next good record at every byte behind `offset`.
    fn step_over_damage(&mut self, offset: u64) -> io::Result<Step> {
        self.seek(offset)?;
        let mut rest = Vec::new();
        (&mut self.file).take(self.end - offset).read_to_end(&mut rest)?;
        let found = (1..rest.len()).find_map(|at| {
            let header = Header::parse(&rest[at..])?;
            // A header that claims more records in between than there was room for is chance.
            let room = at as u64 / HEADER_BYTES + 1;
            if header.sequence.0.checked_sub(self.expected.0)? > room {
                return None;
            }
            let body = at + HEADER_BYTES as usize;
            let payload = rest.get(body..body.checked_add(header.payload_bytes as usize)?)?;
            header.guards(payload).then_some((at as u64, header.sequence))
        });
        let Some((size_bytes, sequence)) = found else {
            let size_bytes = self.end - offset;
            self.offset = self.end;
            return Ok(Step::Tail { offset, size_bytes });
        };
        let (first, records) = (self.expected, sequence.since(self.expected));
        self.expected = sequence;
        self.seek(offset + size_bytes)?;
        Ok(Step::Damage { offset, size_bytes, first, records })
    }

    fn seek(&mut self, offset: u64) -> io::Result<()> {
        self.offset = offset;
        self.file.seek(SeekFrom::Start(offset)).map(|_| ())
    }
}

/// Fills the buffer; `false` when the file ends before.
fn read_fully(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
