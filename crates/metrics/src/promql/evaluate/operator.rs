//! What operators are.

use super::context::Context;
use super::table::{Item, Table};
use crate::promql::error::EvalError;
use lanner_model::time::WallMs;

/// An expression, ready to be evaluated.
pub(super) enum Operator<'a> {
    Scalar(Box<dyn ScalarOperator + 'a>),
    Vector(Box<dyn VectorOperator + 'a>),
    Matrix(Box<dyn WindowOperator + 'a>),
    Text(String),
}

/// Gives one number at each moment. Moments ascend.
pub(super) trait ScalarOperator {
    fn step(&mut self, at: i64, context: &Context<'_>) -> Result<f64, EvalError>;
}

/// Gives values of series at each moment. Moments ascend.
pub(super) trait VectorOperator {
    /// Adds the values at a moment, each series at most once.
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError>;

    /// The series that were given so far.
    fn table(&self) -> &Table;
}

/// Gives windows of samples at each moment. Moments ascend.
pub(super) trait WindowOperator {
    /// Calls `each` with the window of every series that has samples in it.
    fn step(
        &mut self,
        at: i64,
        context: &Context<'_>,
        each: &mut dyn FnMut(u32, &Window<'_>) -> Result<(), EvalError>,
    ) -> Result<(), EvalError>;

    fn table(&self) -> &Table;
}

/// Samples of one series after `from` up to and with `to`, the oldest first; at least one.
pub(super) struct Window<'a> {
    pub(super) points: &'a [(WallMs, f64)],
    pub(super) from: i64,
    pub(super) to: i64,
}

/// The values of an expression that are the same at every moment.
pub(super) struct Once<'a> {
    inner: Box<dyn VectorOperator + 'a>,
    values: Option<Vec<Item>>,
}

impl<'a> Once<'a> {
    pub(super) fn new(inner: Box<dyn VectorOperator + 'a>) -> Once<'a> {
        Once { inner, values: None }
    }
}

impl VectorOperator for Once<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        let values = match self.values.take() {
            Some(values) => values,
            None => {
                let mut values = Vec::new();
                self.inner.step(at, context, &mut values)?;
                values
            }
        };
        into.extend_from_slice(&values);
        self.values = Some(values);
        Ok(())
    }

    fn table(&self) -> &Table {
        self.inner.table()
    }
}
