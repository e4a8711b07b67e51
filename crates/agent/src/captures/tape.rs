//! One capture while it is open: its file, and what of the recorder's events goes into it.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use lanner_api::agent::{CapturePhase, CaptureState};
use lanner_capture::{CaptureWriter, Compression};
use lanner_model::id::{CaptureId, Pid};
use lanner_model::snapshot::{Machine, Record};
use lanner_model::time::WallNs;
use lanner_probe::{FlightEvent, FlightSources};

use super::file::{Counted, Names, sync_folder};
use super::order::CaptureOrder;
use super::reach::Reach;

/// An open capture.
pub(super) struct Tape {
    order: CaptureOrder,
    reach: Reach,
    names: Names,
    writer: CaptureWriter<Counted>,
    /// Bytes in the file; the writer keeps up to 64 KiB back.
    bytes: Arc<AtomicU64>,
    state: CaptureState,
    until: WallNs,
    is_full: bool,
}

impl Tape {
    /// Begins the file with the records of who was there, those that matter to it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn begin(
        order: CaptureOrder,
        mut reach: Reach,
        records: Vec<Record>,
        names: Names,
    ) -> anyhow::Result<Self> {
        let nobody = Machine::default();
        let machine = records.iter().find_map(|record| match record {
            Record::Machine(machine) => Some(machine.clone()),
            _ => None,
        });
        let bytes = Arc::new(AtomicU64::new(0));
        let file = Counted::create(&names.part, &bytes)?;
        let writing = || format!("write {}", names.part.display());
        let mut writer = CaptureWriter::create(file, machine.as_ref().unwrap_or(&nobody), Compression::None)
            .with_context(writing)?;
        for record in reach.keep(records) {
            writer.record(&record).with_context(writing)?;
        }
        let (state, until) = (order.state(), order.until());
        Ok(Self { order, reach, names, writer, bytes, state, until, is_full: false })
    }

    pub(super) fn id(&self) -> &CaptureId {
        &self.order.id
    }

    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// When it ends.
    pub(super) fn until(&self) -> WallNs {
        self.until
    }

    /// Ends it earlier than it was to.
    pub(super) fn stop(&mut self, now: WallNs) {
        self.until = self.until.min(now);
    }

    /// Whether nothing more fits into it.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Whether it takes everybody's events.
    pub(super) fn takes_everybody(&self) -> bool {
        self.reach == Reach::Everybody
    }

    /// The processes it follows.
    pub(super) fn tree(&self) -> Vec<Pid> {
        self.reach.tree()
    }

    /// What lay in the recorder begins at `complete_since`: how far back that is of what was asked.
    pub(super) fn reaches_back_to(&mut self, complete_since: WallNs) {
        let from = self.order.from().max(complete_since).min(self.order.trigger);
        let reached_ms = (self.order.trigger.0 - from.0) / 1_000_000;
        self.state.from = from;
        self.state.reached_before_ms = Some(u32::try_from(reached_ms).unwrap_or(u32::MAX));
    }

    pub(super) fn refresh(&mut self, sources: &FlightSources) {
        self.reach.refresh(sources);
    }

    /// Takes what it has to have of some events, which come in the order of time.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn take<'a>(
        &mut self,
        events: impl Iterator<Item = FlightEvent<'a>>,
        lost: u64,
        now: WallNs,
    ) -> anyhow::Result<()> {
        self.state.lost += lost;
        for one in events {
            let time = one.event.time();
            // Asked of earlier ones too: a tree grows by births.
            let is_its = self.reach.takes(&one);
            if !is_its || time < self.order.from() || time > self.until {
                continue;
            }
            if self.bytes.load(Ordering::Relaxed) >= self.order.limit_bytes() {
                self.is_full = true;
            }
            if self.is_full {
                self.state.lost += 1;
                continue;
            }
            self.writer
                .event(one.cpu, one.event)
                .with_context(|| format!("write {}", self.names.part.display()))?;
            self.state.events += 1;
        }
        self.state.to = now.min(self.until).max(self.state.from);
        self.state.bytes = self.bytes.load(Ordering::Relaxed);
        Ok(())
    }

    /// How it fares.
    pub(super) fn state(&self) -> &CaptureState {
        &self.state
    }

    /// Makes the file whole and durable under its name, or leaves nothing of it; the phase says which.
    pub(super) fn finish(mut self) -> CaptureState {
        let whole = || -> anyhow::Result<u64> {
            let file = self.writer.finish().context("write the last events")?;
            let size = file.sync().with_context(|| format!("sync {}", self.names.part.display()))?;
            fs::rename(&self.names.part, &self.names.whole)
                .and_then(|()| sync_folder(&self.names.whole))
                .with_context(|| format!("name {}", self.names.whole.display()))?;
            Ok(size)
        };
        match whole() {
            Ok(size) => {
                self.state.bytes = size;
                self.state.phase = CapturePhase::Done;
                if self.is_full {
                    let limit_mib = self.order.limit_bytes() >> 20;
                    self.state.error = format!("its file has reached {limit_mib} MiB, its limit");
                }
                self.state
            }
            Err(error) => broken(&self.names, self.state, &error),
        }
    }

    /// Gives it up: its file could not be written.
    pub(super) fn give_up(self, error: &anyhow::Error) -> CaptureState {
        broken(&self.names, self.state, error)
    }
}

fn broken(names: &Names, mut state: CaptureState, error: &anyhow::Error) -> CaptureState {
    names.delete();
    state.phase = CapturePhase::Failed;
    state.error = format!("its file could not be written: {error:#}");
    state
}

#[cfg(test)]
mod tests {
    use lanner_api::agent::{CaptureReason, CaptureScope};
    use lanner_capture::CaptureReader;
    use lanner_model::event::{EventBuf, EventType};
    use lanner_model::id::CgroupId;
    use lanner_model::source::{Next, Source as _};

    use super::*;

    const TRIGGER: u64 = 1_700_000_000_000_000_000;
    const MS: u64 = 1_000_000;

    fn tape(folder: &std::path::Path, max_bytes: Option<u64>) -> Tape {
        let order = CaptureOrder {
            id: "c1".into(),
            reason: CaptureReason::Person,
            finding: None,
            scope: CaptureScope::Host,
            container: None,
            command: String::new(),
            trigger: WallNs(TRIGGER),
            before_ms: 1_000,
            after_ms: 500,
            max_bytes,
        };
        let records = vec![Record::Machine(Machine { hostname: "m".into(), ..Machine::default() })];
        let names = Names::of(folder, &order.id);
        let reach = Reach::new(&order.scope);
        Tape::begin(order, reach, records, names).unwrap()
    }

    /// Hands over an event at each of these milliseconds around the trigger.
    fn take(tape: &mut Tape, at_ms: &[i64]) {
        for at in at_ms {
            let time = TRIGGER.saturating_add_signed(at * MS.cast_signed());
            let mut buf = EventBuf::new();
            let event = buf.build(EventType::SYSCALL_CLOSE_X, time, 7, |params| {
                params.i64(0);
                params.i64(*at);
            });
            let one =
                FlightEvent { cpu: 0, cgroup: CgroupId(1), pid: Pid(7), sequence: 0, is_new: true, event };
            tape.take(std::iter::once(one), 0, WallNs(time)).unwrap();
        }
    }

    #[test]
    fn a_file_has_the_time_that_was_asked_for_and_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut tape = tape(folder.path(), None);
        tape.reaches_back_to(WallNs(TRIGGER - 5_000 * MS));
        take(&mut tape, &[-1_500, -1_000, -1, 0, 400, 500, 501]);
        let names = tape.names().clone();
        let state = tape.finish();
        assert_eq!((state.phase, state.events, state.error.as_str()), (CapturePhase::Done, 5, ""));
        assert_eq!((state.reached_before_ms, state.from), (Some(1_000), WallNs(TRIGGER - 1_000 * MS)));
        assert_eq!(state.to, WallNs(TRIGGER + 500 * MS));
        assert_eq!(state.bytes, fs::metadata(&names.whole).unwrap().len());
        assert!(!names.part.exists());
        let mut reader = CaptureReader::open(fs::File::open(&names.whole).unwrap()).unwrap();
        let mut told = Vec::new();
        loop {
            match reader.next().unwrap() {
                Next::Event(delivery) => told.push(delivery.event.i64(1).unwrap()),
                Next::End => break,
                _ => {}
            }
        }
        assert_eq!(told, [-1_000, -1, 0, 400, 500]);
    }

    #[test]
    fn what_the_recorder_no_longer_has_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let mut tape = tape(folder.path(), None);
        assert_eq!(tape.state().reached_before_ms, None);
        tape.reaches_back_to(WallNs(TRIGGER - 321 * MS));
        assert_eq!(tape.state().reached_before_ms, Some(321));
        tape.reaches_back_to(WallNs(TRIGGER + 5));
        assert_eq!((tape.state().reached_before_ms, tape.state().from), (Some(0), WallNs(TRIGGER)));
    }

    #[test]
    fn a_full_file_counts_what_it_does_not_take() {
        let folder = tempfile::tempdir().unwrap();
        let mut tape = tape(folder.path(), Some(64 << 10));
        take(&mut tape, &[1; 4_000]);
        assert!(tape.is_full());
        let state = tape.finish();
        assert_eq!(state.events + state.lost, 4_000);
        assert!(state.lost > 0 && state.error.contains("its limit"));
        assert!(state.bytes < 192 << 10, "{}", state.bytes);
    }

    #[test]
    fn one_that_is_stopped_keeps_what_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let mut tape = tape(folder.path(), None);
        tape.stop(WallNs(TRIGGER + 10 * MS));
        take(&mut tape, &[0, 10, 11]);
        assert_eq!(tape.finish().events, 2);
    }
}
