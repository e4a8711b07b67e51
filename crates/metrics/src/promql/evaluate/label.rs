//! Functions that change labels.

use lanner_model::series::METRIC_NAME;
use regex::Regex;

use super::context::Context;
use super::operator::VectorOperator;
use super::table::{Identity, Item, Table, Translation};
use crate::promql::check::regex;
use crate::promql::display::quoted;
use crate::promql::error::EvalError;

/// A vector whose series have other labels.
pub(super) struct Relabelled<'a> {
    inner: Box<dyn VectorOperator + 'a>,
    change: LabelChange,
    table: Table,
    numbers: Translation,
    /// By series: the moment in which it was given.
    given: Vec<u64>,
    moment: u64,
}

pub(super) enum LabelChange {
    Replace { destination: String, replacement: String, source: String, regex: Regex },
    Join { destination: String, separator: String, sources: Vec<String> },
}

impl LabelChange {
    /// `label_replace` with its texts in order.
    pub(super) fn replace(texts: Vec<String>) -> Result<LabelChange, EvalError> {
        let Ok([destination, replacement, source, pattern]) = <[String; 4]>::try_from(texts) else {
            return Err(EvalError::Data("label_replace() takes four strings".to_owned()));
        };
        check_name(&destination, "label_replace")?;
        let regex = regex(&pattern).map_err(|_| {
            EvalError::Data(format!("invalid regular expression in label_replace(): {pattern}"))
        })?;
        Ok(LabelChange::Replace { destination, replacement, source, regex })
    }

    /// `label_join` with its texts in order.
    pub(super) fn join(texts: Vec<String>) -> Result<LabelChange, EvalError> {
        let mut texts = texts.into_iter();
        let (Some(destination), Some(separator)) = (texts.next(), texts.next()) else {
            return Err(EvalError::Data("label_join() takes two strings or more".to_owned()));
        };
        check_name(&destination, "label_join")?;
        Ok(LabelChange::Join { destination, separator, sources: texts.collect() })
    }

    fn changed(&self, identity: &Identity) -> Identity {
        let labels = &identity.labels;
        let value_of = |name: &String| labels.value(name).unwrap_or_default();
        let (destination, value) = match self {
            LabelChange::Replace { destination, replacement, source, regex } => {
                let Some(captures) = regex.captures(value_of(source)) else { return identity.clone() };
                let mut value = String::new();
                captures.expand(replacement, &mut value);
                (destination, value)
            }
            LabelChange::Join { destination, separator, sources } => {
                let values: Vec<&str> = sources.iter().map(value_of).collect();
                (destination, values.join(separator))
            }
        };
        let drops_name = identity.drops_name && destination != METRIC_NAME;
        Identity { labels: labels.with(destination, &value), drops_name }
    }
}

fn check_name(name: &str, function: &str) -> Result<(), EvalError> {
    if name.is_empty() {
        let name = quoted(name);
        return Err(EvalError::Data(format!("invalid destination label name in {function}(): {name}")));
    }
    Ok(())
}

impl<'a> Relabelled<'a> {
    pub(super) fn new(inner: Box<dyn VectorOperator + 'a>, change: LabelChange) -> Relabelled<'a> {
        let (table, numbers) = (Table::default(), Translation::default());
        Relabelled { inner, change, table, numbers, given: Vec::new(), moment: 0 }
    }
}

impl VectorOperator for Relabelled<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        self.moment += 1;
        let before = into.len();
        self.inner.step(at, context, into)?;
        for item in &mut into[before..] {
            item.series = self.numbers.of(item.series, || {
                self.table.number(self.change.changed(self.inner.table().identity(item.series)))
            });
            self.given.resize(self.table.len(), 0);
            if std::mem::replace(&mut self.given[item.series as usize], self.moment) == self.moment {
                return Err(same_labelset());
            }
        }
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

/// Two values of what would be one series.
pub(super) fn same_labelset() -> EvalError {
    EvalError::Data("vector cannot contain metrics with the same labelset".to_owned())
}
