//! Facts from a table of names and values, each read as its field's type says.

use lanner_model::event::{EVENTS, EventType};
use lanner_model::field::{FieldKind, FieldRef};
use rustc_hash::FxHashMap;

use crate::facts::Facts;
use crate::value::Value;
use crate::yaml::{Node, NodeKind};

#[derive(Clone, Debug, Default)]
pub(super) struct FactsTable {
    values: FxHashMap<FieldRef, Value<'static>>,
}

impl Facts for FactsTable {
    fn value(&self, field: &FieldRef) -> Value<'_> {
        self.values.get(field).cloned().unwrap_or_default()
    }
}

impl FactsTable {
    pub(super) fn set(&mut self, name: &str, texts: &[&str], is_list: bool) {
        let field = FieldRef::parse(name).unwrap_or_else(|| panic!("`{name}` is no field"));
        let kind = field.id.info().kind;
        let mut values: Vec<Value<'static>> = texts.iter().map(|text| value(name, kind, text)).collect();
        let value = if is_list { Value::List(values) } else { values.remove(0) };
        self.values.insert(field, value);
    }

    pub(super) fn remove(&mut self, name: &str) {
        let field = FieldRef::parse(name).unwrap_or_else(|| panic!("`{name}` is no field"));
        self.values.remove(&field);
    }

    /// Sets the facts of a mapping; `~` removes one, `about` is no fact.
    pub(super) fn set_all(&mut self, mapping: &Node) {
        for (name, value) in mapping.mapping().unwrap_or_default() {
            let name = name.text().unwrap_or("");
            match &value.kind {
                _ if name == "about" => {}
                NodeKind::Null => self.remove(name),
                NodeKind::Scalar(text) => self.set(name, &[text.text()], false),
                NodeKind::Sequence(items) => {
                    let texts: Vec<&str> = items.iter().filter_map(|item| item.text()).collect();
                    self.set(name, &texts, true);
                }
                NodeKind::Mapping(_) => panic!("`{name}` cannot be a mapping"),
            }
        }
    }

    /// The newest exit event with the name that `evt.type` says.
    pub(super) fn event_type(&self) -> EventType {
        let field = FieldRef::parse("evt.type").expect("evt.type is a field");
        let name = self.value(&field).to_text().expect("the facts have an evt.type");
        let number =
            EVENTS.iter().enumerate().rposition(|(number, event)| number % 2 == 1 && event.name == name);
        EventType(number.unwrap_or_else(|| panic!("`{name}` is no event")) as u16)
    }
}

fn value(name: &str, kind: FieldKind, text: &str) -> Value<'static> {
    let wrong = || -> ! { panic!("`{name}` cannot be `{text}`") };
    match kind {
        FieldKind::Text | FieldKind::Path | FieldKind::Bytes | FieldKind::TextList => Value::owned(text),
        FieldKind::Int => Value::Int(text.parse().unwrap_or_else(|_| wrong())),
        FieldKind::Uint => Value::Uint(text.parse().unwrap_or_else(|_| wrong())),
        FieldKind::Bool => Value::Bool(text.parse().unwrap_or_else(|_| wrong())),
        FieldKind::Ip | FieldKind::Net => Value::Ip(text.parse().unwrap_or_else(|_| wrong())),
        FieldKind::Time => Value::Time(text.parse().unwrap_or_else(|_| wrong())),
        FieldKind::Duration => Value::Duration(text.parse().unwrap_or_else(|_| wrong())),
    }
}
