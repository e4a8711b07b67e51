//! The fold's value: all threads, processes and descriptors.

mod record;
mod tree;

use lanner_model::event::EVENTS;
use lanner_model::event::ParamType;
use lanner_model::id::{ContainerId, Tid};
use lanner_model::loss::Loss;
use lanner_model::resource::ContainerInfo;
use lanner_model::snapshot::{Machine, Record};
use lanner_model::time::WallNs;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::budget::{Budget, Losses};
use crate::container::Containers;
use crate::fd::Descriptor;
use crate::fd_table::{TableId, Tables};
use crate::network::Interfaces;
use crate::text::Text;
use crate::thread::{Process, Thread};
use crate::users::Users;

/// Everything that is known of a machine's processes at one moment of its event stream.
#[derive(Debug)]
pub struct State {
    pub(crate) budget: Budget,
    pub(crate) losses: Losses,
    pub(crate) machine: Machine,
    pub(crate) threads: FxHashMap<i64, Box<Thread>>,
    pub(crate) processes: FxHashMap<i64, Box<Process>>,
    pub(crate) tables: Tables,
    /// What command lines and environments take, in bytes.
    pub(crate) text_bytes: usize,
    pub(crate) users: Users,
    pub(crate) containers: Containers,
    pub(crate) interfaces: Interfaces,
    /// Where each event type carries the descriptor it uses.
    pub(crate) fd_places: Box<[Option<u8>]>,
    /// What leaves with the next event: this one may still look at it.
    pub(crate) leaving: Leaving,
    /// Threads that records told of since the last event; what those say of each other is not yet
    /// drawn.
    loose: Vec<i64>,
    /// Ports that some process of the snapshot listens on.
    server_ports: FxHashSet<u16>,
    pub(crate) first_event: Option<WallNs>,
    pub(crate) previous_event: Option<WallNs>,
    pub(crate) latest_event: WallNs,
    /// Who exited a moment ago, with the one who made it: the maker's clone may return later.
    pub(crate) recently_exited: RecentExits,
}

/// What an event ends.
#[derive(Debug, Default)]
pub(crate) struct Leaving {
    pub(crate) fd: Option<(TableId, i64)>,
    pub(crate) thread: Option<(i64, Option<i64>)>,
}

/// The last few exits.
#[derive(Debug, Default)]
pub(crate) struct RecentExits {
    ring: [(i64, u64); 32],
    next: usize,
}

impl RecentExits {
    pub(crate) fn add(&mut self, tid: i64, time: u64) {
        self.ring[self.next] = (tid, time);
        self.next = (self.next + 1) % self.ring.len();
    }

    /// Whether `tid` exited within two seconds before `time`; longer ago, the id may be another's.
    pub(crate) fn has(&self, tid: i64, time: u64) -> bool {
        self.ring.iter().any(|(exited, at)| *exited == tid && time >= *at && time - at < 2_000_000_000)
    }
}

impl State {
    /// A state that knows nothing yet.
    #[must_use]
    pub fn new(budget: Budget) -> Self {
        Self {
            budget,
            losses: Losses::default(),
            machine: Machine::default(),
            threads: FxHashMap::default(),
            processes: FxHashMap::default(),
            tables: Tables::default(),
            text_bytes: 0,
            users: Users::default(),
            containers: Containers::default(),
            interfaces: Interfaces::default(),
            fd_places: fd_places(),
            leaving: Leaving::default(),
            loose: Vec::new(),
            server_ports: FxHashSet::default(),
            first_event: None,
            previous_event: None,
            latest_event: WallNs(0),
            recently_exited: RecentExits::default(),
        }
    }

    /// Takes in something that was there before: at the start, or at any time when a source found
    /// something out (a container's users, a process whose beginning was not seen).
    pub fn record(&mut self, record: &Record) {
        match record {
            Record::Machine(machine) => self.machine = machine.clone(),
            Record::Thread(thread) => self.record_thread(thread),
            Record::Fd(fd) => self.record_fd(fd),
            Record::User(user) => self.users.add_user("", user.clone()),
            Record::Group(group) => self.users.add_group("", group.clone()),
            Record::Interface(interface) => self.interfaces.add(interface),
        }
    }

    /// Lets go of what the last event ended. [`State::observe`] does it by itself; this is for one
    /// who looks at state between events.
    pub fn settle(&mut self) {
        if !self.loose.is_empty() {
            self.tie_records();
        }
        if let Some((table, fd)) = self.leaving.fd.take() {
            self.tables.remove(table, fd);
        }
        if let Some((tid, reaper)) = self.leaving.thread.take() {
            self.remove_thread(tid, reaper);
        }
    }

    /// Takes in what a runtime said of a container. Until then, its id, pod uid and runtime are known
    /// from the cgroup path.
    pub fn learn_container(&mut self, info: ContainerInfo) {
        self.containers.learn(info, &self.budget);
    }

    /// Forgets what a runtime said of a container that is gone.
    pub fn forget_container(&mut self, id: &ContainerId) {
        self.containers.forget(id);
    }

    /// What did not fit into the budget since the beginning.
    #[must_use]
    pub fn losses(&self) -> Vec<Loss> {
        self.losses.list()
    }

    /// The machine, as the source said.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// How many threads are held.
    #[must_use]
    pub fn thread_count(&self) -> usize {
        self.threads.len()
    }

    /// How many descriptors are held, in all processes' tables.
    #[must_use]
    pub fn fd_count(&self) -> usize {
        self.tables.total()
    }

    /// The container a thread runs in; `None` on the host and for an unknown thread.
    #[must_use]
    pub fn container_of(&self, tid: Tid) -> Option<&ContainerInfo> {
        self.containers.of(&self.threads.get(&tid.0)?.cgroups)
    }

    /// The leader of a process, when it is known.
    pub(crate) fn leader(&self, pid: i64) -> Option<&Thread> {
        self.threads.get(&pid).map(|thread| &**thread)
    }

    /// The process a thread belongs to.
    pub(crate) fn process_of(&self, thread: &Thread) -> Option<&Process> {
        self.processes.get(&thread.group).map(|process| &**process)
    }

    /// A descriptor of a thread.
    pub(crate) fn descriptor(&self, thread: &Thread, fd: i64) -> Option<&Descriptor> {
        self.tables.get(thread.table, fd)
    }
}

/// Text that is there, cut at `most` bytes.
pub(crate) fn some_text(bytes: &[u8], most: usize) -> Option<Text> {
    let bytes = &bytes[..bytes.len().min(most)];
    (!bytes.is_empty()).then(|| bytes.into())
}

/// A directory's path with a slash at its end.
pub(crate) fn with_slash(mut path: Vec<u8>) -> Vec<u8> {
    if path.last() != Some(&b'/') {
        path.push(b'/');
    }
    path
}

/// Where each event type carries the descriptor it uses: in an exit event the first descriptor
/// behind the result, in an enter event the first of all.
fn fd_places() -> Box<[Option<u8>]> {
    use lanner_model::event::{EventFlags, EventType};
    EVENTS
        .iter()
        .enumerate()
        .map(|(number, info)| {
            if !info.flags.has(EventFlags::USES_FD) {
                return None;
            }
            let event_type = EventType(number as u16);
            if event_type == EventType::SYSCALL_SPLICE_X {
                return Some(2); // it writes to its second descriptor
            }
            let first = usize::from(!event_type.is_enter());
            let is_fd = |kind| matches!(kind, ParamType::Fd | ParamType::Fd32);
            let at = info.params.iter().skip(first).position(|param| is_fd(param.param_type))?;
            u8::try_from(at + first).ok()
        })
        .collect()
}
