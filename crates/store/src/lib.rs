//! Series and events on disk, behind one trait per kind of data.
#![forbid(unsafe_code)]

mod encoding;
mod error;
mod folder;
mod metric;
mod recovery;
mod writer;

pub use error::StoreError;
pub use metric::{
    EmbeddedMetrics, MemoryMetrics, MetricMaintenance, MetricOptions, MetricStats, MetricStore, SeriesData,
    WriteReport, is_stale,
};
pub use recovery::{SetAside, StoreRecovery};
