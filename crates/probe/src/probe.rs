//! The probe that runs: a [`Source`] of live events.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use lanner_model::event::{EventRef, HEADER_LEN, syscall};
use lanner_model::id::{CgroupId, Pid};
use lanner_model::loss::{Loss, LossCause};
use lanner_model::snapshot::Record;
use lanner_model::source::{Delivery, Next, Source, SourceError};

use crate::bytes::Plain;
use crate::cgroup::Cgroups;
use crate::clock;
use crate::decision::Decisions;
use crate::error::ProbeError;
use crate::facts::Roots;
use crate::flight::{self, FlightRecorder, FlightRing, FlightSources};
use crate::interest::{Interest, code_of};
use crate::link::{CgroupPaths, Ears, Heard, LinkReader, heard};
use crate::loader::{self, Loaded, Plan, Rejected};
use crate::program;
use crate::record::{
    CGROUP_REMOVED, CgroupRecord, Fixed, FlightWanted, RecordHead, Tally, Wanted, kind, look, scope,
};
use crate::ring::Ring;
use crate::snapshot::{self, SnapshotReader};
use crate::socket_bytes::SocketBytesReader;

/// An event is handed on when it is this old: by then every CPU has written what it began earlier,
/// so that sorting by time stamp puts things in their order.
const WINDOW_NS: u64 = 1_000_000;
/// How long to sleep when nothing has come; doubled up to the second while nothing comes.
const SHORTEST_NAP: Duration = Duration::from_millis(1);
const LONGEST_NAP: Duration = Duration::from_millis(8);
/// How often loss counters are read.
const LOSSES_EVERY_NS: u64 = 1_000_000_000;

/// What the probe is to watch.
#[derive(Clone, Debug)]
pub struct ProbeConfig {
    /// The events that are wanted.
    pub interest: Interest,
    /// Whose events are wanted.
    pub scope: Scope,
    /// Bytes of data kept of each read and write; at most 4,096.
    pub snaplen: u32,
    /// Whether the calls of this process itself are told.
    pub own_events: OwnEvents,
    /// Whether the source begins with who is there already.
    pub snapshot: Snapshot,
    /// Whether the last calls are kept for captures.
    pub flight: Flight,
}

/// Whose events are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Everybody's.
    #[default]
    All,
    /// Those of some processes and control groups, and of their descendants.
    Only {
        /// Processes by their id.
        processes: Vec<Pid>,
        /// Control groups by their id in the hierarchy the decisions name.
        cgroups: Vec<CgroupId>,
    },
}

/// Whether the calls of the process that holds the probe are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnEvents {
    /// They are left out: reading events would make events.
    #[default]
    LeftOut,
    /// They are told like any other.
    Told,
}

/// Whether a source begins with who is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Snapshot {
    /// Records of the machine, threads, descriptors, users and interfaces come first.
    #[default]
    First,
    /// Events only.
    None,
}

/// Whether there is a flight recorder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flight {
    /// There is none.
    #[default]
    Off,
    /// There is one, where the decisions have room for it.
    On,
}

impl Default for ProbeConfig {
    fn default() -> Self {
        Self {
            interest: Interest::lives(),
            scope: Scope::All,
            snaplen: 80,
            own_events: OwnEvents::LeftOut,
            snapshot: Snapshot::First,
            flight: Flight::Off,
        }
    }
}

/// The running probe. Dropping it takes every program out of the kernel.
pub struct Probe {
    loaded: Loaded,
    rings: Vec<Ring>,
    /// The heads of the rings that have one, the oldest first.
    heads: BinaryHeap<Reverse<(u64, usize)>>,
    /// Up to when all rings are known to be complete.
    horizon_ns: u64,
    /// The ring whose head was handed out and is to be given back.
    handed_out: Option<usize>,
    nap: Duration,
    number: u64,
    wanted: Wanted,
    epoch_offset_ns: u64,
    cgroups: Cgroups,
    records: VecDeque<Record>,
    losses: Losses,
    /// Takes what is said over links; `None` while nobody listens.
    listener: Option<Ears>,
    /// `None` while nobody reads links.
    cgroup_paths: Option<CgroupPaths>,
    /// `None` where there is no flight recorder.
    flight: Option<Arc<FlightSources>>,
    recorder: Option<FlightRecorder>,
    flight_note: String,
}

/// Loss counters as they were last seen, and those that have to be told.
#[derive(Default)]
struct Losses {
    seen: Vec<Loss>,
    untold: VecDeque<Loss>,
    next_look_ns: u64,
    undecodable: u64,
}

impl Probe {
    /// Loads the programs that `decisions` names, and attaches them.
    ///
    /// # Errors
    /// When what the probe cannot do without is missing, or the kernel refuses it; the text says what
    /// to do. A single program that is refused is no error: see [`Probe::rejected`].
    pub fn start(decisions: &Decisions, config: &ProbeConfig) -> Result<Self, ProbeError> {
        Self::start_with(decisions, config, &[])
    }

    /// Like [`Probe::start`], with the programs of some calls replaced by one that tells nothing: the
    /// live tests see with it that they would notice.
    ///
    /// # Errors
    /// As [`Probe::start`].
    #[doc(hidden)]
    pub fn start_with(
        decisions: &Decisions,
        config: &ProbeConfig,
        emptied: &[&'static str],
    ) -> Result<Self, ProbeError> {
        decisions.check()?;
        raise_memory_limit();
        let epoch_offset_ns = clock::epoch_offset_ns();
        let mut rings = Vec::new();
        for (number, size_bytes) in decisions.rings.sizes().enumerate() {
            rings.push(Ring::create(number as u32, size_bytes)?);
        }
        let fixed = Fixed {
            epoch_offset_ns,
            cgroup_key: decisions.cgroup_key.number(),
            ring_shift: decisions.rings.shift,
            critical_ring: rings.len() as u32 - 1,
            iterator_scratch: decisions.cpus,
        };
        let left_out: BTreeSet<&'static str> = decisions.left_out().collect();
        let plan = Plan {
            object: loader::PROBE,
            fixed,
            cpus: decisions.cpus,
            rings: &rings,
            left_out: &left_out,
            emptied,
        };
        let loaded = loader::load(&plan)?;
        let own_tgid = match config.own_events {
            OwnEvents::LeftOut => loaded.own_tgid(),
            OwnEvents::Told => 0,
        };
        let wanted = Wanted { snaplen: config.snaplen.min(4096), own_tgid, ..Wanted::default() };
        let mut probe = Self {
            loaded,
            rings,
            heads: BinaryHeap::new(),
            horizon_ns: 0,
            handed_out: None,
            nap: SHORTEST_NAP,
            number: 0,
            wanted,
            epoch_offset_ns,
            cgroups: Cgroups::default(),
            records: VecDeque::new(),
            losses: Losses::default(),
            listener: None,
            cgroup_paths: None,
            flight: None,
            recorder: None,
            flight_note: decisions.flight.reason.clone(),
        };
        if config.flight == Flight::On && decisions.flight.ring_bytes > 0 {
            probe.start_flight(decisions.cpus, decisions.flight.ring_bytes);
        }
        probe.set_scope(&config.scope)?;
        probe.set_interest(&config.interest)?;
        // Events come from here on, so that nothing falls between the walk and them.
        probe.cgroups = Cgroups::seeded(decisions);
        if let Some(sources) = &probe.flight {
            probe.cgroups.iter().for_each(|(id, path)| sources.learn(id, path));
        }
        if config.snapshot == Snapshot::First {
            probe.records = snapshot::read(&probe.loaded, &Roots::default(), epoch_offset_ns).into();
        }
        Ok(probe)
    }

    /// Asks for other events from now on.
    ///
    /// # Errors
    /// When the kernel does not take them.
    pub fn set_interest(&mut self, interest: &Interest) -> Result<(), ProbeError> {
        let mut flight = FlightWanted {
            live: interest.calls(),
            live_points: interest.points(),
            ..FlightWanted::default()
        };
        if self.flight.is_some() {
            (flight.always, flight.always_points) = (flight::always().calls(), flight::always().points());
            flight.data = flight::with_data().calls();
        }
        let words = flight.live.iter().zip(&flight.always).zip(&flight.data);
        for (wanted, ((live, always), data)) in self.wanted.calls.iter_mut().zip(words) {
            *wanted = live | always | data;
        }
        self.wanted.points = flight.live_points | flight.always_points;
        // First where an event goes, then that it is wanted.
        self.loaded.write(".data.flight", &0u32.to_ne_bytes(), flight.bytes())?;
        self.loaded.write(".data.wanted", &0u32.to_ne_bytes(), self.wanted.bytes())
    }

    /// Makes the flight recorder's rings. Without them the probe does all else, and says why there are
    /// none.
    fn start_flight(&mut self, cpus: u32, ring_bytes: u32) {
        let rings = (0..cpus).filter_map(|cpu| FlightRing::create(cpu, ring_bytes).transpose());
        let started = rings.collect::<Result<Vec<_>, _>>().and_then(|rings| {
            for ring in &rings {
                self.loaded.write("flight_rings", &ring.cpu().to_ne_bytes(), &ring.fd().to_ne_bytes())?;
            }
            Ok((rings, Arc::new(FlightSources::of(&self.loaded)?)))
        });
        match started {
            Ok((rings, sources)) => {
                self.recorder = Some(FlightRecorder::new(rings, Arc::clone(&sources), self.epoch_offset_ns));
                self.flight = Some(sources);
            }
            Err(error) => {
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
                self.flight_note = format!("captures are not possible: {error}{}", cause.unwrap_or_default());
            }
        }
    }

    fn set_scope(&mut self, wanted: &Scope) -> Result<(), ProbeError> {
        self.wanted.scope = 0;
        if let Scope::Only { processes, cgroups } = wanted {
            self.wanted.scope = scope::PROCESS;
            for process in processes {
                self.loaded.write("scope_processes", &(process.0 as u32).to_ne_bytes(), &[1])?;
            }
            if !cgroups.is_empty() {
                self.wanted.scope |= scope::CGROUP;
            }
            for cgroup in cgroups {
                self.loaded.write("scope_cgroups", &cgroup.0.to_ne_bytes(), &[1])?;
            }
        }
        Ok(())
    }

    /// The control groups there are, by id.
    #[must_use]
    pub fn cgroups(&self) -> &Cgroups {
        &self.cgroups
    }

    /// The programs the kernel refused, and why.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.loaded.rejected
    }

    /// The names of the programs that run.
    #[must_use]
    pub fn programs(&self) -> Vec<String> {
        self.loaded.programs()
    }

    /// What reads the bytes of TCP sockets, on whatever thread; `None` where the kernel has no iterators.
    /// It works as long as it lives, also without this probe.
    ///
    /// # Errors
    /// When the kernel does not make the iterators.
    pub fn socket_bytes(&self) -> Result<Option<SocketBytesReader>, ProbeError> {
        SocketBytesReader::of(&self.loaded)
    }

    /// What reads what has become of links, on whatever thread; `None` where the kernel does not take the
    /// programs. Connections are summed from now on.
    ///
    /// # Errors
    /// When the kernel does not give its tables.
    pub fn links(&mut self) -> Result<Option<LinkReader>, ProbeError> {
        let paths = CgroupPaths::of(&self.cgroups);
        let reader = LinkReader::of(&self.loaded, paths.clone())?;
        if reader.is_some() {
            self.cgroup_paths = Some(paths);
            self.look_at_calls(&program::ACCEPTS, look::ALWAYS)?;
        }
        Ok(reader)
    }

    /// Has `listener` told what is said over links: calls that begin like a message of HTTP/1.x. It is
    /// called by [`Source::next`], in the order of time stamps; they are no events.
    ///
    /// # Errors
    /// When the kernel does not take the wish.
    pub fn hear(&mut self, listener: impl FnMut(Heard<'_>) + Send + 'static) -> Result<(), ProbeError> {
        self.listener = Some(Box::new(listener));
        self.look_at_calls(&program::REQUESTS, look::BUFFER)?;
        self.look_at_calls(&program::REQUESTS_IN_PARTS, look::PARTS)
    }

    fn look_at_calls(&mut self, programs: &[&'static str], how: u8) -> Result<(), ProbeError> {
        for (native, look) in self.wanted.looks.0.iter_mut().enumerate() {
            let name = code_of(native as u32).and_then(syscall::name).unwrap_or_default();
            if program::of_link(name).is_some_and(|program| programs.contains(&program)) {
                *look = how;
            }
        }
        self.loaded.write(".data.wanted", &0u32.to_ne_bytes(), self.wanted.bytes())
    }

    /// What reads the flight recorder, on whatever thread; `None` where there is none, and for the second
    /// who asks.
    pub fn flight_recorder(&mut self) -> Option<FlightRecorder> {
        self.recorder.take()
    }

    /// Whether calls are kept for captures, and why or why not, in a sentence for people.
    #[must_use]
    pub fn flight_note(&self) -> (bool, &str) {
        (self.flight.is_some(), &self.flight_note)
    }

    /// Events that the flight recorder has been handed since the probe started, and those that it could
    /// not take.
    #[must_use]
    pub fn flight_counts(&self) -> (u64, u64) {
        let tallies = self.loaded.flight_tallies();
        tallies
            .iter()
            .fold((0, 0), |(recorded, failed), tally| (recorded + tally.recorded, failed + tally.failed))
    }

    /// What reads who is there, on whatever thread.
    ///
    /// # Errors
    /// When the kernel does not make the iterators.
    pub fn snapshots(&self) -> Result<SnapshotReader, ProbeError> {
        SnapshotReader::of(&self.loaded, self.epoch_offset_ns)
    }

    /// What has been lost since the probe started.
    #[must_use]
    pub fn losses(&self) -> Vec<Loss> {
        self.read_losses()
    }

    /// Events handed over by the kernel since the probe started.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.tallies().iter().map(|tally| tally.sent).sum()
    }

    /// Bytes of memory mapped for rings.
    #[must_use]
    pub fn ring_bytes(&self) -> u64 {
        self.rings.iter().map(Ring::size_bytes).sum()
    }

    fn tallies(&self) -> Vec<Tally> {
        self.loaded.tallies()
    }

    fn read_losses(&self) -> Vec<Loss> {
        let mut losses = Vec::new();
        let mut add = |cause, place: String, count| {
            if count > 0 {
                losses.push(Loss { cause, place, count });
            }
        };
        for (cpu, tally) in self.tallies().iter().enumerate() {
            let place = format!("cpu{cpu}");
            add(LossCause::RingFull, place.clone(), tally.ring_full);
            add(LossCause::Oversize, place.clone(), tally.oversize);
            add(LossCause::Fault, place.clone(), tally.fault);
            add(LossCause::TailCall, place.clone(), tally.tail_call);
            add(LossCause::MapFull, place.clone(), tally.map_full);
            add(LossCause::Compat, place, tally.compat);
        }
        for (program, count) in self.loaded.recursion_misses() {
            add(LossCause::Recursion, program, count);
        }
        add(LossCause::Decode, "probe".into(), self.losses.undecodable);
        add(LossCause::MapFull, "cgroups".into(), self.cgroups.dropped());
        let unrecorded = self.flight.as_ref().map_or(0, |sources| sources.dropped());
        add(LossCause::MapFull, "recorded_cgroups".into(), unrecorded);
        losses
    }

    /// Reads the loss counters when it is time to, and queues those that have grown.
    fn look_for_losses(&mut self) {
        let now = clock::boot_ns();
        if now < self.losses.next_look_ns {
            return;
        }
        self.losses.next_look_ns = now + LOSSES_EVERY_NS;
        let losses = self.read_losses();
        for loss in &losses {
            if !self.losses.seen.contains(loss) {
                self.losses.untold.push_back(loss.clone());
            }
        }
        self.losses.seen = losses;
    }

    /// Gives the record that was handed out last back to its ring.
    fn take_back(&mut self) {
        if let Some(index) = self.handed_out.take() {
            self.rings[index].release();
            self.queue_head(index);
        }
    }

    fn queue_head(&mut self, index: usize) {
        if let Some(time) = self.rings[index].head().and_then(time_of) {
            self.heads.push(Reverse((time, index)));
        } else if self.rings[index].head().is_some() {
            // Too short to have a time: nothing of ours. Counted, and out of the way.
            self.losses.undecodable += 1;
            self.rings[index].release();
        }
    }

    /// Looks for what the kernel has written since the last time.
    fn refresh(&mut self) {
        // Before the positions are read: an event older than this was written by then.
        self.horizon_ns = clock::boot_ns().saturating_add(self.epoch_offset_ns).saturating_sub(WINDOW_NS);
        self.heads.clear();
        for index in 0..self.rings.len() {
            self.rings[index].refresh();
            self.queue_head(index);
        }
    }

    /// Gives the CPU up for a moment, longer each time.
    #[expect(
        clippy::disallowed_methods,
        reason = "the kernel does not wake us: that would cost the watched process"
    )]
    fn rest(&mut self) {
        std::thread::sleep(self.nap);
        self.nap = (self.nap * 2).min(LONGEST_NAP);
    }

    /// The ring with the oldest record that may be handed on.
    fn oldest(&mut self) -> Option<usize> {
        match self.heads.peek() {
            Some(Reverse((time, index))) if *time <= self.horizon_ns => {
                let index = *index;
                self.heads.pop();
                Some(index)
            }
            _ => None,
        }
    }

    /// Takes note of a control group; `None` when the record is none.
    fn learn_cgroup(&mut self, index: usize) -> Option<()> {
        let record = self.rings[index].head()?.get(size_of::<RecordHead>()..)?;
        let head = CgroupRecord::read(record)?;
        let path = record.get(size_of::<CgroupRecord>()..)?.get(..head.path_len as usize)?;
        self.cgroups.learn(&head, path);
        if let Some(paths) = &self.cgroup_paths {
            paths.learn(&head, path);
        }
        if let Some(sources) = &self.flight {
            match head.change {
                CGROUP_REMOVED => sources.forget(CgroupId(head.id)),
                _ => sources.learn(CgroupId(head.id), &String::from_utf8_lossy(path)),
            }
        }
        Some(())
    }
}

impl Source for Probe {
    fn next(&mut self) -> Result<Next<'_>, SourceError> {
        if let Some(record) = self.records.pop_front() {
            return Ok(Next::Record(record));
        }
        self.take_back();
        if let Some(loss) = self.losses.untold.pop_front() {
            return Ok(Next::Loss(loss));
        }
        let mut refreshed = false;
        loop {
            let Some(index) = self.oldest() else {
                if refreshed {
                    self.rest();
                    return Ok(Next::Idle);
                }
                self.look_for_losses();
                self.refresh();
                refreshed = true;
                continue;
            };
            self.nap = SHORTEST_NAP;
            let head = self.rings[index].head().and_then(RecordHead::read).unwrap_or_default();
            let understood = match head.kind {
                kind::EVENT => self.rings[index].head().is_some_and(|record| event_of(record).is_some()),
                kind::CGROUP => {
                    let learnt = self.learn_cgroup(index).is_some();
                    self.losses.undecodable += u64::from(!learnt);
                    self.rings[index].release();
                    self.queue_head(index);
                    continue;
                }
                kind::SEGMENT | kind::SOCKET_END => {
                    let said = self.rings[index].head().and_then(|record| heard(&head, record));
                    self.losses.undecodable += u64::from(said.is_none());
                    if let (Some(said), Some(listener)) = (said, &mut self.listener) {
                        listener(said);
                    }
                    self.rings[index].release();
                    self.queue_head(index);
                    continue;
                }
                _ => false,
            };
            if !understood {
                self.losses.undecodable += 1;
                self.rings[index].release();
                self.queue_head(index);
                continue;
            }
            self.number += 1;
            self.handed_out = Some(index);
            let (number, cpu) = (self.number, head.cpu);
            let Some(event) = self.rings[index].head().and_then(event_of) else { return Ok(Next::Idle) };
            return Ok(Next::Event(Delivery { number, cpu, event }));
        }
    }
}

/// The time stamp of a record; of both kinds the first thing behind the head.
fn time_of(record: &[u8]) -> Option<u64> {
    let bytes = record.get(size_of::<RecordHead>()..)?.first_chunk::<8>()?;
    Some(u64::from_le_bytes(*bytes))
}

fn event_of(record: &[u8]) -> Option<EventRef<'_>> {
    let bytes = record.get(size_of::<RecordHead>()..).filter(|bytes| bytes.len() >= HEADER_LEN)?;
    EventRef::parse(bytes).ok()
}

/// Kernels before 5.11 count maps against RLIMIT_MEMLOCK. Newer ones do not, so a refusal is no error.
pub(crate) fn raise_memory_limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let unlimited = Rlimit { current: None, maximum: None };
    if let Err(error) = setrlimit(Resource::Memlock, unlimited) {
        tracing::debug!(%error, "RLIMIT_MEMLOCK stays as it is; kernels since 5.11 do not need it");
    }
}
