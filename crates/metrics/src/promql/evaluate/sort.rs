//! Functions that order a vector. Answers over a range are ordered by labels, whatever was sorted.

use std::cmp::Ordering;

use lanner_model::series::Labels;

use super::context::Context;
use super::operator::VectorOperator;
use super::table::{Item, Table};
use crate::promql::error::EvalError;
use crate::promql::position::Span;

/// A vector in some order.
pub(super) struct Sorted<'a> {
    pub(super) inner: Box<dyn VectorOperator + 'a>,
    pub(super) by: By,
    pub(super) descends: bool,
    pub(super) span: Span,
}

/// By what is sorted.
pub(super) enum By {
    Value,
    /// By these labels, then by all.
    Labels(Vec<String>),
}

impl VectorOperator for Sorted<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        let before = into.len();
        self.inner.step(at, context, into)?;
        if context.moments.step_ms > 0 {
            context.annotations.sort_in_range(self.span);
            return Ok(());
        }
        let table = self.inner.table();
        let items = &mut into[before..];
        let directed = |order: Ordering| if self.descends { order.reverse() } else { order };
        match &self.by {
            // NaN comes last in both directions.
            By::Value => items.sort_by(|a, b| {
                let order = a.value.partial_cmp(&b.value).unwrap_or(Ordering::Equal);
                a.value.is_nan().cmp(&b.value.is_nan()).then(directed(order))
            }),
            By::Labels(names) => items.sort_by(|a, b| {
                let [a, b] = [a, b].map(|item| &table.identity(item.series).labels);
                directed(compare(names, a, b))
            }),
        }
        Ok(())
    }

    fn table(&self) -> &Table {
        self.inner.table()
    }
}

fn compare(names: &[String], a: &Labels, b: &Labels) -> Ordering {
    let by_names = names
        .iter()
        .map(|name| natural(a.value(name).unwrap_or_default(), b.value(name).unwrap_or_default()));
    by_names.fold(Ordering::Equal, Ordering::then).then_with(|| a.cmp(b))
}

/// Texts with numbers in them, as people sort them: node2 before node10.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (first, second) = (run(a), run(b));
        if first.is_empty() || second.is_empty() {
            return first.len().cmp(&second.len());
        }
        let order = match (number(first), number(second)) {
            (Some(first), Some(second)) => first.cmp(&second),
            _ => first.cmp(second),
        };
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (&a[first.len()..], &b[second.len()..]);
    }
}

/// The digits, or the other characters, that a text begins with.
fn run(text: &str) -> &str {
    let is_digit = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(text.len());
    &text[..end]
}

/// A number of any length, comparable: without its leading zeros, the shorter is the smaller.
fn number(run: &str) -> Option<(usize, &str)> {
    let digits = run.trim_start_matches('0');
    run.starts_with(|c: char| c.is_ascii_digit()).then_some((digits.len(), digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_texts_are_sorted_as_numbers() {
        for pair in ["", "a", "a1", "a2", "a2b", "a10", "a10000000000000000000000", "b"].windows(2) {
            assert_eq!(natural(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        assert_eq!(natural("a01", "a1"), Ordering::Equal);
    }
}
