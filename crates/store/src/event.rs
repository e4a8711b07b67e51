//! Findings: who stores them and who asks for them.
//!
//! [`EventStore`] is the face; [`EmbeddedEvents`] is the store in the binary, [`MemoryEvents`] the
//! one for tests. The embedded one keeps the present hour in memory, with a write-ahead log beneath
//! it, and each hour that is over in a Parquet file. Arrow batches of [`event_schema`] are what
//! queries give.

mod buffer;
mod detail;
mod embedded;
mod engine;
mod filter;
mod histogram;
mod memory;
mod options;
mod row;
mod schema;
mod segment;
mod shelf;
mod spec;
mod store;

pub use embedded::EmbeddedEvents;
pub use memory::MemoryEvents;
pub use options::EventOptions;
pub use row::{batch_of, findings_of};
pub use schema::event_schema;
pub use spec::{Cursor, EventFilter, Projection, QuerySpec};
pub use store::{AppendReport, EventMaintenance, EventPage, EventStats, EventStore, SeverityCounts};
