//! Operators between two vectors, or a vector and a number.

use lanner_model::series::{Labels, METRIC_NAME};
use rustc_hash::FxHashMap;

use super::context::Context;
use super::math::apply;
use super::operator::{ScalarOperator, VectorOperator};
use super::table::{Identity, Item, Table, Translation, without_name};
use crate::promql::error::EvalError;
use crate::promql::expr::{Binary, BinaryOperator, Matching, Side};

/// A vector and a number.
pub(super) struct WithNumber<'a> {
    pub(super) vector: Box<dyn VectorOperator + 'a>,
    pub(super) number: Box<dyn ScalarOperator + 'a>,
    /// On which side the vector stands.
    pub(super) side: Side,
    pub(super) operator: BinaryOperator,
    pub(super) returns_bool: bool,
    pub(super) table: Table,
    pub(super) numbers: Translation,
    pub(super) values: Vec<Item>,
}

/// Two vectors whose series find each other by labels.
pub(super) struct Join<'a> {
    left: Box<dyn VectorOperator + 'a>,
    right: Box<dyn VectorOperator + 'a>,
    binary: &'a Binary,
    keys: Keys,
    left_keys: Translation,
    right_keys: Translation,
    /// By key: the series of the side that has just one, and the moment it was seen in.
    ones: Vec<(u64, Item)>,
    /// By key: the moment in which it was matched. By result: the moment in which it was given.
    matched: Vec<u64>,
    given: Vec<u64>,
    /// The result of each pair.
    results: FxHashMap<(u32, u32), u32>,
    table: Table,
    /// Counts moments.
    moment: u64,
    left_values: Vec<Item>,
    right_values: Vec<Item>,
}

/// The labels that series are matched by, as numbers.
#[derive(Default)]
pub(super) struct Keys(FxHashMap<Labels, u32>);

impl Keys {
    pub(super) fn number(&mut self, labels: &Labels, matching: &Matching) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(matched_labels(labels, matching)).or_insert(next)
    }
}

fn matched_labels(labels: &Labels, matching: &Matching) -> Labels {
    let is_named = |name: &str| matching.labels.iter().any(|label| label == name);
    if matching.on {
        labels.filtered(is_named)
    } else {
        labels.filtered(|name| name != METRIC_NAME && !is_named(name))
    }
}

impl VectorOperator for WithNumber<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        let number = self.number.step(at, context)?;
        self.values.clear();
        self.vector.step(at, context, &mut self.values)?;
        for item in &self.values {
            let (left, right) = match self.side {
                Side::Left => (item.value, number),
                Side::Right => (number, item.value),
            };
            let calculated = apply(self.operator, left, right);
            let value = match () {
                () if self.returns_bool => f64::from(u8::from(calculated.holds)),
                () if !calculated.holds => continue,
                () if self.operator.is_comparison() => item.value,
                () => calculated.value,
            };
            let drops_name = self.returns_bool || !self.operator.is_comparison();
            let series = self.numbers.of(item.series, || {
                let identity = self.vector.table().identity(item.series);
                let drops_name = identity.drops_name || drops_name;
                self.table.number(Identity { labels: identity.labels.clone(), drops_name })
            });
            into.push(Item { series, value });
        }
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

impl<'a> Join<'a> {
    pub(super) fn new(
        left: Box<dyn VectorOperator + 'a>,
        right: Box<dyn VectorOperator + 'a>,
        binary: &'a Binary,
    ) -> Join<'a> {
        Join {
            left,
            right,
            binary,
            keys: Keys::default(),
            left_keys: Translation::default(),
            right_keys: Translation::default(),
            ones: Vec::new(),
            matched: Vec::new(),
            given: Vec::new(),
            results: FxHashMap::default(),
            table: Table::default(),
            moment: 0,
            left_values: Vec::new(),
            right_values: Vec::new(),
        }
    }

    fn many(&self) -> Side {
        self.binary.matching.group.as_ref().map_or(Side::Left, |group| group.many)
    }

    fn table_of(&self, side: Side) -> &Table {
        match side {
            Side::Left => self.left.table(),
            Side::Right => self.right.table(),
        }
    }

    fn key(&mut self, side: Side, series: u32) -> usize {
        let (numbers, table) = match side {
            Side::Left => (&mut self.left_keys, self.left.table()),
            Side::Right => (&mut self.right_keys, self.right.table()),
        };
        let key =
            numbers.of(series, || self.keys.number(&table.identity(series).labels, &self.binary.matching));
        let key = key as usize;
        if self.ones.len() <= key {
            self.ones.resize(key + 1, (0, Item { series: 0, value: 0.0 }));
            self.matched.resize(key + 1, 0);
        }
        key
    }

    /// Two series on the side that must have one for each match.
    fn duplicates(&self, side: Side, first: u32, second: u32) -> EvalError {
        let table = self.table_of(side);
        let [first, second] = [first, second].map(|series| &table.identity(series).labels);
        EvalError::Data(format!(
            "found duplicate series for the match group {} on the {} hand-side of the operation: [{}, {}];many-to-many matching not allowed: matching labels must be unique on one side",
            labels_text(&matched_labels(first, &self.binary.matching)),
            if side == Side::Left { "left" } else { "right" },
            labels_text(first),
            labels_text(second),
        ))
    }

    fn result(&mut self, many: u32, one: u32) -> u32 {
        if let Some(result) = self.results.get(&(many, one)) {
            return *result;
        }
        let side = self.many();
        let other = if side == Side::Left { Side::Right } else { Side::Left };
        let identity = result_identity(
            self.binary,
            self.table_of(side).identity(many),
            self.table_of(other).identity(one),
        );
        let result = self.table.number(identity);
        self.results.insert((many, one), result);
        result
    }
}

impl VectorOperator for Join<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        self.moment += 1;
        self.left_values.clear();
        self.right_values.clear();
        self.left.step(at, context, &mut self.left_values)?;
        self.right.step(at, context, &mut self.right_values)?;
        if self.left_values.is_empty() || self.right_values.is_empty() {
            return Ok(());
        }
        let many_side = self.many();
        let (mut many_values, mut one_values) =
            (std::mem::take(&mut self.left_values), std::mem::take(&mut self.right_values));
        let one_side = match many_side {
            Side::Left => Side::Right,
            Side::Right => {
                std::mem::swap(&mut many_values, &mut one_values);
                Side::Left
            }
        };
        for one in &one_values {
            let key = self.key(one_side, one.series);
            let (seen, first) = self.ones[key];
            if seen == self.moment {
                return Err(self.duplicates(one_side, first.series, one.series));
            }
            self.ones[key] = (self.moment, *one);
        }
        for many in &many_values {
            let key = self.key(many_side, many.series);
            let (seen, one) = self.ones[key];
            if seen != self.moment {
                continue;
            }
            let was_matched = std::mem::replace(&mut self.matched[key], self.moment) == self.moment;
            if was_matched && self.binary.matching.group.is_none() {
                return Err(EvalError::Data(
                        "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                            .to_owned(),
                    ));
            }
            let (left, right) = match many_side {
                Side::Left => (many.value, one.value),
                Side::Right => (one.value, many.value),
            };
            let calculated = apply(self.binary.operator, left, right);
            let value = match () {
                () if self.binary.returns_bool => f64::from(u8::from(calculated.holds)),
                () if !calculated.holds => continue,
                () => calculated.value,
            };
            let series = self.result(many.series, one.series);
            if self.given.len() <= series as usize {
                self.given.resize(series as usize + 1, 0);
            }
            if std::mem::replace(&mut self.given[series as usize], self.moment) == self.moment {
                return Err(EvalError::Data(
                    "multiple matches for labels: grouping labels must ensure unique matches".to_owned(),
                ));
            }
            into.push(Item { series, value });
        }
        (self.left_values, self.right_values) = (many_values, one_values);
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

/// The labels of what a series of the many side and one of the other make.
fn result_identity(binary: &Binary, many: &Identity, one: &Identity) -> Identity {
    let matching = &binary.matching;
    let mut labels = many.labels.clone();
    if !binary.operator.is_comparison() {
        labels = without_name(&labels);
    }
    match &matching.group {
        None => {
            let is_named = |name: &str| matching.labels.iter().any(|label| label == name);
            labels = labels.filtered(|name| is_named(name) == matching.on);
        }
        Some(group) => {
            for name in &group.include {
                labels = labels.with(name, one.labels.value(name).unwrap_or_default());
            }
        }
    }
    Identity { labels, drops_name: binary.returns_bool || many.drops_name }
}

/// Labels as messages show them.
fn labels_text(labels: &Labels) -> String {
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    format!("{{{}}}", pairs.join(", "))
}
