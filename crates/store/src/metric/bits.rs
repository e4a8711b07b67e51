//! Bits in bytes, the highest bit of a byte first.

/// Appends bits.
#[derive(Clone, Debug, Default)]
pub(crate) struct BitWriter {
    bytes: Vec<u8>,
    /// How many bits of the last byte are still free.
    free: u8,
}

impl BitWriter {
    /// An empty one with room for that many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> BitWriter {
        BitWriter { bytes: Vec::with_capacity(bytes), free: 0 }
    }

    /// Appends the lowest `count` bits of `value`, the highest of them first.
    pub(crate) fn put(&mut self, value: u64, count: u8) {
        let mut left = count;
        while left > 0 {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            let now = left.min(self.free);
            let part = (value >> (left - now)) as u8 & (0xff_u8 >> (8 - now));
            if let Some(last) = self.bytes.last_mut() {
                *last |= part << (self.free - now);
            }
            self.free -= now;
            left -= now;
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads bits.
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> BitReader<'a> {
        BitReader { bytes, at: 0 }
    }

    /// The next `count` bits as the lowest of a number; `None` when there are not that many.
    pub(crate) fn take(&mut self, count: u8) -> Option<u64> {
        let mut value = 0;
        let mut left = count;
        while left > 0 {
            let byte = *self.bytes.get(self.at / 8)?;
            let used = (self.at % 8) as u8;
            let now = left.min(8 - used);
            let part = (byte << used) >> (8 - now);
            value = (value << now) | u64::from(part);
            self.at += usize::from(now);
            left -= now;
        }
        Some(value)
    }

    /// The next bit.
    pub(crate) fn bit(&mut self) -> Option<bool> {
        self.take(1).map(|bit| bit == 1)
    }
}
