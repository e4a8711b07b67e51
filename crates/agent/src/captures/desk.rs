//! Who may begin a capture, and under which identity.

use std::collections::{HashMap, VecDeque};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lanner_api::agent::{CaptureReason, CaptureScope, StartCapture};
use lanner_model::finding::{Finding, ProcessNode};
use lanner_model::id::{AgentId, CaptureId, Pid, ProcessKey};
use lanner_model::time::WallNs;
use lanner_rules::CaptureAction;

use super::order::{CaptureOrder, Command};

/// Captures that are open at once.
const MOST_OPEN: usize = 8;
/// Captures that a rule begins in an hour.
const RULE_CAPTURES_PER_HOUR: usize = 6;
const HOUR_NS: u64 = 3_600_000_000_000;
/// Processes that belong to the machine, not to what somebody does: the first, and the kernel's.
const LAST_OF_THE_MACHINE: i64 = 2;

/// Takes orders for captures. Everybody may ask, on any thread.
#[derive(Debug)]
pub(crate) struct CaptureDesk {
    agent: AgentId,
    /// `None` where nothing can be captured.
    orders: Option<SyncSender<Command>>,
    /// Why nothing can be captured.
    why_not: String,
    book: Mutex<Book>,
}

/// What is open, and what was begun.
#[derive(Debug, Default)]
struct Book {
    open: Vec<Open>,
    /// For each rule by name: when it began its last ones.
    begun: HashMap<String, VecDeque<WallNs>>,
    /// Distinguishes captures of one nanosecond.
    sequence: u16,
}

#[derive(Debug)]
struct Open {
    id: CaptureId,
    /// Of one that a rule began: its name and where it hit.
    rule: Option<(String, String)>,
}

impl CaptureDesk {
    /// A desk whose orders go to the thread that records.
    pub(crate) fn new(agent: AgentId, orders: SyncSender<Command>) -> Self {
        Self { agent, orders: Some(orders), why_not: String::new(), book: Mutex::default() }
    }

    /// A desk that refuses every order.
    pub(crate) fn closed(agent: AgentId, why: impl Into<String>) -> Self {
        Self { agent, orders: None, why_not: why.into(), book: Mutex::default() }
    }

    /// Begins the capture that a rule wants for a hit.
    ///
    /// # Errors
    /// Why there is none, in a sentence for people.
    pub(crate) fn begin_for_hit(
        &self,
        action: CaptureAction,
        finding: &Finding,
    ) -> Result<CaptureId, String> {
        let place = finding.container.as_ref().map_or("", |container| container.id.as_str()).to_owned();
        let id = {
            let mut book = self.book();
            self.check_room(&book)?;
            book.take_place(&finding.rule, &place, finding.time)?;
            let id = book.make_id(finding.time, &self.agent);
            book.open.push(Open { id: id.clone(), rule: Some((finding.rule.clone(), place)) });
            id
        };
        let (scope, command) = scope_of(finding);
        self.order(CaptureOrder {
            id: id.clone(),
            reason: CaptureReason::Rule(finding.rule.clone()),
            finding: Some(finding.id.clone()),
            scope,
            container: finding.container.clone(),
            command,
            trigger: finding.time,
            before_ms: action.before_ms,
            after_ms: action.after_ms,
            max_bytes: None,
        })?;
        Ok(id)
    }

    /// Begins the capture that a person wants; `now` is the moment it is about. One that is open under
    /// this identity is not begun again.
    ///
    /// # Errors
    /// The order, and why there is none, in a sentence for people.
    pub(crate) fn begin_for_person(
        &self,
        start: StartCapture,
        now: WallNs,
    ) -> Result<(), Box<(CaptureOrder, String)>> {
        let order = CaptureOrder {
            id: start.id,
            reason: CaptureReason::Person,
            finding: None,
            scope: start.scope,
            container: None,
            command: String::new(),
            trigger: now,
            before_ms: start.before_ms,
            after_ms: start.duration_ms,
            max_bytes: start.max_bytes,
        };
        {
            let mut book = self.book();
            if book.open.iter().any(|open| open.id == order.id) {
                return Ok(());
            }
            if let Err(why) = self.check_room(&book) {
                return Err(Box::new((order, why)));
            }
            book.open.push(Open { id: order.id.clone(), rule: None });
        }
        self.order(order.clone()).map_err(|why| Box::new((order, why)))
    }

    /// Ends a capture now; what it has is kept.
    pub(crate) fn stop(&self, id: CaptureId) {
        let Some(orders) = &self.orders else { return };
        // A thread that takes no orders any more has ended all captures.
        if let Err(TrySendError::Full(_)) = orders.try_send(Command::Stop(id)) {
            tracing::warn!("too many orders at once: a capture that was to end now ends at its time");
        }
    }

    /// A capture is not open any more.
    pub(crate) fn ended(&self, id: &CaptureId) {
        self.book().open.retain(|open| open.id != *id);
    }

    fn check_room(&self, book: &Book) -> Result<(), String> {
        if self.orders.is_none() {
            return Err(self.why_not.clone());
        }
        if book.open.len() >= MOST_OPEN {
            return Err(format!("{MOST_OPEN} captures are open on this node already"));
        }
        Ok(())
    }

    fn order(&self, order: CaptureOrder) -> Result<(), String> {
        let id = order.id.clone();
        let sent = self.orders.as_ref().map(|orders| orders.try_send(Command::Begin(Box::new(order))));
        if matches!(sent, Some(Ok(()))) {
            return Ok(());
        }
        self.ended(&id);
        Err("the agent is ending, or has too many orders".to_owned())
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    /// One at a time for a rule in a place, and not too many in an hour.
    fn take_place(&mut self, rule: &str, place: &str, now: WallNs) -> Result<(), String> {
        let is_same = |open: &Open| open.rule.as_ref().is_some_and(|(r, p)| r == rule && p == place);
        if self.open.iter().any(is_same) {
            return Err("a capture of this rule is open here already".to_owned());
        }
        let begun = self.begun.entry(rule.to_owned()).or_default();
        begun.retain(|then| now.since(*then) < HOUR_NS);
        if begun.len() >= RULE_CAPTURES_PER_HOUR {
            return Err(format!("this rule has begun {RULE_CAPTURES_PER_HOUR} captures within an hour"));
        }
        begun.push_back(now);
        Ok(())
    }

    /// An identity: time, then a number that counts up, both in hexadecimal, then the agent.
    fn make_id(&mut self, time: WallNs, agent: &AgentId) -> CaptureId {
        self.sequence = self.sequence.wrapping_add(1);
        // An agent's identity is fit for a file's name; cut, so that the whole is too.
        let agent = agent.as_str();
        let agent = &agent[..agent.floor_char_boundary(64)];
        format!("{:016x}{:04x}-{agent}", time.0, self.sequence).into()
    }
}

/// What a hit is captured of: in a container all of it; on the host the process that made the one that
/// hit, and all that descend from it: a shell and what is typed next, a server and what it starts.
fn scope_of(finding: &Finding) -> (CaptureScope, String) {
    let hit = finding.ancestry.first();
    let command = hit.map(|process| process.comm.clone()).unwrap_or_default();
    if let Some(container) = &finding.container {
        return (CaptureScope::Container(container.id.clone()), command);
    }
    let parent = finding.ancestry.get(1).filter(|parent| parent.pid > LAST_OF_THE_MACHINE);
    let key = |process: &ProcessNode| ProcessKey { pid: Pid(process.pid), start: process.start };
    match parent.or(hit) {
        Some(process) => (CaptureScope::Process(key(process)), process.comm.clone()),
        None => (CaptureScope::Host, command),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, sync_channel};

    use lanner_model::finding::Priority;
    use lanner_model::resource::ContainerInfo;

    use super::*;

    const SECOND_NS: u64 = 1_000_000_000;

    fn desk() -> (CaptureDesk, Receiver<Command>) {
        let (orders, taken) = sync_channel(64);
        (CaptureDesk::new("a1".into(), orders), taken)
    }

    fn finding(rule: &str, container: &str, second: u64) -> Finding {
        let process = |pid, comm: &str| ProcessNode { pid, comm: comm.into(), ..ProcessNode::default() };
        let container = (!container.is_empty())
            .then(|| ContainerInfo { id: container.into(), ..ContainerInfo::default() });
        Finding {
            id: "f".into(),
            time: WallNs(second * SECOND_NS),
            node: "n".into(),
            rule: rule.into(),
            priority: Priority::Warning,
            tags: Vec::new(),
            output: String::new(),
            event_number: 1,
            event_type: "openat".into(),
            fields: Vec::new(),
            matched: Vec::new(),
            ancestry: vec![process(42, "cat"), process(41, "bash"), process(1, "systemd")],
            container,
            capture: None,
        }
    }

    #[test]
    fn a_rule_has_one_capture_open_in_a_container() {
        let (desk, _taken) = desk();
        let begin = |container, second| {
            desk.begin_for_hit(CaptureAction::default(), &finding("r", container, second))
        };
        let first = begin("c1", 1).unwrap();
        assert_eq!(begin("c1", 2), Err("a capture of this rule is open here already".to_owned()));
        begin("c2", 2).unwrap();
        desk.ended(&first);
        let second = begin("c1", 3).unwrap();
        assert!(first < second, "identities sort by time: {first} {second}");
    }

    #[test]
    fn a_rule_begins_six_in_an_hour() {
        let (desk, _taken) = desk();
        let begin = |second| {
            let id = desk.begin_for_hit(CaptureAction::default(), &finding("r", "c", second));
            id.inspect(|id| desk.ended(id))
        };
        (0..6).for_each(|minute| assert!(begin(minute * 60).is_ok()));
        assert!(begin(3_000).unwrap_err().contains("6 captures within an hour"));
        assert!(begin(3_601).is_ok(), "the first is more than an hour ago");
    }

    #[test]
    fn eight_are_open_at_once() {
        let (desk, taken) = desk();
        let start = |id: &str| StartCapture {
            id: id.into(),
            scope: CaptureScope::Host,
            before_ms: 0,
            duration_ms: 1,
            max_bytes: None,
        };
        for n in 0..8 {
            desk.begin_for_person(start(&n.to_string()), WallNs(1)).unwrap();
        }
        desk.begin_for_person(start("3"), WallNs(1)).expect("one that is open is not begun again");
        let (order, why) = *desk.begin_for_person(start("8"), WallNs(1)).unwrap_err();
        assert_eq!((order.id.as_str(), why.as_str()), ("8", "8 captures are open on this node already"));
        assert_eq!(taken.try_iter().count(), 8);
    }

    #[test]
    fn a_hit_on_the_host_is_captured_with_the_process_that_made_it() {
        let (scope, command) = scope_of(&finding("r", "", 1));
        assert_eq!(scope, CaptureScope::Process(ProcessKey { pid: Pid(41), start: WallNs(0) }));
        assert_eq!(command, "bash");
        let mut daemon = finding("r", "", 1);
        daemon.ancestry.remove(1);
        let (scope, _) = scope_of(&daemon);
        assert_eq!(scope, CaptureScope::Process(ProcessKey { pid: Pid(42), start: WallNs(0) }));
        let (scope, command) = scope_of(&finding("r", "c", 1));
        assert_eq!((scope, command.as_str()), (CaptureScope::Container("c".into()), "cat"));
    }

    #[test]
    fn a_closed_desk_says_why() {
        let desk = CaptureDesk::closed("a".into(), "the recorder is off");
        let refused = desk.begin_for_hit(CaptureAction::default(), &finding("r", "", 1));
        assert_eq!(refused, Err("the recorder is off".to_owned()));
    }
}
