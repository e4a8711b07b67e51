//! The newest value of each series.

use lanner_model::series::STALE_NAN;
use lanner_model::time::WallMs;

use super::context::Context;
use super::operator::VectorOperator;
use super::table::{Identity, Item, Table};
use crate::promql::error::EvalError;
use crate::promql::expr::Shift;
use crate::promql::value::Column;

/// The newest sample of each column that is not older than the lookback and no stale marker.
pub(super) struct Select<'a> {
    columns: &'a [Column],
    /// How many points of each column are not later than the last moment.
    reached: Vec<usize>,
    shift: Shift,
    gives: Gives,
    table: Table,
}

/// What is given of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    Value,
    /// Its time in seconds.
    Time,
}

impl<'a> Select<'a> {
    pub(super) fn new(columns: &'a [Column], shift: Shift, gives: Gives) -> Select<'a> {
        let identity =
            |column: &Column| Identity { labels: column.labels.clone(), drops_name: gives == Gives::Time };
        let table = Table::of(columns.iter().map(identity).collect());
        Select { columns, reached: vec![0; columns.len()], shift, gives, table }
    }
}

impl VectorOperator for Select<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        let at = self.shift.moment(at, context.whole());
        let before = into.len();
        for (series, (column, reached)) in self.columns.iter().zip(&mut self.reached).enumerate() {
            *reached = reach(&column.points, *reached, at);
            let Some((time, value)) = reached.checked_sub(1).map(|newest| column.points[newest]) else {
                continue;
            };
            if time.0 <= at.saturating_sub(context.lookback_ms) || value.to_bits() == STALE_NAN {
                continue;
            }
            let value = match self.gives {
                Gives::Value => value,
                Gives::Time => time.0 as f64 / 1000.0,
            };
            into.push(Item { series: series as u32, value });
        }
        // A series costs its share even where it has no value.
        context.look((into.len() - before).max(self.columns.len() / 16))
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

/// How many points are not later than `at`, when `reached` were not at the last moment.
pub(super) fn reach(points: &[(WallMs, f64)], mut reached: usize, at: i64) -> usize {
    while points.get(reached).is_some_and(|(time, _)| time.0 <= at) {
        reached += 1;
    }
    reached
}
