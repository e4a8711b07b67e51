//! The life of processes: clone, exec, exit.

use std::sync::Arc;

use lanner_model::event::flags::{clone_flags, execve_flags};
use lanner_model::event::view::{CloneX, ExecveX, ProcexitE};
use lanner_model::event::{EventRef, EventType};

use super::AT_FDCWD;
use super::Step;
use crate::image::Image;
use crate::path;
use crate::state::{State, some_text, with_slash};
use crate::text::{Text, TextList};
use crate::thread::{Process, Thread};

/// A thread older than this is not the one whose clone returns now, but an earlier one with the
/// same id whose exit was lost.
const STALE_CLONE_NS: u64 = 2_000_000_000;

/// The ids of a new thread.
struct Ids {
    tid: i64,
    group: i64,
    vtid: i64,
    vpid: i64,
    /// The parent's process id.
    parent: i64,
}

impl State {
    /// A return of `clone`, `fork`, `vfork` or `clone3`, which all have the same parameters. It
    /// returns twice: in the caller with the child's id, in the child with 0. Either may come first,
    /// or be lost.
    pub(super) fn fold_clone(&mut self, event: EventRef<'_>) {
        match event.i64(CloneX::RES) {
            Some(0) => self.fold_clone_in_child(event),
            Some(child) if child > 0 => self.fold_clone_in_caller(event, child),
            _ => {}
        }
    }

    fn fold_clone_in_caller(&mut self, event: EventRef<'_>, child: i64) {
        let caller_tid = event.tid().0;
        let now = event.time().0;
        self.ensure(caller_tid);
        if self.threads.get(&caller_tid).is_some_and(|caller| !caller.known) {
            self.get_to_know(caller_tid, event);
        }
        let Some(caller) = self.threads.get(&caller_tid) else { return };
        let flags = event.u64(CloneX::FLAGS).unwrap_or(0) as u32;
        // Where the child is in a pid namespace that is not the host's, what the caller got is the
        // child's id in there. The child's own event tells.
        let child_is_elsewhere = flags
            & (clone_flags::CLONE_CHILD_IN_PIDNS | clone_flags::CLONE_NEWPID | clone_flags::CLONE_PARENT)
            != 0
            || caller.is_in_pid_namespace();
        // vfork returns in the caller when the child has executed or is gone, which was told already.
        let waited_for =
            flags & clone_flags::CLONE_VFORK != 0 || event.event_type() == EventType::SYSCALL_VFORK_20_X;
        if child_is_elsewhere || waited_for || self.recently_exited.has(child, now) {
            return;
        }
        if self.threads.get(&child).is_some_and(|child| child.made_by_child) {
            return;
        }
        let is_thread = flags & clone_flags::CLONE_THREAD != 0;
        let group = if is_thread { caller.group } else { child };
        let parent = if is_thread {
            self.process_of(caller).map_or(0, |process| process.parent)
        } else {
            caller.group
        };
        let ids = Ids { tid: child, group, vtid: child, vpid: group, parent };
        self.make_child(event, caller_tid, &ids, flags, false);
    }

    fn fold_clone_in_child(&mut self, event: EventRef<'_>) {
        let tid = event.tid().0;
        let now = event.time().0;
        if let Some(thread) = self.threads.get(&tid)
            && thread.start != 0
            && now.saturating_sub(thread.start) < STALE_CLONE_NS
        {
            return; // the caller was quicker
        }
        let Some(group) = event.i64(CloneX::PID) else { return };
        let made_by = event.i64(CloneX::PTID).unwrap_or(0);
        let flags = event.u64(CloneX::FLAGS).unwrap_or(0) as u32;
        let is_thread = flags & clone_flags::CLONE_THREAD != 0;
        let parent = self.threads.get(&made_by).map_or(made_by, |thread| thread.group);
        let (vtid, vpid) = match (event.i64(CloneX::VTID), event.i64(CloneX::VPID)) {
            (Some(vtid), Some(vpid)) => (vtid, vpid),
            _ => (tid, -1),
        };
        let ids = Ids { tid, group, vtid, vpid, parent };
        self.make_child(event, if is_thread { group } else { made_by }, &ids, flags, true);
    }

    /// Puts a new thread into the table: `like` is the thread it takes after, as far as the event
    /// does not say better.
    fn make_child(&mut self, event: EventRef<'_>, like: i64, ids: &Ids, flags: u32, made_by_child: bool) {
        let most = self.budget.text_bytes;
        let is_leader = ids.tid == ids.group;
        if is_leader {
            self.forget_process(ids.group);
        }
        let like = self.threads.get(&like).filter(|thread| thread.known);
        let group_table = self.threads.get(&ids.group).filter(|_| !is_leader).map(|leader| leader.table);
        let table = match (group_table, like) {
            (Some(table), _) => self.tables.share(table),
            (None, Some(like)) if flags & clone_flags::CLONE_FILES != 0 || !is_leader => {
                self.tables.share(like.table)
            }
            (None, Some(like)) => self.tables.copy(like.table, &self.budget, &mut self.losses),
            (None, None) => self.tables.create(),
        };
        let mut thread = match like {
            Some(like) => (**like).clone(),
            None => Thread::unknown(ids.tid, table),
        };
        let like_group = like.map(|like| like.group);
        thread.tid = ids.tid;
        thread.group = ids.group;
        thread.known = true;
        thread.vtid = ids.vtid;
        thread.vpid = ids.vpid;
        thread.table = table;
        thread.flags = flags;
        thread.made_by_child = made_by_child;
        thread.dead = false;
        thread.asked_to_execute = None;
        thread.start = event.time().0;
        thread.last_seen = event.time().0;
        self.read_common(&mut thread, event, most);
        if let Some(uid) = event.u64(CloneX::UID) {
            thread.uid = uid as u32;
        }
        if let Some(gid) = event.u64(CloneX::GID) {
            thread.gid = gid as u32;
        }
        let boot = self.machine.boot.0;
        thread.pidns_init_start = if thread.is_in_pid_namespace() || flags & clone_flags::CLONE_NEWPID != 0 {
            event
                .u64(CloneX::PIDNS_INIT_START_TS)
                .filter(|since_boot| *since_boot != 0)
                .map_or(0, |at| at + boot)
        } else {
            boot
        };

        let inherited =
            like_group.filter(|_| is_leader).and_then(|group| self.processes.get(&group)).map(|process| {
                (Arc::clone(&process.cwd), Arc::clone(&process.root), process.env.clone(), process.fd_limit)
            });
        let maker = if is_leader { like_group.and_then(|group| self.lineage_of(group)) } else { None };
        let process = self.place(thread, ids.parent);
        if !is_leader {
            return;
        }
        if let Some((cwd, root, env, fd_limit)) = inherited {
            process.cwd = cwd;
            process.root = root;
            process.env = env;
            process.fd_limit = fd_limit;
        }
        process.read_cwd(event);
        process.maker = maker;
        process.lineage = None;
        if let Some(limit) = event.i64(CloneX::FDLIMIT) {
            process.fd_limit = limit;
        }
        self.weigh_texts(ids.group);
    }

    /// Takes from a clone's event what it says of its caller, of which nothing was known.
    fn get_to_know(&mut self, tid: i64, event: EventRef<'_>) {
        let Some(pid) = event.i64(CloneX::PID) else { return };
        let most = self.budget.text_bytes;
        let made_by = event.i64(CloneX::PTID).unwrap_or(0);
        let parent = self.threads.get(&made_by).map_or(made_by, |thread| thread.group);
        let Some(mut thread) = self.threads.get(&tid).map(|thread| (**thread).clone()) else { return };
        self.tables.share(thread.table);
        thread.group = pid;
        thread.known = true;
        thread.vtid = event.i64(CloneX::VTID).unwrap_or(tid);
        thread.vpid = event.i64(CloneX::VPID).unwrap_or(-1);
        self.read_common(&mut thread, event, most);
        self.place(thread, parent);
    }

    /// What the events of clone and exec have in common: names, arguments, sizes, cgroups.
    fn read_common(&mut self, thread: &mut Thread, event: EventRef<'_>, most: usize) {
        if let Some(exe) = event.text(CloneX::EXE) {
            let args = TextList::from_param(event.param(CloneX::ARGS).unwrap_or_default(), most);
            let exe = some_text(exe, most);
            if thread.image.exe != exe || thread.image.args != args {
                let mut image = (*thread.image).clone();
                image.exe = exe;
                image.args = args;
                thread.image = Arc::new(image);
            }
        }
        let comm = event.text(CloneX::COMM).or_else(|| event.text(CloneX::EXE));
        if let Some(comm) = comm
            && *comm != *thread.comm
        {
            thread.comm = comm[..comm.len().min(most)].into();
        }
        let number = |at| event.u64(at);
        if let (Some(size), Some(rss), Some(swap)) =
            (number(CloneX::VM_SIZE), number(CloneX::VM_RSS), number(CloneX::VM_SWAP))
        {
            thread.vm_size_kb = size as u32;
            thread.vm_rss_kb = rss as u32;
            thread.vm_swap_kb = swap as u32;
            thread.major_faults = number(CloneX::PGFT_MAJ).unwrap_or(0);
            thread.minor_faults = number(CloneX::PGFT_MIN).unwrap_or(0);
        }
        if let Some(listed) = event.param(CloneX::CGROUPS) {
            thread.cgroups = self.containers.set(listed, &thread.cgroups, &self.budget, &mut self.losses);
        }
    }

    /// Captures of old drivers say which file is executed only when the call begins.
    pub(super) fn fold_execve_enter(&mut self, step: &mut Step<'_>) {
        let Some(thread) = self.threads.get(&step.tid) else { return };
        let (dirfd, name) = if step.event_type == EventType::SYSCALL_EXECVEAT_E {
            (step.event.i64(0).unwrap_or(AT_FDCWD), step.event.text(1))
        } else {
            (AT_FDCWD, step.event.text(0))
        };
        let Some(name) = name.filter(|name| !name.is_empty()) else { return };
        let full = self.absolute(thread, dirfd, name).map(Text::from);
        if let Some(thread) = self.threads.get_mut(&step.tid) {
            thread.asked_to_execute = full;
        }
    }

    pub(super) fn fold_execve(&mut self, step: &mut Step<'_>) {
        let event = step.event;
        let asked = self.threads.get_mut(&step.tid).and_then(|thread| thread.asked_to_execute.take());
        if step.result < 0 {
            return;
        }
        let most = self.budget.text_bytes;
        let was_known = self.threads.get(&step.tid).is_some_and(|thread| thread.known);
        let Some(mut thread) = self.threads.get(&step.tid).map(|thread| (**thread).clone()) else { return };
        self.tables.share(thread.table);
        thread.known = true;
        thread.dead = false;
        thread.group = event.i64(ExecveX::PID).unwrap_or(thread.group);
        if !was_known {
            thread.vtid = thread.tid;
            thread.vpid = thread.group;
        }
        // Who shared descriptors does so no more; the table is taken over or copied.
        let members = self.processes.get(&thread.group).map_or(0, |process| process.members.len());
        let users = self.tables.users(thread.table) as usize;
        if users > 2 + members {
            let own = self.tables.copy(thread.table, &self.budget, &mut self.losses);
            self.tables.release(thread.table);
            thread.table = own;
        }
        step.table = thread.table;
        self.read_common(&mut thread, event, most);
        self.read_image(&mut thread, event, asked, most);
        read_identity(&mut thread, event);
        thread.flags &= clone_flags::CLONE_CHILD_IN_PIDNS;

        let (tid, group, table) = (thread.tid, thread.group, thread.table);
        let parent = match self.processes.get(&group) {
            Some(process) if was_known => process.parent,
            _ => {
                let made_by = event.i64(ExecveX::PTID).unwrap_or(0);
                self.threads.get(&made_by).map_or(made_by, |thread| thread.group)
            }
        };
        let process = self.place(thread, parent);
        process.lineage = None;
        if let Some(env) = event.param(ExecveX::ENV) {
            process.env = TextList::from_param(env, most);
        }
        if let Some(limit) = event.i64(ExecveX::FDLIMIT) {
            process.fd_limit = limit;
        }
        process.read_cwd(event);
        // An exec ends all other threads of the process.
        let ended: Vec<i64> = process.members.iter().copied().filter(|member| *member != tid).collect();
        for member in ended {
            self.remove_thread(member, None);
        }
        self.weigh_texts(group);
        self.tables.remove_if(table, |_, descriptor| descriptor.closes_on_exec());
    }

    fn read_image(&self, thread: &mut Thread, event: EventRef<'_>, asked: Option<Text>, most: usize) {
        let mut image = Image { exepath: None, ..(*thread.image).clone() };
        let flags = event.u64(ExecveX::FLAGS).map(|flags| flags as u32);
        if let Some(flags) = flags {
            image.writable = flags & execve_flags::EXE_WRITABLE != 0;
            image.upper_layer = flags & execve_flags::EXE_UPPER_LAYER != 0;
            image.from_memfd = flags & execve_flags::EXE_FROM_MEMFD != 0;
            image.lower_layer = flags & execve_flags::EXE_LOWER_LAYER != 0;
        }
        if let Some(inode) = event.u64(ExecveX::EXE_INO) {
            image.inode = inode;
            image.ctime = event.u64(ExecveX::EXE_INO_CTIME).unwrap_or(0);
            image.mtime = event.u64(ExecveX::EXE_INO_MTIME).unwrap_or(0);
        }
        image.exepath = match event.text(ExecveX::TRUSTED_EXEPATH).filter(|path| !path.is_empty()) {
            Some(path) => some_text(path, most),
            None => asked.or_else(|| self.executed_file(thread, event)),
        };
        thread.image = Arc::new(image);
    }

    /// The file an exec names in its own parameters, made absolute.
    fn executed_file(&self, thread: &Thread, event: EventRef<'_>) -> Option<Text> {
        let name = event.text(ExecveX::FILENAME).filter(|name| !name.is_empty())?;
        let full = self.absolute(thread, AT_FDCWD, name).unwrap_or_else(|| path::join(b"", name));
        Some(full.into())
    }

    pub(super) fn fold_procexit(&mut self, step: &mut Step<'_>) {
        let reaper = step.event.i64(ProcexitE::REAPER_TID).filter(|tid| *tid > 0);
        self.recently_exited.add(step.tid, step.time);
        self.leaving.thread = Some((step.tid, reaper));
    }
}

impl Process {
    /// Takes the working directory that clone and exec tell; old drivers leave it empty.
    fn read_cwd(&mut self, event: EventRef<'_>) {
        if let Some(cwd) = event.text(CloneX::CWD).filter(|cwd| cwd.first() == Some(&b'/'))
            && *cwd != *self.cwd.strip_suffix(b"/").unwrap_or(&self.cwd)
        {
            self.cwd = with_slash(path::join(b"", cwd)).into();
        }
    }
}

/// What an exec says of who executes.
fn read_identity(thread: &mut Thread, event: EventRef<'_>) {
    let number = |at| event.u64(at);
    if let Some(tty) = number(ExecveX::TTY) {
        thread.tty = tty as u32;
    }
    if let Some(vpgid) = event.i64(ExecveX::VPGID) {
        thread.vpgid = vpgid;
    }
    if let Some(pgid) = event.i64(ExecveX::PGID) {
        thread.pgid = pgid;
    }
    if let Some(loginuid) = number(ExecveX::LOGINUID) {
        thread.loginuid = loginuid as u32;
    }
    if let Some(uid) = number(ExecveX::UID) {
        thread.uid = uid as u32;
    }
    if let Some(gid) = number(ExecveX::GID) {
        thread.gid = gid as u32;
    }
    if let (Some(inheritable), Some(permitted), Some(effective)) =
        (number(ExecveX::CAP_INHERITABLE), number(ExecveX::CAP_PERMITTED), number(ExecveX::CAP_EFFECTIVE))
    {
        thread.cap_inheritable = inheritable;
        thread.cap_permitted = permitted;
        thread.cap_effective = effective;
    }
}
