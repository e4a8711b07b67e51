//! `proc.*`, `thread.*`, `user.*` and `group.*`.

use lanner_rules::Value;

use super::{Answer, Id, View, non_empty, non_empty_owned, since};
use crate::fd::Descriptor;
use crate::names;
use crate::text::TextList;
use crate::thread::{Process, Thread};

/// No tree of processes is deeper; a circle (which only lost events can make) ends here.
const DEEPEST: usize = 64;

/// What leads a group of processes.
#[derive(Clone, Copy)]
enum Group {
    Session,
    /// By ids of the process's own pid namespace.
    Virtual,
    /// By ids of the host.
    Host,
}

impl<'a> View<'a> {
    pub(super) fn process_value(&self, id: Id, index: Option<usize>, key: Option<&str>) -> Answer<'_> {
        // The thread's id stands in the event itself.
        if id == Id::ThreadTid {
            return Some(Value::Int(self.delivery.event.tid().0));
        }
        if let Some(answer) = self.descriptors_of_process(id) {
            return Some(answer);
        }
        let thread = self.known_thread();
        let answer = self.about_process(id, thread, index, key);
        let answer = answer.or_else(|| self.about_ancestors(id, thread, index, key));
        answer.or_else(|| self.about_thread(id, thread, key)).or_else(|| self.about_owner(id, thread))
    }

    fn about_process(
        &self,
        id: Id,
        thread: Option<&'a Thread>,
        index: Option<usize>,
        key: Option<&str>,
    ) -> Answer<'_> {
        macro_rules! of {
            ($thread:ident => $value:expr) => {
                match thread {
                    Some($thread) => $value,
                    None => Value::None,
                }
            };
        }
        Some(match id {
            Id::ProcName => of!(t => non_empty(&t.comm)),
            Id::ProcExe => of!(t => Value::optional_text(t.image.exe.as_deref())),
            Id::ProcExepath => of!(t => Value::optional_text(t.image.exepath.as_deref())),
            Id::ProcArgs => of!(t => arguments(&t.image.args, index)),
            Id::ProcCmdline => of!(t => non_empty_owned(t.cmdline())),
            Id::ProcCmdnargs => of!(t => Value::Uint(t.image.args.iter().count() as u64)),
            Id::ProcCmdlenargs => {
                of!(t => Value::Uint(t.image.args.iter().map(<[u8]>::len).sum::<usize>() as u64))
            }
            Id::ProcExeline => of!(t => exeline(t)),
            Id::ProcEnv => match self.process() {
                Some(process) => environment(process, key),
                None => Value::None,
            },
            Id::ProcCwd => self.process().map_or(Value::None, |process| non_empty(&process.cwd)),
            Id::ProcLoginshellid => of!(t => self.login_shell(t).map(|shell| shell.group).into()),
            Id::ProcTty => of!(t => Value::Uint(u64::from(t.tty))),
            Id::ProcPid => of!(t => Value::Int(t.group)),
            Id::ProcVpid => of!(t => positive(t.vpid)),
            Id::ProcSid => of!(t => positive(t.sid)),
            Id::ProcVpgid => of!(t => positive(t.vpgid)),
            Id::ProcPgid => of!(t => positive(t.pgid)),
            Id::ProcDuration => of!(t => self.age(Some(t))),
            Id::ProcPidTs => of!(t => t.started().map_or(Value::None, |start| Value::Time(start.0))),
            Id::ProcIsExeWritable => of!(t => Value::Bool(t.image.writable)),
            Id::ProcIsExeUpperLayer => of!(t => Value::Bool(t.image.upper_layer)),
            Id::ProcIsExeLowerLayer => of!(t => Value::Bool(t.image.lower_layer)),
            Id::ProcIsExeFromMemfd => of!(t => Value::Bool(t.image.from_memfd)),
            Id::ProcIsSidLeader => of!(t => leads(t.sid, t.vpid)),
            Id::ProcIsVpgidLeader => of!(t => leads(t.vpgid, t.vpid)),
            Id::ProcIsPgidLeader => of!(t => leads(t.pgid, t.group)),
            Id::ProcExeIno => of!(t => known(t.image.inode).map(u64::cast_signed).into()),
            Id::ProcExeInoCtime => of!(t => known(t.image.ctime).map_or(Value::None, Value::Time)),
            Id::ProcExeInoMtime => of!(t => known(t.image.mtime).map_or(Value::None, Value::Time)),
            Id::ProcExeInoCtimeDurationProcStart => of!(t => later(t.start, t.image.ctime)),
            Id::ProcExeInoCtimeDurationPidnsStart => of!(t => later(t.image.ctime, t.pidns_init_start)),
            Id::ProcPidnsInitStartTs => of!(t => known(t.pidns_init_start).map_or(Value::None, Value::Time)),
            Id::ProcVmsize => of!(t => Value::Uint(u64::from(t.vm_size_kb))),
            Id::ProcVmrss => of!(t => Value::Uint(u64::from(t.vm_rss_kb))),
            Id::ProcVmswap => of!(t => Value::Uint(u64::from(t.vm_swap_kb))),
            Id::ProcNthreads => of!(t => self.thread_count(t, 1)),
            Id::ProcNchilds => of!(t => self.thread_count(t, 0)),
            _ => return None,
        })
    }

    fn about_ancestors(
        &self,
        id: Id,
        thread: Option<&'a Thread>,
        index: Option<usize>,
        key: Option<&str>,
    ) -> Answer<'_> {
        let parent = || self.ancestor(thread?, 1);
        Some(match id {
            Id::ProcPname => parent().map_or(Value::None, |p| non_empty(&p.comm)),
            Id::ProcPexe => parent().map_or(Value::None, |p| Value::optional_text(p.image.exe.as_deref())),
            Id::ProcPexepath => {
                parent().map_or(Value::None, |p| Value::optional_text(p.image.exepath.as_deref()))
            }
            Id::ProcPcmdline => parent().map_or(Value::None, |p| non_empty_owned(p.cmdline())),
            Id::ProcPpid => parent().map(|p| p.group).into(),
            Id::ProcPvpid => parent().map_or(Value::None, |p| positive(p.vpid)),
            Id::ProcPpidDuration => self.age(parent()),
            Id::ProcPpidTs => {
                parent().and_then(Thread::started).map_or(Value::None, |start| Value::Time(start.0))
            }
            Id::ProcAname => self.each_ancestor(thread, index, |p| non_empty(&p.comm)),
            Id::ProcAexe => {
                self.each_ancestor(thread, index, |p| Value::optional_text(p.image.exe.as_deref()))
            }
            Id::ProcAexepath => {
                self.each_ancestor(thread, index, |p| Value::optional_text(p.image.exepath.as_deref()))
            }
            Id::ProcAargs => self.each_ancestor(thread, index, |p| non_empty_owned(p.image.args.joined())),
            Id::ProcAcmdline => self.each_ancestor(thread, index, |p| non_empty_owned(p.cmdline())),
            Id::ProcApid => self.each_ancestor(thread, index, |p| Value::Int(p.group)),
            Id::ProcAenv => self.ancestors_environment(thread, index, key),
            Id::ProcSname => {
                self.group_leader(thread, Group::Session).map_or(Value::None, |t| non_empty(&t.comm))
            }
            Id::ProcSidExe => exe(self.group_leader(thread, Group::Session)),
            Id::ProcSidExepath => exepath(self.group_leader(thread, Group::Session)),
            Id::ProcVpgidName => {
                self.group_leader(thread, Group::Virtual).map_or(Value::None, |t| non_empty(&t.comm))
            }
            Id::ProcVpgidExe => exe(self.group_leader(thread, Group::Virtual)),
            Id::ProcVpgidExepath => exepath(self.group_leader(thread, Group::Virtual)),
            Id::ProcPgidName => {
                self.group_leader(thread, Group::Host).map_or(Value::None, |t| non_empty(&t.comm))
            }
            Id::ProcPgidExe => exe(self.group_leader(thread, Group::Host)),
            Id::ProcPgidExepath => exepath(self.group_leader(thread, Group::Host)),
            _ => return None,
        })
    }

    fn about_thread(&self, id: Id, thread: Option<&'a Thread>, key: Option<&str>) -> Answer<'_> {
        let number = |of: fn(&Thread) -> u64| thread.map(of).into();
        let capabilities = |of: fn(&Thread) -> u64| match thread {
            Some(thread) => non_empty_owned(names::capabilities(of(thread)).into_bytes()),
            None => Value::None,
        };
        Some(match id {
            Id::ThreadIsmain => thread.map(Thread::is_leader).into(),
            Id::ThreadVtid => thread.map_or(Value::None, |t| positive(t.vtid)),
            Id::ThreadVmsize => number(|t| if t.is_leader() { u64::from(t.vm_size_kb) } else { 0 }),
            Id::ThreadVmrss => number(|t| if t.is_leader() { u64::from(t.vm_rss_kb) } else { 0 }),
            Id::ThreadPfmajor => number(|t| t.major_faults),
            Id::ThreadPfminor => number(|t| t.minor_faults),
            Id::ThreadCapPermitted => capabilities(|t| t.cap_permitted),
            Id::ThreadCapInheritable => capabilities(|t| t.cap_inheritable),
            Id::ThreadCapEffective => capabilities(|t| t.cap_effective),
            Id::ThreadCgroups => match thread {
                Some(thread) => {
                    let all: Vec<Vec<u8>> = thread
                        .cgroups
                        .iter()
                        .map(|(subsystem, path)| [subsystem, path].join(&b'='))
                        .collect();
                    non_empty_owned(all.join(&b' '))
                }
                None => Value::None,
            },
            Id::ThreadCgroup => {
                let wanted = key.unwrap_or_default().as_bytes();
                let found = thread.and_then(|t| t.cgroups.iter().find(|(subsystem, _)| *subsystem == wanted));
                found.map_or(Value::None, |(_, path)| non_empty(path))
            }
            _ => return None,
        })
    }

    fn about_owner(&self, id: Id, thread: Option<&'a Thread>) -> Answer<'_> {
        let users = &self.state.users;
        let container = || self.container().map(|info| &info.id);
        let uid = thread.map(|t| t.uid).filter(|uid| *uid != u32::MAX);
        let gid = thread.map(|t| t.gid).filter(|gid| *gid != u32::MAX);
        let login = thread.map(|t| t.loginuid);
        Some(match id {
            Id::UserUid => uid.map(u64::from).into(),
            Id::UserName => Value::optional_text(uid.and_then(|uid| users.user_name(container(), uid))),
            Id::UserHomedir => Value::optional_text(uid.and_then(|uid| users.home(container(), uid))),
            Id::UserShell => Value::optional_text(uid.and_then(|uid| users.shell(container(), uid))),
            Id::UserLoginuid => login.map(|uid| if uid == u32::MAX { -1 } else { i64::from(uid) }).into(),
            Id::UserLoginname => {
                let login = login.filter(|uid| *uid != u32::MAX);
                Value::optional_text(login.and_then(|uid| users.user_name(None, uid)))
            }
            Id::GroupGid => gid.map(u64::from).into(),
            Id::GroupName => Value::optional_text(gid.and_then(|gid| users.group_name(container(), gid))),
            _ => return None,
        })
    }

    fn descriptors_of_process(&self, id: Id) -> Answer<'_> {
        let kind = |fd| {
            self.descriptor_by_number(fd).and_then(Descriptor::type_name).map_or(Value::None, Value::text)
        };
        let name = |fd| self.descriptor_by_number(fd).map_or(Value::None, |fd| non_empty(&fd.name));
        let open = || self.thread.map(|thread| self.state.tables.len(thread.table) as u64);
        let limit = || self.process().map(|process| process.fd_limit).filter(|limit| *limit >= 0);
        Some(match id {
            Id::ProcStdinType => kind(0),
            Id::ProcStdoutType => kind(1),
            Id::ProcStderrType => kind(2),
            Id::ProcStdinName => name(0),
            Id::ProcStdoutName => name(1),
            Id::ProcStderrName => name(2),
            Id::ProcFdopencount => open().into(),
            Id::ProcFdlimit => limit().into(),
            Id::ProcFdusage => match (open(), limit()) {
                (Some(open), Some(limit)) if limit > 0 => {
                    Value::Uint((open * 100 / limit.cast_unsigned()).min(100))
                }
                _ => Value::None,
            },
            _ => return None,
        })
    }

    /// The `nth` ancestor's leader; 0 is the process itself.
    fn ancestor(&self, thread: &'a Thread, nth: usize) -> Option<&'a Thread> {
        let mut at = self.state.leader(thread.group)?;
        for _ in 0..nth.min(DEEPEST) {
            at = self.parent(at)?;
        }
        (nth <= DEEPEST && at.known).then_some(at)
    }

    fn parent(&self, thread: &'a Thread) -> Option<&'a Thread> {
        let parent = self.state.process_of(thread)?.parent;
        self.state.leader(parent).filter(|_| parent != 0)
    }

    /// All ancestors, the parent first.
    fn ancestors(&self, thread: &'a Thread) -> impl Iterator<Item = &'a Thread> {
        let first = self.ancestor(thread, 1);
        std::iter::successors(first, |at| self.parent(at)).take(DEEPEST)
    }

    fn each_ancestor(
        &self,
        thread: Option<&'a Thread>,
        index: Option<usize>,
        value: impl Fn(&'a Thread) -> Value<'a>,
    ) -> Value<'a> {
        let Some(thread) = thread else { return Value::None };
        match index {
            Some(index) => self.ancestor(thread, index).map_or(Value::None, value),
            None => Value::List(self.ancestors(thread).map(value).filter(|value| !value.is_none()).collect()),
        }
    }

    fn ancestors_environment(
        &self,
        thread: Option<&'a Thread>,
        index: Option<usize>,
        key: Option<&str>,
    ) -> Value<'_> {
        let Some(thread) = thread else { return Value::None };
        let of = |ancestor: &'a Thread, key| match self.state.process_of(ancestor) {
            Some(process) => environment(process, key),
            None => Value::None,
        };
        match (index, key) {
            (Some(index), _) => {
                self.ancestor(thread, index).map_or(Value::None, |ancestor| of(ancestor, None))
            }
            (None, Some(name)) => self
                .ancestors(thread)
                .map(|ancestor| of(ancestor, Some(name)))
                .find(|value| !value.is_none())
                .unwrap_or_default(),
            (None, None) => Value::List(self.ancestors(thread).map(|ancestor| of(ancestor, None)).collect()),
        }
    }

    /// The oldest shell of the process and its ancestors.
    fn login_shell(&self, thread: &'a Thread) -> Option<&'a Thread> {
        let own = self.ancestor(thread, 0);
        own.into_iter().chain(self.ancestors(thread)).filter(|thread| thread.comm.ends_with(b"sh")).last()
    }

    /// The leader of a session or process group. Inside a pid namespace an id does not find it, so
    /// it is the oldest ancestor that is in the group without a gap.
    fn group_leader(&self, thread: Option<&'a Thread>, group: Group) -> Option<&'a Thread> {
        let thread = thread?;
        let of = |thread: &Thread| match group {
            Group::Session => thread.sid,
            Group::Virtual => thread.vpgid,
            Group::Host => thread.pgid,
        };
        let id = of(thread);
        if id < 0 {
            return None;
        }
        if (matches!(group, Group::Host) || !thread.is_in_pid_namespace())
            && let Some(leader) = self.state.leader(id)
        {
            return Some(leader);
        }
        self.ancestors(thread).take_while(|ancestor| of(ancestor) == id).last()
    }

    fn age(&self, thread: Option<&Thread>) -> Value<'static> {
        let now = self.delivery.event.time();
        thread.and_then(Thread::started).map_or(Value::None, |start| Value::Duration(since(now, start)))
    }

    fn thread_count(&self, thread: &Thread, leader: u64) -> Value<'static> {
        let leader = self.state.leader(thread.group).filter(|leader| !leader.dead).map_or(0, |_| leader);
        let members = self.state.process_of(thread).map(|process| process.members.len() as u64);
        members.map(|members| members + leader).into()
    }
}

fn exe(thread: Option<&Thread>) -> Value<'_> {
    Value::optional_text(thread.and_then(|thread| thread.image.exe.as_deref()))
}

fn exepath(thread: Option<&Thread>) -> Value<'_> {
    Value::optional_text(thread.and_then(|thread| thread.image.exepath.as_deref()))
}

fn exeline(thread: &Thread) -> Value<'_> {
    let Some(exe) = &thread.image.exe else { return Value::None };
    let mut line = exe.to_vec();
    line.push(b' ');
    thread.image.args.append_to(&mut line);
    Value::owned(line)
}

fn arguments(args: &TextList, index: Option<usize>) -> Value<'_> {
    match index {
        Some(index) => args.iter().nth(index).map_or(Value::None, Value::text),
        // A program that was given no arguments has an empty list of them: that is known.
        None => Value::owned(args.joined()),
    }
}

fn environment<'v>(process: &'v Process, key: Option<&str>) -> Value<'v> {
    let Some(name) = key else { return non_empty_owned(process.env.joined()) };
    let found =
        process.env.iter().find_map(|variable| variable.strip_prefix(name.as_bytes())?.strip_prefix(b"="));
    found.map(<[u8]>::trim_ascii).map_or(Value::None, non_empty)
}

/// An id; negative ones are not known.
fn positive(id: i64) -> Value<'static> {
    if id < 0 { Value::None } else { Value::Int(id) }
}

/// A number for which 0 means that it is not known.
fn known(number: u64) -> Option<u64> {
    (number != 0).then_some(number)
}

fn leads(group: i64, own: i64) -> Value<'static> {
    if group < 0 || own < 0 { Value::None } else { Value::Bool(group == own) }
}

/// How much later one moment is than another, when both are known and it is.
fn later(late: u64, early: u64) -> Value<'static> {
    match (known(late), known(early)) {
        (Some(late), Some(early)) if late > early => Value::Duration(late - early),
        _ => Value::None,
    }
}
