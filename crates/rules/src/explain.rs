//! Why a rule hit: the parts of its condition that held.

use lanner_model::finding::MatchedCondition;
use rustc_hash::FxHashSet;

use crate::facts::Facts;
use crate::program::{Memo, Node, NodeId, Program, Run};

/// More parts than this help nobody.
const PARTS_MAX: usize = 64;

pub(crate) fn explain(
    program: &Program,
    root: NodeId,
    facts: &(impl Facts + ?Sized),
) -> Vec<MatchedCondition> {
    let mut memo = Memo::new(program);
    let run = Run::new(program, facts, None, &mut memo, Vec::new());
    let mut walk = Walk { program, run, seen: FxHashSet::default(), parts: Vec::new() };
    walk.visit(root, true);
    // What did happen says more than what did not. Checks are numbered in the order in which they
    // were first written; they are visited cheap ones first.
    walk.parts.sort_by_key(|(index, part)| (part.negated, *index));
    walk.parts.into_iter().map(|(_, part)| part).collect()
}

struct Walk<'p, 'f, F: ?Sized> {
    program: &'p Program,
    run: Run<'p, 'f, F>,
    seen: FxHashSet<(NodeId, bool)>,
    /// Each with its check's number.
    parts: Vec<(u32, MatchedCondition)>,
}

impl<F: Facts + ?Sized> Walk<'_, '_, F> {
    /// Collects the checks below `id` that made it `wanted`.
    fn visit(&mut self, id: NodeId, wanted: bool) {
        if self.parts.len() >= PARTS_MAX || self.run.holds(id) != wanted || !self.seen.insert((id, wanted)) {
            return;
        }
        let program = self.program;
        match &program.nodes[id.0 as usize] {
            Node::Constant(_) => {}
            Node::Not(inner) => self.visit(*inner, !wanted),
            Node::And(parts) | Node::Or(parts) => {
                for part in parts {
                    self.visit(*part, wanted);
                }
            }
            Node::Predicate(index) => {
                let predicate = &program.predicates[*index as usize];
                let slot = predicate.subject.field();
                let part = MatchedCondition {
                    text: predicate.text.to_string(),
                    field: slot.map_or(String::new(), |slot| program.fields[usize::from(slot.0)].to_string()),
                    value: slot.and_then(|slot| self.run.field(slot).to_text()),
                    negated: !wanted,
                };
                self.parts.push((*index, part));
            }
        }
    }
}
