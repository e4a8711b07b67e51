//! Functions of histograms.

use rustc_hash::FxHashMap;

use super::classic_histogram::{Bucket, bucket_fraction, bucket_quantile};
use super::context::Context;
use super::operator::{ScalarOperator, VectorOperator};
use super::table::{Identity, Item, Table};
use crate::promql::display::number_text;
use crate::promql::error::EvalError;
use crate::promql::position::Span;

const BUCKET_LABEL: &str = "le";

/// Values of each histogram in a vector. The buckets of one are the series that differ only in their
/// bound.
pub(super) struct OfHistograms<'a> {
    inner: Box<dyn VectorOperator + 'a>,
    function: HistogramFunction,
    parameters: Vec<(Box<dyn ScalarOperator + 'a>, Span)>,
    span: Span,
    /// By series of `inner`: its histogram and bound; `None` for what is no bucket.
    buckets: Vec<Option<(u32, f64)>>,
    histogram_numbers: FxHashMap<Identity, u32>,
    histograms: Vec<Histogram>,
    table: Table,
    results: FxHashMap<(u32, u64), u32>,
    values: Vec<Item>,
}

struct Histogram {
    identity: Identity,
    buckets: Vec<Bucket>,
}

/// What is asked about a histogram.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum HistogramFunction {
    Quantile,
    /// Several quantiles, told apart by this label.
    Quantiles(String),
    Fraction,
}

impl<'a> OfHistograms<'a> {
    pub(super) fn new(
        inner: Box<dyn VectorOperator + 'a>,
        function: HistogramFunction,
        parameters: Vec<(Box<dyn ScalarOperator + 'a>, Span)>,
        span: Span,
    ) -> OfHistograms<'a> {
        OfHistograms {
            inner,
            function,
            parameters,
            span,
            buckets: Vec::new(),
            histogram_numbers: FxHashMap::default(),
            histograms: Vec::new(),
            table: Table::default(),
            results: FxHashMap::default(),
            values: Vec::new(),
        }
    }

    /// Of which histogram a series is a bucket, and its bound.
    fn bucket_of(&mut self, series: u32, context: &Context<'_>) -> Option<(u32, f64)> {
        if let Some(known) = self.buckets.get(series as usize) {
            return *known;
        }
        for number in self.buckets.len() as u32..=series {
            let identity = self.inner.table().identity(number);
            let bound = identity.labels.value(BUCKET_LABEL).unwrap_or_default();
            let bucket = match parse_bound(bound) {
                Some(bound) => {
                    let labels = identity.labels.filtered(|name| name != BUCKET_LABEL);
                    let histogram = Identity::dropping_name(labels);
                    let next = self.histograms.len() as u32;
                    let number = *self.histogram_numbers.entry(histogram.clone()).or_insert(next);
                    if number == next {
                        self.histograms.push(Histogram { identity: histogram, buckets: Vec::new() });
                    }
                    Some((number, bound))
                }
                None => {
                    context.annotations.bad_bucket_label(self.span, identity.labels.metric(), bound);
                    None
                }
            };
            self.buckets.push(bucket);
        }
        self.buckets.get(series as usize).copied().flatten()
    }

    fn result(&mut self, histogram: u32, quantile: f64) -> u32 {
        let key = match self.function {
            HistogramFunction::Quantiles(_) => (histogram, quantile.to_bits()),
            _ => (histogram, 0),
        };
        if let Some(number) = self.results.get(&key) {
            return *number;
        }
        let mut identity = self.histograms[histogram as usize].identity.clone();
        if let HistogramFunction::Quantiles(label) = &self.function {
            identity.labels = identity.labels.with(label, &quantile_text(quantile));
        }
        let number = self.table.number(identity);
        self.results.insert(key, number);
        number
    }
}

/// A quantile as labels have it in OpenMetrics: with a point.
fn quantile_text(quantile: f64) -> String {
    let text = number_text(quantile);
    let is_whole = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_whole { text + ".0" } else { text }
}

/// A bound as exporters write it.
fn parse_bound(text: &str) -> Option<f64> {
    match text {
        "+Inf" | "Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        _ => text.parse().ok(),
    }
}

impl VectorOperator for OfHistograms<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        let mut parameters = Vec::with_capacity(self.parameters.len());
        for (parameter, span) in &mut self.parameters {
            let value = parameter.step(at, context)?;
            if self.function != HistogramFunction::Fraction && !(0.0..=1.0).contains(&value) {
                context.annotations.invalid_quantile(*span, value);
            }
            parameters.push(value);
        }
        let mut values = std::mem::take(&mut self.values);
        values.clear();
        self.inner.step(at, context, &mut values)?;
        let mut active = Vec::new();
        for item in &values {
            let Some((histogram, bound)) = self.bucket_of(item.series, context) else { continue };
            let buckets = &mut self.histograms[histogram as usize].buckets;
            if buckets.is_empty() {
                active.push(histogram);
            }
            buckets.push(Bucket { bound, count: item.value });
        }
        self.values = values;
        for histogram in active {
            let mut buckets = std::mem::take(&mut self.histograms[histogram as usize].buckets);
            if self.function == HistogramFunction::Fraction {
                if let [lower, upper] = parameters.as_slice() {
                    let value = bucket_fraction(*lower, *upper, &mut buckets);
                    into.push(Item { series: self.result(histogram, 0.0), value });
                }
            } else {
                for quantile in &parameters {
                    let found = bucket_quantile(*quantile, &mut buckets.clone());
                    if found.was_forced {
                        let name = self.histograms[histogram as usize].identity.labels.metric();
                        context.annotations.forced_monotonic(self.span, name);
                    }
                    into.push(Item { series: self.result(histogram, *quantile), value: found.value });
                }
            }
            buckets.clear();
            self.histograms[histogram as usize].buckets = buckets;
        }
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}
