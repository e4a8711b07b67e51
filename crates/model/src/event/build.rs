//! Events put together in user space: by captures that upgrade old ones, by tests.

use super::param::EventFlags;
use super::record::{EventRef, EventType, HEADER_LEN};

/// A buffer that events are built in, one at a time, without an allocation each.
#[derive(Debug, Default)]
pub struct EventBuf {
    bytes: Vec<u8>,
    params: Params,
}

/// The parameters of an event that is being built, in the order of the table.
#[derive(Debug, Default)]
pub struct Params {
    lens: Vec<u32>,
    data: Vec<u8>,
}

impl EventBuf {
    /// An empty buffer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Builds an event; `fill` adds its parameters. Types of large payload, and an event with a
    /// parameter beyond 65,535 bytes, get 4-byte lengths.
    pub fn build(
        &mut self,
        event_type: EventType,
        time_ns: u64,
        tid: i64,
        fill: impl FnOnce(&mut Params),
    ) -> EventRef<'_> {
        self.params.lens.clear();
        self.params.data.clear();
        fill(&mut self.params);
        let is_large = event_type.info().is_some_and(|info| info.flags.has(EventFlags::LARGE_PAYLOAD));
        let wide = is_large || self.params.lens.iter().any(|len| *len > u32::from(u16::MAX));
        let width = if wide { 4 } else { 2 };
        let total = HEADER_LEN + self.params.lens.len() * width + self.params.data.len();
        self.bytes.clear();
        self.bytes.extend_from_slice(&time_ns.to_le_bytes());
        self.bytes.extend_from_slice(&tid.to_le_bytes());
        self.bytes.extend_from_slice(&(total as u32).to_le_bytes());
        self.bytes.extend_from_slice(&event_type.0.to_le_bytes());
        self.bytes.extend_from_slice(&(self.params.lens.len() as u32).to_le_bytes());
        for len in &self.params.lens {
            self.bytes.extend_from_slice(&len.to_le_bytes()[..width]);
        }
        self.bytes.extend_from_slice(&self.params.data);
        EventRef::trusted(&self.bytes, wide)
    }
}

impl Params {
    /// A parameter as raw bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.lens.push(bytes.len() as u32);
        self.data.extend_from_slice(bytes);
    }

    /// An absent parameter.
    pub fn empty(&mut self) {
        self.bytes(&[]);
    }

    /// Text, with the NUL it ends in.
    pub fn text(&mut self, text: &[u8]) {
        self.lens.push(text.len() as u32 + 1);
        self.data.extend_from_slice(text);
        self.data.push(0);
    }

    /// A list of strings, a NUL behind each.
    pub fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t [u8]>) {
        let before = self.data.len();
        for text in texts {
            self.data.extend_from_slice(text);
            self.data.push(0);
        }
        self.lens.push((self.data.len() - before) as u32);
    }
    /// A signed 64-bit number (`errno`, `fd`, `pid`).
    pub fn i64(&mut self, value: i64) {
        self.bytes(&value.to_le_bytes());
    }

    /// An unsigned 64-bit number.
    pub fn u64(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    /// An unsigned 32-bit number.
    pub fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    /// An unsigned 16-bit number.
    pub fn u16(&mut self, value: u16) {
        self.bytes(&value.to_le_bytes());
    }

    /// An unsigned 8-bit number.
    pub fn u8(&mut self, value: u8) {
        self.bytes(&[value]);
    }
}
