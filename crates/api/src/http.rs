//! The JSON of `/api/v1`, one file per room. Times are milliseconds since the epoch unless the name
//! says otherwise, sizes bytes, CPU in cores. `null` is "not known", never zero.

mod access;
mod alerts;
mod captures;
mod dashboards;
mod error;
mod events;
mod explore;
mod inspect;
mod prometheus;
mod spotlight;
mod status;
mod topology;

pub use access::*;
pub use alerts::*;
pub use captures::*;
pub use dashboards::*;
pub use error::*;
pub use events::*;
pub use explore::*;
pub use inspect::*;
pub use prometheus::*;
pub use spotlight::*;
pub use status::*;
pub use topology::*;
