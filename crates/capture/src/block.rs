//! Blocks: the frame of everything in a capture.
//!
//! `u32 type, u32 length of the whole, body, zeros up to a multiple of 4, u32 the length again`, as
//! in pcapng. Numbers of types: `userspace/libscap/scap_savefile.h` of falcosecurity/libs.

use crate::error::CaptureError;
use crate::input::Input;

/// The frame's bytes around a body.
pub(crate) const FRAME_LEN: u32 = 12;

pub(crate) const SECTION_HEADER: u32 = 0x0a0d_0d0a;
pub(crate) const MACHINE: u32 = 0x201;
pub(crate) const PROCESS_LIST_V9: u32 = 0x215;
pub(crate) const FD_LIST_V2: u32 = 0x218;
pub(crate) const INTERFACE_LIST_V2: u32 = 0x219;
pub(crate) const USER_LIST_V2: u32 = 0x220;
pub(crate) const EVENT_V2: u32 = 0x216;
pub(crate) const EVENT_V2_LARGE: u32 = 0x221;
/// Ours: what the machine block has no room for. Types from 2^31 on are for local use.
pub(crate) const LANNER_MACHINE: u32 = 0x8c4e_4c01;

/// What a block's body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    SectionHeader,
    Machine,
    LannerMachine,
    /// Of this version, 1 to 9.
    ProcessList(u8),
    FdList(Entries),
    InterfaceList(Entries),
    UserList(Entries),
    Event(EventLayout),
    /// A type we do not know.
    Other,
}

/// Whether a list's entries begin with their length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entries {
    Bare,
    WithLength,
}

/// How an event lies in its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventLayout {
    /// The header says how many parameters there are.
    pub(crate) counted: bool,
    /// Four bytes of flags stand before the event.
    pub(crate) flagged: bool,
    /// The block may be longer than 64 KiB.
    pub(crate) large: bool,
}

impl Kind {
    /// Numbers of the form `0x80..ABCD` are from before the format was published.
    fn of(block_type: u32) -> Self {
        use Entries::{Bare, WithLength};
        let event = |counted, flagged, large| Kind::Event(EventLayout { counted, flagged, large });
        match block_type {
            SECTION_HEADER => Kind::SectionHeader,
            MACHINE | 0x8002_abcd => Kind::Machine,
            LANNER_MACHINE => Kind::LannerMachine,
            0x202 | 0x8000_abcd => Kind::ProcessList(1),
            0x207 | 0x8013_abcd => Kind::ProcessList(2),
            0x209 | 0x8014_abcd => Kind::ProcessList(3),
            0x210..=PROCESS_LIST_V9 => Kind::ProcessList((block_type - 0x210 + 4) as u8),
            0x203 | 0x8001_abcd => Kind::FdList(Bare),
            FD_LIST_V2 => Kind::FdList(WithLength),
            0x205 | 0x8011_abcd => Kind::InterfaceList(Bare),
            INTERFACE_LIST_V2 => Kind::InterfaceList(WithLength),
            0x206 | 0x8012_abcd => Kind::UserList(Bare),
            USER_LIST_V2 => Kind::UserList(WithLength),
            0x204 | 0x8010_abcd => event(false, false, false),
            0x208 => event(false, true, false),
            EVENT_V2 => event(true, false, false),
            0x217 => event(true, true, false),
            EVENT_V2_LARGE => event(true, false, true),
            0x222 => event(true, true, true),
            _ => Kind::Other,
        }
    }
}

/// A block whose header was read: what of its body is left. All reads are bounded by it.
pub(crate) struct Block {
    pub(crate) kind: Kind,
    /// Where its header begins.
    pub(crate) start: u64,
    total: u32,
    left: u32,
}

impl Block {
    /// Reads a header; `None` at the end of the file.
    pub(crate) fn next(input: &mut Input) -> Result<Option<Self>, CaptureError> {
        if input.is_at_end() {
            return Ok(None);
        }
        let start = input.offset();
        let mut header = [0; 8];
        input.take_into(&mut header, "a block header")?;
        let (block_type, total) = halves(header);
        if total < FRAME_LEN {
            return Err(CaptureError::Damaged {
                offset: start,
                problem: format!("a block says it is {total} bytes long, its frame alone has {FRAME_LEN}"),
            });
        }
        Ok(Some(Self { kind: Kind::of(block_type), start, total, left: total - FRAME_LEN }))
    }

    /// How much of the body was not read yet.
    pub(crate) fn left(&self) -> u32 {
        self.left
    }

    /// Passes over what is left of the body and checks the length behind it.
    pub(crate) fn close(&mut self, input: &mut Input) -> Result<(), CaptureError> {
        input.skip(u64::from(self.left), "the rest of a block")?;
        self.left = 0;
        let offset = input.offset();
        let mut again = [0; 4];
        input.take_into(&mut again, "a block's closing length")?;
        let again = u32::from_le_bytes(again);
        if again != self.total {
            let total = self.total;
            return Err(CaptureError::Damaged {
                offset,
                problem: format!("a block that began with length {total} ends with length {again}"),
            });
        }
        Ok(())
    }

    /// Fills `bytes` from the body.
    pub(crate) fn take_into(
        &mut self,
        input: &mut Input,
        bytes: &mut [u8],
        expected: &'static str,
    ) -> Result<(), CaptureError> {
        if bytes.len() > self.left as usize {
            return Err(self.damaged(input, format!("the block ends where {expected} is expected")));
        }
        input.take_into(bytes, expected)?;
        self.left -= bytes.len() as u32;
        Ok(())
    }

    /// An error at this place.
    pub(crate) fn damaged(&self, input: &Input, problem: String) -> CaptureError {
        CaptureError::Damaged { offset: input.offset(), problem }
    }
}

fn halves(header: [u8; 8]) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = header;
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
}

/// Frames a body and appends it to `out`.
pub(crate) fn write(out: &mut Vec<u8>, block_type: u32, body: &[u8]) {
    let padded = body.len().next_multiple_of(4);
    let total = (padded as u32).saturating_add(FRAME_LEN);
    out.extend_from_slice(&block_type.to_le_bytes());
    out.extend_from_slice(&total.to_le_bytes());
    out.extend_from_slice(body);
    out.resize(out.len() + padded - body.len(), 0);
    out.extend_from_slice(&total.to_le_bytes());
}
