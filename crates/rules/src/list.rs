//! Lists, with the lists they name put in.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ast::Literal;
use crate::cursor::Cursor;
use crate::definition::ListDefinition;
use crate::diagnostic::{Code, Report};
use crate::source::{Composed, Location};

/// How many lists may name each other in a row.
const DEPTH_MAX: usize = 64;

/// All lists by name.
#[derive(Default)]
pub(crate) struct Lists {
    by_name: FxHashMap<String, Rc<[Literal]>>,
}

impl Lists {
    pub(crate) fn new(definitions: &[ListDefinition], report: &mut Report<'_>) -> Self {
        let mut expansion = Expansion {
            definitions: definitions.iter().map(|list| (list.name.as_str(), list)).collect(),
            done: FxHashMap::default(),
            open: Vec::new(),
        };
        for list in definitions {
            expansion.expand(&list.name, list.at, report);
        }
        Self { by_name: expansion.done }
    }

    pub(crate) fn get(&self, name: &[u8]) -> Option<&Rc<[Literal]>> {
        self.by_name.get(std::str::from_utf8(name).ok()?)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// Values with the lists among them replaced by what is in them.
    pub(crate) fn flatten(&self, literals: &[Literal]) -> Vec<Literal> {
        let mut flat = Vec::with_capacity(literals.len());
        for literal in literals {
            match self.get(&literal.bytes).filter(|_| literal.bare) {
                // A message about an item points at the list's name: that is where it went wrong.
                Some(items) => {
                    flat.extend(items.iter().map(|item| Literal { at: literal.at, ..item.clone() }))
                }
                None => flat.push(literal.clone()),
            }
        }
        flat
    }
}

struct Expansion<'d> {
    definitions: FxHashMap<&'d str, &'d ListDefinition>,
    done: FxHashMap<String, Rc<[Literal]>>,
    open: Vec<&'d str>,
}

impl<'d> Expansion<'d> {
    fn expand(&mut self, name: &str, used_at: Location, report: &mut Report<'_>) -> Rc<[Literal]> {
        if let Some(items) = self.done.get(name) {
            return Rc::clone(items);
        }
        let Some(list) = self.definitions.get(name).copied() else {
            return Rc::from([]);
        };
        if self.open.contains(&name) || self.open.len() >= DEPTH_MAX {
            report.enter("list", self.open.last().unwrap_or(&name));
            report.error(
                Code::Circle,
                used_at,
                format!("list `{name}` contains itself, or lists lie too deep"),
            );
            return Rc::from([]);
        }
        self.open.push(&list.name);
        let mut items = Vec::new();
        // A list named by two others would otherwise stand in twice, and so on without end.
        let mut seen = FxHashSet::default();
        for item in &list.items {
            let literal = literal(item);
            if literal.bare && self.definitions.contains_key(item.text()) {
                for inner in self.expand(item.text(), literal.at, report).iter() {
                    if seen.insert(inner.bytes.clone()) {
                        items.push(inner.clone());
                    }
                }
            } else if seen.insert(literal.bytes.clone()) {
                items.push(literal);
            }
        }
        self.open.pop();
        let items: Rc<[Literal]> = items.into();
        self.done.insert(name.to_owned(), Rc::clone(&items));
        items
    }
}

/// An item's value. Quotes inside of the item belong to the condition language: rule files write
/// `'"sh -c uname"'` for a value with spaces.
fn literal(item: &Composed) -> Literal {
    let at = item.whole();
    let mut cursor = Cursor::new(item.text(), 0);
    if let Some(Ok(bytes)) = cursor.quoted()
        && cursor.is_at_end()
    {
        return Literal { bytes, bare: false, at };
    }
    Literal { bytes: item.text().as_bytes().to_vec(), bare: true, at }
}
