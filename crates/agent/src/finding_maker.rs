//! A rule hit becomes a finding: all that is needed to understand it long after the process is gone.

use std::collections::HashMap;

use lanner_collect::ProcessStarts;
use lanner_model::finding::{Finding, ProcessNode};
use lanner_model::id::{NodeName, Pid};
use lanner_rules::Rule;
use lanner_state::View;

/// Findings of one rule in one second of event time. A rule that hits more often says nothing new
/// with the next; what is over is counted.
const RULE_FINDINGS_PER_SECOND: u32 = 100;
const SECOND_NS: u64 = 1_000_000_000;

/// Makes findings of one node, and not too many.
pub(crate) struct FindingMaker {
    node: NodeName,
    starts: ProcessStarts,
    /// Distinguishes findings of one nanosecond, and of one process life from the next.
    sequence: u32,
    /// For each rule by name: the second it last hit in, and how often in it.
    seconds: HashMap<String, (u64, u32)>,
}

impl FindingMaker {
    pub(crate) fn new(node: NodeName, starts: ProcessStarts) -> Self {
        Self { node, starts, sequence: 0, seconds: HashMap::new() }
    }

    /// The finding; `None` when the rule has had its share of this second.
    pub(crate) fn make(&mut self, rule: &Rule, view: &View<'_>) -> Option<Finding> {
        let time = view.event().time();
        if !self.has_room(&rule.name, time.0 / SECOND_NS) {
            return None;
        }
        self.sequence = self.sequence.wrapping_add(1);
        let mut output = String::new();
        rule.output.render(view, &mut output);
        let fields = rule.fields().iter().filter_map(|field| Some((field.to_string(), view.text(field)?)));
        Some(Finding {
            id: Finding::make_id(time, self.sequence, &self.node),
            time,
            node: self.node.clone(),
            rule: rule.name.clone(),
            priority: rule.priority,
            tags: rule.tags.clone(),
            output,
            event_number: view.number(),
            event_type: view.event().event_type().name().to_owned(),
            fields: fields.collect(),
            matched: rule.explain(view),
            ancestry: self.as_tables_say(view.ancestry()),
            container: view.container().cloned(),
            capture: None,
        })
    }

    /// The starts of living processes as live tables tell them, so that a page finds their rows.
    fn as_tables_say(&mut self, mut ancestry: Vec<ProcessNode>) -> Vec<ProcessNode> {
        for node in &mut ancestry {
            if let Some(key) = self.starts.key(Pid(node.pid), node.start) {
                node.start = key.start;
            }
        }
        ancestry
    }

    fn has_room(&mut self, rule: &str, second: u64) -> bool {
        match self.seconds.get_mut(rule) {
            Some((last, count)) if *last == second => {
                *count += 1;
                *count <= RULE_FINDINGS_PER_SECOND
            }
            Some(entry) => {
                *entry = (second, 1);
                true
            }
            None => {
                self.seconds.insert(rule.to_owned(), (second, 1));
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use lanner_collect::Roots;
    use lanner_model::time::WallNs;

    use super::*;

    #[test]
    fn a_rule_has_its_share_of_every_second() {
        let starts = ProcessStarts::new(&Roots::default(), WallNs(0)).unwrap();
        let mut maker = FindingMaker::new(NodeName::from("n"), starts);
        let let_through =
            |maker: &mut FindingMaker, second| (0..150).filter(|_| maker.has_room("r", second)).count();
        assert_eq!(let_through(&mut maker, 7), 100);
        assert_eq!(let_through(&mut maker, 8), 100);
        assert!(maker.has_room("other", 8));
    }
}
