//! Threads and the processes they make up.

use std::sync::Arc;

use lanner_model::time::WallNs;
use rustc_hash::FxHashSet;

use crate::container::Cgroups;
use crate::fd_table::TableId;
use crate::image::Image;
use crate::lineage::Lineage;
use crate::text::{Text, TextList};

/// A thread. A process's first thread is its leader.
#[derive(Clone, Debug)]
pub(crate) struct Thread {
    pub(crate) tid: i64,
    /// The key of its process in the table: the process id; for a thread of which nothing is known
    /// but that it exists, its own id.
    pub(crate) group: i64,
    /// Whether anything is known beyond that it made an event.
    pub(crate) known: bool,
    /// Its id in its own pid namespace; -1 where unknown.
    pub(crate) vtid: i64,
    /// Its process's id in its own pid namespace; -1 where unknown.
    pub(crate) vpid: i64,
    pub(crate) sid: i64,
    /// The process group as seen from its own pid namespace.
    pub(crate) vpgid: i64,
    pub(crate) pgid: i64,
    pub(crate) comm: Text,
    pub(crate) image: Arc<Image>,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) loginuid: u32,
    pub(crate) cap_permitted: u64,
    pub(crate) cap_effective: u64,
    pub(crate) cap_inheritable: u64,
    pub(crate) tty: u32,
    /// When it was cloned; 0 where unknown.
    pub(crate) start: u64,
    /// `PPM_CL_*`.
    pub(crate) flags: u32,
    /// Whether its own clone event made it, so that the caller's has nothing to add.
    pub(crate) made_by_child: bool,
    pub(crate) vm_size_kb: u32,
    pub(crate) vm_rss_kb: u32,
    pub(crate) vm_swap_kb: u32,
    pub(crate) major_faults: u64,
    pub(crate) minor_faults: u64,
    pub(crate) pidns_init_start: u64,
    pub(crate) cgroups: Arc<Cgroups>,
    pub(crate) table: TableId,
    /// It exited, but threads of its process live on.
    pub(crate) dead: bool,
    /// The time of its last event: who is silent longest leaves a full table first.
    pub(crate) last_seen: u64,
    /// The file that an `execve` was asked for, until it returns (captures of old drivers only,
    /// which do not say it on return).
    pub(crate) asked_to_execute: Option<Text>,
}

/// What all threads of a process share.
#[derive(Debug)]
pub(crate) struct Process {
    /// The parent's process id; 0 for none. Changes when the parent exits.
    pub(crate) parent: i64,
    /// Process ids of children.
    pub(crate) children: FxHashSet<i64>,
    /// Living threads other than the leader.
    pub(crate) members: FxHashSet<i64>,
    /// Takes over the children of descendants that exit.
    pub(crate) reaper: bool,
    /// The working directory with a slash at its end; empty where unknown.
    pub(crate) cwd: Text,
    pub(crate) root: Text,
    pub(crate) env: TextList,
    pub(crate) fd_limit: i64,
    /// What its command line and environment were counted with, in bytes.
    pub(crate) text_bytes: usize,
    /// Who made it, as that was then.
    pub(crate) maker: Option<Arc<Lineage>>,
    /// What it tells its children about itself; made when it first has one, until it executes.
    pub(crate) lineage: Option<Arc<Lineage>>,
}

impl Default for Process {
    fn default() -> Self {
        Self {
            parent: 0,
            children: FxHashSet::default(),
            members: FxHashSet::default(),
            reaper: false,
            cwd: Text::default(),
            root: Text::default(),
            env: TextList::default(),
            fd_limit: -1,
            text_bytes: 0,
            maker: None,
            lineage: None,
        }
    }
}

impl Thread {
    /// A thread of which nothing is known.
    pub(crate) fn unknown(tid: i64, table: TableId) -> Self {
        Self {
            tid,
            group: tid,
            known: false,
            vtid: -1,
            vpid: -1,
            sid: -1,
            vpgid: -1,
            pgid: -1,
            comm: Text::default(),
            image: Arc::default(),
            uid: u32::MAX,
            gid: u32::MAX,
            loginuid: u32::MAX,
            cap_permitted: 0,
            cap_effective: 0,
            cap_inheritable: 0,
            tty: 0,
            start: 0,
            flags: 0,
            made_by_child: false,
            vm_size_kb: 0,
            vm_rss_kb: 0,
            vm_swap_kb: 0,
            major_faults: 0,
            minor_faults: 0,
            pidns_init_start: 0,
            cgroups: Arc::default(),
            table,
            dead: false,
            last_seen: 0,
            asked_to_execute: None,
        }
    }

    pub(crate) fn is_leader(&self) -> bool {
        self.tid == self.group
    }

    /// Whether its ids differ from those it has in its own pid namespace.
    pub(crate) fn is_in_pid_namespace(&self) -> bool {
        self.flags & lanner_model::event::flags::clone_flags::CLONE_CHILD_IN_PIDNS != 0
            || (self.vtid >= 0 && self.vtid != self.tid)
    }

    /// Its short name and its arguments.
    pub(crate) fn cmdline(&self) -> Vec<u8> {
        self.image.cmdline(&self.comm)
    }

    /// The process it leads as it is now, for those it makes.
    pub(crate) fn as_maker(&self, maker: Option<Arc<Lineage>>) -> Lineage {
        Lineage {
            pid: self.group,
            vpid: self.vpid,
            start: self.start,
            comm: Arc::clone(&self.comm),
            image: Arc::clone(&self.image),
            uid: self.uid,
            cgroups: Arc::clone(&self.cgroups),
            maker: None,
            depth: 0,
        }
        .made_by(maker)
    }

    pub(crate) fn started(&self) -> Option<WallNs> {
        (self.start != 0).then_some(WallNs(self.start))
    }
}
