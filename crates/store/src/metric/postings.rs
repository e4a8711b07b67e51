//! Which series have which label.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use lanner_model::series::Labels;

use super::matcher::Condition;
use super::series::SeriesId;

/// For every label name and value the series that have it, in the order of their numbers. Plain
/// sorted vectors: numbers grow, so adding is a push but for a few, and 50,000 series with twelve labels
/// take 5 MB, which a bitmap would not make the point of.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    names: HashMap<Arc<str>, BTreeMap<Arc<str>, Vec<SeriesId>>>,
}

impl Postings {
    /// Adds a series.
    pub(crate) fn add(&mut self, id: SeriesId, pairs: &[(Arc<str>, Arc<str>)]) {
        for (name, value) in pairs {
            let ids = self.names.entry(name.clone()).or_default().entry(value.clone()).or_default();
            // A series whose first write failed is told of later than others with higher numbers.
            let at =
                if ids.last() < Some(&id) { ids.len() } else { ids.partition_point(|other| *other < id) };
            ids.insert(at, id);
        }
    }

    /// Removes series with their labels.
    pub(crate) fn remove(&mut self, removed: &HashMap<SeriesId, Labels>) {
        // Each list that is concerned is gone through once, however many of its series go.
        let pairs: HashSet<(&str, &str)> = removed.values().flat_map(Labels::iter).collect();
        for (name, value) in pairs {
            let Some(values) = self.names.get_mut(name) else { continue };
            let Some(ids) = values.get_mut(value) else { continue };
            ids.retain(|id| !removed.contains_key(id));
            if ids.is_empty() {
                values.remove(value);
            }
            if values.is_empty() {
                self.names.remove(name);
            }
        }
    }

    /// The series that may hold for all conditions, in the order of their numbers: those that a
    /// look-up can tell apart are, the others are to be asked per series. `None` when no condition
    /// can be looked up, so that it could be any series.
    pub(crate) fn candidates(&self, conditions: &[Condition]) -> Option<Vec<SeriesId>> {
        // A condition that "" fulfils also holds for series without the label, which no list has.
        let looked_up = conditions.iter().filter(|condition| !condition.holds(""));
        let mut lists: Vec<Vec<SeriesId>> = looked_up.map(|condition| self.list(condition)).collect();
        lists.sort_by_key(Vec::len);
        let mut lists = lists.into_iter();
        let first = lists.next()?;
        Some(lists.fold(first, |left, right| intersection(&left, &right)))
    }

    fn list(&self, condition: &Condition) -> Vec<SeriesId> {
        let Some(values) = self.names.get(condition.name.as_str()) else { return Vec::new() };
        if let Some(wanted) = condition.equal_to() {
            return values.get(wanted).cloned().unwrap_or_default();
        }
        let matching = values.iter().filter(|(value, _)| condition.holds(value));
        // A series has one value for a name, so no number comes twice.
        let mut ids: Vec<SeriesId> = matching.flat_map(|(_, ids)| ids).copied().collect();
        ids.sort_unstable();
        ids
    }
}

fn intersection(short: &[SeriesId], long: &[SeriesId]) -> Vec<SeriesId> {
    let mut rest = long;
    let mut both = Vec::new();
    for id in short {
        let at = rest.partition_point(|other| other < id);
        rest = &rest[at..];
        if rest.first() == Some(id) {
            both.push(*id);
        }
    }
    both
}
