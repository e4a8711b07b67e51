//! Makes a [`Program`]: sees to it that what is written twice stands once, that cheap checks come
//! before costly ones, and knows for which event types a node can hold at all.

use lanner_model::field::FieldRef;
use rustc_hash::FxHashMap;

use crate::computed::Computed;
use crate::event_type_set::EventTypeSet;
use crate::field_slot::FieldSlot;
use crate::program::{Node, NodeId, Predicate, Program, Test};

/// How deep nodes may lie in each other, all macros put in. Evaluation is recursive.
const DEPTH_MAX: u32 = 400;

#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) program: Program,
    infos: Vec<Info>,
    nodes: FxHashMap<Node, NodeId>,
    predicates: FxHashMap<String, NodeId>,
    fields: FxHashMap<FieldRef, FieldSlot>,
}

/// What is known of a node without an event.
struct Info {
    cost: u32,
    depth: u32,
    /// The event types for which it can hold, and those for which it can fail to.
    can_hold: EventTypeSet,
    can_fail: EventTypeSet,
}

impl Builder {
    /// A place for a field; `None` when there are more than 65,535 different ones.
    pub(crate) fn field(&mut self, field: FieldRef) -> Option<FieldSlot> {
        if let Some(slot) = self.fields.get(&field) {
            return Some(*slot);
        }
        let slot = FieldSlot(u16::try_from(self.program.fields.len()).ok()?);
        self.fields.insert(field.clone(), slot);
        self.program.fields.push(field);
        Some(slot)
    }

    pub(crate) fn cost(&self, id: NodeId) -> u32 {
        self.infos[id.0 as usize].cost
    }

    /// The event types for which a condition can hold.
    pub(crate) fn event_types(&self, id: NodeId) -> EventTypeSet {
        self.infos[id.0 as usize].can_hold
    }

    pub(crate) fn constant(&mut self, truth: bool) -> NodeId {
        let (can_hold, can_fail) = if truth {
            (EventTypeSet::ALL, EventTypeSet::NONE)
        } else {
            (EventTypeSet::NONE, EventTypeSet::ALL)
        };
        self.intern(Node::Constant(truth), Info { cost: 0, depth: 1, can_hold, can_fail })
    }

    /// A check. `key` is its whole text: two checks with the same text are the same check.
    pub(crate) fn predicate(
        &mut self,
        key: String,
        text: &str,
        subject: Computed,
        test: Test,
        cost: u32,
    ) -> NodeId {
        if let Some(id) = self.predicates.get(&key) {
            return *id;
        }
        let (can_hold, can_fail) = match &test {
            Test::EventType(test) => (test.types, test.others),
            _ => (EventTypeSet::ALL, EventTypeSet::ALL),
        };
        let index = self.program.predicates.len() as u32;
        self.program.predicates.push(Predicate { text: text.into(), subject, test });
        let id = self.intern(Node::Predicate(index), Info { cost, depth: 1, can_hold, can_fail });
        self.predicates.insert(key, id);
        id
    }

    pub(crate) fn not(&mut self, inner: NodeId) -> Option<NodeId> {
        match &self.program.nodes[inner.0 as usize] {
            Node::Constant(truth) => {
                let truth = !truth;
                return Some(self.constant(truth));
            }
            Node::Not(innermost) => return Some(*innermost),
            _ => {}
        }
        let info = &self.infos[inner.0 as usize];
        let info =
            Info { cost: info.cost, depth: info.depth + 1, can_hold: info.can_fail, can_fail: info.can_hold };
        (info.depth <= DEPTH_MAX).then(|| self.intern(Node::Not(inner), info))
    }

    /// All of the parts; `None` when they lie too deep.
    pub(crate) fn and(&mut self, parts: Vec<NodeId>) -> Option<NodeId> {
        self.join(parts, true)
    }

    /// One of the parts; `None` when they lie too deep.
    pub(crate) fn or(&mut self, parts: Vec<NodeId>) -> Option<NodeId> {
        self.join(parts, false)
    }

    fn join(&mut self, mut parts: Vec<NodeId>, is_and: bool) -> Option<NodeId> {
        let neutral = self.constant(is_and);
        let decisive = self.constant(!is_and);
        if parts.contains(&decisive) {
            return Some(decisive);
        }
        let mut seen = rustc_hash::FxHashSet::default();
        parts.retain(|part| *part != neutral && seen.insert(*part));
        // Values that are missing make a check fail, they are no error: the order is free.
        parts.sort_by_key(|part| self.cost(*part));
        match parts.as_slice() {
            [] => return Some(neutral),
            [only] => return Some(*only),
            _ => {}
        }
        let infos = || parts.iter().map(|part| &self.infos[part.0 as usize]);
        let unite =
            |of: fn(&Info) -> EventTypeSet| infos().map(of).fold(EventTypeSet::NONE, |a, b| a.union(&b));
        let meet = |of: fn(&Info) -> EventTypeSet| {
            infos().map(of).fold(EventTypeSet::ALL, |a, b| a.intersection(&b))
        };
        let (can_hold, can_fail) = if is_and {
            (meet(|info| info.can_hold), unite(|info| info.can_fail))
        } else {
            (unite(|info| info.can_hold), meet(|info| info.can_fail))
        };
        let cost = infos().fold(0, |sum: u32, info| sum.saturating_add(info.cost));
        let depth = infos().map(|info| info.depth).max().unwrap_or(0) + 1;
        if depth > DEPTH_MAX {
            return None;
        }
        let parts = parts.into_boxed_slice();
        let node = if is_and { Node::And(parts) } else { Node::Or(parts) };
        Some(self.intern(node, Info { cost, depth, can_hold, can_fail }))
    }

    fn intern(&mut self, node: Node, info: Info) -> NodeId {
        if let Some(id) = self.nodes.get(&node) {
            return *id;
        }
        let id = NodeId(self.program.nodes.len() as u32);
        self.program.nodes.push(node.clone());
        self.infos.push(info);
        self.nodes.insert(node, id);
        id
    }
}
