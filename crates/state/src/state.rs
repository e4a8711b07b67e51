//! The fold's value: all threads, processes and descriptors.

use std::sync::Arc;

use lanner_model::event::EVENTS;
use lanner_model::event::{FdInfo, ParamType};
use lanner_model::finding::ProcessNode;
use lanner_model::id::{ContainerId, Pid, Tid};
use lanner_model::loss::Loss;
use lanner_model::resource::ContainerInfo;
use lanner_model::snapshot::{FdRecord, Machine, Record, ThreadRecord};
use lanner_model::source::Delivery;
use lanner_model::time::WallNs;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::budget::{Budget, Losses};
use crate::container::Containers;
use crate::fd::{Descriptor, Ends, Role};
use crate::fd_table::{TableId, Tables};
use crate::lineage::Lineage;
use crate::network::Interfaces;
use crate::text::{Text, TextList};
use crate::thread::{Image, Process, Thread};
use crate::users::Users;
use crate::view::View;

/// Everything that is known of a machine's processes at one moment of its event stream.
#[derive(Debug)]
pub struct State {
    pub(crate) budget: Budget,
    pub(crate) losses: Losses,
    pub(crate) machine: Machine,
    pub(crate) threads: FxHashMap<i64, Box<Thread>>,
    pub(crate) processes: FxHashMap<i64, Box<Process>>,
    pub(crate) tables: Tables,
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

    /// Takes in an event and shows it together with all that is known around it, as it was while it
    /// happened: what it ends (a closed descriptor, an exited process) is still there and leaves
    /// with the next event.
    pub fn observe<'a>(&'a mut self, delivery: &Delivery<'a>) -> View<'a> {
        self.settle();
        let current = self.fold(delivery);
        View::new(self, *delivery, current)
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

    /// How many threads and how many descriptors are held.
    #[must_use]
    pub fn sizes(&self) -> (usize, usize) {
        (self.threads.len(), self.tables.total())
    }

    /// The container a thread runs in; `None` on the host and for an unknown thread.
    #[must_use]
    pub fn container_of(&self, tid: Tid) -> Option<&ContainerInfo> {
        self.containers.of(&self.threads.get(&tid.0)?.cgroups)
    }

    /// A process and its ancestors: the process first, the oldest last. Where a parent has exited,
    /// who really made the process is told, not the reaper that got it.
    #[must_use]
    pub fn ancestry(&self, pid: Pid) -> Vec<ProcessNode> {
        const MOST: usize = 32;
        let mut nodes = Vec::new();
        let mut pid = pid.0;
        while nodes.len() < MOST {
            let (Some(process), Some(leader)) = (self.processes.get(&pid), self.leader(pid)) else { break };
            nodes.push(self.node(&Lineage::of(leader, None)));
            match &process.maker {
                Some(maker) if maker.pid != process.parent => {
                    let mut maker = Some(maker);
                    while let Some(lineage) = maker
                        && nodes.len() < MOST
                    {
                        nodes.push(self.node(lineage));
                        maker = lineage.maker.as_ref();
                    }
                    break;
                }
                _ => pid = process.parent,
            }
        }
        nodes
    }

    fn node(&self, of: &Lineage) -> ProcessNode {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let container = self.containers.of(&of.cgroups).map(|info| info.id.clone());
        ProcessNode {
            pid: of.pid,
            vpid: of.vpid.max(0),
            comm: text(&of.comm),
            exepath: of.image.exepath.as_deref().map(text).unwrap_or_default(),
            cmdline: text(&of.cmdline()),
            user: self.users.user_name(container.as_ref(), of.uid).unwrap_or_default().to_string(),
            uid: of.uid,
            start: WallNs(of.start),
            container: container.unwrap_or_default(),
        }
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

    /// The thread, made if nothing was known of it.
    pub(crate) fn ensure(&mut self, tid: i64) -> &mut Thread {
        if !self.threads.contains_key(&tid) {
            self.make_room();
            let table = self.tables.create();
            self.threads.insert(tid, Box::new(Thread::unknown(tid, table)));
            self.processes.entry(tid).or_default();
        }
        let table = &mut self.tables;
        self.threads.entry(tid).or_insert_with(|| Box::new(Thread::unknown(tid, table.create())))
    }

    /// Puts a thread into the table and into its process, which is made if it was not known.
    pub(crate) fn place(&mut self, thread: Thread, parent: i64) -> &mut Process {
        let (tid, group) = (thread.tid, thread.group);
        if self.threads.get(&tid).is_some_and(|before| before.group != group) {
            self.detach(tid);
        }
        if !self.threads.contains_key(&tid) {
            self.make_room();
        }
        let is_new = !self.processes.contains_key(&group);
        let process = self.processes.entry(group).or_default();
        if tid != group {
            process.members.insert(tid);
        }
        let init = group == 1 || thread.vpid == 1;
        process.reaper |= init;
        if is_new || tid == group {
            let before = std::mem::replace(&mut process.parent, parent);
            if before != parent
                && let Some(before) = self.processes.get_mut(&before)
            {
                before.children.remove(&group);
            }
            if parent != group
                && let Some(parent) = self.processes.get_mut(&parent)
            {
                parent.children.insert(group);
            }
        }
        if let Some(before) = self.threads.insert(tid, Box::new(thread)) {
            self.tables.release(before.table);
        }
        self.processes.entry(group).or_default()
    }

    /// What a process tells its children about itself.
    pub(crate) fn lineage_of(&mut self, pid: i64) -> Option<Arc<Lineage>> {
        // The process and those above it that have not told anything yet: processes of the snapshot.
        let mut untold = Vec::new();
        let mut at = pid;
        let mut maker = loop {
            let Some(process) = self.processes.get(&at) else { break None };
            if let Some(lineage) = &process.lineage {
                break Some(Arc::clone(lineage));
            }
            if self.leader(at).is_none_or(|leader| !leader.known) || untold.contains(&at) {
                break None;
            }
            untold.push(at);
            if process.maker.is_some() {
                break process.maker.clone();
            }
            at = process.parent;
        };
        for pid in untold.into_iter().rev() {
            let lineage = Arc::new(Lineage::of(self.leader(pid)?, maker.take()));
            let process = self.processes.get_mut(&pid)?;
            process.maker.clone_from(&lineage.maker);
            process.lineage = Some(Arc::clone(&lineage));
            maker = Some(lineage);
        }
        maker
    }

    /// Takes a thread out; with the last one its process, whose children go to `reaper` or else to
    /// the nearest ancestor that reaps.
    pub(crate) fn remove_thread(&mut self, tid: i64, reaper: Option<i64>) {
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        let group = thread.group;
        thread.dead = true;
        if let Some(process) = self.processes.get_mut(&group) {
            process.members.remove(&tid);
            if !process.members.is_empty() {
                // The leader stays in the table: its threads look things up in it.
                if tid != group {
                    self.drop_thread(tid);
                }
                return;
            }
            if tid != group && self.threads.get(&group).is_some_and(|leader| !leader.dead) {
                self.drop_thread(tid);
                return;
            }
        }
        self.reparent(group, reaper);
        self.drop_thread(tid);
        if tid != group {
            self.drop_thread(group);
        }
        if let Some(process) = self.processes.remove(&group)
            && let Some(parent) = self.processes.get_mut(&process.parent)
        {
            parent.children.remove(&group);
        }
    }

    /// Takes a thread out of the table because its id is another's now.
    fn detach(&mut self, tid: i64) {
        let Some(thread) = self.threads.get(&tid) else { return };
        let group = thread.group;
        self.drop_thread(tid);
        let Some(process) = self.processes.get_mut(&group) else { return };
        process.members.remove(&tid);
        let threads_are_left = !process.members.is_empty();
        if tid == group && !threads_are_left {
            self.reparent(group, None);
            if let Some(process) = self.processes.remove(&group)
                && let Some(parent) = self.processes.get_mut(&process.parent)
            {
                parent.children.remove(&group);
            }
        }
    }

    fn drop_thread(&mut self, tid: i64) {
        if let Some(thread) = self.threads.remove(&tid) {
            self.tables.release(thread.table);
        }
    }

    /// Gives the children of a process that ends to a new parent, as the kernel does: to the one it
    /// named, else to the nearest ancestor that reaps.
    fn reparent(&mut self, pid: i64, named: Option<i64>) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if process.children.is_empty() {
            return;
        }
        let children = std::mem::take(&mut process.children);
        let named =
            named.filter(|tid| *tid > 0).and_then(|tid| self.threads.get(&tid)).map(|thread| thread.group);
        let reaper = named.filter(|reaper| *reaper != pid).or_else(|| self.nearest_reaper(pid)).unwrap_or(0);
        for child in &children {
            if let Some(process) = self.processes.get_mut(child) {
                process.parent = reaper;
            }
        }
        if let Some(process) = self.processes.get_mut(&reaper) {
            process.reaper = true;
            process.children.extend(children);
        }
    }

    fn nearest_reaper(&self, pid: i64) -> Option<i64> {
        let in_namespace = self.leader(pid).is_some_and(Thread::is_in_pid_namespace);
        let mut at = self.processes.get(&pid)?.parent;
        for _ in 0..64 {
            let process = self.processes.get(&at)?;
            if self.leader(at).is_some_and(Thread::is_in_pid_namespace) != in_namespace {
                return None;
            }
            if process.reaper {
                return Some(at);
            }
            at = process.parent;
        }
        None
    }

    /// Makes room for one more thread: when the table is full, the sixteenth of it that was silent
    /// longest leaves.
    fn make_room(&mut self) {
        if self.threads.len() < self.budget.threads.max(1) {
            return;
        }
        let mut by_age: Vec<(u64, i64)> =
            self.threads.values().map(|thread| (thread.last_seen, thread.tid)).collect();
        let leaving = (by_age.len() / 16).max(1);
        by_age.select_nth_unstable(leaving - 1);
        for (_, tid) in &by_age[..leaving] {
            self.losses.threads += 1;
            self.remove_thread(*tid, None);
            self.drop_thread(*tid);
        }
    }

    fn record_thread(&mut self, record: &ThreadRecord) {
        let tid = record.tid.0;
        self.loose.push(tid);
        let group = if record.pid.0 > 0 { record.pid.0 } else { tid };
        let most = self.budget.text_bytes;
        let before = self.threads.get(&tid).filter(|thread| thread.group == group);
        let table = match before {
            Some(thread) => thread.table,
            None => match self.threads.get(&group) {
                Some(leader) if group != tid => leader.table,
                _ => self.tables.create(),
            },
        };
        // `place` lets the old entry go, and with it its hold on the table.
        if before.is_some() || (group != tid && self.threads.contains_key(&group)) {
            self.tables.share(table);
        }
        let cgroups = {
            let mut listed = Vec::new();
            for entry in &record.cgroups {
                listed.extend_from_slice(entry);
                listed.push(0);
            }
            self.containers.set(&listed, &Arc::default(), &self.budget, &mut self.losses)
        };
        let thread = Thread {
            tid,
            group,
            known: true,
            vtid: if record.vtid > 0 { record.vtid } else { tid },
            vpid: if record.vpid > 0 { record.vpid } else { group },
            sid: record.sid,
            vpgid: record.vpgid,
            pgid: record.pgid,
            comm: record.comm.as_slice().into(),
            image: Arc::new(Image {
                exe: some_text(&record.exe, most),
                exepath: some_text(&record.exepath, most),
                args: TextList::from_parts(&record.args, most),
                writable: record.exe_writable,
                upper_layer: record.exe_upper_layer,
                lower_layer: record.exe_lower_layer,
                from_memfd: record.exe_from_memfd,
                inode: record.exe_inode,
                ctime: record.exe_ctime,
                mtime: record.exe_mtime,
            }),
            uid: record.uid.0,
            gid: record.gid.0,
            loginuid: record.loginuid.0,
            cap_permitted: record.cap_permitted,
            cap_effective: record.cap_effective,
            cap_inheritable: record.cap_inheritable,
            tty: record.tty,
            start: record.start.0,
            flags: record.flags,
            made_by_child: false,
            vm_size_kb: record.vm_size_kb,
            vm_rss_kb: record.vm_rss_kb,
            vm_swap_kb: record.vm_swap_kb,
            major_faults: record.major_faults,
            minor_faults: record.minor_faults,
            pidns_init_start: record.pidns_init_start.0,
            cgroups,
            table,
            dead: false,
            last_seen: self.latest_event.0,
            asked_to_execute: None,
        };
        let parent = self.threads.get(&record.parent.0).map_or(record.parent.0, |thread| thread.group);
        let process = self.place(thread, parent);
        if tid == group {
            process.cwd = with_slash(crate::path::join(b"", &record.cwd)).into();
            process.root = record.root.as_slice().into();
            process.env = TextList::from_parts(&record.env, most);
            process.fd_limit = record.fd_limit;
        }
    }

    fn record_fd(&mut self, record: &FdRecord) {
        let tid = record.tid.0;
        self.loose.push(tid);
        let table = self.ensure(tid).table;
        let mut descriptor = Descriptor::from_info(&record.info);
        if descriptor.inode == 0 {
            descriptor.inode = record.inode;
        }
        if let Ends::Bound(address) = descriptor.ends {
            self.server_ports.insert(address.port());
        }
        if let Ends::Pair { mut source, mut target } = descriptor.ends {
            self.interfaces.complete(&mut source, &mut target);
            descriptor.pair(source, target);
            descriptor.rename();
        }
        // Threads of old captures list their process's descriptors again.
        let is_repeat = self.threads.get(&tid).is_some_and(|thread| !thread.is_leader());
        if !is_repeat || self.tables.get(table, record.fd.0).is_none() {
            self.tables.insert(table, record.fd.0, descriptor, &self.budget, &mut self.losses);
        }
    }

    /// Draws what records say of each other: a parent that is not there is none, threads use their
    /// leader's descriptors, a connection to a port that somebody listens on was begun by the other
    /// end.
    fn tie_records(&mut self) {
        for tid in std::mem::take(&mut self.loose) {
            let Some(thread) = self.threads.get(&tid) else { continue };
            let (group, own) = (thread.group, thread.table);
            if tid != group {
                let Some(shared) =
                    self.leader(group).map(|leader| leader.table).filter(|table| *table != own)
                else {
                    continue;
                };
                self.tables.share(shared);
                self.tables.release(own);
                if let Some(thread) = self.threads.get_mut(&tid) {
                    thread.table = shared;
                }
                continue;
            }
            let ports = &self.server_ports;
            let own_ports: FxHashSet<u16> = self
                .tables
                .iter(own)
                .filter_map(|(_, descriptor)| match descriptor.ends {
                    Ends::Bound(address) => Some(address.port()),
                    _ => None,
                })
                .collect();
            self.tables.for_each_mut(own, |_, descriptor| settle_role(descriptor, ports, &own_ports));
            let Some(parent) = self.processes.get(&tid).map(|process| process.parent) else { continue };
            let parent = self.threads.get(&parent).map_or(0, |thread| thread.group);
            if parent != tid
                && let Some(above) = self.processes.get_mut(&parent)
            {
                above.children.insert(tid);
            }
            if let Some(process) = self.processes.get_mut(&tid) {
                process.parent = parent;
            }
        }
    }
}

/// Finds out which end of a connection a process of the snapshot is. Captures of other programs
/// have its own address first whoever began; Lanner's probe puts the one first who seems to have begun.
fn settle_role(descriptor: &mut Descriptor, server_ports: &FxHashSet<u16>, own_ports: &FxHashSet<u16>) {
    if descriptor.role != Role::Unknown || descriptor.described.is_some() {
        return;
    }
    let Some((source, target)) = descriptor.both_ends() else { return };
    if own_ports.contains(&target.port()) && !server_ports.contains(&source.port()) {
        descriptor.role = Role::Server;
    } else if descriptor.kind != FdInfo::IPV4_SOCK {
        // Which end is its own is told of IPv4 only.
    } else if server_ports.contains(&source.port()) {
        descriptor.swap_ends();
        descriptor.rename();
        descriptor.role = Role::Server;
    } else {
        descriptor.role = Role::Client;
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
