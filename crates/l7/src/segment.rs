//! What is seen of a connection.

use lanner_model::time::WallNs;

/// Which way data went, as seen by the process whose call it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The process wrote it.
    Sent,
    /// The process read it.
    Received,
}

/// What one call carried.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// Which way.
    pub direction: Direction,
    /// When the call ended.
    pub time: WallNs,
    /// The beginning of the data, as much as was recorded.
    pub data: &'a [u8],
}
