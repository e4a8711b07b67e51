//! What a look into the rings gives.

use lanner_model::event::EventRef;
use lanner_model::id::{CgroupId, Pid};
use lanner_model::time::WallNs;

use super::buffer::Place;

/// The events that a look found, in the order of their time stamps.
#[derive(Debug, Default)]
pub struct Reading {
    /// The copied bytes of each ring.
    rings: Vec<Vec<u8>>,
    entries: Vec<Entry>,
    pub(super) lost: u64,
    pub(super) undecodable: u64,
    pub(super) complete_since: WallNs,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    ring: usize,
    cpu: u16,
    is_new: bool,
    place: Place,
}

/// An event of the flight recorder.
#[derive(Clone, Copy, Debug)]
pub struct FlightEvent<'a> {
    /// The CPU it happened on.
    pub cpu: u16,
    /// The control group of the task it is of.
    pub cgroup: CgroupId,
    /// The process it is of.
    pub pid: Pid,
    /// Counts the records of its CPU, lost ones included.
    pub sequence: u32,
    /// Whether no look before has given it.
    pub is_new: bool,
    /// The event.
    pub event: EventRef<'a>,
}

impl Reading {
    /// The events, oldest first.
    pub fn events(&self) -> impl Iterator<Item = FlightEvent<'_>> {
        self.entries.iter().filter_map(|entry| {
            let bytes = self.rings.get(entry.ring)?.get(entry.place.start..entry.place.end)?;
            Some(FlightEvent {
                cpu: entry.cpu,
                cgroup: CgroupId(entry.place.tail.cgroup),
                pid: Pid(i64::from(entry.place.tail.tgid)),
                sequence: entry.place.tail.sequence,
                is_new: entry.is_new,
                event: EventRef::parse(bytes).ok()?,
            })
        })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Events since the look before that were overwritten or could not be recorded, on all CPUs.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// Bytes in the rings that were no events.
    #[must_use]
    pub fn undecodable(&self) -> u64 {
        self.undecodable
    }

    /// From when on everything that was recorded is in a look at everything.
    #[must_use]
    pub fn complete_since(&self) -> WallNs {
        self.complete_since
    }

    /// Without events, of a recorder that began then.
    pub(super) fn complete_since_begin(begun: WallNs) -> Self {
        Self { complete_since: begun, ..Self::default() }
    }

    /// Takes the events of a ring, newest first; those whose record begins before `new_until` are new.
    pub(super) fn add(&mut self, cpu: u16, bytes: Vec<u8>, places: &[Place], new_until: u64) {
        let ring = self.rings.len();
        self.rings.push(bytes);
        let entry =
            |place: &Place| Entry { ring, cpu, is_new: (place.record as u64) < new_until, place: *place };
        self.entries.extend(places.iter().rev().map(entry));
    }

    /// Puts the events of all rings in order. Those of one ring are already.
    pub(super) fn sort(&mut self) {
        self.entries.sort_by_key(|entry| entry.place.time_ns);
    }
}
