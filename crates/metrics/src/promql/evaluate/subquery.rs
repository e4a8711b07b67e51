//! Windows of values that an expression has at moments of its own.

use lanner_model::time::WallMs;

use super::context::Context;
use super::operator::{VectorOperator, Window, WindowOperator};
use super::table::{Item, Table};
use crate::promql::error::EvalError;
use crate::promql::expr::Shift;

/// The most moments that a subquery is evaluated at for one window.
const MAX_MOMENTS: i64 = 1_000_000;

/// Windows over the values of an expression. It is evaluated at the multiples of the step, at each once,
/// however many windows it is in.
pub(super) struct Subqueries<'a> {
    inner: Box<dyn VectorOperator + 'a>,
    range_ms: i64,
    step_ms: i64,
    shift: Shift,
    /// The last moment it was evaluated at.
    evaluated: Option<i64>,
    /// The values of each series, those that left the window at the front of `points` before `first`.
    kept: Vec<Kept>,
    values: Vec<Item>,
}

#[derive(Default)]
struct Kept {
    points: Vec<(WallMs, f64)>,
    first: usize,
}

impl<'a> Subqueries<'a> {
    pub(super) fn new(
        inner: Box<dyn VectorOperator + 'a>,
        range_ms: i64,
        step_ms: i64,
        shift: Shift,
    ) -> Subqueries<'a> {
        Subqueries { inner, range_ms, step_ms, shift, evaluated: None, kept: Vec::new(), values: Vec::new() }
    }

    fn evaluate(&mut self, from: i64, to: i64, context: &Context<'_>) -> Result<(), EvalError> {
        // The first multiple of the step that is later than `from`.
        let first = (from.div_euclid(self.step_ms) + 1).saturating_mul(self.step_ms);
        let next =
            self.evaluated.map_or(first, |evaluated| first.max(evaluated.saturating_add(self.step_ms)));
        if to.saturating_sub(next) / self.step_ms > MAX_MOMENTS {
            return Err(EvalError::Data(format!(
                "a subquery would be evaluated at more than {MAX_MOMENTS} moments; give it a longer step"
            )));
        }
        let mut moment = next;
        while moment <= to {
            self.values.clear();
            context.look(1)?;
            self.inner.step(moment, context, &mut self.values)?;
            context.hold(self.values.len())?;
            for item in &self.values {
                let at = item.series as usize;
                if self.kept.len() <= at {
                    self.kept.resize_with(at + 1, Kept::default);
                }
                self.kept[at].points.push((WallMs(moment), item.value));
            }
            self.evaluated = Some(moment);
            moment = moment.saturating_add(self.step_ms);
        }
        Ok(())
    }
}

impl WindowOperator for Subqueries<'_> {
    fn step(
        &mut self,
        at: i64,
        context: &Context<'_>,
        each: &mut dyn FnMut(u32, &Window<'_>) -> Result<(), EvalError>,
    ) -> Result<(), EvalError> {
        let to = self.shift.moment(at, context.whole());
        let from = to.saturating_sub(self.range_ms);
        self.evaluate(from, to, context)?;
        for (series, kept) in self.kept.iter_mut().enumerate() {
            while kept.points.get(kept.first).is_some_and(|(time, _)| time.0 <= from) {
                kept.first += 1;
            }
            // Moved to the front only now and then: at most half of what is kept is of no use.
            if kept.first > kept.points.len() / 2 {
                kept.points.drain(..kept.first);
                context.release(kept.first);
                kept.first = 0;
            }
            let points = &kept.points[kept.first..];
            if !points.is_empty() {
                context.look(points.len())?;
                each(series as u32, &Window { points, from, to })?;
            }
        }
        Ok(())
    }

    fn table(&self) -> &Table {
        self.inner.table()
    }
}
