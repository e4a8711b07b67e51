//! Windows of samples over selected series.

use std::borrow::Cow;

use lanner_model::series::STALE_NAN;
use lanner_model::time::WallMs;

use super::context::Context;
use super::operator::{Window, WindowOperator};
use super::select::reach;
use super::table::{Identity, Table};
use crate::promql::error::EvalError;
use crate::promql::expr::Shift;
use crate::promql::value::Column;

/// Windows that move over columns.
pub(super) struct Windows<'a> {
    columns: Vec<Moving<'a>>,
    range_ms: i64,
    shift: Shift,
    table: Table,
}

struct Moving<'a> {
    /// Without stale markers: a window does not see them.
    points: Cow<'a, [(WallMs, f64)]>,
    /// How many points are not later than the window's beginning, and than its end.
    before: usize,
    reached: usize,
}

impl<'a> Windows<'a> {
    pub(super) fn new(columns: &'a [Column], range_ms: i64, shift: Shift) -> Windows<'a> {
        let table = Table::of(columns.iter().map(|column| Identity::new(column.labels.clone())).collect());
        let columns = columns.iter().map(|column| Moving {
            points: without_markers(&column.points),
            before: 0,
            reached: 0,
        });
        Windows { columns: columns.collect(), range_ms, shift, table }
    }
}

impl WindowOperator for Windows<'_> {
    fn step(
        &mut self,
        at: i64,
        context: &Context<'_>,
        each: &mut dyn FnMut(u32, &Window<'_>) -> Result<(), EvalError>,
    ) -> Result<(), EvalError> {
        let to = self.shift.moment(at, context.whole());
        let from = to.saturating_sub(self.range_ms);
        context.look(self.columns.len() / 16)?;
        for (series, column) in self.columns.iter_mut().enumerate() {
            column.before = reach(&column.points, column.before, from);
            column.reached = reach(&column.points, column.reached.max(column.before), to);
            let points = &column.points[column.before..column.reached];
            if !points.is_empty() {
                context.look(points.len())?;
                each(series as u32, &Window { points, from, to })?;
            }
        }
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

fn without_markers(points: &[(WallMs, f64)]) -> Cow<'_, [(WallMs, f64)]> {
    let is_marker = |value: f64| value.to_bits() == STALE_NAN;
    if !points.iter().any(|(_, value)| is_marker(*value)) {
        return Cow::Borrowed(points);
    }
    points.iter().filter(|(_, value)| !is_marker(*value)).copied().collect::<Vec<_>>().into()
}
