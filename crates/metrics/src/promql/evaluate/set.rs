//! `and`, `or`, `unless`.

use super::binary::Keys;
use super::context::Context;
use super::operator::VectorOperator;
use super::table::{Item, Table, Translation};
use crate::promql::error::EvalError;
use crate::promql::expr::{Binary, BinaryOperator};

/// Two vectors as sets of series.
pub(super) struct SetOperation<'a> {
    left: Box<dyn VectorOperator + 'a>,
    right: Box<dyn VectorOperator + 'a>,
    binary: &'a Binary,
    keys: Keys,
    left_keys: Translation,
    right_keys: Translation,
    left_numbers: Translation,
    right_numbers: Translation,
    /// By key: the moment in which the side that decides had it.
    present: Vec<u64>,
    moment: u64,
    table: Table,
    left_values: Vec<Item>,
    right_values: Vec<Item>,
}

impl<'a> SetOperation<'a> {
    pub(super) fn new(
        left: Box<dyn VectorOperator + 'a>,
        right: Box<dyn VectorOperator + 'a>,
        binary: &'a Binary,
    ) -> SetOperation<'a> {
        SetOperation {
            left,
            right,
            binary,
            keys: Keys::default(),
            left_keys: Translation::default(),
            right_keys: Translation::default(),
            left_numbers: Translation::default(),
            right_numbers: Translation::default(),
            present: Vec::new(),
            moment: 0,
            table: Table::default(),
            left_values: Vec::new(),
            right_values: Vec::new(),
        }
    }

    fn left_key(&mut self, series: u32) -> usize {
        let (table, matching) = (self.left.table(), &self.binary.matching);
        let key = self.left_keys.of(series, || self.keys.number(&table.identity(series).labels, matching));
        self.room_for(key)
    }

    fn right_key(&mut self, series: u32) -> usize {
        let (table, matching) = (self.right.table(), &self.binary.matching);
        let key = self.right_keys.of(series, || self.keys.number(&table.identity(series).labels, matching));
        self.room_for(key)
    }

    fn room_for(&mut self, key: u32) -> usize {
        let key = key as usize;
        if self.present.len() <= key {
            self.present.resize(key + 1, 0);
        }
        key
    }

    fn give_left(&mut self, item: Item, into: &mut Vec<Item>) {
        let series = self
            .left_numbers
            .of(item.series, || self.table.number(self.left.table().identity(item.series).clone()));
        into.push(Item { series, value: item.value });
    }

    fn give_right(&mut self, item: Item, into: &mut Vec<Item>) {
        let series = self
            .right_numbers
            .of(item.series, || self.table.number(self.right.table().identity(item.series).clone()));
        into.push(Item { series, value: item.value });
    }
}

impl VectorOperator for SetOperation<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        self.moment += 1;
        let (mut left, mut right) =
            (std::mem::take(&mut self.left_values), std::mem::take(&mut self.right_values));
        left.clear();
        right.clear();
        self.left.step(at, context, &mut left)?;
        self.right.step(at, context, &mut right)?;
        if self.binary.operator == BinaryOperator::Or {
            for item in &left {
                let key = self.left_key(item.series);
                self.present[key] = self.moment;
                self.give_left(*item, into);
            }
            for item in &right {
                let key = self.right_key(item.series);
                if self.present[key] != self.moment {
                    self.give_right(*item, into);
                }
            }
        } else {
            for item in &right {
                let key = self.right_key(item.series);
                self.present[key] = self.moment;
            }
            let wants_present = self.binary.operator == BinaryOperator::And;
            for item in &left {
                let key = self.left_key(item.series);
                if (self.present[key] == self.moment) == wants_present {
                    self.give_left(*item, into);
                }
            }
        }
        (self.left_values, self.right_values) = (left, right);
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}
