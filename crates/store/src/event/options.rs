//! How a store of findings behaves.

/// How a store of findings behaves.
#[derive(Clone, Debug)]
pub struct EventOptions {
    /// Findings older than this are dropped, a segment at a time. Default: 30 days.
    pub retention_ns: u64,
    /// When so many findings are in memory they are written into segments before their hour is over.
    /// Default: 20,000.
    pub max_buffered: usize,
    /// The same for their bytes. Default: 64 MiB.
    pub max_buffered_bytes: usize,
}

impl Default for EventOptions {
    fn default() -> Self {
        Self {
            retention_ns: 30 * 24 * 3600 * 1_000_000_000,
            max_buffered: 20_000,
            max_buffered_bytes: 64 << 20,
        }
    }
}
