//! Who a thread is and where it stands: users, groups, sessions, directories, limits.

use lanner_model::event::EventRef;
use lanner_model::event::EventType;
use lanner_model::event::flags::{clone_flags, prctl_options, rlimit_resources};
use lanner_model::id::{Gid, Uid};
use lanner_model::snapshot::{GroupRecord, UserRecord};

use super::Step;
use crate::path;
use crate::state::{State, with_slash};

impl State {
    pub(super) fn fold_names(&mut self, event: EventRef<'_>) {
        let text = |at| String::from_utf8_lossy(event.text(at).unwrap_or_default()).into_owned();
        let Some(id) = event.u64(0).map(|id| id as u32) else { return };
        match event.event_type() {
            EventType::USER_ADDED_E => {
                let user = UserRecord {
                    uid: Uid(id),
                    gid: Gid(event.u64(1).map_or(u32::MAX, |gid| gid as u32)),
                    name: text(2),
                    home: text(3),
                    shell: text(4),
                };
                self.users.add_user(&text(5), user);
            }
            EventType::USER_DELETED_E => self.users.remove_user(&text(5), id),
            EventType::GROUP_ADDED_E => {
                self.users.add_group(&text(2), GroupRecord { gid: Gid(id), name: text(1) })
            }
            EventType::GROUP_DELETED_E => self.users.remove_group(&text(2), id),
            _ => {}
        }
    }

    pub(super) fn fold_setuid(&mut self, step: &mut Step<'_>, at: usize) {
        if step.result == 0
            && let Some(uid) = step.event.u64(at)
            && let Some(thread) = self.threads.get_mut(&step.tid)
            && uid as u32 != u32::MAX
        {
            thread.uid = uid as u32;
        }
    }

    pub(super) fn fold_setgid(&mut self, step: &mut Step<'_>, at: usize) {
        if step.result == 0
            && let Some(gid) = step.event.u64(at)
            && let Some(thread) = self.threads.get_mut(&step.tid)
            && gid as u32 != u32::MAX
        {
            thread.gid = gid as u32;
        }
    }

    pub(super) fn fold_setsid(&mut self, step: &mut Step<'_>) {
        if step.result < 0 {
            return;
        }
        if let Some(thread) = self.threads.get_mut(&step.tid) {
            thread.sid = step.result;
            // Its process group is its own now, too; the result is its id in its own namespace.
            thread.vpgid = step.result;
            thread.pgid = thread.group;
            thread.tty = 0;
        }
    }

    pub(super) fn fold_setpgid(&mut self, step: &mut Step<'_>) {
        let (Some(pid), Some(pgid)) = (step.event.i64(1), step.event.i64(2)) else { return };
        if step.result < 0 {
            return;
        }
        let Some(caller) = self.threads.get(&step.tid) else { return };
        // Ids are those of the caller's namespace. From inside a namespace only itself can be found.
        let who = match pid {
            0 => caller.group,
            pid if pid == caller.vpid => caller.group,
            pid if !caller.is_in_pid_namespace() => pid,
            _ => return,
        };
        let Some(thread) = self.threads.get_mut(&who) else { return };
        thread.vpgid = if pgid == 0 { thread.vpid } else { pgid };
        if pgid == 0 || pgid == thread.vpid {
            thread.pgid = thread.group;
        } else if !thread.is_in_pid_namespace() {
            thread.pgid = pgid;
        }
    }

    pub(super) fn fold_capset(&mut self, step: &mut Step<'_>) {
        if step.result < 0 {
            return;
        }
        if let Some(thread) = self.threads.get_mut(&step.tid)
            && let (Some(inheritable), Some(permitted), Some(effective)) =
                (step.event.u64(1), step.event.u64(2), step.event.u64(3))
        {
            thread.cap_inheritable = inheritable;
            thread.cap_permitted = permitted;
            thread.cap_effective = effective;
        }
    }

    /// Whoever enters a user namespace has all capabilities in it.
    pub(super) fn fold_user_namespace(&mut self, step: &mut Step<'_>, flags_at: usize) {
        let flags = step.event.u64(flags_at).unwrap_or(0) as u32;
        if step.result < 0 || flags & clone_flags::CLONE_NEWUSER == 0 {
            return;
        }
        if let Some(thread) = self.threads.get_mut(&step.tid) {
            thread.cap_inheritable = crate::names::ALL_CAPABILITIES;
            thread.cap_permitted = crate::names::ALL_CAPABILITIES;
            thread.cap_effective = crate::names::ALL_CAPABILITIES;
        }
    }

    pub(super) fn fold_prctl(&mut self, step: &mut Step<'_>) {
        if step.result < 0 {
            return;
        }
        let Some(thread) = self.threads.get_mut(&step.tid) else { return };
        match step.event.u64(1).unwrap_or(0) as u32 {
            prctl_options::PR_SET_CHILD_SUBREAPER => {
                let group = thread.group;
                if let Some(process) = self.processes.get_mut(&group) {
                    process.reaper = step.event.i64(3).unwrap_or(0) != 0;
                }
            }
            prctl_options::PR_SET_NAME => {
                if let Some(name) = step.event.text(2) {
                    thread.comm = name[..name.len().min(15)].into();
                }
            }
            _ => {}
        }
    }

    pub(super) fn fold_chdir(&mut self, step: &mut Step<'_>) {
        if step.result >= 0
            && let Some(path) = step.event.text(1)
        {
            self.enter_directory(step.tid, path);
        }
    }

    pub(super) fn fold_fchdir(&mut self, step: &mut Step<'_>) {
        if step.result >= 0
            && let Some(fd) = step.current.fd
            && let Some(directory) = self.tables.get(step.table, fd)
        {
            let path = directory.name.clone();
            self.enter_directory(step.tid, &path);
        }
    }

    fn enter_directory(&mut self, tid: i64, path: &[u8]) {
        let Some(thread) = self.threads.get(&tid) else { return };
        let Some(process) = self.processes.get_mut(&thread.group) else { return };
        if path.is_empty() || (path[0] != b'/' && process.cwd.is_empty()) {
            return; // from an unknown place to an unknown place
        }
        process.cwd = with_slash(path::join(&process.cwd, path)).into();
    }

    pub(super) fn fold_chroot(&mut self, step: &mut Step<'_>) {
        if step.result == 0
            && let Some(path) = step.event.text(1)
            && let Some(thread) = self.threads.get(&step.tid)
            && let Some(process) = self.processes.get_mut(&thread.group)
        {
            process.root = path::join(&process.cwd, path).into();
        }
    }

    pub(super) fn fold_rlimit(&mut self, step: &mut Step<'_>) {
        if step.result >= 0 && step.event.u64(3) == Some(u64::from(rlimit_resources::RLIMIT_NOFILE)) {
            self.limit_fds(step.tid, step.event.i64(1));
        }
    }

    pub(super) fn fold_prlimit(&mut self, step: &mut Step<'_>) {
        if step.result == 0 && step.event.u64(6) == Some(u64::from(rlimit_resources::RLIMIT_NOFILE)) {
            let tid = step.event.i64(5).filter(|tid| *tid != 0).unwrap_or(step.tid);
            self.limit_fds(tid, step.event.i64(1));
        }
    }

    fn limit_fds(&mut self, tid: i64, limit: Option<i64>) {
        if let Some(limit) = limit.filter(|limit| *limit != -1)
            && let Some(thread) = self.threads.get(&tid)
            && let Some(process) = self.processes.get_mut(&thread.group)
        {
            process.fd_limit = limit;
        }
    }

    /// Sizes and fault counts that some events carry along.
    pub(super) fn fold_memory(&mut self, step: &mut Step<'_>, sizes_at: usize, faults_at: Option<usize>) {
        let Some(thread) = self.threads.get_mut(&step.tid) else { return };
        let (Some(size), Some(rss), Some(swap)) =
            (step.event.u64(sizes_at), step.event.u64(sizes_at + 1), step.event.u64(sizes_at + 2))
        else {
            return;
        };
        if let Some(at) = faults_at {
            thread.major_faults = step.event.u64(at).unwrap_or(thread.major_faults);
            thread.minor_faults = step.event.u64(at + 1).unwrap_or(thread.minor_faults);
        }
        thread.vm_size_kb = size as u32;
        thread.vm_rss_kb = rss as u32;
        thread.vm_swap_kb = swap as u32;
    }
}
