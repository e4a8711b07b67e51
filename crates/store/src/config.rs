//! Settings and what the server has to remember: users, dashboards, alert states, what waits to be sent.

mod document;
mod embedded;
mod memory;
mod migration;
mod store;

pub use document::{Change, Document, Expected, Kind, Listing, Order};
pub use embedded::EmbeddedConfig;
pub use memory::MemoryConfig;
pub use store::{ConfigError, ConfigStore};
