//! Series by number.

use lanner_model::series::{Labels, METRIC_NAME};
use rustc_hash::FxHashMap;

/// What tells one series of an operator from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    pub(super) labels: Labels,
    /// The name no longer fits the values and is dropped at the end of the query. Till then it may still
    /// be asked for.
    pub(super) drops_name: bool,
}

/// A value of a series, by its number in the table of the operator that gave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) series: u32,
    pub(super) value: f64,
}

/// The series that an operator has given so far.
#[derive(Debug, Default)]
pub(super) struct Table {
    identities: Vec<Identity>,
    numbers: FxHashMap<Identity, u32>,
}

impl Table {
    /// A table of series that are known to differ.
    pub(super) fn of(identities: Vec<Identity>) -> Table {
        Table { identities, numbers: FxHashMap::default() }
    }

    /// The number of a series, a new one if it is new.
    pub(super) fn number(&mut self, identity: Identity) -> u32 {
        if let Some(number) = self.numbers.get(&identity) {
            return *number;
        }
        let number = self.identities.len() as u32;
        self.identities.push(identity.clone());
        self.numbers.insert(identity, number);
        number
    }

    pub(super) fn identity(&self, number: u32) -> &Identity {
        &self.identities[number as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.identities.len()
    }
}

/// What the numbers of one table are in another, worked out when they are first met.
#[derive(Debug, Default)]
pub(super) struct Translation(Vec<Option<u32>>);

impl Translation {
    pub(super) fn of(&mut self, number: u32, make: impl FnOnce() -> u32) -> u32 {
        let at = number as usize;
        if self.0.len() <= at {
            self.0.resize(at + 1, None);
        }
        *self.0[at].get_or_insert_with(make)
    }
}

impl Identity {
    pub(super) fn new(labels: Labels) -> Identity {
        Identity { labels, drops_name: false }
    }

    pub(super) fn dropping_name(labels: Labels) -> Identity {
        Identity { labels, drops_name: true }
    }

    /// The labels at the end of the query.
    pub(super) fn final_labels(&self) -> Labels {
        if self.drops_name { without_name(&self.labels) } else { self.labels.clone() }
    }
}

pub(super) fn without_name(labels: &Labels) -> Labels {
    labels.filtered(|name| name != METRIC_NAME)
}
