//! Events in their blocks.
//!
//! Body: `u16 cpu`, in flagged blocks `u32 flags`, the event, zeros up to a multiple of 4, options.
//! Options have the form of pcapng's: `u16 code, u16 length, value, zeros up to a multiple of 4`.
//! Other writers have none, other readers pass over them. Ours carries the resolved descriptor,
//! which inside the event would be a parameter too many for them.

use lanner_model::event::{EVENTS, EventFlags, EventRef, EventType, HEADER_LEN};

use crate::block::{Block, EventLayout};
use crate::error::CaptureError;
use crate::input::Input;

/// Blocks that are not large have at most this many bytes behind their header, as other readers
/// require; their closing length is among them.
const BODY_MAX: u32 = 65_536;
/// Large blocks hold what containers and plugins said of themselves. The format would allow 4 GiB.
const LARGE_BODY_MAX: u32 = 16 << 20;
/// The header of an event in blocks of the first version: without the number of parameters.
const OLD_HEADER_LEN: usize = HEADER_LEN - 4;
/// The option that carries a resolved descriptor. Codes from 2^15 on are for local use.
const FD_OPTION: u16 = 0x8fd1;
/// The option's value begins with it, as anybody may use the code.
const FD_OPTION_MAGIC: &[u8; 4] = b"LNFD";

/// Reads blocks into events of the present layout.
#[derive(Default)]
pub(crate) struct EventReader {
    body: Vec<u8>,
}

/// An event as its block has it.
pub(crate) struct Found {
    pub(crate) cpu: u16,
    /// Whether its parameter lengths are 4 bytes wide.
    pub(crate) wide: bool,
}

impl EventReader {
    /// Puts the event's bytes, not checked yet, into `event`; `None` for a type newer than our
    /// table.
    pub(crate) fn read(
        &mut self,
        input: &mut Input,
        block: &mut Block,
        layout: EventLayout,
        event: &mut Vec<u8>,
    ) -> Result<Option<Found>, CaptureError> {
        let limit = if layout.large { LARGE_BODY_MAX } else { BODY_MAX - 4 };
        let len = block.left();
        if len > limit {
            return Err(block
                .damaged(input, format!("an event's block has {len} bytes, at most {limit} are allowed")));
        }
        self.fill(input, block)?;
        let start = if layout.flagged { 6 } else { 2 };
        let header_len = if layout.counted { HEADER_LEN } else { OLD_HEADER_LEN };
        if self.body.len() < start + header_len {
            return Err(block.damaged(input, format!("a block of {len} bytes has no room for an event")));
        }
        let cpu = u16::from_le_bytes([self.body[0], self.body[1]]);
        let said = number(&self.body, start + 16);
        let event_type = EventType(u16::from_le_bytes([self.body[start + 20], self.body[start + 21]]));
        let Some(info) = event_type.info() else { return Ok(None) };
        let end = start.saturating_add(said as usize);
        if end > self.body.len() || (said as usize) < header_len {
            return Err(
                block.damaged(input, format!("an event in a block of {len} bytes says it has {said}"))
            );
        }
        event.clear();
        let wide = info.flags.has(EventFlags::LARGE_PAYLOAD);
        if layout.counted {
            event.extend_from_slice(&self.body[start..end]);
            if let Some(fd_info) = fd_option(&self.body, end) {
                append_param(event, fd_info, wide);
            }
        } else {
            count_params(&self.body[start..end], event_type, event).ok_or_else(|| {
                block.damaged(input, format!("the parameters of an old {event_type:?} do not add up"))
            })?;
        }
        Ok(Some(Found { cpu, wide: wide && layout.counted }))
    }

    /// Reads the body as it comes, so that no length alone makes us allocate.
    fn fill(&mut self, input: &mut Input, block: &mut Block) -> Result<(), CaptureError> {
        self.body.clear();
        while block.left() > 0 {
            let at = self.body.len();
            self.body.resize(at + block.left().min(BODY_MAX) as usize, 0);
            block.take_into(input, &mut self.body[at..], "an event")?;
        }
        Ok(())
    }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// The value of our option behind an event that ends at `end`.
fn fd_option(body: &[u8], end: usize) -> Option<&[u8]> {
    let mut rest = body.get(end.next_multiple_of(4)..)?;
    loop {
        let (head, tail) = rest.split_first_chunk::<4>()?;
        let [code, len] = [[head[0], head[1]], [head[2], head[3]]].map(u16::from_le_bytes);
        let value = tail.get(..usize::from(len))?;
        match code {
            0 => return None,
            FD_OPTION => return value.strip_prefix(FD_OPTION_MAGIC),
            _ => rest = tail.get(usize::from(len).next_multiple_of(4)..)?,
        }
    }
}

/// Adds a parameter behind the others of an event that lies at the beginning of `event`. Where the
/// lengths in the event are wrong, the check that follows says so.
fn append_param(event: &mut Vec<u8>, param: &[u8], wide: bool) {
    let width = if wide { 4 } else { 2 };
    let count = number(event, 22);
    let at = (count as usize).saturating_mul(width).saturating_add(HEADER_LEN);
    if at > event.len() {
        return;
    }
    let len = (param.len() as u32).to_le_bytes();
    event.splice(at..at, len[..width].iter().copied());
    event.extend_from_slice(param);
    let total = event.len() as u32;
    event[16..20].copy_from_slice(&total.to_le_bytes());
    event[22..26].copy_from_slice(&count.saturating_add(1).to_le_bytes());
}

/// Gives an event of the first version its number of parameters: as many as the table has, or the
/// largest number below with which the lengths add up.
fn count_params(old: &[u8], event_type: EventType, event: &mut Vec<u8>) -> Option<()> {
    // Writers of these two said 3 bytes too many.
    let said_too_much = [EventType::NOTIFICATION_E, EventType::INFRASTRUCTURE_EVENT_E].contains(&event_type);
    let old = if said_too_much { old.get(..old.len().checked_sub(3)?)? } else { old };
    let most = event_type.info()?.params.len();
    let count = (0..=most).rev().find(|count| {
        let lens = old.get(OLD_HEADER_LEN..OLD_HEADER_LEN + 2 * count);
        let sum = lens.map(|lens| {
            lens.chunks_exact(2).map(|len| usize::from(u16::from_le_bytes([len[0], len[1]]))).sum::<usize>()
        });
        sum.is_some_and(|sum| OLD_HEADER_LEN + 2 * count + sum == old.len())
    })?;
    event.extend_from_slice(old.get(..OLD_HEADER_LEN)?);
    event.extend_from_slice(&(count as u32).to_le_bytes());
    event.extend_from_slice(&old[OLD_HEADER_LEN..]);
    let total = event.len() as u32;
    event[16..20].copy_from_slice(&total.to_le_bytes());
    Some(())
}

/// Appends the body of an event's block; says whether the block has to be a large one.
pub(crate) fn write(out: &mut Vec<u8>, cpu: u16, event: &EventRef<'_>) -> bool {
    let info = EVENTS.get(usize::from(event.event_type().0));
    let large = info.is_some_and(|info| info.flags.has(EventFlags::LARGE_PAYLOAD));
    let listed = info.map_or(event.param_count(), |info| info.params.len().min(event.param_count()));
    let limit = if large { LARGE_BODY_MAX } else { BODY_MAX - 4 } as usize - 2;

    out.extend_from_slice(&cpu.to_le_bytes());
    let start = out.len();
    if large == event.is_wide() && listed == event.param_count() && event.bytes().len() <= limit {
        out.extend_from_slice(event.bytes());
    } else {
        write_params(out, event, listed, large, limit);
    }
    let fd_info = if listed < event.param_count() { event.param(listed) } else { None };
    if let Some(fd_info) = fd_info {
        write_fd_option(out, start, fd_info, limit);
    }
    large
}

/// Writes the first `count` parameters with lengths of the right width, the longest cut so that the
/// event is not longer than `limit`.
fn write_params(out: &mut Vec<u8>, event: &EventRef<'_>, count: usize, large: bool, limit: usize) {
    let width = if large { 4 } else { 2 };
    let mut params: Vec<&[u8]> = event.params().take(count).map(Option::unwrap_or_default).collect();
    let fixed = HEADER_LEN + count * width;
    let longest = (0..count).max_by_key(|index| params[*index].len());
    if let Some(longest) = longest {
        let sum: usize = params.iter().map(|param| param.len()).sum();
        let others = sum - params[longest].len();
        let most =
            limit.saturating_sub(fixed + others).min(if large { limit } else { usize::from(u16::MAX) });
        params[longest] = &params[longest][..params[longest].len().min(most)];
    }
    let total = fixed + params.iter().map(|param| param.len()).sum::<usize>();
    out.extend_from_slice(&event.bytes()[..16]);
    out.extend_from_slice(&(total as u32).to_le_bytes());
    out.extend_from_slice(&event.event_type().0.to_le_bytes());
    out.extend_from_slice(&(count as u32).to_le_bytes());
    for param in &params {
        out.extend_from_slice(&(param.len() as u32).to_le_bytes()[..width]);
    }
    params.iter().for_each(|param| out.extend_from_slice(param));
}

/// Appends the option, if the block has room for it. `start` is where the event begins, two bytes
/// behind the body's beginning.
fn write_fd_option(out: &mut Vec<u8>, start: usize, fd_info: &[u8], limit: usize) {
    let body_start = start - 2;
    let padded = (out.len() - body_start).next_multiple_of(4);
    let value_len = FD_OPTION_MAGIC.len() + fd_info.len();
    if padded + 8 + value_len.next_multiple_of(4) > limit {
        return;
    }
    let Ok(len) = u16::try_from(value_len) else { return };
    out.resize(body_start + padded, 0);
    out.extend_from_slice(&FD_OPTION.to_le_bytes());
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(FD_OPTION_MAGIC);
    out.extend_from_slice(fd_info);
    let end = (out.len() - body_start).next_multiple_of(4);
    out.resize(body_start + end + 4, 0); // the end of options: code 0, length 0
}
