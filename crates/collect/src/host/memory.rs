//! `/proc/meminfo`.

use crate::text::pairs;

/// The lines of `/proc/meminfo`: sizes in bytes, counts of huge pages as they are.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Memory {
    lines: Vec<(Vec<u8>, u64)>,
}

pub(crate) fn parse(file: &[u8]) -> Memory {
    // Everything is in KiB, though the file says kB, but for the counts of pages.
    let bytes = |(key, value): (&[u8], u64)| {
        let unit = if key.starts_with(b"HugePages_") { 1 } else { 1024 };
        (key.to_vec(), value.saturating_mul(unit))
    };
    Memory { lines: pairs(file).map(bytes).collect() }
}

impl Memory {
    pub(crate) fn value(&self, key: &str) -> Option<u64> {
        self.lines.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| *value)
    }

    pub(crate) fn total(&self) -> Option<u64> {
        self.value("MemTotal")
    }

    /// Total less available.
    pub(crate) fn used(&self) -> Option<u64> {
        Some(self.total()?.saturating_sub(self.value("MemAvailable")?))
    }
}
