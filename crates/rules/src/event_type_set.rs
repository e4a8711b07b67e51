//! Sets of event types.

use lanner_model::event::{EVENTS, EventType};

/// Type numbers that get a bit of their own; the table has some 500.
const KNOWN: usize = 1024;

/// A set of event types. Types that are newer than the table are in it all together or not at all.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventTypeSet {
    bits: [u64; KNOWN / 64],
    newer: bool,
}

impl EventTypeSet {
    /// No event type.
    pub const NONE: EventTypeSet = EventTypeSet { bits: [0; KNOWN / 64], newer: false };
    /// Every event type.
    pub const ALL: EventTypeSet = EventTypeSet { bits: [u64::MAX; KNOWN / 64], newer: true };

    /// Whether `event_type` is in the set.
    #[must_use]
    pub fn contains(&self, event_type: EventType) -> bool {
        let number = usize::from(event_type.0);
        match self.bits.get(number / 64) {
            Some(word) => word & (1 << (number % 64)) != 0,
            None => self.newer,
        }
    }

    /// Adds a type.
    pub fn insert(&mut self, event_type: EventType) {
        let number = usize::from(event_type.0);
        match self.bits.get_mut(number / 64) {
            Some(word) => *word |= 1 << (number % 64),
            None => self.newer = true,
        }
    }

    /// The types of the table that are in the set.
    pub fn iter(&self) -> impl Iterator<Item = EventType> + '_ {
        (0..EVENTS.len())
            .filter_map(|number| u16::try_from(number).ok())
            .map(EventType)
            .filter(|t| self.contains(*t))
    }

    /// Whether every type of the table is in the set.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.newer && self.iter().count() == EVENTS.len()
    }

    /// Whether no type is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::NONE
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a | b, self.newer || other.newer)
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a & b, self.newer && other.newer)
    }

    fn combine(&self, other: &Self, word: impl Fn(u64, u64) -> u64, newer: bool) -> Self {
        let mut bits = self.bits;
        for (mine, theirs) in bits.iter_mut().zip(other.bits) {
            *mine = word(*mine, theirs);
        }
        Self { bits, newer }
    }
}

impl Default for EventTypeSet {
    fn default() -> Self {
        Self::NONE
    }
}

impl FromIterator<EventType> for EventTypeSet {
    fn from_iter<I: IntoIterator<Item = EventType>>(types: I) -> Self {
        let mut set = Self::NONE;
        types.into_iter().for_each(|event_type| set.insert(event_type));
        set
    }
}

impl std::fmt::Debug for EventTypeSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_all() { f.write_str("all") } else { f.debug_set().entries(self.iter()).finish() }
    }
}
