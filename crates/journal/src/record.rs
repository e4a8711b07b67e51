//! A record's bytes: header and payload (`docs/formats/journal.md`).

use crate::sequence::Sequence;

/// checksum u32, payload length u32, sequence u64, kind u8; little endian.
pub(crate) const HEADER_BYTES: u64 = 17;
/// No payload is longer, whatever the options say: a length above it is damage.
pub(crate) const PAYLOAD_LIMIT: u64 = 1 << 30;

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Bytes of the owner.
    Data,
    /// The journal's own note: records before the sequence in its payload are forgotten. Its own
    /// sequence is that of the data record that comes next; it uses none up.
    Mark,
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Kind::Data => 1,
            Kind::Mark => 2,
        }
    }

    fn from_byte(byte: u8) -> Option<Kind> {
        match byte {
            1 => Some(Kind::Data),
            2 => Some(Kind::Mark),
            _ => None,
        }
    }
}

/// A record's header, its checksum not yet compared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    checksum: u32,
    pub(crate) payload_bytes: u64,
    pub(crate) sequence: Sequence,
    pub(crate) kind: Kind,
}

impl Header {
    /// Reads a header; `None` when these bytes cannot begin a record.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Header> {
        let (checksum, bytes) = bytes.split_first_chunk::<4>()?;
        let (length, bytes) = bytes.split_first_chunk::<4>()?;
        let (sequence, bytes) = bytes.split_first_chunk::<8>()?;
        let header = Header {
            checksum: u32::from_le_bytes(*checksum),
            payload_bytes: u64::from(u32::from_le_bytes(*length)),
            sequence: Sequence(u64::from_le_bytes(*sequence)),
            kind: Kind::from_byte(*bytes.first()?)?,
        };
        (header.payload_bytes <= PAYLOAD_LIMIT).then_some(header)
    }

    /// How many bytes the record has, header included.
    pub(crate) fn record_bytes(&self) -> u64 {
        HEADER_BYTES + self.payload_bytes
    }

    /// Whether the checksum is that of this header and payload.
    pub(crate) fn guards(&self, payload: &[u8]) -> bool {
        self.checksum == checksum(self.sequence, self.kind, payload)
    }
}

/// Puts a record's bytes in place of `out`'s. The payload is no longer than [`PAYLOAD_LIMIT`].
pub(crate) fn encode(out: &mut Vec<u8>, sequence: Sequence, kind: Kind, payload: &[u8]) {
    out.clear();
    out.reserve(HEADER_BYTES as usize + payload.len());
    out.extend_from_slice(&checksum(sequence, kind, payload).to_le_bytes());
    out.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    out.extend_from_slice(&sequence.0.to_le_bytes());
    out.push(kind.byte());
    out.extend_from_slice(payload);
}

// The sequence is part of it, so that a good record in a wrong place is no good record.
fn checksum(sequence: Sequence, kind: Kind, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&(payload.len() as u32).to_le_bytes());
    hasher.update(&sequence.0.to_le_bytes());
    hasher.update(&[kind.byte()]);
    hasher.update(payload);
    hasher.finalize()
}
