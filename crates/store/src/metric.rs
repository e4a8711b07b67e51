//! Series: who writes samples and who asks for them.
//!
//! [`MetricStore`] is the face; [`EmbeddedMetrics`] is the store in the binary, [`MemoryMetrics`]
//! the one for tests. The embedded one keeps `retention_ms` of samples in memory as compressed
//! chunks and answers from there; on disk lie a write-ahead log and a checkpoint of the memory.

mod bits;
mod checkpoint;
mod chunk;
mod embedded;
mod engine;
mod head;
mod log;
mod matcher;
mod memory;
mod options;
mod postings;
mod series;
mod store;
mod symbol;

pub use embedded::EmbeddedMetrics;
pub use memory::MemoryMetrics;
pub use options::MetricOptions;
pub use store::{MetricMaintenance, MetricStats, MetricStore, SeriesData, WriteReport, is_stale};
