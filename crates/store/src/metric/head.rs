//! All series in memory.

use std::collections::HashMap;

use lanner_model::series::Labels;
use lanner_model::time::WallMs;
use rustc_hash::FxHashMap;

use super::matcher::Condition;
use super::postings::Postings;
use super::series::{Appended, Series, SeriesId, SeriesView};
use super::symbol::Symbols;

/// All series in memory, found by their labels.
#[derive(Debug)]
pub(crate) struct Head {
    series: FxHashMap<SeriesId, Series>,
    by_labels: HashMap<Labels, SeriesId>,
    postings: Postings,
    symbols: Symbols,
    next_id: SeriesId,
    max_series: usize,
    max_label_bytes: usize,
}

/// Why there is no series for a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There are as many as may be.
    OverBudget,
    /// No labels, or too long ones.
    Invalid,
}

/// What retention took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Dropped {
    pub(crate) series: u64,
    pub(crate) samples: u64,
}

/// What the head holds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HeadSize {
    pub(crate) series: u64,
    pub(crate) samples: u64,
    pub(crate) chunk_bytes: u64,
    pub(crate) oldest: Option<WallMs>,
    pub(crate) newest: Option<WallMs>,
}

impl Head {
    pub(crate) fn new(max_series: usize, max_label_bytes: usize) -> Head {
        Head {
            series: FxHashMap::default(),
            by_labels: HashMap::new(),
            postings: Postings::default(),
            symbols: Symbols::default(),
            next_id: SeriesId(1),
            max_series,
            max_label_bytes,
        }
    }

    /// The series with these labels, made where it is missing.
    pub(crate) fn series_of(&mut self, labels: &Labels) -> Result<SeriesId, Refused> {
        if let Some(id) = self.by_labels.get(labels) {
            return Ok(*id);
        }
        let label_bytes: usize = labels.iter().map(|(name, value)| name.len() + value.len()).sum();
        if labels.is_empty() || label_bytes > self.max_label_bytes {
            return Err(Refused::Invalid);
        }
        if self.series.len() >= self.max_series {
            return Err(Refused::OverBudget);
        }
        let id = self.next_id;
        self.insert(id, labels, Series::new);
        Ok(id)
    }

    /// Puts a series in that was written down before; gives the number it has here. That is another
    /// one when the labels are there already: the series was dropped and came back under a new
    /// number, and the log still tells of both.
    pub(crate) fn restore(
        &mut self,
        id: SeriesId,
        labels: &Labels,
        make: impl FnOnce(Labels) -> Series,
    ) -> SeriesId {
        if let Some(known) = self.by_labels.get(labels) {
            return *known;
        }
        if !self.series.contains_key(&id) {
            self.insert(id, labels, make);
        }
        id
    }

    fn insert(&mut self, id: SeriesId, labels: &Labels, make: impl FnOnce(Labels) -> Series) {
        let pairs = self.symbols.intern(labels);
        self.postings.add(id, &pairs);
        let labels = Labels::from_pairs(pairs);
        self.by_labels.insert(labels.clone(), id);
        self.series.insert(id, make(labels));
        self.reserve_ids_before(SeriesId(id.0.saturating_add(1)));
    }

    /// The number the next new series gets.
    pub(crate) fn next_id(&self) -> SeriesId {
        self.next_id
    }

    /// Sees to it that no number below is given to a new series.
    pub(crate) fn reserve_ids_before(&mut self, next_id: SeriesId) {
        self.next_id = self.next_id.max(next_id);
    }

    pub(crate) fn get(&self, id: SeriesId) -> Option<&Series> {
        self.series.get(&id)
    }

    /// Notes that the write-ahead log has these series' labels.
    pub(crate) fn mark_logged(&mut self, ids: &[SeriesId]) {
        for id in ids {
            if let Some(series) = self.series.get_mut(id) {
                series.is_logged = true;
            }
        }
    }

    /// Adds a sample; `None` when there is no such series.
    pub(crate) fn append(&mut self, id: SeriesId, time: WallMs, value: f64) -> Option<Appended> {
        self.series.get_mut(&id).map(|series| series.append(time, value))
    }

    /// The series that match and may have samples in the range, without their samples.
    pub(crate) fn matching(&self, conditions: &[Condition], from: WallMs, to: WallMs) -> Vec<Labels> {
        let mut found = Vec::new();
        self.each_match(conditions, from, to, |_, series| found.push(series.labels.clone()));
        found.sort();
        found
    }

    /// The series that match, with the chunks that may have samples in the range, sorted by labels.
    pub(crate) fn select(&self, conditions: &[Condition], from: WallMs, to: WallMs) -> Vec<SeriesView> {
        let mut found = Vec::new();
        self.each_match(conditions, from, to, |id, series| {
            let chunks = series.chunks(from, to);
            if !chunks.is_empty() {
                found.push(SeriesView { id, labels: series.labels.clone(), chunks });
            }
        });
        found.sort_by(|a, b| a.labels.cmp(&b.labels));
        found
    }

    fn each_match(
        &self,
        conditions: &[Condition],
        from: WallMs,
        to: WallMs,
        mut found: impl FnMut(SeriesId, &Series),
    ) {
        let mut check = |id: SeriesId, series: &Series| {
            if series.overlaps(from, to) && conditions.iter().all(|c| c.holds_for(&series.labels)) {
                found(id, series);
            }
        };
        match self.postings.candidates(conditions) {
            Some(ids) => {
                ids.into_iter().filter_map(|id| Some((id, self.get(id)?))).for_each(|(id, s)| check(id, s))
            }
            None => self.series.iter().for_each(|(id, series)| check(*id, series)),
        }
    }

    /// All there is, in the order of the series' numbers.
    pub(crate) fn snapshot(&self) -> Vec<SeriesView> {
        let mut all: Vec<SeriesView> = self
            .series
            .iter()
            .map(|(id, series)| SeriesView {
                id: *id,
                labels: series.labels.clone(),
                chunks: series.chunks(WallMs(i64::MIN), WallMs(i64::MAX)),
            })
            .collect();
        all.sort_by_key(|series| series.id);
        all
    }

    /// Drops what is older, and series that have nothing left.
    pub(crate) fn drop_before(&mut self, oldest: WallMs) -> Dropped {
        let mut dropped = Dropped::default();
        let mut removed = HashMap::new();
        for (id, series) in &mut self.series {
            dropped.samples += series.drop_before(oldest);
            if series.is_empty() {
                removed.insert(*id, series.labels.clone());
            }
        }
        for (id, labels) in &removed {
            self.series.remove(id);
            self.by_labels.remove(labels);
        }
        if !removed.is_empty() {
            self.postings.remove(&removed);
            dropped.series = removed.len() as u64;
            drop(removed);
            self.symbols.forget_unused();
        }
        dropped
    }

    /// What it holds.
    pub(crate) fn size(&self) -> HeadSize {
        let mut size = HeadSize { series: self.series.len() as u64, ..HeadSize::default() };
        for series in self.series.values() {
            let (samples, bytes) = series.size();
            size.samples += samples;
            size.chunk_bytes += bytes;
            size.oldest = match (size.oldest, series.first()) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            size.newest = size.newest.max(series.last());
        }
        size
    }
}
