//! Captures: asked for from agents, taken in part by part, kept for a while.
//!
//! A capture is a document (who asked, of what, how far it is) and a blob. [`Captures`] changes both.
//! A person's begins with a document and a message to the node's agent; one that a rule began appears
//! when its agent tells of it. Agents send what they recorded until it is acknowledged whole, so a crash
//! of either side costs nothing: the part on the disk says where to go on.

mod book;
mod document;
mod error;
mod intake;
mod retention;
mod start;

pub(crate) use book::Captures;
pub(crate) use error::CaptureError;
pub(crate) use retention::CaptureLimits;
pub(crate) use start::Target;
