//! An event, borrowed from the bytes it lies in.

use super::fd_info::FdInfo;
use super::generated::EVENTS;
use super::param::EventInfo;
use crate::id::Tid;
use crate::time::WallNs;

/// The bytes of a header.
pub const HEADER_LEN: usize = 26;

/// The type of an event: its number in the scap table. Even numbers are enter events, odd ones
/// exit events. The known ones are constants ([`EventType::SYSCALL_OPENAT_2_X`] ...), generated
/// from `schema/events.toml`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventType(pub u16);

impl EventType {
    /// What the table says of it; `None` for a type newer than the table.
    #[must_use]
    pub fn info(self) -> Option<&'static EventInfo> {
        EVENTS.get(usize::from(self.0))
    }

    /// The name rules know it by (`evt.type`), such as `openat`; `unknown` for one that the table
    /// lacks.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.info().map_or("unknown", |info| info.name)
    }

    /// Whether it is an enter event (`evt.dir` is `>`).
    #[must_use]
    pub fn is_enter(self) -> bool {
        self.0.is_multiple_of(2)
    }
}

impl std::fmt::Debug for EventType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({}{})", self.0, self.name(), if self.is_enter() { ">" } else { "<" })
    }
}

/// Why bytes are no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Fewer bytes than a header has.
    #[error("{0} bytes are too few for an event header (26)")]
    Short(usize),
    /// The header's length is not that of the bytes.
    #[error("event says it is {said} bytes long, {have} are there")]
    Length {
        /// The header's length.
        said: u32,
        /// The bytes there are.
        have: usize,
    },
    /// The parameters' lengths do not add up to the event's length.
    #[error("the parameters of event type {event_type} need {need} bytes, the event has {have}")]
    Params {
        /// The event's type number.
        event_type: u16,
        /// What the lengths add up to, header and lengths included.
        need: usize,
        /// The event's length.
        have: usize,
    },
}

/// An event, borrowed: header fields and parameters read in place. Its lengths were checked when
/// it was made, so no read can leave the bytes.
#[derive(Clone, Copy)]
pub struct EventRef<'a> {
    bytes: &'a [u8],
    wide: bool,
}

impl<'a> EventRef<'a> {
    /// Takes `bytes` for an event if all its lengths are right. Trailing bytes are an error.
    ///
    /// # Errors
    /// [`EventError`] says which length is wrong.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, EventError> {
        Self::parse_with(bytes, false)
    }

    /// Like [`EventRef::parse`], for an event whose parameter lengths are 4 bytes wide
    /// (`EF_LARGE_PAYLOAD`).
    ///
    /// # Errors
    /// [`EventError`] says which length is wrong.
    pub fn parse_wide(bytes: &'a [u8]) -> Result<Self, EventError> {
        Self::parse_with(bytes, true)
    }

    fn parse_with(bytes: &'a [u8], wide: bool) -> Result<Self, EventError> {
        if bytes.len() < HEADER_LEN {
            return Err(EventError::Short(bytes.len()));
        }
        let event = Self { bytes, wide };
        let said = u32::from_le_bytes(array(bytes, 16));
        if said as usize != bytes.len() {
            return Err(EventError::Length { said, have: bytes.len() });
        }
        let wrong = |need| EventError::Params { event_type: event.event_type().0, need, have: bytes.len() };
        let table_end = HEADER_LEN
            .checked_add(event.param_count().saturating_mul(event.length_width()))
            .filter(|end| *end <= bytes.len())
            .ok_or_else(|| wrong(usize::MAX))?;
        let mut end = table_end;
        for index in 0..event.param_count() {
            end = end.saturating_add(event.param_len(index));
        }
        if end != bytes.len() {
            return Err(wrong(end));
        }
        Ok(event)
    }

    /// When it happened.
    #[must_use]
    pub fn time(&self) -> WallNs {
        WallNs(u64::from_le_bytes(array(self.bytes, 0)))
    }

    /// The thread that did it.
    #[must_use]
    pub fn tid(&self) -> Tid {
        Tid(i64::from_le_bytes(array(self.bytes, 8)))
    }

    /// What happened.
    #[must_use]
    pub fn event_type(&self) -> EventType {
        EventType(u16::from_le_bytes(array(self.bytes, 20)))
    }

    /// How many parameters it carries; may be fewer or more than the table lists.
    #[must_use]
    pub fn param_count(&self) -> usize {
        u32::from_le_bytes(array(self.bytes, 22)) as usize
    }

    /// The bytes of a parameter; `None` when it is not carried or empty.
    #[must_use]
    pub fn param(&self, index: usize) -> Option<&'a [u8]> {
        if index >= self.param_count() {
            return None;
        }
        let mut start = HEADER_LEN + self.param_count() * self.length_width();
        for before in 0..index {
            start += self.param_len(before);
        }
        self.bytes.get(start..start + self.param_len(index)).filter(|bytes| !bytes.is_empty())
    }

    /// All parameters in order, empty ones as `None`.
    pub fn params(&self) -> impl Iterator<Item = Option<&'a [u8]>> + use<'a> {
        let event = *self;
        let mut start = HEADER_LEN + event.param_count() * event.length_width();
        (0..event.param_count()).map(move |index| {
            let end = start + event.param_len(index);
            let bytes = event.bytes.get(start..end);
            start = end;
            bytes.filter(|bytes| !bytes.is_empty())
        })
    }

    /// The whole event as bytes.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether its parameter lengths are 4 bytes wide.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.wide
    }

    /// A parameter as an unsigned number of 1, 2, 4 or 8 bytes.
    #[must_use]
    pub fn u64(&self, index: usize) -> Option<u64> {
        let bytes = self.param(index)?;
        match bytes.len() {
            1 => Some(u64::from(bytes[0])),
            2 => Some(u64::from(u16::from_le_bytes(array(bytes, 0)))),
            4 => Some(u64::from(u32::from_le_bytes(array(bytes, 0)))),
            8 => Some(u64::from_le_bytes(array(bytes, 0))),
            _ => None,
        }
    }

    /// A parameter as a signed number of 1, 2, 4 or 8 bytes.
    #[must_use]
    pub fn i64(&self, index: usize) -> Option<i64> {
        let bytes = self.param(index)?;
        match bytes.len() {
            1 => Some(i64::from(bytes[0].cast_signed())),
            2 => Some(i64::from(i16::from_le_bytes(array(bytes, 0)))),
            4 => Some(i64::from(i32::from_le_bytes(array(bytes, 0)))),
            8 => Some(i64::from_le_bytes(array(bytes, 0))),
            _ => None,
        }
    }

    /// A parameter as text without its terminating NUL; may be no UTF-8.
    #[must_use]
    pub fn text(&self, index: usize) -> Option<&'a [u8]> {
        let bytes = self.param(index)?;
        Some(bytes.strip_suffix(&[0]).unwrap_or(bytes))
    }

    /// A parameter as the list of NUL-terminated strings it holds (`args`, `env`, `cgroups`).
    pub fn texts(&self, index: usize) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let bytes = self.text(index);
        bytes.into_iter().flat_map(|bytes| bytes.split(|byte| *byte == 0))
    }

    /// The resolved descriptor that a live event carries behind the parameters of the table.
    #[must_use]
    pub fn fd_info(&self) -> Option<FdInfo> {
        let listed = self.event_type().info()?.params.len();
        FdInfo::decode(self.param(listed)?)
    }

    /// Takes bytes for an event without a check: for [`super::EventBuf`], which has just made them.
    pub(super) fn trusted(bytes: &'a [u8], wide: bool) -> Self {
        Self { bytes, wide }
    }

    fn length_width(&self) -> usize {
        if self.wide { 4 } else { 2 }
    }

    fn param_len(&self, index: usize) -> usize {
        if self.wide {
            u32::from_le_bytes(array(self.bytes, HEADER_LEN + index * 4)) as usize
        } else {
            usize::from(u16::from_le_bytes(array(self.bytes, HEADER_LEN + index * 2)))
        }
    }
}

impl std::fmt::Debug for EventRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} tid={} at {}", self.event_type(), self.tid(), self.time())
    }
}

/// `N` bytes at `at`, zeros beyond the end (callers have checked that there is none).
fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    if let Some(from) = bytes.get(at..at + N) {
        out.copy_from_slice(from);
    }
    out
}
