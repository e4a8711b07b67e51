//! The thread that records: it reads the flight recorder while captures are open and gives each its
//! part.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use lanner_api::agent::{CapturePhase, CaptureReason, CaptureScope, CaptureState};
use lanner_model::cgroup::container_of;
use lanner_model::loss::LossCause;
use lanner_model::snapshot::{Record, ThreadRecord};
use lanner_model::time::WallNs;
use lanner_probe::{FlightRecorder, Reading, SnapshotReader};

use super::desk::CaptureDesk;
use super::file;
use super::order::{CaptureOrder, Command};
use super::outgoing::Outgoing;
use super::reach::Reach;
use super::shelf::Shelf;
use super::tape::Tape;
use crate::clock;
use crate::tally::Tally;

/// Between two looks into the recorder while a capture is open. At 100,000 recorded events per second
/// and CPU a ring of 4 MiB holds 300 ms.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// What happens is in the recorder so long after, in order.
const SETTLING_NS: u64 = 20_000_000;
/// How often the server is told how an open capture fares.
const TELL_EVERY_NS: u64 = 1_000_000_000;
/// Two clocks tell when a process began; one of them counts in hundredths of a second.
const SAME_START_NS: u64 = 2_000_000_000;

/// The thread's belongings.
pub(crate) struct Recorder {
    pub(crate) flight: FlightRecorder,
    pub(crate) snapshots: SnapshotReader,
    pub(crate) desk: Arc<CaptureDesk>,
    pub(crate) outgoing: Arc<Outgoing>,
    pub(crate) shelf: Shelf,
    pub(crate) tally: Arc<Tally>,
    pub(crate) orders: Receiver<Command>,
}

/// What is open.
struct Open {
    tapes: Vec<Tape>,
    told: WallNs,
}

impl Recorder {
    /// Runs until `is_ending` and no more orders come; what is open then is kept as it is.
    pub(crate) fn run(mut self, is_ending: impl Fn() -> bool) {
        let mut open = Open { tapes: Vec::new(), told: WallNs(0) };
        loop {
            match self.orders.recv_timeout(LOOK_EVERY) {
                Ok(Command::Begin(order)) => self.begin(*order, &mut open),
                Ok(Command::Stop(id)) => {
                    let now = clock::now();
                    open.tapes.iter_mut().filter(|tape| *tape.id() == id).for_each(|tape| tape.stop(now));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if is_ending() {
                break;
            }
            if !open.tapes.is_empty() {
                let reading = self.flight.read();
                self.hand_out(&reading, &mut open);
                self.end_those_that_are_over(&mut open);
                self.tell(&mut open);
            }
        }
        let now = clock::now();
        let reading = self.flight.read();
        open.tapes.iter_mut().for_each(|tape| tape.stop(now));
        self.hand_out(&reading, &mut open);
        for tape in std::mem::take(&mut open.tapes) {
            self.end(tape);
        }
    }

    fn begin(&mut self, mut order: CaptureOrder, open: &mut Open) {
        if order.scope == CaptureScope::Host
            && let Err(error) = self.flight.sources().record_everybody(true)
        {
            tracing::warn!(%error, "reads and writes are not captured");
        }
        // First the past, which the present is written over.
        let past = self.flight.read_all();
        self.hand_out(&past, open);
        let records = self.snapshots.read();
        if let Err(why) = self.complete(&mut order, &records) {
            return self.refuse(&order, &why, open);
        }
        let names = self.shelf.names(&order.id);
        let mut reach = Reach::new(&order.scope);
        reach.refresh(self.flight.sources());
        let begun = Tape::begin(order.clone(), reach, records, names.clone()).and_then(|mut tape| {
            self.follow(&tape);
            tape.reaches_back_to(past.complete_since());
            tape.take(past.events(), 0, clock::now())?;
            file::write_state(&names, tape.state())?;
            Ok(tape)
        });
        match begun {
            Ok(tape) => {
                tracing::info!(id = %order.id, scope = ?order.scope, "a capture begins");
                self.outgoing.tell(tape.state().clone());
                open.tapes.push(tape);
            }
            Err(error) => {
                names.delete();
                self.refuse(&order, &format!("its file could not be written: {error:#}"), open);
            }
        }
    }

    /// Fills in what a person's order does not say.
    fn complete(&self, order: &mut CaptureOrder, records: &[Record]) -> Result<(), String> {
        if order.reason != CaptureReason::Person {
            return Ok(());
        }
        match &order.scope {
            CaptureScope::Host => {}
            CaptureScope::Container(id) => {
                let known = self.flight.sources().container(id);
                let known =
                    known.ok_or_else(|| format!("there is no container {} on this node", id.short()))?;
                order.container = Some(known);
            }
            CaptureScope::Process(process) => {
                let is_it = |thread: &&ThreadRecord| {
                    let apart = thread.start.0.abs_diff(process.start.0);
                    thread.pid == process.pid && (process.start.0 == 0 || apart < SAME_START_NS)
                };
                let threads = records.iter().filter_map(|record| match record {
                    Record::Thread(thread) => Some(&**thread),
                    _ => None,
                });
                let thread = { threads }.find(is_it);
                let thread =
                    thread.ok_or_else(|| format!("process {} is not there any more", process.pid))?;
                order.command = String::from_utf8_lossy(&thread.comm).into_owned();
                order.container = thread.cgroups.iter().find_map(|group| {
                    let text = String::from_utf8_lossy(group);
                    container_of(text.split_once('=')?.1)
                });
            }
        }
        Ok(())
    }

    fn refuse(&self, order: &CaptureOrder, why: &str, open: &Open) {
        tracing::warn!(id = %order.id, "a capture is not begun: {why}");
        self.desk.ended(&order.id);
        self.outgoing.tell(order.failed(why));
        self.release(open);
    }

    /// Has the calls with data of a tree's processes recorded.
    fn follow(&self, tape: &Tape) {
        let tree = tape.tree();
        if !tree.is_empty()
            && let Err(error) = self.flight.sources().record_processes(&tree)
        {
            tracing::warn!(%error, "reads and writes of some processes are not captured");
        }
    }

    /// Has no more recorded than those who are open want.
    fn release(&self, open: &Open) {
        let sources = self.flight.sources();
        let mut released = Ok(());
        if !open.tapes.iter().any(Tape::takes_everybody) {
            released = released.and(sources.record_everybody(false));
        }
        if open.tapes.iter().all(|tape| tape.tree().is_empty()) {
            released = released.and(sources.forget_processes());
        }
        if let Err(error) = released {
            tracing::warn!(%error, "more is recorded than is wanted");
        }
    }

    /// Gives every open capture what is new.
    fn hand_out(&self, reading: &Reading, open: &mut Open) {
        let now = clock::now();
        self.tally.lose(LossCause::Decode, "flight_recorder", reading.undecodable());
        if open.tapes.is_empty() {
            return;
        }
        self.tally.lose(LossCause::RingFull, "flight_recorder", reading.lost());
        let mut going_on = Vec::with_capacity(open.tapes.len());
        for mut tape in std::mem::take(&mut open.tapes) {
            tape.refresh(self.flight.sources());
            let new = reading.events().filter(|one| one.is_new);
            match tape.take(new, reading.lost(), now) {
                Ok(()) => going_on.push(tape),
                Err(error) => self.close(&tape.give_up(&error)),
            }
        }
        open.tapes = going_on;
    }

    fn end_those_that_are_over(&self, open: &mut Open) {
        let now = clock::now();
        let is_over = |tape: &mut Tape| tape.is_full() || now.0 > tape.until().0.saturating_add(SETTLING_NS);
        let over: Vec<Tape> = open.tapes.extract_if(.., is_over).collect();
        if over.is_empty() {
            return;
        }
        over.into_iter().for_each(|tape| self.end(tape));
        self.release(open);
    }

    fn end(&self, tape: Tape) {
        let names = tape.names().clone();
        let state = tape.finish();
        if state.phase == CapturePhase::Done {
            tracing::info!(
                id = %state.id, events = state.events, bytes = state.bytes, lost = state.lost,
                "a capture is whole"
            );
            if let Err(error) = file::write_state(&names, &state) {
                tracing::warn!(id = %state.id, "a capture will not survive a restart: {error:#}");
            }
        }
        self.close(&state);
    }

    fn close(&self, state: &CaptureState) {
        if state.phase == CapturePhase::Failed {
            tracing::error!(id = %state.id, "a capture is lost: {}", state.error);
            self.tally.lose(LossCause::Budget, "captures", 1);
        }
        self.desk.ended(&state.id);
        self.outgoing.tell(state.clone());
    }

    /// Says how those that are open fare, once in a while.
    fn tell(&self, open: &mut Open) {
        let now = clock::now();
        if now.since(open.told) < TELL_EVERY_NS {
            return;
        }
        open.told = now;
        for tape in &open.tapes {
            self.outgoing.tell(tape.state().clone());
        }
    }
}
