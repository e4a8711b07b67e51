//! Connections, summed by program and by the two addresses while they happen, and what is said over them.
//!
//! The kernel's part is `bpf/link.h`. A [`LinkReader`] is asked now and then and says what each link has
//! grown by; no connection makes an event. What looks like a request or a response of HTTP/1.x is told one
//! by one, as [`Heard`].

mod address;
mod heard;
mod key;
mod look;
mod paths;
mod reader;
mod record;
mod table;

pub use heard::{ConnectionId, Direction, Heard, Segment};
pub use key::{LinkKey, LinkSide, Name};
pub use look::{LinkCounts, LinkGrowth, LinkLook, Listener};
pub use paths::CgroupPaths;
pub use reader::LinkReader;

pub(crate) use heard::{Ears, heard};
