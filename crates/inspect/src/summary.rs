//! What a capture shows of a selection, gathered in one pass.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use lanner_model::source::Source;
use lanner_rules::Facts as _;
use lanner_state::View;

use crate::course::{Courses, Steps};
use crate::deed::{Deed, Deeds};
use crate::fields;
use crate::keyed::Found;
use crate::pass::{Cancelled, Ended, each_event};
use crate::requests::Requests;
use crate::seen::{Object, Seen, To};
use crate::selection::Selection;
use crate::table::{
    Commands, Connections, Containers, Errors, Files, Ports, Processes, Syscalls, Table, ViewName,
};
use crate::tile::{METRICS, Metric, TILES, Tile, is_sensitive};

/// What a capture shows of a selection.
#[derive(Debug)]
pub struct Summary {
    ended: Ended,
    events: u64,
    matched: u64,
    courses: Courses<METRICS>,
    totals: [u64; METRICS],
    requests: Requests,
    processes: Processes,
    containers: Containers,
    commands: Commands,
    files: Files,
    connections: Connections,
    ports: Ports,
    syscalls: Syscalls,
    errors: Errors,
}

/// The tiles and the steps of their courses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiles {
    /// The steps of time.
    pub steps: Steps,
    /// The tiles, by category.
    pub tiles: Vec<Tile>,
}

impl Summary {
    /// Reads a capture.
    ///
    /// # Errors
    /// When it was cancelled; damage is no error (see [`Summary::ended`]).
    pub fn read(
        source: &mut dyn Source,
        selection: &Selection,
        cancelled: &AtomicBool,
    ) -> Result<Self, Cancelled> {
        let mut summary = Self::new();
        let deeds = Deeds::new();
        summary.ended = each_event(source, cancelled, |view| {
            summary.take(view, &deeds, selection);
            ControlFlow::Continue(())
        })?;
        let waiting = summary.requests.waiting();
        if let Some((_, last)) = summary.courses.span()
            && waiting > 0
            && selection.choices.is_empty()
            && selection.filter.is_none()
        {
            let place = summary.courses.at(last);
            summary.count(Metric::HttpRequests, place, waiting);
        }
        Ok(summary)
    }

    fn new() -> Self {
        Self {
            ended: Ended::default(),
            events: 0,
            matched: 0,
            courses: Courses::new(),
            totals: [0; METRICS],
            requests: Requests::new(),
            processes: Processes::new(),
            containers: Containers::new(),
            commands: Commands::default(),
            files: Files::new(),
            connections: Connections::new(),
            ports: Ports::new(),
            syscalls: Syscalls::new(),
            errors: Errors::new(),
        }
    }

    /// How reading ended, and what was lost.
    #[must_use]
    pub fn ended(&self) -> &Ended {
        &self.ended
    }

    /// Events of the capture.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Events of the selection.
    #[must_use]
    pub fn matched(&self) -> u64 {
        self.matched
    }

    /// The first and the last event of the capture, nanoseconds since the epoch; `None` without events.
    #[must_use]
    pub fn span(&self) -> Option<(u64, u64)> {
        self.courses.span()
    }

    /// The tiles, with courses of at most `most_steps` steps over the whole capture.
    #[must_use]
    pub fn tiles(&self, most_steps: usize) -> Tiles {
        let (steps, values) = self.courses.in_steps(most_steps);
        let of = TILES.iter().zip(self.totals).zip(values);
        let tiles = of.map(|((info, total), values)| Tile { info, total, values }).collect();
        Tiles { steps, tiles }
    }

    /// How many rows a view has, with those that were not kept.
    #[must_use]
    pub fn rows(&self, view: ViewName) -> u64 {
        match view {
            ViewName::Processes => self.processes.total(),
            ViewName::Containers => self.containers.total(),
            ViewName::Commands => self.commands.total(),
            ViewName::Files => self.files.total(),
            ViewName::Connections => self.connections.total(),
            ViewName::Ports => self.ports.total(),
            ViewName::Syscalls => self.syscalls.total(),
            ViewName::Errors => self.errors.total(),
        }
    }

    /// A view's rows, in the order in which they were first seen.
    #[must_use]
    pub fn table(&self, view: ViewName) -> Table {
        match view {
            ViewName::Processes => self.processes.table(),
            ViewName::Containers => self.containers.table(),
            ViewName::Commands => self.commands.table(),
            ViewName::Files => self.files.table(),
            ViewName::Connections => self.connections.table(),
            ViewName::Ports => self.ports.table(),
            ViewName::Syscalls => self.syscalls.table(),
            ViewName::Errors => self.errors.table(),
        }
    }

    fn take(&mut self, view: &View<'_>, deeds: &Deeds, selection: &Selection) {
        let seen = Seen::of(view, deeds);
        self.events += 1;
        let place = self.courses.at(seen.time);
        // An answer is understood only by who saw its request, selected or not.
        let request = self.requests.see(&seen);
        if !selection.holds(&seen) {
            return;
        }
        self.matched += 1;
        let process = self.processes.see(&seen);
        let container = self.containers.see(&seen, process);
        let file = self.files.see(&seen);
        let port = self.ports.see(&seen);
        self.connections.see(&seen, u64::from(request.is_some()));
        self.commands.see(&seen);
        self.syscalls.see(&seen);
        self.errors.see(&seen);

        let mut one = |metric, is_so: bool| {
            if is_so {
                self.totals[metric as usize] += 1;
                self.courses.add(metric as usize, place, 1);
            }
        };
        one(Metric::SystemCalls, seen.result.is_some() || view.event().event_type().name() == "syscall");
        one(Metric::Processes, process == Found::New);
        one(Metric::Containers, container == Found::New);
        one(Metric::FilesAccessed, file.accessed);
        one(Metric::FilesModified, file.modified);
        one(Metric::ListeningPorts, port == Found::New);
        one(Metric::FailedCalls, seen.failed());
        one(Metric::HttpRequests, request.is_some());
        one(Metric::HttpErrors, request.is_some_and(|request| request.is_error));
        self.count_deed(&seen, place);
        self.count_bytes(&seen, place);
    }

    fn count_deed(&mut self, seen: &Seen<'_>, place: usize) {
        match (seen.deed, seen.succeeded()) {
            (Deed::Open, false) => self.count(Metric::FailedOpens, place, 1),
            (Deed::Open, true) => {
                if matches!(&seen.object, Object::File(path) if is_sensitive(path)) {
                    self.count(Metric::SensitiveFiles, place, 1);
                }
            }
            (Deed::Execute, true) => {
                self.count(Metric::Commands, place, 1);
                if fields::number(seen.view, &fields::TERMINAL).is_some_and(|terminal| terminal != 0) {
                    self.count(Metric::InteractiveCommands, place, 1);
                }
            }
            // The call returns in the new process, too: there it gives 0.
            (Deed::Fork, true) if seen.result != Some(0) => self.count(Metric::Forks, place, 1),
            (Deed::Connect, _) if matches!(seen.object, Object::Connection(_)) => {
                // EINPROGRESS: the socket does not wait, what comes of it is not known here.
                let is_begun = seen.succeeded() || seen.result == Some(-115);
                let metric = if is_begun { Metric::ConnectionsOut } else { Metric::FailedConnects };
                self.count(metric, place, 1);
            }
            (Deed::Accept, true) if matches!(seen.object, Object::Connection(_)) => {
                self.count(Metric::ConnectionsIn, place, 1);
            }
            (Deed::Remove, true) => self.count(Metric::Deletions, place, 1),
            (Deed::ChangeMode, true) if makes_executable(seen.view) => {
                self.count(Metric::MadeExecutable, place, 1);
            }
            (Deed::ChangePrivileges, true) => self.count(Metric::PrivilegeChanges, place, 1),
            (Deed::Signal, _) => self.count(Metric::Signals, place, 1),
            _ => {}
        }
    }

    fn count_bytes(&mut self, seen: &Seen<'_>, place: usize) {
        let Some(carried) = seen.carried else { return };
        let metric = match (&seen.object, carried.to) {
            (Object::File(_), To::Process) => Metric::FileBytesIn,
            (Object::File(_), To::Object) => Metric::FileBytesOut,
            (Object::Connection(_) | Object::Socket(_), To::Process) => Metric::NetBytesIn,
            (Object::Connection(_) | Object::Socket(_), To::Object) => Metric::NetBytesOut,
            (Object::Nothing, _) => return,
        };
        self.count(metric, place, carried.bytes);
    }

    fn count(&mut self, metric: Metric, place: usize, amount: u64) {
        let total = &mut self.totals[metric as usize];
        *total = total.saturating_add(amount);
        self.courses.add(metric as usize, place, amount);
    }
}

/// Whether a change of mode lets somebody execute.
fn makes_executable(view: &View<'_>) -> bool {
    let mode = lanner_model::field::FieldRef::parse("evt.arg.mode");
    let text = mode.and_then(|mode| view.value(&mode).to_text()).unwrap_or_default();
    ["S_IXUSR", "S_IXGRP", "S_IXOTH"].into_iter().any(|bit| text.contains(bit))
}
