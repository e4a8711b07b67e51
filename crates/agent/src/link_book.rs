//! Values by link: so many of their own, the rest summed.

use rustc_hash::FxHashMap;

use crate::link_labels::LinkLabels;

/// Rounds without anything new after which a link is forgotten: ten minutes of rounds of 10 s.
const QUIET_ROUNDS: u32 = 60;
/// The same where others wait for room.
const QUIET_ROUNDS_WHEN_FULL: u32 = 6;
/// Sums of links that have no room; what is beyond is refused and counted.
const MOST_SUMS: usize = 500;

/// Cumulative values of links.
///
/// A link has an entry of its own from the first time on, as long as there is room, until it has been quiet
/// for a while. Others go into a sum per side, program and container. What a link has added to a sum stays
/// there, also when it gets an entry of its own later.
#[derive(Debug)]
pub(crate) struct LinkBook<V> {
    most: usize,
    links: FxHashMap<LinkLabels, Entry<V>>,
    sums: FxHashMap<LinkLabels, Entry<V>>,
    /// Room was made in this round; more is not there before the next.
    has_made_room: bool,
    refused: u64,
}

#[derive(Debug, Default)]
struct Entry<V> {
    value: V,
    quiet: u32,
}

impl<V: Default> LinkBook<V> {
    /// At most `most` links have entries of their own.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            links: FxHashMap::default(),
            sums: FxHashMap::default(),
            has_made_room: false,
            refused: 0,
        }
    }

    /// The entry that a link's news of this round go into; `None` where there is no room at all.
    pub(crate) fn entry(&mut self, labels: LinkLabels) -> Option<&mut V> {
        let is_full = self.links.len() >= self.most && !self.links.contains_key(&labels);
        if is_full && !std::mem::replace(&mut self.has_made_room, true) {
            self.links.retain(|_, entry| entry.quiet < QUIET_ROUNDS_WHEN_FULL);
        }
        let entry = if self.links.len() < self.most || self.links.contains_key(&labels) {
            self.links.entry(labels).or_default()
        } else {
            let labels = labels.summed();
            if self.sums.len() >= MOST_SUMS && !self.sums.contains_key(&labels) {
                self.refused += 1;
                return None;
            }
            self.sums.entry(labels).or_default()
        };
        entry.quiet = 0;
        Some(&mut entry.value)
    }

    /// Begins a round; those that have been quiet for long are forgotten.
    pub(crate) fn begin_round(&mut self) {
        self.has_made_room = false;
        for book in [&mut self.links, &mut self.sums] {
            book.values_mut().for_each(|entry| entry.quiet += 1);
            book.retain(|_, entry| entry.quiet <= QUIET_ROUNDS);
        }
    }

    /// All entries.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&LinkLabels, &V)> {
        self.links.iter().chain(&self.sums).map(|(labels, entry)| (labels, &entry.value))
    }

    /// All values.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.links.values_mut().chain(self.sums.values_mut()).map(|entry| &mut entry.value)
    }

    /// News that had no room, since the beginning.
    pub(crate) fn refused(&self) -> u64 {
        self.refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(comm: &str, peer: u32) -> LinkLabels {
        LinkLabels { side: "client", comm: comm.to_owned(), peer: peer.to_string(), ..LinkLabels::default() }
    }

    fn told(book: &LinkBook<u64>) -> Vec<(String, String, u64)> {
        let mut told: Vec<_> =
            book.iter().map(|(labels, value)| (labels.comm.clone(), labels.peer.clone(), *value)).collect();
        told.sort();
        told
    }

    #[test]
    fn what_has_no_room_is_summed_per_program() {
        let mut book = LinkBook::<u64>::new(2);
        for (peer, more) in [(1, 10), (2, 20), (3, 30), (4, 40), (1, 5)] {
            *book.entry(labels("curl", peer)).unwrap() += more;
        }
        *book.entry(labels("wget", 3)).unwrap() += 1;
        let expected = [("curl", "1", 15), ("curl", "2", 20), ("curl", "other", 70), ("wget", "other", 1)];
        assert_eq!(told(&book), expected.map(|(comm, peer, sum)| (comm.to_owned(), peer.to_owned(), sum)));
    }

    #[test]
    fn a_quiet_link_is_forgotten_sooner_when_others_wait_for_room() {
        let mut book = LinkBook::<u64>::new(1);
        book.entry(labels("curl", 1));
        (0..QUIET_ROUNDS_WHEN_FULL).for_each(|_| book.begin_round());
        assert_eq!(told(&book).len(), 1, "nobody waits");
        *book.entry(labels("curl", 2)).unwrap() += 7;
        assert_eq!(told(&book), [("curl".to_owned(), "2".to_owned(), 7)]);
        (0..QUIET_ROUNDS).for_each(|_| book.begin_round());
        assert_eq!(told(&book).len(), 1);
        book.begin_round();
        assert_eq!(told(&book), []);
    }

    #[test]
    fn sums_are_bounded_and_what_is_beyond_is_counted() {
        let mut book = LinkBook::<u64>::new(0);
        for program in 0..=MOST_SUMS {
            book.entry(labels(&program.to_string(), 1));
        }
        assert_eq!((book.iter().count(), book.refused()), (MOST_SUMS, 1));
    }
}
