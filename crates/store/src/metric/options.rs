//! How a store of series behaves.

/// How a store of series behaves.
#[derive(Clone, Debug)]
pub struct MetricOptions {
    /// Samples older than this are dropped. Default: 24 h.
    pub retention_ms: i64,
    /// The most series at one time; samples of further ones are counted and left out. Default:
    /// 50,000. A series takes about 2 KB and 3.2 bytes a sample: with one every 10 s for 24 h 30 KB,
    /// so at the limit 1.5 GB.
    pub max_series: usize,
    /// The most bytes that names and values of one series' labels may have together. Default: 4096.
    pub max_label_bytes: usize,
    /// The most points one query gives. Default: 10 million (160 MB).
    pub max_points: usize,
    /// A checkpoint is due when the write-ahead log has grown by this much since the last one, or by
    /// as much as that one had, whichever is more. Default: 32 MiB.
    pub checkpoint_log_bytes: u64,
}

impl Default for MetricOptions {
    fn default() -> Self {
        Self {
            retention_ms: 24 * 3600 * 1000,
            max_series: 50_000,
            max_label_bytes: 4096,
            max_points: 10_000_000,
            checkpoint_log_bytes: 32 << 20,
        }
    }
}
