//! Numbers, and what makes vectors of them and them of vectors.

use lanner_model::series::Labels;

use super::context::Context;
use super::math::apply;
use super::operator::{ScalarOperator, VectorOperator};
use super::table::{Identity, Item, Table};
use crate::promql::error::EvalError;
use crate::promql::expr::BinaryOperator;

/// The same number always.
pub(super) struct Constant(pub(super) f64);

/// The moment, in seconds.
pub(super) struct Now;

/// A number with the other sign.
pub(super) struct NegatedNumber<'a>(pub(super) Box<dyn ScalarOperator + 'a>);

/// Two numbers, calculated with.
pub(super) struct Calculation<'a> {
    pub(super) operator: BinaryOperator,
    pub(super) left: Box<dyn ScalarOperator + 'a>,
    pub(super) right: Box<dyn ScalarOperator + 'a>,
}

/// The greater or the smaller of two numbers.
pub(super) struct Extreme<'a> {
    pub(super) choose: fn(f64, f64) -> f64,
    pub(super) left: Box<dyn ScalarOperator + 'a>,
    pub(super) right: Box<dyn ScalarOperator + 'a>,
}

/// The only value of a vector; NaN when there is not just one.
pub(super) struct OnlyValue<'a> {
    inner: Box<dyn VectorOperator + 'a>,
    values: Vec<Item>,
}

/// A number as the vector of one series without labels.
pub(super) struct NumberVector<'a> {
    number: Box<dyn ScalarOperator + 'a>,
    table: Table,
}

impl<'a> OnlyValue<'a> {
    pub(super) fn new(inner: Box<dyn VectorOperator + 'a>) -> OnlyValue<'a> {
        OnlyValue { inner, values: Vec::new() }
    }
}

impl<'a> NumberVector<'a> {
    pub(super) fn new(number: Box<dyn ScalarOperator + 'a>) -> NumberVector<'a> {
        NumberVector { number, table: Table::of(vec![Identity::new(Labels::default())]) }
    }
}

impl ScalarOperator for Constant {
    fn step(&mut self, _: i64, _: &Context<'_>) -> Result<f64, EvalError> {
        Ok(self.0)
    }
}

impl ScalarOperator for Now {
    fn step(&mut self, at: i64, _: &Context<'_>) -> Result<f64, EvalError> {
        Ok(at as f64 / 1000.0)
    }
}

impl ScalarOperator for NegatedNumber<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>) -> Result<f64, EvalError> {
        Ok(-self.0.step(at, context)?)
    }
}

impl ScalarOperator for Calculation<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>) -> Result<f64, EvalError> {
        let (left, right) = (self.left.step(at, context)?, self.right.step(at, context)?);
        let calculated = apply(self.operator, left, right);
        Ok(if self.operator.is_comparison() {
            f64::from(u8::from(calculated.holds))
        } else {
            calculated.value
        })
    }
}

impl ScalarOperator for Extreme<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>) -> Result<f64, EvalError> {
        Ok((self.choose)(self.left.step(at, context)?, self.right.step(at, context)?))
    }
}

impl ScalarOperator for OnlyValue<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>) -> Result<f64, EvalError> {
        self.values.clear();
        self.inner.step(at, context, &mut self.values)?;
        Ok(match self.values.as_slice() {
            [only] => only.value,
            _ => f64::NAN,
        })
    }
}

impl VectorOperator for NumberVector<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        into.push(Item { series: 0, value: self.number.step(at, context)? });
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}
