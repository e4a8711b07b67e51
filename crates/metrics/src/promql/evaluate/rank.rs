//! Aggregations that choose some series of each group.

use std::cmp::Ordering;

use super::aggregate::group_labels;
use super::context::Context;
use super::operator::{ScalarOperator, VectorOperator};
use super::table::{Identity, Item, Table, Translation};
use crate::promql::display::number_text;
use crate::promql::error::EvalError;
use crate::promql::expr::{AggregateOperator, Grouping};
use crate::promql::position::Span;

/// `topk`, `bottomk`, `limitk`, `limit_ratio`.
pub(super) struct Choice<'a> {
    inner: Box<dyn VectorOperator + 'a>,
    operator: AggregateOperator,
    grouping: &'a Grouping,
    parameter: Box<dyn ScalarOperator + 'a>,
    span: Span,
    group_numbers: Translation,
    group_table: Table,
    /// By group: its values of this moment.
    groups: Vec<Vec<Item>>,
    values: Vec<Item>,
}

impl<'a> Choice<'a> {
    pub(super) fn new(
        inner: Box<dyn VectorOperator + 'a>,
        operator: AggregateOperator,
        grouping: &'a Grouping,
        parameter: Box<dyn ScalarOperator + 'a>,
        span: Span,
    ) -> Choice<'a> {
        Choice {
            inner,
            operator,
            grouping,
            parameter,
            span,
            group_numbers: Translation::default(),
            group_table: Table::default(),
            groups: Vec::new(),
            values: Vec::new(),
        }
    }

    fn by_ratio(&mut self, ratio: f64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        if ratio.is_nan() {
            return Err(EvalError::Data("Ratio value is NaN".to_owned()));
        }
        let used = ratio.clamp(-1.0, 1.0);
        if used != ratio {
            context.annotations.invalid_ratio(self.span, ratio, used);
        }
        let table = self.inner.table();
        let is_chosen = |item: &&Item| {
            let place = place_of(table.identity(item.series));
            if used >= 0.0 { place < used } else { place >= 1.0 + used }
        };
        into.extend(self.values.iter().filter(is_chosen));
        Ok(())
    }
}

impl VectorOperator for Choice<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        let parameter = self.parameter.step(at, context)?;
        self.values.clear();
        self.inner.step(at, context, &mut self.values)?;
        if self.operator == AggregateOperator::LimitRatio {
            return self.by_ratio(parameter, context, into);
        }
        let Some(count) = count_of(parameter)? else { return Ok(()) };
        self.groups.iter_mut().for_each(Vec::clear);
        for item in &self.values {
            let group = self.group_numbers.of(item.series, || {
                let labels = &self.inner.table().identity(item.series).labels;
                self.group_table.number(Identity::new(group_labels(labels, self.grouping)))
            });
            let group = group as usize;
            if self.groups.len() <= group {
                self.groups.resize_with(group + 1, Vec::new);
            }
            self.groups[group].push(*item);
        }
        for group in &mut self.groups {
            match self.operator {
                AggregateOperator::Topk => choose(group, count, |a, b| compare(b, a)),
                AggregateOperator::Bottomk => choose(group, count, compare),
                _ => group.truncate(count),
            }
            into.extend_from_slice(group);
        }
        Ok(())
    }

    fn table(&self) -> &Table {
        self.inner.table()
    }
}

/// Keeps the first `count` in this order, NaN after all others.
fn choose(group: &mut Vec<Item>, count: usize, compare: impl Fn(f64, f64) -> Ordering) {
    let order =
        |a: &Item, b: &Item| a.value.is_nan().cmp(&b.value.is_nan()).then_with(|| compare(a.value, b.value));
    if count < group.len() {
        group.select_nth_unstable_by(count, order);
        group.truncate(count);
    }
    group.sort_by(order);
}

fn compare(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}

/// How many are wanted; `None` for none.
fn count_of(parameter: f64) -> Result<Option<usize>, EvalError> {
    if parameter.is_nan() {
        return Err(EvalError::Data("Parameter value is NaN".to_owned()));
    }
    if parameter.abs() >= 9_223_372_036_854_775_807.0 {
        let number = number_text(parameter);
        return Err(EvalError::Data(format!("Scalar value {number} overflows int64")));
    }
    Ok((parameter >= 1.0).then_some(parameter as usize))
}

/// Where a series stands between 0 and 1; the same in every query.
fn place_of(identity: &Identity) -> f64 {
    // FNV-1a, stirred so that the high bits depend on all.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for (name, value) in identity.labels.iter() {
        for byte in name.bytes().chain([0xff]).chain(value.bytes()).chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}
