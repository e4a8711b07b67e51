//! A metric rule on the past: when it would have fired.

use std::collections::BTreeMap;

use lanner_model::finding::Severity;
use lanner_model::time::WallMs;

use super::evaluate::evaluate;
use super::instance::{Change, Instance, Labels, Observed, State};
use super::rule::Rule;

/// A rule that is tried on the past, moment by moment.
#[derive(Debug)]
pub struct Replay<'a> {
    rule: &'a Rule,
    instances: BTreeMap<String, Instance>,
    /// By instance, the place of its firing that lasts.
    open: BTreeMap<String, usize>,
    firings: Vec<Firing>,
}

/// A time in which an alert would have fired.
#[derive(Clone, Debug, PartialEq)]
pub struct Firing {
    /// What about.
    pub labels: Labels,
    /// From.
    pub from: WallMs,
    /// To; `None` when it lasts.
    pub to: Option<WallMs>,
    /// How grave it became.
    pub severity: Severity,
}

impl<'a> Replay<'a> {
    /// Nothing was seen yet.
    #[must_use]
    pub fn new(rule: &'a Rule) -> Self {
        Self { rule, instances: BTreeMap::new(), open: BTreeMap::new(), firings: Vec::new() }
    }

    /// What was seen at a moment; moments come in their order.
    pub fn step(&mut self, observed: &[Observed], now: WallMs) {
        let done = evaluate(self.rule, &mut self.instances, observed, now);
        for change in done.changes {
            self.note(change, now);
        }
    }

    /// All firings, in order of their beginnings.
    #[must_use]
    pub fn finish(self) -> Vec<Firing> {
        self.firings
    }

    fn note(&mut self, change: Change, now: WallMs) {
        match (change.to, self.open.get(&change.instance)) {
            (State::Firing, None) => {
                self.open.insert(change.instance, self.firings.len());
                let severity = change.severity;
                self.firings.push(Firing { labels: change.labels, from: now, to: None, severity });
            }
            (State::Firing, Some(at)) => self.firings[*at].severity = change.severity,
            (State::Resolved, Some(at)) => {
                self.firings[*at].to = Some(now);
                self.open.remove(&change.instance);
            }
            _ => {}
        }
    }
}
