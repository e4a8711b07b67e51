//! Captures: system calls of a container, a process or the node, from some time before a moment to some
//! time after it, as a file that the server gets.
//!
//! The [`CaptureDesk`] says who may begin one and gives it an identity. A thread, [`recording`], reads the
//! flight recorder while any is open and writes each its file. The [`Outgoing`] tells the server how each
//! fares, and sends it those that are whole until it has them. What is on disk lies on a [`Shelf`], so
//! that an agent that was killed goes on where it was.
//!
//! [`recording`]: recording::run

mod desk;
mod file;
mod order;
mod outgoing;
mod reach;
mod recording;
mod setup;
mod shelf;
mod tape;

pub(crate) use desk::CaptureDesk;
pub(crate) use outgoing::Outgoing;
pub(crate) use setup::{Captures, begin_for_person};
