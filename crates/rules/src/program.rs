//! Conditions as a graph in which whatever is written twice stands once.
//!
//! A macro that fifty rules use is one node, a check that two macros share is one node; during one
//! event each node is looked at most once, and each field is asked for at most once.

use lanner_model::event::EventType;
use lanner_model::field::FieldRef;
use rustc_hash::FxHashSet;

use crate::ast::Operator;
use crate::computed::Computed;
use crate::event_type_set::EventTypeSet;
use crate::facts::Facts;
use crate::field_slot::FieldSlot;
use crate::matcher::{self, Matcher};
use crate::value::Value;

/// A node's place in [`Program::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) u32);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Constant(bool),
    /// An index into [`Program::predicates`].
    Predicate(u32),
    And(Box<[NodeId]>),
    Or(Box<[NodeId]>),
    Not(NodeId),
}

/// A check: what it looks at and what it demands.
#[derive(Debug)]
pub(crate) struct Predicate {
    /// The check as text, long lists cut.
    pub(crate) text: Box<str>,
    pub(crate) subject: Computed,
    pub(crate) test: Test,
}

#[derive(Debug)]
pub(crate) enum Test {
    Exists,
    /// A check of `evt.type` against constants.
    EventType(Box<EventTypeTest>),
    /// A constant right side. A list of values holds if any of them does, or all.
    Matches {
        matcher: Matcher,
        all: bool,
    },
    /// A right side that is itself a field.
    Relates {
        operator: Operator,
        right: Computed,
    },
}

/// A check of the event's type, answered from its number.
#[derive(Debug)]
pub(crate) struct EventTypeTest {
    /// The types that can pass it.
    pub(crate) types: EventTypeSet,
    /// The types that can fail it.
    pub(crate) others: EventTypeSet,
    /// For types whose number does not say their name.
    pub(crate) matcher: Matcher,
}

/// Conditions that were compiled together.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) fields: Vec<FieldRef>,
    pub(crate) predicates: Vec<Predicate>,
    pub(crate) nodes: Vec<Node>,
}

impl Program {
    /// The fields that a condition names.
    pub(crate) fn slots_below(&self, root: NodeId) -> Vec<FieldSlot> {
        let mut slots = Vec::new();
        let mut seen = FxHashSet::default();
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            match &self.nodes[id.0 as usize] {
                Node::Constant(_) => {}
                Node::Not(inner) => open.push(*inner),
                Node::And(parts) | Node::Or(parts) => open.extend(parts.iter().rev()),
                Node::Predicate(index) => {
                    let predicate = &self.predicates[*index as usize];
                    predicate.subject.add_fields(&mut slots);
                    if let Test::Relates { right, .. } = &predicate.test {
                        right.add_fields(&mut slots);
                    }
                }
            }
        }
        slots
    }
}

/// What is known about the event at hand. Emptied for the next event by counting up, so a program
/// of a thousand nodes costs nothing where an event concerns three of them.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    generation: u32,
    /// `generation * 2`, plus one for a node that holds; anything else is of an earlier event.
    nodes: Vec<u32>,
    /// The generation in which the field was asked for, and its value's place.
    fields: Vec<(u32, u16)>,
}

impl Memo {
    pub(crate) fn new(program: &Program) -> Self {
        Self {
            generation: 0,
            nodes: vec![0; program.nodes.len()],
            fields: vec![(0, 0); program.fields.len()],
        }
    }

    fn next_event(&mut self) {
        self.generation += 1;
        if self.generation > u32::MAX / 2 - 1 {
            self.generation = 1;
            self.nodes.fill(0);
            self.fields.fill((0, 0));
        }
    }
}

/// A program at work on one event.
pub(crate) struct Run<'p, 'f, F: ?Sized> {
    program: &'p Program,
    facts: &'f F,
    event_type: Option<EventType>,
    memo: &'p mut Memo,
    pub(crate) values: Vec<Value<'f>>,
}

impl<'p, 'f, F: Facts + ?Sized> Run<'p, 'f, F> {
    /// `values` is an empty vector whose memory is used again.
    pub(crate) fn new(
        program: &'p Program,
        facts: &'f F,
        event_type: Option<EventType>,
        memo: &'p mut Memo,
        values: Vec<Value<'f>>,
    ) -> Self {
        memo.next_event();
        Self { program, facts, event_type, memo, values }
    }

    pub(crate) fn holds(&mut self, id: NodeId) -> bool {
        let known = self.memo.nodes[id.0 as usize];
        if known >> 1 == self.memo.generation {
            return known & 1 != 0;
        }
        let program = self.program;
        let holds = match &program.nodes[id.0 as usize] {
            Node::Constant(truth) => *truth,
            Node::Predicate(index) => self.predicate(&program.predicates[*index as usize]),
            Node::And(parts) => parts.iter().all(|part| self.holds(*part)),
            Node::Or(parts) => parts.iter().any(|part| self.holds(*part)),
            Node::Not(inner) => !self.holds(*inner),
        };
        self.memo.nodes[id.0 as usize] = self.memo.generation << 1 | u32::from(holds);
        holds
    }

    fn predicate(&mut self, predicate: &Predicate) -> bool {
        let value = match (&predicate.test, &predicate.subject) {
            (Test::EventType(test), _) if self.event_type.is_some_and(has_own_name) => {
                return self.event_type.is_some_and(|event_type| test.types.contains(event_type));
            }
            (Test::Relates { operator, right }, left) => {
                let left = left.value(&mut |slot| self.field(slot).clone());
                let right = right.value(&mut |slot| self.field(slot).clone());
                return relates(*operator, &left, &right);
            }
            (_, Computed::Field(slot)) => self.field(*slot),
            (_, computed) => &computed.value(&mut |slot| self.field(slot).clone()),
        };
        match &predicate.test {
            Test::Exists => !value.is_none(),
            Test::EventType(test) => test.matcher.matches(value),
            Test::Matches { matcher, all } => match value {
                Value::List(values) if *all => {
                    !values.is_empty() && values.iter().all(|value| matcher.matches(value))
                }
                Value::List(values) => values.iter().any(|value| matcher.matches(value)),
                value => matcher.matches(value),
            },
            Test::Relates { .. } => false,
        }
    }

    pub(crate) fn field(&mut self, slot: FieldSlot) -> &Value<'f> {
        let index = usize::from(slot.0);
        let (generation, place) = self.memo.fields[index];
        let place = if generation == self.memo.generation {
            usize::from(place)
        } else {
            let place = self.values.len();
            self.values.push(self.facts.value(&self.program.fields[index]));
            // There are no more values than fields, and fields are counted in 16 bits.
            self.memo.fields[index] = (self.memo.generation, place as u16);
            place
        };
        &self.values[place]
    }
}

fn relates(operator: Operator, left: &Value<'_>, right: &Value<'_>) -> bool {
    match left {
        Value::List(values) if operator == Operator::In => {
            !values.is_empty() && values.iter().all(|value| matcher::relates(operator, value, right))
        }
        Value::List(values) => values.iter().any(|value| matcher::relates(operator, value, right)),
        value => matcher::relates(operator, value, right),
    }
}

/// Whether the table alone says the event's name. The generic event stands for hundreds of system
/// calls and is named after the one it carries.
pub(crate) fn has_own_name(event_type: EventType) -> bool {
    event_type != EventType::GENERIC_E && event_type != EventType::GENERIC_X && event_type.info().is_some()
}
