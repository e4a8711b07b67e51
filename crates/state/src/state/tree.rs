//! The tree of processes: who is in it, who made whom, who gets the orphans.

use std::sync::Arc;

use lanner_model::finding::ProcessNode;
use lanner_model::id::Pid;
use lanner_model::time::WallNs;

use super::State;
use crate::lineage::Lineage;
use crate::text::TextList;
use crate::thread::{Process, Thread};

impl State {
    /// A process and its ancestors: the process first, the oldest last. Where a parent has exited,
    /// who really made the process is told, not the reaper that got it.
    #[must_use]
    pub fn ancestry(&self, pid: Pid) -> Vec<ProcessNode> {
        const MOST: usize = 32;
        let mut nodes = Vec::new();
        let mut pid = pid.0;
        while nodes.len() < MOST {
            let (Some(process), Some(leader)) = (self.processes.get(&pid), self.leader(pid)) else { break };
            nodes.push(self.node(&leader.as_maker(None)));
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

    /// Counts the texts of a process that is new or has executed. When all texts together are over
    /// their budget, it has to do without its environment, and then without its arguments.
    pub(crate) fn weigh_texts(&mut self, pid: i64) {
        let (Some(leader), Some(process)) = (self.threads.get_mut(&pid), self.processes.get_mut(&pid)) else {
            return;
        };
        self.text_bytes -= process.text_bytes;
        process.text_bytes = leader.image.text_bytes() + process.env.bytes().len();
        if self.text_bytes + process.text_bytes > self.budget.total_text_bytes {
            self.losses.texts += 1;
            process.env = TextList::default();
            process.text_bytes = leader.image.text_bytes();
        }
        if self.text_bytes + process.text_bytes > self.budget.total_text_bytes {
            Arc::make_mut(&mut leader.image).args = TextList::default();
            process.text_bytes = leader.image.text_bytes();
        }
        self.text_bytes += process.text_bytes;
    }

    /// Takes a process out whose end was not seen: its id is another's now.
    pub(crate) fn forget_process(&mut self, pid: i64) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        for member in std::mem::take(&mut process.members) {
            self.drop_thread(member);
        }
        self.reparent(pid, None);
        self.drop_thread(pid);
        self.drop_process(pid);
    }

    /// Takes a process out of the table and out of its parent's children.
    fn drop_process(&mut self, pid: i64) {
        let Some(process) = self.processes.remove(&pid) else { return };
        self.text_bytes -= process.text_bytes;
        if let Some(parent) = self.processes.get_mut(&process.parent) {
            parent.children.remove(&pid);
        }
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
            let lineage = Arc::new(self.leader(pid)?.as_maker(maker.take()));
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
        self.drop_process(group);
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
            self.drop_process(group);
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
}
