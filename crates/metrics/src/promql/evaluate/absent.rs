//! What is not there.

use lanner_model::series::{Labels, METRIC_NAME, MatchOp, Matcher};

use super::context::Context;
use super::operator::{VectorOperator, WindowOperator};
use super::table::{Identity, Item, Table};
use crate::promql::error::EvalError;

/// 1 when a vector has no value.
pub(super) struct Absent<'a> {
    inner: Box<dyn VectorOperator + 'a>,
    table: Table,
    values: Vec<Item>,
}

/// 1 when no window has a sample.
pub(super) struct AbsentOverTime<'a> {
    inner: Box<dyn WindowOperator + 'a>,
    table: Table,
}

impl<'a> Absent<'a> {
    pub(super) fn new(inner: Box<dyn VectorOperator + 'a>, labels: Labels) -> Absent<'a> {
        Absent { inner, table: Table::of(vec![Identity::new(labels)]), values: Vec::new() }
    }
}

impl<'a> AbsentOverTime<'a> {
    pub(super) fn new(inner: Box<dyn WindowOperator + 'a>, labels: Labels) -> AbsentOverTime<'a> {
        AbsentOverTime { inner, table: Table::of(vec![Identity::new(labels)]) }
    }
}

impl VectorOperator for Absent<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        self.values.clear();
        self.inner.step(at, context, &mut self.values)?;
        into.extend(self.values.is_empty().then_some(Item { series: 0, value: 1.0 }));
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

impl VectorOperator for AbsentOverTime<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        let mut is_absent = true;
        self.inner.step(at, context, &mut |_, _| {
            is_absent = false;
            Ok(())
        })?;
        into.extend(is_absent.then_some(Item { series: 0, value: 1.0 }));
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

/// The labels that a series would have that matches: those that one matcher says with `=`.
pub(super) fn labels_of(matchers: &[Matcher]) -> Labels {
    let is_alone = |wanted: &&Matcher| matchers.iter().filter(|other| other.name == wanted.name).count() == 1;
    let equal = matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal && matcher.name != METRIC_NAME);
    let pairs = equal.filter(is_alone);
    Labels::from_pairs(pairs.map(|matcher| (matcher.name.as_str().into(), matcher.value.as_str().into())))
}
