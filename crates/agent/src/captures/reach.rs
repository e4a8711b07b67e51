//! Which events and which records belong to a capture.

use std::collections::{HashMap, HashSet};

use lanner_api::agent::CaptureScope;
use lanner_model::cgroup::container_of;
use lanner_model::event::EventType;
use lanner_model::id::{CgroupId, ContainerId, Pid, Tid};
use lanner_model::snapshot::{Record, ThreadRecord};
use lanner_probe::{FlightEvent, FlightSources};

/// Processes of a tree that are followed.
const MOST_PROCESSES: usize = 16_384;
/// Where the parent stands among the parameters of the event with which a process begins.
const PARENT: usize = 5;

/// Whose events are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Everybody,
    /// A container, by the control groups that are its own or below it.
    Container(ContainerId, HashSet<CgroupId>),
    /// A process and those that descend from it, as far as they are known.
    Tree(HashSet<Pid>),
}

impl Reach {
    pub(super) fn new(scope: &CaptureScope) -> Self {
        match scope {
            CaptureScope::Host => Self::Everybody,
            CaptureScope::Container(id) => Self::Container(id.clone(), HashSet::new()),
            CaptureScope::Process(process) => Self::Tree(HashSet::from([process.pid])),
        }
    }

    /// Learns of control groups that were made below a container's own.
    pub(super) fn refresh(&mut self, sources: &FlightSources) {
        if let Self::Container(id, groups) = self {
            groups.extend(sources.groups_of(id));
        }
    }

    /// Whether an event is taken. Events come in the order of time, so that a child is known before it
    /// does anything.
    pub(super) fn takes(&mut self, one: &FlightEvent<'_>) -> bool {
        match self {
            Self::Everybody => true,
            Self::Container(_, groups) => groups.contains(&one.cgroup),
            Self::Tree(processes) => {
                let is_birth = one.event.event_type() == EventType::SYSCALL_CLONE_20_X
                    && one.event.i64(0) == Some(0)
                    && processes.len() < MOST_PROCESSES;
                if is_birth && one.event.i64(PARENT).is_some_and(|parent| processes.contains(&Pid(parent))) {
                    processes.insert(one.pid);
                }
                processes.contains(&one.pid)
            }
        }
    }

    /// The processes of a tree.
    pub(super) fn tree(&self) -> Vec<Pid> {
        match self {
            Self::Tree(processes) => processes.iter().copied().collect(),
            Self::Everybody | Self::Container(..) => Vec::new(),
        }
    }

    /// The records that a capture of this needs: all of the machine, its own threads and descriptors,
    /// and the ancestors of its processes, of which nothing is told but who they are.
    pub(super) fn keep(&mut self, records: Vec<Record>) -> Vec<Record> {
        if *self == Self::Everybody {
            return records;
        }
        let threads: Vec<&ThreadRecord> = records.iter().filter_map(thread_of).collect();
        let own = self.own(&threads);
        let ancestors = ancestors(&threads, &own);
        let kept = records.into_iter().filter_map(|record| match record {
            Record::Thread(thread) if own.contains(&thread.pid) => Some(Record::Thread(thread)),
            Record::Thread(thread) if ancestors.contains(&thread.pid) && is_leader(&thread) => {
                Some(Record::Thread(Box::new(ThreadRecord { env: Vec::new(), ..*thread })))
            }
            Record::Thread(_) => None,
            Record::Fd(fd) => own.contains(&Pid(fd.tid.0)).then_some(Record::Fd(fd)),
            of_machine => Some(of_machine),
        });
        kept.collect()
    }

    /// The processes that are taken; those of a tree are learnt.
    fn own(&mut self, threads: &[&ThreadRecord]) -> HashSet<Pid> {
        match self {
            Self::Everybody => threads.iter().map(|thread| thread.pid).collect(),
            Self::Container(id, _) => {
                let is_own = |thread: &&&ThreadRecord| thread.cgroups.iter().any(|group| is_in(group, id));
                threads.iter().filter(is_own).map(|thread| thread.pid).collect()
            }
            Self::Tree(processes) => {
                // A parent may stand behind its child, where process ids have begun anew.
                let mut before = 0;
                while before < processes.len() {
                    before = processes.len();
                    let born = |thread: &&&ThreadRecord| processes.contains(&Pid(thread.parent.0));
                    let more: Vec<Pid> = threads.iter().filter(born).map(|thread| thread.pid).collect();
                    processes.extend(more);
                }
                processes.clone()
            }
        }
    }
}

fn thread_of(record: &Record) -> Option<&ThreadRecord> {
    match record {
        Record::Thread(thread) => Some(thread),
        _ => None,
    }
}

fn is_leader(thread: &ThreadRecord) -> bool {
    thread.tid == Tid(thread.pid.0)
}

/// Whether `subsystem=/path` lies in a container.
fn is_in(group: &[u8], id: &ContainerId) -> bool {
    let text = String::from_utf8_lossy(group);
    let container = text.split_once('=').and_then(|(_, path)| container_of(path));
    container.is_some_and(|container| container.id == *id)
}

fn ancestors(threads: &[&ThreadRecord], own: &HashSet<Pid>) -> HashSet<Pid> {
    let parents: HashMap<Pid, Pid> =
        threads.iter().map(|thread| (thread.pid, Pid(thread.parent.0))).collect();
    let mut ancestors = HashSet::new();
    for process in own {
        let mut at = *process;
        while let Some(parent) = parents.get(&at).filter(|parent| ancestors.insert(**parent)) {
            at = *parent;
        }
    }
    ancestors
}

#[cfg(test)]
mod tests {
    use lanner_model::event::{EventBuf, FdInfo};
    use lanner_model::id::{Fd, ProcessKey};
    use lanner_model::snapshot::{FdRecord, Machine};

    use super::*;

    const CONTAINER: &str = "0445e5bed8806930d6585734509ce8d3b4170e2543d90f3b56e2064ab9bab74b";

    fn thread(pid: i64, parent: i64, path: &str) -> Record {
        Record::Thread(Box::new(ThreadRecord {
            tid: Tid(pid),
            pid: Pid(pid),
            parent: Tid(parent),
            env: vec![b"SECRET=1".to_vec()],
            cgroups: vec![format!("memory={path}").into_bytes()],
            ..ThreadRecord::default()
        }))
    }

    fn fd(pid: i64) -> Record {
        let info = FdInfo::Other { kind: FdInfo::FIFO, name: Vec::new(), inode: 1 };
        Record::Fd(FdRecord { tid: Tid(pid), fd: Fd(3), inode: 1, info })
    }

    /// `init 1` has `shim 10` with `shell 20` in a container, whose child is 30; and `cron 11` with 21.
    fn machine() -> Vec<Record> {
        let inside = format!("/docker/{CONTAINER}");
        let mut records = vec![Record::Machine(Machine::default())];
        records.extend([thread(1, 0, "/"), thread(10, 1, "/"), thread(11, 1, "/"), thread(21, 11, "/")]);
        // The child before its parent.
        records.extend([thread(30, 20, &inside), thread(20, 10, &inside)]);
        records.extend([1, 10, 11, 20, 21, 30].map(fd));
        records
    }

    /// The processes that are kept (those without an environment negative), and those whose descriptors are.
    fn check(scope: &CaptureScope, threads: &[i64], fds: &[i64]) {
        let kept = Reach::new(scope).keep(machine());
        let told = |record: &Record| {
            thread_of(record).map(|thread| if thread.env.is_empty() { -thread.pid.0 } else { thread.pid.0 })
        };
        let fd = |record: &Record| match record {
            Record::Fd(fd) => Some(fd.tid.0),
            _ => None,
        };
        assert!(matches!(kept[0], Record::Machine(_)));
        assert_eq!(kept.iter().filter_map(told).collect::<Vec<_>>(), threads);
        assert_eq!(kept.iter().filter_map(fd).collect::<Vec<_>>(), fds);
    }

    #[test]
    fn a_container_has_its_processes_and_nothing_secret_of_others() {
        check(&CaptureScope::Container(CONTAINER.into()), &[-1, -10, 30, 20], &[20, 30]);
    }

    #[test]
    fn a_process_has_what_descends_from_it() {
        let of = |pid| CaptureScope::Process(ProcessKey { pid: Pid(pid), ..ProcessKey::default() });
        check(&of(10), &[-1, 10, 30, 20], &[10, 20, 30]);
        check(&of(21), &[-1, -11, 21], &[21]);
        check(&CaptureScope::Host, &[1, 10, 11, 21, 30, 20], &[1, 10, 11, 20, 21, 30]);
    }

    #[test]
    fn a_child_joins_the_tree_when_it_is_born() {
        let mut reach =
            Reach::new(&CaptureScope::Process(ProcessKey { pid: Pid(10), ..ProcessKey::default() }));
        let mut takes = |pid: i64, parent: Option<i64>| {
            let mut buf = EventBuf::new();
            let event = buf.build(EventType::SYSCALL_CLONE_20_X, 1, pid, |params| {
                params.i64(if parent.is_some() { 0 } else { -1 });
                params.text(b"x");
                params.empty();
                params.i64(pid);
                params.i64(pid);
                params.i64(parent.unwrap_or(0));
            });
            let one =
                FlightEvent { cpu: 0, cgroup: CgroupId(1), pid: Pid(pid), sequence: 0, is_new: true, event };
            reach.takes(&one)
        };
        assert!(takes(10, None));
        assert!(!takes(20, None));
        assert!(takes(20, Some(10)));
        assert!(takes(20, None));
        assert!(!takes(21, Some(11)));
        assert!(takes(30, Some(20)));
    }
}
