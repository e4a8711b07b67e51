//! A map that knows which of its entries was used longest ago.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// No place.
const NONE: usize = usize::MAX;

/// Entries by key, in the order of their last use. Every operation takes constant time.
#[derive(Debug)]
pub(crate) struct Recency<K, V> {
    places: FxHashMap<K, usize>,
    slots: Vec<Slot<K, V>>,
    /// Slots that are empty.
    free: Vec<usize>,
    oldest: usize,
    newest: usize,
}

#[derive(Debug)]
struct Slot<K, V> {
    /// `None` in an empty slot.
    entry: Option<(K, V)>,
    older: usize,
    newer: usize,
}

impl<K: Hash + Eq + Clone, V> Recency<K, V> {
    pub(crate) fn new() -> Self {
        Self { places: FxHashMap::default(), slots: Vec::new(), free: Vec::new(), oldest: NONE, newest: NONE }
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The entry, which is the newest from here on.
    pub(crate) fn use_entry(&mut self, key: &K) -> Option<&mut V> {
        let place = *self.places.get(key)?;
        self.unlink(place);
        self.link(place);
        self.slots[place].entry.as_mut().map(|(_, value)| value)
    }

    /// Adds an entry as the newest. The key must not be there.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        let slot = Slot { entry: Some((key.clone(), value)), older: NONE, newer: NONE };
        let place = match self.free.pop() {
            Some(place) => {
                self.slots[place] = slot;
                place
            }
            None => {
                self.slots.push(slot);
                self.slots.len() - 1
            }
        };
        self.places.insert(key, place);
        self.link(place);
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.places.remove(key)?;
        self.empty(place).map(|(_, value)| value)
    }

    /// Takes the entry out that was not used for longest.
    pub(crate) fn remove_oldest(&mut self) -> Option<V> {
        let place = self.oldest;
        if place == NONE {
            return None;
        }
        let (key, value) = self.empty(place)?;
        self.places.remove(&key);
        Some(value)
    }

    /// Shows every entry; those for which `keep` is false are removed.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        for place in 0..self.slots.len() {
            let Some((key, value)) = &mut self.slots[place].entry else { continue };
            if !keep(key, value)
                && let Some((key, _)) = self.empty(place)
            {
                self.places.remove(&key);
            }
        }
    }

    fn empty(&mut self, place: usize) -> Option<(K, V)> {
        self.unlink(place);
        self.free.push(place);
        self.slots[place].entry.take()
    }

    /// Puts a slot that is in no order at the newest end.
    fn link(&mut self, place: usize) {
        self.slots[place].older = self.newest;
        self.slots[place].newer = NONE;
        match self.newest {
            NONE => self.oldest = place,
            newest => self.slots[newest].newer = place,
        }
        self.newest = place;
    }

    fn unlink(&mut self, place: usize) {
        let Slot { older, newer, .. } = self.slots[place];
        match older {
            NONE => self.oldest = newer,
            older => self.slots[older].newer = newer,
        }
        match newer {
            NONE => self.newest = older,
            newer => self.slots[newer].older = older,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let mut map = Recency::new();
        for key in 1..=4 {
            map.insert(key, key * 10);
        }
        assert_eq!(map.use_entry(&1), Some(&mut 10));
        assert_eq!(map.remove(&3), Some(30));
        map.insert(5, 50);
        map.retain(|_, value| *value != 40);
        let order: Vec<i32> = std::iter::from_fn(|| map.remove_oldest()).collect();
        assert_eq!(order, [20, 10, 50]);
        assert_eq!((map.len(), map.use_entry(&1)), (0, None));
    }
}
