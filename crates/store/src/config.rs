//! Settings and what the server has to remember: users, dashboards, alert states, what waits to be sent.

mod document;
mod memory;
mod store;

pub use document::{Change, Document, Expected, Kind, Listing, Order};
pub use memory::MemoryConfig;
pub use store::{ConfigError, ConfigStore};
