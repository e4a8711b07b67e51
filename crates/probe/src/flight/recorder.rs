//! All rings together, read in the order of time.

use std::sync::Arc;

use lanner_model::time::WallNs;

use super::buffer::{self, Found, Place};
use super::reading::Reading;
use super::ring::FlightRing;
use super::sources::FlightSources;
use crate::clock;

/// An event is given when it is this old: by then every CPU has written what it began earlier, so that
/// looks one after another are in order too.
const WINDOW_NS: u64 = 1_000_000;

/// Reads the flight recorder, on whatever thread. The kernel records as long as the probe lives.
pub struct FlightRecorder {
    rings: Vec<Followed>,
    sources: Arc<FlightSources>,
    epoch_offset_ns: u64,
    begun: WallNs,
}

/// A ring and how far it was read.
struct Followed {
    ring: FlightRing,
    /// All records from here on (older ones) were given.
    position: u64,
    /// The newest one that was given.
    newest: Option<u32>,
}

impl FlightRecorder {
    pub(crate) fn new(rings: Vec<FlightRing>, sources: Arc<FlightSources>, epoch_offset_ns: u64) -> Self {
        let followed = |ring| Followed { ring, position: 0, newest: None };
        Self {
            rings: rings.into_iter().map(followed).collect(),
            sources,
            epoch_offset_ns,
            begun: WallNs(clock::boot_ns().saturating_add(epoch_offset_ns)),
        }
    }

    /// Whose calls with data are recorded.
    #[must_use]
    pub fn sources(&self) -> &Arc<FlightSources> {
        &self.sources
    }

    /// Bytes of memory that the rings take.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.rings.iter().map(|followed| followed.ring.size_bytes()).sum()
    }

    /// What came since the look before, as far as it is still there.
    pub fn read(&mut self) -> Reading {
        self.look(|followed| followed.position)
    }

    /// Everything that is still there: what looks before have given too.
    pub fn read_all(&mut self) -> Reading {
        self.look(|_| 0)
    }

    fn look(&mut self, from: impl Fn(&Followed) -> u64) -> Reading {
        let now = clock::boot_ns().saturating_add(self.epoch_offset_ns);
        let horizon_ns = now.saturating_sub(WINDOW_NS);
        let mut reading = Reading::complete_since_begin(self.begun);
        for followed in &mut self.rings {
            let copied = followed.ring.copy(from(followed));
            let Found { places, undecodable } = buffer::parse(&copied.bytes);
            let settled = places.iter().position(|place| place.time_ns <= horizon_ns);
            let places = settled.map_or(&[][..], |first| &places[first..]);
            let new_until = followed.position.wrapping_sub(copied.head);
            reading.undecodable += undecodable;
            reading.lost += lost(places, new_until, followed.newest);
            if !copied.from_the_beginning {
                let oldest = places.last().map_or(now, |place| place.time_ns);
                reading.complete_since = reading.complete_since.max(WallNs(oldest));
            }
            if let Some(newest) = places.first() {
                followed.position = copied.head.wrapping_add(newest.record as u64);
                followed.newest = Some(newest.tail.sequence);
            }
            reading.add(followed.ring.cpu() as u16, copied.bytes, places, new_until);
        }
        reading.sort();
        reading
    }
}

/// How many of the new records are missing: what their numbers leave out.
fn lost(places: &[Place], new_until: u64, last: Option<u32>) -> u64 {
    let new = places.iter().take_while(|place| (place.record as u64) < new_until);
    let (mut there, mut oldest) = (0, None);
    for place in new {
        there += 1;
        oldest = Some(place.tail.sequence);
    }
    let (Some(newest), Some(oldest)) = (places.first(), oldest) else { return 0 };
    let newest = newest.tail.sequence;
    // Numbers wrap around after four thousand million events.
    let wanted = match last {
        Some(last) => newest.wrapping_sub(last),
        None => newest.wrapping_sub(oldest).wrapping_add(1),
    };
    u64::from(wanted).saturating_sub(there)
}

#[cfg(test)]
mod tests {
    use super::super::buffer::tests::record;
    use super::*;

    fn places(sequences: &[u32]) -> Vec<Place> {
        let bytes: Vec<u8> = sequences.iter().flat_map(|sequence| record(*sequence)).collect();
        buffer::parse(&bytes).places
    }

    #[test]
    fn missing_numbers_are_lost_events() {
        assert_eq!(lost(&places(&[5, 4, 3]), u64::MAX, Some(2)), 0);
        assert_eq!(lost(&places(&[9, 8]), u64::MAX, Some(2)), 5, "overwritten");
        assert_eq!(lost(&places(&[5, 3]), u64::MAX, Some(2)), 1, "not recorded");
        assert_eq!(lost(&places(&[5, 3]), u64::MAX, None), 1, "what was before the first is not known");
        assert_eq!(lost(&places(&[1, 0, u32::MAX]), u64::MAX, Some(u32::MAX - 1)), 0, "they wrap around");
        assert_eq!(lost(&[], u64::MAX, Some(2)), 0);
    }

    #[test]
    fn what_was_given_before_is_not_lost() {
        let all = places(&[5, 4, 3, 2]);
        let new_until = all[2].record as u64;
        assert_eq!(lost(&all, new_until, Some(3)), 0);
    }

    #[test]
    fn a_recorder_may_be_handed_to_another_thread() {
        fn check<T: Send>() {}
        check::<FlightRecorder>();
    }
}
