//! Sets of event types.

use lanner_model::event::{EVENTS, EventType, syscall};

/// Type numbers that get a bit of their own; the table has some 500.
const TYPES: usize = 1024;

/// Codes of system calls that get a bit of their own; there are some 460.
const CALLS: usize = 1024;

/// A set of event types.
///
/// The generic event stands for hundreds of system calls and is named after the one it carries, so
/// it is in a set call by call ([`EventTypeSet::calls`]). Types that are newer than the table are
/// in a set all together or not at all.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventTypeSet {
    types: [u64; TYPES / 64],
    calls: [u64; CALLS / 64],
    newer: bool,
}

impl EventTypeSet {
    /// No event type.
    pub const NONE: EventTypeSet =
        EventTypeSet { types: [0; TYPES / 64], calls: [0; CALLS / 64], newer: false };
    /// Every event type.
    pub const ALL: EventTypeSet =
        EventTypeSet { types: [u64::MAX; TYPES / 64], calls: [u64::MAX; CALLS / 64], newer: true };

    /// Whether `event_type` is in the set; the generic event, whether any call is.
    #[must_use]
    pub fn contains(&self, event_type: EventType) -> bool {
        let number = usize::from(event_type.0);
        match self.types.get(number / 64) {
            _ if is_generic(event_type) => self.calls.iter().any(|word| *word != 0),
            Some(word) => word & (1 << (number % 64)) != 0,
            None => self.newer,
        }
    }

    /// Adds a type; with the generic event, every call that it stands for.
    pub fn insert(&mut self, event_type: EventType) {
        let number = usize::from(event_type.0);
        match self.types.get_mut(number / 64) {
            _ if is_generic(event_type) => self.calls = Self::ALL.calls,
            Some(word) => *word |= 1 << (number % 64),
            None => self.newer = true,
        }
    }

    /// Adds a system call that only the generic event tells of, by its code.
    pub fn insert_call(&mut self, code: u16) {
        if let Some(word) = self.calls.get_mut(usize::from(code) / 64) {
            *word |= 1 << (code % 64);
        }
    }

    /// The types of the table that are in the set, the generic ones too if any call is.
    pub fn iter(&self) -> impl Iterator<Item = EventType> + '_ {
        let types = (0..EVENTS.len()).filter_map(|number| u16::try_from(number).ok()).map(EventType);
        types.filter(|event_type| self.contains(*event_type))
    }

    /// The system calls in the set that only the generic event tells of, by their codes
    /// ([`syscall::name`] gives their names).
    pub fn calls(&self) -> impl Iterator<Item = u16> + '_ {
        let holds = |code: &u16| {
            self.calls.get(usize::from(*code) / 64).is_some_and(|word| word & (1 << (code % 64)) != 0)
        };
        generic_calls().map(|(code, _)| code).filter(holds)
    }

    /// Whether every type of the table is in the set, and every call.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.newer && self.iter().count() == EVENTS.len() && self.calls().count() == generic_calls().count()
    }

    /// Whether nothing is in the set.
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
        Self {
            types: std::array::from_fn(|at| word(self.types[at], other.types[at])),
            calls: std::array::from_fn(|at| word(self.calls[at], other.calls[at])),
            newer,
        }
    }
}

fn is_generic(event_type: EventType) -> bool {
    event_type == EventType::GENERIC_E || event_type == EventType::GENERIC_X
}

/// Code and name of every system call that only the generic event tells of.
pub(crate) fn generic_calls() -> impl Iterator<Item = (u16, &'static str)> {
    let named = (0..).map_while(|code| Some((code, syscall::name(code)?)));
    named.filter(|(code, _)| syscall::event(*code) == Some(EventType::GENERIC_X))
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
        if self.is_all() {
            return f.write_str("all");
        }
        let types = self.iter().filter(|event_type| !is_generic(*event_type));
        f.debug_set().entries(types).entries(self.calls().filter_map(syscall::name)).finish()
    }
}
