//! What is said over links.

use lanner_model::time::WallNs;

use super::key::LinkKey;
use super::record::{SEGMENT_BYTES, SENT, SegmentRecord, SocketEndRecord};
use crate::bytes::Plain;
use crate::record::{RecordHead, kind};

/// Something was said over a connection, or one over which something was said has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    /// A call carried what looks like a request or a response.
    Segment(Segment<'a>),
    /// A connection that had segments has ended.
    End {
        /// Which.
        connection: ConnectionId,
        /// When.
        time: WallNs,
    },
}

/// Who takes what is said.
pub(crate) type Ears = Box<dyn FnMut(Heard<'_>) + Send>;

/// The beginning of what a call carried over TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The connection, as this end has it.
    pub connection: ConnectionId,
    /// The link it belongs to: that of whoever connected or accepted, also when another process reads and
    /// writes.
    pub link: LinkKey,
    /// Whether it came or went.
    pub direction: Direction,
    /// When the call ended.
    pub time: WallNs,
    /// At most 80 bytes.
    pub data: &'a [u8],
}

/// Names one end of a connection, among all that ever were since the probe started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId {
    /// Where the kernel has its socket; given to another when it has ended.
    pub socket: u64,
    /// When its owner became known, on the boot clock; 0 when it is not.
    pub begun_ns: u64,
}

/// Whether something came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It came.
    Received,
    /// It went.
    Sent,
}

/// What a record of a ring says; `None` when it is cut off.
pub(crate) fn heard<'a>(head: &RecordHead, record: &'a [u8]) -> Option<Heard<'a>> {
    let body = record.get(size_of::<RecordHead>()..)?;
    if head.kind == kind::SOCKET_END {
        let end = SocketEndRecord::read(body)?;
        let connection = ConnectionId { socket: end.socket, begun_ns: end.begun_ns };
        return Some(Heard::End { connection, time: WallNs(end.time_ns) });
    }
    let segment = SegmentRecord::read(body)?;
    let data = body.get(size_of::<SegmentRecord>() - SEGMENT_BYTES..)?.get(..usize::from(segment.length))?;
    Some(Heard::Segment(Segment {
        connection: ConnectionId { socket: segment.socket, begun_ns: segment.begun_ns },
        link: LinkKey::from(&segment.link),
        direction: if segment.direction == SENT { Direction::Sent } else { Direction::Received },
        time: WallNs(segment.time_ns),
        data,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_is_cut_off_is_none() {
        let mut segment =
            SegmentRecord { time_ns: 5, socket: 6, length: 4, direction: SENT, ..Default::default() };
        segment.data[..4].copy_from_slice(b"GET ");
        let head = RecordHead { kind: kind::SEGMENT, cpu: 0, sequence: 0 };
        let record = [head.bytes(), segment.bytes()].concat();
        let Some(Heard::Segment(found)) = heard(&head, &record) else { panic!("no segment") };
        assert_eq!((found.data, found.time, found.direction), (&b"GET "[..], WallNs(5), Direction::Sent));
        for cut in 0..record.len() {
            assert_eq!(heard(&head, &record[..cut]), None, "{cut}");
        }
        segment.length = 81;
        assert_eq!(heard(&head, &[head.bytes(), segment.bytes()].concat()), None);
    }
}
