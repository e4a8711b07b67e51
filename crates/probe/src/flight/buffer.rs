//! The bytes of an overwritten ring. Records lie newest first (`write_backward` of perf_event_open(2)):
//! `u32 type, u16 misc, u16 size`, and in samples `u32 length`, the bytes that the program handed over,
//! zeros up to a multiple of 8. The oldest is cut where the newest was written over it.

use lanner_model::event::{EventRef, HEADER_LEN};

use crate::bytes::Plain;
use crate::record::FlightTail;

const RECORD_HEADER: usize = 8;
const PERF_RECORD_SAMPLE: u32 = 9;
/// Where in an event its length stands.
const EVENT_LENGTH_AT: usize = 16;

/// A record of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Where in the bytes its record begins.
    pub(super) record: usize,
    /// Where in the bytes the event lies.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) time_ns: u64,
    pub(super) tail: FlightTail,
}

/// What bytes hold.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The events, newest first.
    pub(super) places: Vec<Place>,
    /// Records that are no events: bytes that somebody else wrote.
    pub(super) undecodable: u64,
}

/// The events of `bytes`, which begin with the newest record and end anywhere.
pub(super) fn parse(bytes: &[u8]) -> Found {
    let mut found = Found::default();
    let mut at = 0;
    while let Some((kind, size)) = header(bytes, at) {
        // A length that no record has: what was never written, or the cut end.
        if size < RECORD_HEADER || !size.is_multiple_of(8) || size > bytes.len() - at {
            break;
        }
        if kind == PERF_RECORD_SAMPLE {
            match place(bytes, at, size) {
                Some(place) => found.places.push(place),
                None => found.undecodable += 1,
            }
        }
        at += size;
    }
    found
}

fn header(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let header = bytes.get(at..)?.first_chunk::<RECORD_HEADER>()?;
    let kind = u32::from_ne_bytes([header[0], header[1], header[2], header[3]]);
    Some((kind, usize::from(u16::from_ne_bytes([header[6], header[7]]))))
}

fn place(bytes: &[u8], record: usize, size: usize) -> Option<Place> {
    let start = record + RECORD_HEADER + 4;
    let raw = number(bytes, record + RECORD_HEADER)? as usize;
    if raw > size - RECORD_HEADER - 4 {
        return None;
    }
    let length = number(bytes, start + EVENT_LENGTH_AT)? as usize;
    if length < HEADER_LEN || length + size_of::<FlightTail>() > raw {
        return None;
    }
    let end = start + length;
    let event = EventRef::parse(bytes.get(start..end)?).ok()?;
    let tail = FlightTail::read(bytes.get(end..)?)?;
    Some(Place { record, start, end, time_ns: event.time().0, tail })
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|four| u32::from_ne_bytes(*four))
}

#[cfg(test)]
pub(super) mod tests {
    use lanner_model::event::{EventBuf, EventType};

    use super::*;

    /// A record as the kernel writes it: `close` of descriptor `sequence` at time `sequence`.
    pub(in super::super) fn record(sequence: u32) -> Vec<u8> {
        let mut buf = EventBuf::new();
        let event = buf.build(EventType::SYSCALL_CLOSE_X, u64::from(sequence), 7, |params| {
            params.i64(0);
            params.i64(i64::from(sequence));
        });
        let tail = FlightTail { cgroup: 9, tgid: 7, sequence };
        let mut raw = [event.bytes(), tail.bytes()].concat();
        raw.resize((raw.len() + 4).next_multiple_of(8) - 4, 0);
        let size = (RECORD_HEADER + 4 + raw.len()) as u16;
        [
            &PERF_RECORD_SAMPLE.to_ne_bytes()[..],
            &0u16.to_ne_bytes(),
            &size.to_ne_bytes(),
            &(raw.len() as u32).to_ne_bytes(),
            &raw,
        ]
        .concat()
    }

    fn sequences(bytes: &[u8]) -> Vec<u32> {
        parse(bytes).places.iter().map(|place| place.tail.sequence).collect()
    }

    #[test]
    fn records_are_found_newest_first_until_what_was_never_written() {
        let mut bytes = [record(3), record(2), record(1)].concat();
        bytes.extend([0; 64]);
        assert_eq!(sequences(&bytes), [3, 2, 1]);
        let place = parse(&bytes).places[2];
        let event = EventRef::parse(&bytes[place.start..place.end]).unwrap();
        assert_eq!((event.i64(1), place.time_ns), (Some(1), 1));
    }

    #[test]
    fn a_record_that_was_written_over_halfway_is_left_out() {
        let whole = [record(2), record(1)].concat();
        for cut in 0..whole.len() {
            let all = whole.len() / 2;
            assert_eq!(sequences(&whole[..cut]).len(), cut / all, "cut at {cut}");
        }
    }

    #[test]
    fn records_of_other_kinds_are_passed_over() {
        let lost = [&2u32.to_ne_bytes()[..], &0u16.to_ne_bytes(), &24u16.to_ne_bytes(), &[0; 16]].concat();
        let bytes = [record(2), lost, record(1)].concat();
        assert_eq!(sequences(&bytes), [2, 1]);
        assert_eq!(parse(&bytes).undecodable, 0);
    }

    #[test]
    fn a_sample_that_is_no_event_is_counted() {
        let mut broken = record(2);
        broken[12 + EVENT_LENGTH_AT] = 0xff;
        let found = parse(&[broken, record(1)].concat());
        assert_eq!((found.places.len(), found.undecodable), (1, 1));
    }

    #[test]
    fn any_byte_may_be_wrong() {
        let good = [record(3), record(2), record(1)].concat();
        for at in 0..good.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut bytes = good.clone();
                bytes[at] = value;
                for place in parse(&bytes).places {
                    assert!(EventRef::parse(&bytes[place.start..place.end]).is_ok());
                }
            }
        }
    }
}
