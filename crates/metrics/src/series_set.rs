//! The series of one agent over their lives.

use std::sync::Arc;

use lanner_model::series::{Labels, METRIC_NAME, STALE_NAN, Sample};
use lanner_model::time::WallMs;
use rustc_hash::FxHashMap;

use crate::declaration::{Declaration, Metric};
use crate::target::Target;

/// The living series of one agent.
///
/// It keeps the labels of each series between rounds, so that a round costs one look-up per sample, and
/// knows which series ended.
#[derive(Debug)]
pub struct SeriesSet {
    target: Vec<(Arc<str>, Arc<str>)>,
    words: FxHashMap<&'static str, Arc<str>>,
    series: FxHashMap<Box<[u8]>, Series>,
    key: Vec<u8>,
    round: u64,
    budget: usize,
    refused: u64,
}

#[derive(Debug)]
struct Series {
    labels: Labels,
    /// The last round in which it had a value.
    seen: u64,
}

/// One round of values, all of one moment.
#[derive(Debug)]
pub struct Round<'a> {
    set: &'a mut SeriesSet,
    time: WallMs,
    samples: Vec<Sample>,
}

impl SeriesSet {
    /// No series yet. Never more than `budget` live at a time; what is beyond is refused and counted.
    #[must_use]
    pub fn new(target: &Target, budget: usize) -> Self {
        let node: Arc<str> = target.node.as_str().into();
        let own = [("node".into(), Arc::clone(&node)), ("instance".into(), node)];
        let further = target.labels.iter().map(|(name, value)| (name.as_str().into(), value.as_str().into()));
        Self {
            target: own.into_iter().chain(further).collect(),
            words: FxHashMap::default(),
            series: FxHashMap::default(),
            key: Vec::new(),
            round: 0,
            budget,
            refused: 0,
        }
    }

    /// Begins a round: every value of this moment is added, then [`Round::finish`] ends it.
    pub fn round(&mut self, time: WallMs) -> Round<'_> {
        self.round += 1;
        let samples = Vec::with_capacity(self.series.len() + 16);
        Round { set: self, time, samples }
    }

    /// How many series live.
    #[must_use]
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// Whether no series lives.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// How many values were refused because the budget was used up; cumulative.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused
    }

    fn labels_of(&mut self, declaration: &Declaration, values: &[&str]) -> Labels {
        let mut pairs = self.target.clone();
        pairs.reserve(values.len() + 3);
        pairs.push((self.word(METRIC_NAME), self.word(declaration.name)));
        for &(name, value) in declaration.source.labels() {
            pairs.push((self.word(name), self.word(value)));
        }
        for (&name, &value) in declaration.labels.iter().zip(values) {
            if !value.is_empty() {
                pairs.push((self.word(name), value.into()));
            }
        }
        Labels::from_pairs(pairs)
    }

    /// One shared copy of each word of the declarations.
    fn word(&mut self, word: &'static str) -> Arc<str> {
        Arc::clone(self.words.entry(word).or_insert_with(|| word.into()))
    }
}

impl Round<'_> {
    /// Adds a value. `values` are those of the metric's labels in the order of their declaration; an empty
    /// one is no label. Of two values for one series in a round the first counts.
    pub fn add<const N: usize>(&mut self, metric: &'static Metric<N>, values: [&str; N], value: f64) {
        let declaration = metric.declaration();
        let set = &mut *self.set;
        set.key.clear();
        key_of(&mut set.key, declaration, &values);
        let is_full = set.series.len() >= set.budget;
        let labels = match set.series.get_mut(set.key.as_slice()) {
            Some(series) if series.seen == set.round => return,
            Some(series) => {
                series.seen = set.round;
                series.labels.clone()
            }
            None if is_full => {
                set.refused += 1;
                return;
            }
            None => {
                let labels = set.labels_of(declaration, &values);
                let series = Series { labels: labels.clone(), seen: set.round };
                set.series.insert(set.key.as_slice().into(), series);
                labels
            }
        };
        self.samples.push(Sample { labels, time: self.time, value });
    }

    /// The same for a counter of something that began after `since`. A series that is new gets a zero of
    /// that time first: else its first value would be taken for what was there before, and what is short
    /// would never be seen to grow.
    pub fn add_counter<const N: usize>(
        &mut self,
        metric: &'static Metric<N>,
        values: [&str; N],
        value: f64,
        since: WallMs,
    ) {
        let (living, added) = (self.set.series.len(), self.samples.len());
        self.add(metric, values, value);
        if self.set.series.len() > living
            && let Some(sample) = self.samples.get(added)
        {
            let first = Sample { labels: sample.labels.clone(), time: since, value: 0.0 };
            self.samples.insert(added, first);
        }
    }

    /// The same for a value that may be unknown: then nothing is added.
    pub fn add_known<const N: usize>(
        &mut self,
        metric: &'static Metric<N>,
        values: [&str; N],
        value: Option<f64>,
    ) {
        if let Some(value) = value {
            self.add(metric, values, value);
        }
    }

    /// Ends the round. Series of earlier rounds without a value in this one end: each gets a stale marker.
    #[must_use]
    pub fn finish(mut self) -> Vec<Sample> {
        let round = self.set.round;
        let (time, samples) = (self.time, &mut self.samples);
        self.set.series.retain(|_, series| {
            if series.seen != round {
                let labels = series.labels.clone();
                samples.push(Sample { labels, time, value: f64::from_bits(STALE_NAN) });
            }
            series.seen == round
        });
        self.samples
    }
}

/// What tells one series from another within a set.
fn key_of(key: &mut Vec<u8>, declaration: &Declaration, values: &[&str]) {
    key.extend_from_slice(declaration.name.as_bytes());
    for value in values {
        // 0xff is in no UTF-8 text.
        key.push(0xff);
        key.extend_from_slice(value.as_bytes());
    }
}
