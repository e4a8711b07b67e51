//! Where events come from: a live kernel, a file, a test. Everything after a source is the same.

use crate::event::EventRef;
use crate::loss::Loss;
use crate::snapshot::Record;

/// A stream of snapshot records and events.
///
/// A source hands out the records of what was there before the first event, then events in the
/// order of their time stamps (per process at the least).
pub trait Source: Send {
    /// The next item. A live source waits at most a few milliseconds and then says
    /// [`Next::Idle`]; a file never does.
    ///
    /// # Errors
    /// When the source cannot go on. What was damaged but can be skipped is a [`Next::Loss`].
    fn next(&mut self) -> Result<Next<'_>, SourceError>;
}

/// What a source had.
#[derive(Debug)]
pub enum Next<'a> {
    /// Something that was there before the first event.
    Record(Record),
    /// An event.
    Event(Delivery<'a>),
    /// A cumulative count of what was lost has grown.
    Loss(Loss),
    /// Nothing at the moment (live sources only).
    Idle,
    /// Nothing will come any more.
    End,
}

/// An event and how it came.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// The event's number in its source, from 1; in a file, its place among the events that are left
    /// when those of old versions are merged, so that numbers are those of other readers (`evt.num`).
    pub number: u64,
    /// The CPU it happened on.
    pub cpu: u16,
    /// The event.
    pub event: EventRef<'a>,
}

/// Why a source ended early.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct SourceError {
    /// What was done, where, and what to do about it.
    pub what: String,
    /// What was underneath.
    #[source]
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}
