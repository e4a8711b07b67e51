//! Rows by key, in the order in which they were first seen, and no more than may be.

use std::borrow::Borrow;
use std::hash::{BuildHasher as _, Hash};

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

/// Keys beyond the capacity that are told apart. What comes after is not counted any more.
const TOLD_APART: usize = 500_000;

/// Rows by key.
#[derive(Debug)]
pub(crate) struct Keyed<K, V> {
    places: FxHashMap<K, usize>,
    rows: Vec<(K, V)>,
    capacity: usize,
    beyond: FxHashSet<u64>,
}

/// Whether a row is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It was there.
    Known,
    /// It, or one beyond the capacity, is seen for the first time.
    New,
}

impl<K: Hash + Eq + Clone, V> Keyed<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { places: FxHashMap::default(), rows: Vec::new(), capacity, beyond: FxHashSet::default() }
    }

    /// The row of a key, made if there is room; `None` beyond the capacity.
    pub(crate) fn row(&mut self, key: &K, make: impl FnOnce() -> V) -> (Found, Option<&mut V>) {
        if let Some(place) = self.places.get(key) {
            return (Found::Known, self.rows.get_mut(*place).map(|(_, row)| row));
        }
        if self.rows.len() >= self.capacity {
            let hash = FxBuildHasher.hash_one(key);
            let is_new = self.beyond.len() < TOLD_APART && self.beyond.insert(hash);
            return (if is_new { Found::New } else { Found::Known }, None);
        }
        self.places.insert(key.clone(), self.rows.len());
        self.rows.push((key.clone(), make()));
        (Found::New, self.rows.last_mut().map(|(_, row)| row))
    }

    /// A row that is there.
    pub(crate) fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let place = *self.places.get(key)?;
        self.rows.get_mut(place).map(|(_, row)| row)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.rows.iter()
    }

    /// Distinct keys for which there was no room.
    pub(crate) fn beyond(&self) -> u64 {
        self.beyond.len() as u64
    }

    /// All distinct keys.
    pub(crate) fn total(&self) -> u64 {
        self.rows.len() as u64 + self.beyond()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_counted_once_each() {
        let mut rows: Keyed<u32, u32> = Keyed::new(2);
        for key in [1, 2, 1, 3, 4, 3] {
            if let (_, Some(count)) = rows.row(&key, || 0) {
                *count += 1;
            }
        }
        assert_eq!(rows.iter().copied().collect::<Vec<_>>(), [(1, 2), (2, 1)]);
        assert_eq!((rows.beyond(), rows.total()), (2, 4));
    }
}
