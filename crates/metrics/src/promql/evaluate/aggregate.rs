//! Aggregations that make one value of each group.

use lanner_model::series::{Labels, METRIC_NAME};

use super::context::Context;
use super::operator::{ScalarOperator, VectorOperator};
use super::statistics::{Mean, Sum, Variance, quantile};
use super::table::{Identity, Item, Table, Translation};
use crate::promql::display::number_text;
use crate::promql::error::EvalError;
use crate::promql::expr::{AggregateOperator, Grouping};
use crate::promql::position::Span;

/// One value of each group.
pub(super) struct Aggregation<'a> {
    inner: Box<dyn VectorOperator + 'a>,
    operator: AggregateOperator,
    grouping: &'a Grouping,
    /// The quantile, and where it stands.
    parameter: Option<(Box<dyn ScalarOperator + 'a>, Span)>,
    groups: Translation,
    table: Table,
    /// By group; valid for those in `active`.
    folds: Vec<Fold>,
    active: Vec<u32>,
    moment: u64,
    values: Vec<Item>,
}

/// How often each value occurs in a group.
pub(super) struct CountValues<'a> {
    inner: Box<dyn VectorOperator + 'a>,
    label: String,
    grouping: &'a Grouping,
    table: Table,
    values: Vec<Item>,
    counted: Vec<Item>,
}

struct Fold {
    moment: u64,
    state: State,
}

enum State {
    Sum(Sum),
    Mean(Mean),
    Variance(Variance),
    /// Of values, or how many there are.
    Number(f64),
    Values(Vec<f64>),
}

/// The labels of a series' group.
pub(super) fn group_labels(labels: &Labels, grouping: &Grouping) -> Labels {
    let is_named = |name: &str| grouping.labels.iter().any(|label| label == name);
    if grouping.without {
        labels.filtered(|name| name != METRIC_NAME && !is_named(name))
    } else {
        labels.filtered(is_named)
    }
}

fn group_identity(identity: &Identity, grouping: &Grouping) -> Identity {
    Identity { labels: group_labels(&identity.labels, grouping), drops_name: identity.drops_name }.normal()
}

impl Identity {
    /// The same, but without a name there is none to drop.
    fn normal(self) -> Identity {
        let drops_name = self.drops_name && self.labels.value(METRIC_NAME).is_some();
        Identity { drops_name, ..self }
    }
}

impl<'a> Aggregation<'a> {
    pub(super) fn new(
        inner: Box<dyn VectorOperator + 'a>,
        operator: AggregateOperator,
        grouping: &'a Grouping,
        parameter: Option<(Box<dyn ScalarOperator + 'a>, Span)>,
    ) -> Aggregation<'a> {
        Aggregation {
            inner,
            operator,
            grouping,
            parameter,
            groups: Translation::default(),
            table: Table::default(),
            folds: Vec::new(),
            active: Vec::new(),
            moment: 0,
            values: Vec::new(),
        }
    }
}

impl State {
    fn first(operator: AggregateOperator, value: f64) -> State {
        let mut state = match operator {
            AggregateOperator::Sum => State::Sum(Sum::default()),
            AggregateOperator::Avg => State::Mean(Mean::default()),
            AggregateOperator::Stddev | AggregateOperator::Stdvar => State::Variance(Variance::default()),
            AggregateOperator::Quantile => State::Values(Vec::new()),
            AggregateOperator::Min | AggregateOperator::Max => State::Number(value),
            AggregateOperator::Group => return State::Number(1.0),
            _ => State::Number(0.0),
        };
        state.add(operator, value);
        state
    }

    fn add(&mut self, operator: AggregateOperator, value: f64) {
        match self {
            State::Sum(sum) => sum.add(value),
            State::Mean(mean) => mean.add(value),
            State::Variance(variance) => variance.add(value),
            State::Values(values) => values.push(value),
            State::Number(number) => match operator {
                AggregateOperator::Min if value < *number || number.is_nan() => *number = value,
                AggregateOperator::Max if value > *number || number.is_nan() => *number = value,
                AggregateOperator::Count => *number += 1.0,
                _ => {}
            },
        }
    }

    fn finish(&mut self, operator: AggregateOperator, parameter: f64) -> f64 {
        match self {
            State::Sum(sum) => sum.total(),
            State::Mean(mean) => mean.mean(),
            State::Variance(variance) if operator == AggregateOperator::Stddev => variance.variance().sqrt(),
            State::Variance(variance) => variance.variance(),
            State::Values(values) => quantile(parameter, values),
            State::Number(number) => *number,
        }
    }
}

impl VectorOperator for Aggregation<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        let parameter = match &mut self.parameter {
            Some((number, span)) => {
                let quantile = number.step(at, context)?;
                if !(0.0..=1.0).contains(&quantile) {
                    context.annotations.invalid_quantile(*span, quantile);
                }
                quantile
            }
            None => 0.0,
        };
        self.moment += 1;
        self.active.clear();
        self.values.clear();
        self.inner.step(at, context, &mut self.values)?;
        for item in &self.values {
            let group = self.groups.of(item.series, || {
                self.table.number(group_identity(self.inner.table().identity(item.series), self.grouping))
            });
            match self.folds.get_mut(group as usize) {
                Some(fold) if fold.moment == self.moment => fold.state.add(self.operator, item.value),
                known => {
                    let fold = Fold { moment: self.moment, state: State::first(self.operator, item.value) };
                    match known {
                        Some(old) => *old = fold,
                        None => self.folds.push(fold),
                    }
                    self.active.push(group);
                }
            }
        }
        for group in &self.active {
            let value = self.folds[*group as usize].state.finish(self.operator, parameter);
            into.push(Item { series: *group, value });
        }
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

impl<'a> CountValues<'a> {
    pub(super) fn new(
        inner: Box<dyn VectorOperator + 'a>,
        label: String,
        grouping: &'a Grouping,
    ) -> CountValues<'a> {
        CountValues {
            inner,
            label,
            grouping,
            table: Table::default(),
            values: Vec::new(),
            counted: Vec::new(),
        }
    }
}

impl VectorOperator for CountValues<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        self.values.clear();
        self.counted.clear();
        self.inner.step(at, context, &mut self.values)?;
        for item in &self.values {
            let identity = self.inner.table().identity(item.series);
            let group = group_identity(identity, self.grouping);
            let labels = group.labels.with(&self.label, &number_text(item.value));
            let series = self.table.number(Identity { labels, ..group });
            match self.counted.iter_mut().find(|counted| counted.series == series) {
                Some(counted) => counted.value += 1.0,
                None => self.counted.push(Item { series, value: 1.0 }),
            }
        }
        // Each new value is a series of its own, and all are remembered.
        if self.table.len() > MAX_COUNTED_VALUES {
            return Err(EvalError::Data(format!(
                "count_values would make more than {MAX_COUNTED_VALUES} series; round the values first"
            )));
        }
        into.append(&mut self.counted);
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

/// The most different values that are counted in a query.
const MAX_COUNTED_VALUES: usize = 100_000;
