//! A source that plays what a test wrote down.

use std::collections::VecDeque;

use lanner_model::event::flags::clone_flags;
use lanner_model::event::{EventBuf, EventRef, EventType, Params};
use lanner_model::loss::Loss;
use lanner_model::snapshot::Record;
use lanner_model::source::{Delivery, Next, Source, SourceError};

/// When the first event of a script happens; each later one a millisecond after the one before.
pub const FIRST_EVENT_NS: u64 = 1_700_000_000_000_000_000;

const STEP_NS: u64 = 1_000_000;

/// A source that plays what it was told, once.
#[derive(Debug, Default)]
pub struct Script {
    items: VecDeque<Item>,
    events: u64,
    playing: Vec<u8>,
}

#[derive(Debug)]
enum Item {
    Record(Record),
    Event { number: u64, bytes: Vec<u8>, wide: bool },
    Loss(Loss),
    Idle,
}

impl Script {
    /// Nothing to play yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A record.
    #[must_use]
    pub fn record(mut self, record: Record) -> Self {
        self.items.push_back(Item::Record(record));
        self
    }

    /// A loss.
    #[must_use]
    pub fn loss(mut self, loss: Loss) -> Self {
        self.items.push_back(Item::Loss(loss));
        self
    }

    /// A moment without events, as live sources have them.
    #[must_use]
    pub fn idle(mut self) -> Self {
        self.items.push_back(Item::Idle);
        self
    }

    /// Any event; `fill` adds its parameters.
    #[must_use]
    pub fn event(mut self, event_type: EventType, tid: i64, fill: impl FnOnce(&mut Params)) -> Self {
        let time = FIRST_EVENT_NS + self.events * STEP_NS;
        self.events += 1;
        let mut buf = EventBuf::new();
        let event = buf.build(event_type, time, tid, fill);
        let (bytes, wide) = (event.bytes().to_vec(), event.is_wide());
        self.items.push_back(Item::Event { number: self.events, bytes, wide });
        self
    }

    /// A fork that returns in the caller, then in the child. The child is named `child` by its
    /// parameters until state knows better.
    #[must_use]
    pub fn fork(self, caller: i64, child: i64) -> Self {
        let sides = [(caller, child, 0), (child, 0, caller)];
        sides.into_iter().fold(self, |script, (tid, result, made_by)| {
            script.event(EventType::SYSCALL_CLONE_20_X, tid, |p| {
                clone_params(p, result, tid, tid, made_by, 0);
            })
        })
    }

    /// A new thread of a process; only its own return is told.
    #[must_use]
    pub fn thread(self, pid: i64, parent: i64, tid: i64) -> Self {
        self.event(EventType::SYSCALL_CLONE_20_X, tid, |p| {
            let flags = clone_flags::CLONE_THREAD | clone_flags::CLONE_FILES | clone_flags::CLONE_VM;
            clone_params(p, 0, tid, pid, parent, flags);
        })
    }

    /// An exec that succeeded.
    #[must_use]
    pub fn execve(self, tid: i64, path: &str, args: &[&str]) -> Self {
        let comm = path.rsplit('/').next().unwrap_or(path).to_string();
        self.event(EventType::SYSCALL_EXECVE_19_X, tid, |p| {
            p.i64(0); // res
            p.text(path.as_bytes()); // exe
            p.texts(args.iter().map(|arg| arg.as_bytes()));
            p.i64(tid);
            p.i64(tid); // pid
            p.empty(); // ptid
            p.empty(); // cwd
            p.u64(1024); // fdlimit
            for _ in 8..13 {
                p.empty(); // faults and sizes
            }
            p.text(&comm.as_bytes()[..comm.len().min(15)]);
            p.empty(); // cgroups
            p.texts([b"PATH=/bin".as_slice()]);
            p.u32(0); // tty
            p.i64(tid); // vpgid
            p.u32(u32::MAX); // loginuid
            p.u32(0); // flags
            for _ in 20..26 {
                p.empty(); // capabilities, inode and its times
            }
            p.u32(0); // uid
            p.text(path.as_bytes()); // trusted_exepath
            p.i64(tid); // pgid
            p.u32(0); // gid
        })
    }

    /// An `openat` from the working directory, for reading; a negative `fd` is its error.
    #[must_use]
    pub fn openat(self, tid: i64, fd: i64, path: &str) -> Self {
        self.event(EventType::SYSCALL_OPENAT_2_X, tid, |p| {
            p.i64(fd);
            p.i64(-100); // dirfd
            p.text(path.as_bytes());
            p.u32(1); // O_RDONLY
            p.u32(0); // mode
            p.u32(0); // dev
            p.u64(0); // ino
        })
    }

    /// A `close` that succeeded.
    #[must_use]
    pub fn close(self, tid: i64, fd: i64) -> Self {
        self.event(EventType::SYSCALL_CLOSE_X, tid, |p| {
            p.i64(0);
            p.i64(fd);
        })
    }

    /// The end of a thread.
    #[must_use]
    pub fn exit(self, tid: i64) -> Self {
        self.event(EventType::PROCEXIT_1_E, tid, |p| p.i64(0))
    }
}

/// The parameters of a clone's return.
fn clone_params(p: &mut Params, result: i64, tid: i64, pid: i64, made_by: i64, flags: u32) {
    p.i64(result);
    p.empty(); // exe
    p.empty(); // args
    p.i64(tid);
    p.i64(pid);
    p.i64(made_by); // ptid
    p.empty(); // cwd
    p.i64(1024); // fdlimit
    for _ in 8..15 {
        p.empty(); // faults, sizes, comm, cgroups
    }
    p.u32(flags);
    p.u32(0); // uid
    p.u32(0); // gid
    p.i64(tid); // vtid
    p.i64(pid); // vpid
}

impl Source for Script {
    fn next(&mut self) -> Result<Next<'_>, SourceError> {
        Ok(match self.items.pop_front() {
            None => Next::End,
            Some(Item::Record(record)) => Next::Record(record),
            Some(Item::Loss(loss)) => Next::Loss(loss),
            Some(Item::Idle) => Next::Idle,
            Some(Item::Event { number, bytes, wide }) => {
                self.playing = bytes;
                let parse = if wide { EventRef::parse_wide } else { EventRef::parse };
                let event = parse(&self.playing)
                    .map_err(|cause| SourceError { what: cause.to_string(), cause: None })?;
                Next::Event(Delivery { number, cpu: 0, event })
            }
        })
    }
}
