//! The events' way: source, state, rules, findings. One thread owns all of it.

use std::sync::Arc;

use anyhow::Context as _;
use lanner_model::finding::Finding;
use lanner_model::loss::LossCause;
use lanner_model::source::{Next, Source};
use lanner_rules::{Action, CaptureAction, Evaluator, Rule, RuleSet};
use lanner_state::{Budget, State};
use tokio::sync::{mpsc, watch};

use crate::captures::CaptureDesk;
use crate::finding_maker::FindingMaker;
use crate::spooler::Durable;
use crate::tally::Tally;

/// How many events pass between two looks at the clockwork around them.
const EVENTS_PER_LOOK: u64 = 1024;

/// The thread's belongings.
pub(crate) struct Watcher {
    pub(crate) rules: Arc<RuleSet>,
    pub(crate) findings: FindingMaker,
    pub(crate) captures: Arc<CaptureDesk>,
    pub(crate) tally: Arc<Tally>,
    pub(crate) spool: mpsc::Sender<Durable>,
    pub(crate) stop: watch::Receiver<bool>,
}

impl Watcher {
    /// Runs until the source ends or the agent does.
    pub(crate) fn run(mut self, source: &mut dyn Source) -> anyhow::Result<()> {
        let mut state = State::new(Budget::default());
        let mut evaluator = Evaluator::new(Arc::clone(&self.rules));
        let mut events: u64 = 0;
        loop {
            match source.next().context("take the next event")? {
                Next::Event(delivery) => {
                    events += 1;
                    let view = state.observe(&delivery);
                    evaluator.evaluate(delivery.event.event_type(), &view, |rule| {
                        let finding = self.findings.make(rule, &view);
                        self.report(rule, finding);
                    });
                    if !events.is_multiple_of(EVENTS_PER_LOOK) {
                        continue;
                    }
                }
                Next::Record(record) => {
                    state.record(&record);
                    continue;
                }
                Next::Loss(loss) => {
                    self.tally.set_loss(loss);
                    continue;
                }
                Next::Idle => {}
                Next::End => return Ok(()),
            }
            self.tally.took_events(std::mem::take(&mut events));
            for loss in state.losses() {
                self.tally.set_loss(loss);
            }
            if *self.stop.borrow() {
                return Ok(());
            }
        }
    }

    fn report(&self, rule: &Rule, finding: Option<Finding>) {
        let Some(mut finding) = finding else {
            self.tally.lose(LossCause::Budget, "findings", 1);
            return;
        };
        self.tally.found();
        for action in &rule.actions {
            match action {
                Action::Capture(capture) => self.capture(*capture, &mut finding),
            }
        }
        tracing::info!(rule = finding.rule, id = finding.id, "{}", finding.priority);
        if self.spool.try_send(Durable::Finding(Box::new(finding))).is_err() {
            self.tally.lose(LossCause::Budget, "findings_queue", 1);
        }
    }

    /// Begins a capture; a finding without one says why.
    fn capture(&self, action: CaptureAction, finding: &mut Finding) {
        match self.captures.begin_for_hit(action, finding) {
            Ok(id) => finding.capture = Some(id),
            Err(why) => finding.fields.push(("capture".to_owned(), format!("none: {why}"))),
        }
    }
}
