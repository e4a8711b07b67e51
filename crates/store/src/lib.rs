//! Series and events on disk, behind one trait per kind of data.
//!
//! [`MetricStore`] takes samples and gives series, [`EventStore`] takes findings and gives pages of
//! them. Each has an embedded engine ([`EmbeddedMetrics`], [`EmbeddedEvents`]) and one in memory for
//! tests; servers and pages know the traits only.
//!
//! The embedded engines work alike. A write goes to the one writer thread, which appends it to a
//! write-ahead log ([`lanner_journal`]); writes that wait together share one sync, and when the call
//! returns, its data is on the disk. Readers look at memory and at files that never change, so they
//! do not wait for writers. What is in memory gets into files now and then (a checkpoint of the
//! series, a Parquet segment of an hour of findings: written aside, synced, renamed, the folder
//! synced), and only then does the log let go of it. A crash between the two means that something is
//! found twice, and both engines know it when they see it: samples by series and time, findings by
//! id. For the same reason a sender may repeat a batch whose acknowledgement it never got; no list
//! of acknowledged batches is kept.
//!
//! [`ConfigStore`] keeps what is small and must not be lost: settings, users, alert states, what waits
//! to be sent ([`EmbeddedConfig`], one SQLite file).
//!
//! A damaged file is renamed to `*.damaged`, counted and told ([`StoreRecovery`], stats); the rest is
//! served.
//!
//! Time is an argument ([`MetricStore::maintain`], [`EventStore::maintain`]); nothing here reads a
//! clock.
//!
//! ```
//! use lanner_model::series::{Labels, Matcher, Sample};
//! use lanner_model::time::WallMs;
//! use lanner_store::{EmbeddedMetrics, MetricOptions, MetricStore};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! # let folder = tempfile::tempdir()?;
//! let (store, recovery) = EmbeddedMetrics::open(folder.path(), MetricOptions::default())?;
//! assert!(recovery.is_clean());
//!
//! let labels = Labels::new("up", [("node", "ip-10-0-0-7")]);
//! let report = store.write(&[Sample { labels, time: WallMs(1_700_000_000_000), value: 1.0 }]).await?;
//! assert_eq!(report.accepted, 1);
//!
//! let up = [Matcher::equal("__name__", "up")];
//! let series = store.range(&up, WallMs(1_699_999_999_000), WallMs(1_700_000_001_000)).await?;
//! assert_eq!(series[0].points, [(WallMs(1_700_000_000_000), 1.0)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod blob;
mod config;
mod encoding;
mod error;
mod event;
mod folder;
mod metric;
mod recovery;
mod writer;

pub use blob::{Blob, BlobError, BlobReader, BlobStore, FolderBlobs, MemoryBlobs};
pub use config::{
    Change, ConfigError, ConfigStore, Document, EmbeddedConfig, Expected, Kind, Listing, MemoryConfig, Order,
};
pub use error::StoreError;
pub use event::{
    AppendReport, Cursor, EmbeddedEvents, EventFilter, EventMaintenance, EventOptions, EventPage, EventStats,
    EventStore, MemoryEvents, Projection, QuerySpec, SeverityCounts, batch_of, event_schema, findings_of,
};
pub use metric::{
    EmbeddedMetrics, MemoryMetrics, MetricMaintenance, MetricOptions, MetricStats, MetricStore, SeriesData,
    WriteReport, is_stale,
};
pub use recovery::{SetAside, StoreRecovery};
