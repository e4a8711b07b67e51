//! Exceptions of a rule: field values for which it stays silent.

use crate::ast::{Operator, Quantifier};
use crate::diagnostic::{Code, Report};
use crate::source::{Composed, Location};
use crate::yaml::{Node, NodeKind};

/// One named exception.
#[derive(Clone, Debug)]
pub(crate) struct Exception {
    pub(crate) name: String,
    pub(crate) at: Location,
    pub(crate) fields: Option<Entry>,
    comparisons: Option<Entry>,
    pub(crate) values: Vec<Entry>,
}

/// A text, or several.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    One(Composed),
    Many(Vec<Entry>, Location),
}

impl Entry {
    fn read(node: &Node) -> Option<Entry> {
        match &node.kind {
            NodeKind::Scalar(text) => Some(Entry::One(text.clone())),
            NodeKind::Sequence(items) => {
                let items: Option<Vec<Entry>> = items.iter().map(|item| Entry::read(item)).collect();
                items.map(|items| Entry::Many(items, node.at))
            }
            NodeKind::Mapping(_) | NodeKind::Null => None,
        }
    }

    fn at(&self) -> Location {
        match self {
            Entry::One(text) => text.whole(),
            Entry::Many(_, at) => *at,
        }
    }
}

/// Reads the exceptions of a rule; those with mistakes are reported and left out.
pub(crate) fn read(node: &Node, report: &mut Report<'_>) -> Vec<Exception> {
    match &node.kind {
        NodeKind::Null => Vec::new(),
        NodeKind::Sequence(items) => items.iter().filter_map(|item| read_one(item, report)).collect(),
        _ => {
            report.error(Code::Exception, node.at, "`exceptions` must be a list");
            Vec::new()
        }
    }
}

fn read_one(node: &Node, report: &mut Report<'_>) -> Option<Exception> {
    let Some(name) = node.get("name").and_then(Node::text) else {
        report.error(Code::Exception, node.at, "an exception needs a `name`");
        return None;
    };
    let mut entry = |key: &str| match node.get(key).map(|node| (node, Entry::read(node))) {
        None => Some(None),
        Some((_, Some(entry))) => Some(Some(entry)),
        Some((node, None)) => {
            report.error(
                Code::Exception,
                node.at,
                format!("`{key}` of an exception must be text or a list of texts"),
            );
            None
        }
    };
    let (fields, comparisons, values) = (entry("fields")?, entry("comps")?, entry("values")?);
    let values = match values {
        None => Vec::new(),
        Some(Entry::Many(values, _)) => values,
        Some(one) => {
            report.error(Code::Exception, one.at(), "`values` of an exception must be a list");
            return None;
        }
    };
    Some(Exception { name: name.to_owned(), at: node.at, fields, comparisons, values })
}

impl Exception {
    /// Takes over what an appended exception of the same name brings.
    pub(crate) fn append(&mut self, other: Exception, report: &mut Report<'_>) {
        if other.fields.is_some() || other.comparisons.is_some() {
            let message = format!("exception \"{}\" exists: only `values` can be added to it", self.name);
            report.error(Code::Exception, other.at, message);
            return;
        }
        self.values.extend(other.values);
    }

    /// Appends ` and not (...)` to a rule's condition. The result is read by the same parser as
    /// the condition itself, so a wrong field or value gets the same message at its own place.
    pub(crate) fn narrow(&self, condition: &mut Composed, report: &mut Report<'_>) {
        let Some(fields) = &self.fields else {
            report.error(Code::Exception, self.at, format!("exception \"{}\" has no `fields`", self.name));
            return;
        };
        let alternatives = match fields {
            Entry::One(field) => self.single(field, report),
            Entry::Many(fields, _) => self.tuples(fields, report),
        };
        let Some(alternatives) = alternatives.filter(|alternatives| !alternatives.text().is_empty()) else {
            return;
        };
        condition.push_glue(" and not (", self.at);
        condition.push(&alternatives);
        condition.push_glue(")", self.at);
    }

    /// `fields: proc.name`: values are alternatives for that field.
    fn single(&self, field: &Composed, report: &mut Report<'_>) -> Option<Composed> {
        let mut out = Composed::default();
        if self.values.is_empty() {
            return Some(out);
        }
        let comparison = match &self.comparisons {
            None => None,
            Some(Entry::One(comparison)) if takes_list(comparison.text()) => Some(comparison),
            Some(other) => {
                report.error_with_hint(
                    Code::Exception,
                    other.at(),
                    "with a single field, `comps` must be an operator that takes a list",
                    Some("one of `in`, `pmatch`, `intersects`".to_owned()),
                );
                return None;
            }
        };
        out.push(field);
        out.push_glue(" ", self.at);
        match comparison {
            Some(comparison) => out.push(comparison),
            None => out.push_glue("in", self.at),
        }
        out.push_glue(" (", self.at);
        for (index, value) in self.values.iter().enumerate() {
            let Entry::One(value) = value else {
                report.error(
                    Code::Exception,
                    value.at(),
                    "with a single field, each value must be a single text",
                );
                return None;
            };
            if index > 0 {
                out.push_glue(", ", self.at);
            }
            push_quoted(&mut out, value);
        }
        out.push_glue(")", self.at);
        Some(out)
    }

    /// `fields: [proc.name, fd.name]`: each value is a list with one entry per field.
    fn tuples(&self, fields: &[Entry], report: &mut Report<'_>) -> Option<Composed> {
        let comparisons = match &self.comparisons {
            None => None,
            Some(Entry::Many(comparisons, _)) if comparisons.len() == fields.len() => Some(comparisons),
            Some(other) => {
                report.error(Code::Exception, other.at(), "`comps` must be a list as long as `fields`");
                return None;
            }
        };
        let mut out = Composed::default();
        for (row, values) in self.values.iter().enumerate() {
            let values = match values {
                Entry::Many(values, _) if values.len() == fields.len() => values,
                other => {
                    let message =
                        format!("each value must be a list of {} entries, one per field", fields.len());
                    report.error(Code::Exception, other.at(), message);
                    return None;
                }
            };
            out.push_glue(if row > 0 { " or (" } else { "(" }, self.at);
            for (index, (field, value)) in fields.iter().zip(values).enumerate() {
                let comparison = comparisons.and_then(|comparisons| comparisons.get(index));
                let (Entry::One(field), None | Some(Entry::One(_))) = (field, comparison) else {
                    report.error(Code::Exception, self.at, "`fields` and `comps` must be lists of texts");
                    return None;
                };
                if index > 0 {
                    out.push_glue(" and ", self.at);
                }
                out.push(field);
                out.push_glue(" ", self.at);
                let operator = match comparison {
                    Some(Entry::One(comparison)) => {
                        out.push(comparison);
                        comparison.text()
                    }
                    _ => {
                        out.push_glue("=", self.at);
                        "="
                    }
                };
                out.push_glue(" ", self.at);
                push_value(&mut out, value, operator);
            }
            out.push_glue(")", self.at);
        }
        Some(out)
    }
}

fn push_value(out: &mut Composed, value: &Entry, operator: &str) {
    match value {
        Entry::Many(values, at) => {
            out.push_glue("(", *at);
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push_glue(", ", *at);
                }
                if let Entry::One(value) = value {
                    push_quoted(out, value);
                }
            }
            out.push_glue(")", *at);
        }
        Entry::One(value) if takes_list(operator) && !value.text().starts_with('(') => {
            out.push_glue("(", value.whole());
            out.push(value);
            out.push_glue(")", value.whole());
        }
        Entry::One(value) if takes_list(operator) => out.push(value),
        Entry::One(value) => push_quoted(out, value),
    }
}

/// Values with spaces get quotes, as rule files expect; others may bring their own.
fn push_quoted(out: &mut Composed, value: &Composed) {
    let text = value.text();
    let has_quotes = text.starts_with(['"', '\'']);
    if has_quotes || !(text.is_empty() || text.contains(' ')) {
        out.push(value);
        return;
    }
    let quote = if text.contains('"') { "'" } else { "\"" };
    out.push_glue(quote, value.whole());
    out.push(value);
    out.push_glue(quote, value.whole());
}

fn takes_list(operator: &str) -> bool {
    let mut words = operator.split_whitespace();
    let (operator, quantifier) =
        (words.next().and_then(Operator::by_word), words.next().and_then(Quantifier::by_word));
    let takes_list = matches!(operator, Some(Operator::In | Operator::Pmatch | Operator::Intersects));
    takes_list || (operator.is_some() && quantifier.is_some())
}
