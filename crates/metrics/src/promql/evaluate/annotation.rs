//! What should be known about an answer.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::promql::display::{number_text, quoted};
use crate::promql::position::{Position, Span};

/// So many of each kind are kept; one is enough to look.
const MAX_ANNOTATIONS: usize = 10;

/// Warnings and infos about places of a query.
#[derive(Debug)]
pub(super) struct Annotations<'a> {
    text: &'a str,
    warnings: RefCell<BTreeSet<String>>,
    infos: RefCell<BTreeSet<String>>,
}

impl<'a> Annotations<'a> {
    pub(super) fn new(text: &'a str) -> Annotations<'a> {
        Annotations { text, warnings: RefCell::default(), infos: RefCell::default() }
    }

    pub(super) fn into_lists(self) -> (Vec<String>, Vec<String>) {
        let list = |set: RefCell<BTreeSet<String>>| set.into_inner().into_iter().collect();
        (list(self.warnings), list(self.infos))
    }

    fn warn(&self, span: Span, message: &str) {
        let position = Position::of(self.text, span.start);
        keep(&self.warnings, format!("PromQL warning: {message} ({position})"));
    }

    fn info(&self, span: Span, message: &str) {
        let position = Position::of(self.text, span.start);
        keep(&self.infos, format!("PromQL info: {message} ({position})"));
    }

    pub(super) fn invalid_quantile(&self, span: Span, quantile: f64) {
        let number = number_text(quantile);
        self.warn(span, &format!("quantile value should be between 0 and 1, got {number}"));
    }

    pub(super) fn invalid_ratio(&self, span: Span, ratio: f64, used: f64) {
        let message = format!(
            "ratio value should be between -1 and 1, got {}, capping to {}",
            number_text(ratio),
            number_text(used)
        );
        self.warn(span, &message);
    }

    pub(super) fn bad_bucket_label(&self, span: Span, metric: &str, value: &str) {
        let message = format!(
            "bucket label \"le\" is missing or has a malformed value of {}{}",
            quoted(value),
            for_metric(metric)
        );
        self.warn(span, &message);
    }

    pub(super) fn sort_in_range(&self, span: Span) {
        self.warn(span, "sort is ineffective for range queries since results are always ordered by labels");
    }

    pub(super) fn maybe_no_counter(&self, span: Span, metric: &str) {
        let message = "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ";
        self.info(span, &format!("{message}{}", quoted(metric)));
    }

    pub(super) fn forced_monotonic(&self, span: Span, metric: &str) {
        let message = format!(
            "input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile){}",
            for_metric(metric)
        );
        self.info(span, &message);
    }
}

fn keep(set: &RefCell<BTreeSet<String>>, message: String) {
    let mut set = set.borrow_mut();
    if set.len() < MAX_ANNOTATIONS {
        set.insert(message);
    }
}

fn for_metric(metric: &str) -> String {
    if metric.is_empty() { String::new() } else { format!(" for metric name {}", quoted(metric)) }
}
