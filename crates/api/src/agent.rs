//! The agent protocol: one stream on which an agent sends and the server acknowledges.
//!
//! `docs/formats/agent-protocol.md` tells the order of messages. [`FromAgent`] and [`FromServer`]
//! are what either side means, [`AgentMessage`] and [`ServerMessage`] what goes over the wire. The
//! way out cuts what is too long, so that an honest agent is never refused; the way in checks every
//! length, count and number, because it may be anyone's.
//!
//! The generated [`AgentsClient`] works over any channel of `tonic`: TCP, or a pipe inside one
//! process.
//!
//! ```
//! use lanner_api::agent::{FromAgent, decode_batch, encode_batches, batch_message};
//! use lanner_model::series::{Labels, Sample};
//! use lanner_model::time::WallMs;
//!
//! let sample = Sample {
//!     labels: Labels::new("node_load1", [("node", "a")]),
//!     time: WallMs(1_700_000_000_000),
//!     value: 0.5,
//! };
//! // What the spool keeps: bytes without a sequence number.
//! let spooled = encode_batches(std::slice::from_ref(&sample), &[]);
//! assert_eq!(decode_batch(&spooled.batches[0])?.samples, [sample]);
//! // What is sent, and what the server makes of it.
//! let message = batch_message(7, &spooled.batches[0])?;
//! let FromAgent::Batch(batch) = FromAgent::try_from(message)? else { unreachable!() };
//! assert_eq!(batch.sequence, 7);
//! # Ok::<(), lanner_api::agent::WireError>(())
//! ```

mod batch;
mod bound;
mod capture;
mod finding;
#[allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]
mod generated;
mod greeting;
mod live;
mod message;
#[cfg(test)]
mod tests;

pub use batch::{
    Batch, EncodedBatches, REFUSED_BATCH, batch_message, batch_sequence, decode_batch, encode_batches,
};
pub use bound::WireError;
pub use capture::{
    CaptureAck, CaptureEnd, CapturePart, CapturePhase, CaptureReason, CaptureRefused, CaptureScope,
    CaptureState, StartCapture,
};
pub use generated::agents_client::AgentsClient;
pub use generated::agents_server::{Agents, AgentsServer};
pub use generated::{AgentMessage, ServerMessage};
pub use greeting::{Hello, Rule, Status};
pub use message::{FromAgent, FromServer};

/// The largest message either side takes.
pub const MAX_MESSAGE_BYTES: usize = 16 << 20;
/// Series in one batch.
pub const MAX_SERIES: usize = 20_000;
/// Samples in one batch.
pub const MAX_SAMPLES: usize = 100_000;
/// Findings in one batch.
pub const MAX_FINDINGS: usize = 1_000;
/// Labels of one series, the metric's name among them.
pub const MAX_LABELS: usize = 64;
/// Bytes of a capture's file in one part.
pub const MAX_CAPTURE_PART_BYTES: usize = 256 << 10;
/// Milliseconds that a capture may last, and that it may reach back.
pub const MAX_CAPTURE_MS: u32 = 600_000;
/// Containers in a live table.
pub const MAX_CONTAINERS: usize = 5_000;
/// Processes in a live table; what is over is left out, so an agent puts the highest first.
pub const MAX_PROCESSES: usize = 20_000;
