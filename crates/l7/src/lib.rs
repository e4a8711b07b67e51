//! Protocols recognised in the data of connections: which request was made, what came of it, and how long
//! it took. The first is HTTP/1.x.
//!
//! A [`Tracker`] is shown [`Segment`]s: the beginning of what each call on a connection carried, as the
//! process saw it whose call it was. It gives an [`Exchange`] when a request is answered, when its
//! connection ends before ([`Tracker::closed`]) and when no answer came for too long
//! ([`Tracker::expire`]). The two ends of a connection on one machine are observed separately; whoever
//! shows the segments gives each end a key of its own.
//!
//! Only beginnings are seen, so no message is followed to its end. What a call carried is taken for a
//! request or a response when it begins like one, in the direction in which this connection has them, and
//! where one can be. Requests that were sent in one call (pipelined) count as one; the same holds for
//! responses that one call read.
//!
//! Memory stays within a [`Budget`]: the connection that was quiet longest is forgotten first, and
//! counted ([`Tracker::evicted`]).
//!
//! Nothing here does IO, reads a clock or keeps a global.
//!
//! ```
//! use lanner_l7::{Budget, Direction, Outcome, Segment, Side, Tracker};
//! use lanner_model::time::WallNs;
//!
//! let mut tracker = Tracker::new(Budget::default());
//! let mut seen = |direction, ms: u64, data: &[u8]| {
//!     tracker.segment(&"connection 1", Segment { direction, time: WallNs(ms * 1_000_000), data })
//! };
//! assert!(seen(Direction::Sent, 100, b"GET /users?page=2 HTTP/1.1\r\nHost: shop\r\n\r\n").is_none());
//! let exchange = seen(Direction::Received, 103, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
//! let exchange = exchange.expect("the response ends it");
//! assert_eq!(exchange.side, Side::Client);
//! assert_eq!(exchange.outcome, Outcome::Status(200));
//! assert_eq!(exchange.duration_ns, Some(3_000_000));
//! assert_eq!((exchange.method, &*exchange.path), ("GET", "/users"));
//! ```
#![forbid(unsafe_code)]

mod budget;
mod conversation;
mod exchange;
mod http;
mod opening;
mod recency;
mod segment;
mod tracker;

pub use budget::Budget;
pub use exchange::{Exchange, Outcome, Protocol, Side};
pub use segment::{Direction, Segment};
pub use tracker::Tracker;
