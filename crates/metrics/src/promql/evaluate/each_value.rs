//! Functions of each value of a vector.

use super::context::Context;
use super::math::round_to;
use super::operator::{ScalarOperator, VectorOperator};
use super::table::{Identity, Item, Table, Translation};
use crate::promql::error::EvalError;

/// Each value of a vector, changed.
pub(super) struct EachValue<'a> {
    inner: Box<dyn VectorOperator + 'a>,
    change: Change,
    parameters: Vec<Box<dyn ScalarOperator + 'a>>,
    table: Table,
    numbers: Translation,
}

/// What becomes of a value.
#[derive(Clone, Copy)]
pub(super) enum Change {
    Function(fn(f64) -> f64),
    Clamp,
    ClampMin,
    ClampMax,
    Round,
    /// The moment in its place.
    Moment,
}

impl<'a> EachValue<'a> {
    pub(super) fn new(
        inner: Box<dyn VectorOperator + 'a>,
        change: Change,
        parameters: Vec<Box<dyn ScalarOperator + 'a>>,
    ) -> EachValue<'a> {
        EachValue { inner, change, parameters, table: Table::default(), numbers: Translation::default() }
    }
}

impl VectorOperator for EachValue<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        let mut parameters = [1.0; 2];
        for (value, parameter) in parameters.iter_mut().zip(&mut self.parameters) {
            *value = parameter.step(at, context)?;
        }
        let [first, second] = parameters;
        let before = into.len();
        self.inner.step(at, context, into)?;
        if matches!(self.change, Change::Clamp) && second < first {
            into.truncate(before);
        }
        for item in &mut into[before..] {
            item.value = match self.change {
                Change::Function(function) => function(item.value),
                Change::Clamp => at_most(at_least(item.value, first), second),
                Change::ClampMin => at_least(item.value, first),
                Change::ClampMax => at_most(item.value, first),
                Change::Round => round_to(item.value, first),
                Change::Moment => at as f64 / 1000.0,
            };
            item.series = self.numbers.of(item.series, || {
                let labels = self.inner.table().identity(item.series).labels.clone();
                self.table.number(Identity::dropping_name(labels))
            });
        }
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

/// NaN when either is; `f64::max` gives the other.
fn at_least(value: f64, least: f64) -> f64 {
    if value.is_nan() || least.is_nan() { f64::NAN } else { value.max(least) }
}

fn at_most(value: f64, most: f64) -> f64 {
    if value.is_nan() || most.is_nan() { f64::NAN } else { value.min(most) }
}
