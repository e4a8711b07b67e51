//! What each event changes.
//!
//! One function per family of system calls, told from the event's type; all others change nothing
//! but the thread's time of last being seen.

mod containers;
mod descriptors;
mod identity;
mod processes;
mod sockets;

use lanner_model::event::{EventFlags, EventRef, EventType, FdInfo};
use lanner_model::source::Delivery;

use crate::fd::{Descriptor, Role};
use crate::fd_table::TableId;
use crate::state::State;
use crate::text::Text;

pub(crate) use descriptors::opened;

/// The directory descriptor that means the working directory.
pub(crate) const AT_FDCWD: i64 = -100;

/// What an event is about, found out while it was folded.
#[derive(Debug, Default)]
pub(crate) struct Current {
    /// Whether the event's thread is in the table.
    pub(crate) has_thread: bool,
    /// The descriptor it made or used.
    pub(crate) fd: Option<i64>,
    /// Whether it changed that descriptor's name.
    pub(crate) name_changed: bool,
    /// The descriptor as the event itself describes it, when the table had no room for it.
    pub(crate) described: Option<Box<Descriptor>>,
}

/// An event while it is folded.
pub(crate) struct Step<'e> {
    pub(crate) event: EventRef<'e>,
    pub(crate) event_type: EventType,
    pub(crate) tid: i64,
    pub(crate) time: u64,
    /// What a system call returned; 0 for what is none.
    pub(crate) result: i64,
    /// The thread's table of descriptors.
    pub(crate) table: TableId,
    pub(crate) current: Current,
}

impl State {
    /// Folds an event in.
    pub(crate) fn fold(&mut self, delivery: &Delivery<'_>) -> Current {
        let event = delivery.event;
        let time = event.time();
        self.first_event.get_or_insert(time);
        self.previous_event = (self.latest_event.0 != 0).then_some(self.latest_event);
        self.latest_event = time;
        let event_type = event.event_type();
        let Some(info) = event_type.info() else { return Current::default() };
        let tid = event.tid().0;

        match event_type {
            // Told by the one who writes the stream, not by a thread.
            EventType::USER_ADDED_E
            | EventType::USER_DELETED_E
            | EventType::GROUP_ADDED_E
            | EventType::GROUP_DELETED_E => {
                self.fold_names(event);
                return Current::default();
            }
            // These say nothing that would make it worth to remember a thread nobody knows.
            EventType::SCHEDSWITCH_6_E | EventType::PROCEXIT_1_E if !self.threads.contains_key(&tid) => {
                return Current::default();
            }
            EventType::CONTAINER_JSON_2_E | EventType::ASYNCEVENT_E => {
                self.fold_container(event);
                return self.untouched(tid);
            }
            EventType::PLUGINEVENT_E => return self.untouched(tid),
            _ if info.flags.has(EventFlags::SKIPPARSERESET) => return self.untouched(tid),
            EventType::SYSCALL_CLONE_20_X
            | EventType::SYSCALL_FORK_20_X
            | EventType::SYSCALL_VFORK_20_X
            | EventType::SYSCALL_CLONE3_X => {
                self.fold_clone(event);
                let has_thread = self.touch(tid, time.0).is_some();
                return Current { has_thread, ..Current::default() };
            }
            _ => {}
        }

        let table = match self.touch(tid, time.0) {
            Some(table) => table,
            None => {
                let thread = self.ensure(tid);
                thread.last_seen = time.0;
                thread.table
            }
        };
        let mut step = Step {
            event,
            event_type,
            tid,
            time: time.0,
            result: if event_type.is_enter() { 0 } else { event.i64(0).unwrap_or(0) },
            table,
            current: Current { has_thread: true, ..Current::default() },
        };
        if let Some(place) = self.fd_places.get(usize::from(event_type.0)).copied().flatten() {
            // AT_FDCWD is no descriptor, but it is what the event names; an error number is not.
            step.current.fd = event.i64(usize::from(place)).filter(|fd| *fd != -1);
        }
        if let Some(place) = info.fd_param
            && let Some(described) = event.param(info.params.len())
        {
            self.heal(&mut step, usize::from(place), described);
        }
        self.dispatch(&mut step);
        step.current
    }

    fn dispatch(&mut self, step: &mut Step<'_>) {
        use EventType as E;
        match step.event_type {
            E::SYSCALL_EXECVE_19_E | E::SYSCALL_EXECVEAT_E => self.fold_execve_enter(step),
            E::SYSCALL_EXECVE_19_X | E::SYSCALL_EXECVEAT_X => self.fold_execve(step),
            E::PROCEXIT_1_E => self.fold_procexit(step),
            E::SYSCALL_OPEN_X
            | E::SYSCALL_CREAT_X
            | E::SYSCALL_OPENAT_2_X
            | E::SYSCALL_OPENAT2_X
            | E::SYSCALL_OPEN_BY_HANDLE_AT_X => self.fold_open(step),
            E::SYSCALL_CLOSE_X => self.fold_close(step),
            E::SYSCALL_CLOSE_RANGE_X => self.fold_close_range(step),
            E::SYSCALL_DUP_1_X | E::SYSCALL_DUP2_X | E::SYSCALL_DUP3_X => self.fold_dup(step),
            E::SYSCALL_FCNTL_X => self.fold_fcntl(step),
            E::SYSCALL_PIPE_X | E::SYSCALL_PIPE2_X => self.fold_pipe(step),
            E::SYSCALL_MEMFD_CREATE_X => self.fold_memfd_create(step),
            E::SYSCALL_PIDFD_OPEN_X => self.fold_pidfd_open(step),
            E::SYSCALL_PIDFD_GETFD_X => self.fold_pidfd_getfd(step),
            E::SYSCALL_EVENTFD_X | E::SYSCALL_EVENTFD2_X => self.fold_anonymous(step, FdInfo::EVENT),
            E::SYSCALL_SIGNALFD_X | E::SYSCALL_SIGNALFD4_X => self.fold_anonymous(step, FdInfo::SIGNALFD),
            E::SYSCALL_TIMERFD_CREATE_X => self.fold_anonymous(step, FdInfo::TIMERFD),
            E::SYSCALL_INOTIFY_INIT_X | E::SYSCALL_INOTIFY_INIT1_X => {
                self.fold_anonymous(step, FdInfo::INOTIFY)
            }
            E::SYSCALL_BPF_2_X => self.fold_anonymous(step, FdInfo::BPF),
            E::SYSCALL_USERFAULTFD_X => self.fold_anonymous(step, FdInfo::USERFAULTFD),
            E::SYSCALL_IO_URING_SETUP_X => self.fold_anonymous(step, FdInfo::IOURING),
            E::SYSCALL_EPOLL_CREATE_X | E::SYSCALL_EPOLL_CREATE1_X => {
                self.fold_anonymous(step, FdInfo::EVENTPOLL)
            }
            E::SOCKET_SOCKET_X => self.fold_socket(step),
            E::SOCKET_SOCKETPAIR_X => self.fold_socketpair(step),
            E::SOCKET_BIND_X => self.fold_bind(step),
            E::SOCKET_CONNECT_X => self.fold_connect(step),
            E::SOCKET_ACCEPT_5_X | E::SOCKET_ACCEPT4_6_X => self.fold_accept(step),
            E::SOCKET_RECV_X | E::SOCKET_RECVMMSG_X => self.fold_receive(step, Some(4)),
            E::SOCKET_RECVFROM_X => self.fold_receive(step, Some(2)),
            E::SOCKET_RECVMSG_X => self.fold_receive(step, Some(3)),
            E::SOCKET_SEND_X | E::SOCKET_SENDTO_X | E::SOCKET_SENDMSG_X | E::SOCKET_SENDMMSG_X => {
                self.fold_send(step);
            }
            E::SYSCALL_READ_X | E::SYSCALL_READV_X | E::SYSCALL_WRITE_X | E::SYSCALL_WRITEV_X => {
                self.fold_receive(step, None);
            }
            E::SYSCALL_CHDIR_X => self.fold_chdir(step),
            E::SYSCALL_FCHDIR_X => self.fold_fchdir(step),
            E::SYSCALL_GETCWD_X => self.fold_chdir(step),
            E::SYSCALL_CHROOT_X => self.fold_chroot(step),
            E::SYSCALL_SETUID_X => self.fold_setuid(step, 1),
            E::SYSCALL_SETREUID_X | E::SYSCALL_SETRESUID_X => self.fold_setuid(step, 2),
            E::SYSCALL_SETGID_X => self.fold_setgid(step, 1),
            E::SYSCALL_SETREGID_X | E::SYSCALL_SETRESGID_X => self.fold_setgid(step, 2),
            E::SYSCALL_SETSID_X => self.fold_setsid(step),
            E::SYSCALL_SETPGID_X => self.fold_setpgid(step),
            E::SYSCALL_CAPSET_X => self.fold_capset(step),
            E::SYSCALL_UNSHARE_X => self.fold_user_namespace(step, 1),
            E::SYSCALL_SETNS_X => self.fold_user_namespace(step, 2),
            E::SYSCALL_PRCTL_X => self.fold_prctl(step),
            E::SYSCALL_GETRLIMIT_X | E::SYSCALL_SETRLIMIT_X => self.fold_rlimit(step),
            E::SYSCALL_PRLIMIT_X => self.fold_prlimit(step),
            E::SCHEDSWITCH_6_E => self.fold_memory(step, 3, Some(1)),
            E::SYSCALL_BRK_4_X | E::SYSCALL_MMAP_X | E::SYSCALL_MMAP2_X | E::SYSCALL_MUNMAP_X => {
                self.fold_memory(step, 1, None);
            }
            _ => {}
        }
    }

    /// What an event is about that changes nothing.
    fn untouched(&self, tid: i64) -> Current {
        Current { has_thread: self.threads.contains_key(&tid), ..Current::default() }
    }

    /// Marks a thread as seen; its table of descriptors.
    fn touch(&mut self, tid: i64, time: u64) -> Option<TableId> {
        let thread = self.threads.get_mut(&tid)?;
        thread.last_seen = time;
        Some(thread.table)
    }

    /// A live event says what its descriptor is, as the kernel has it at that moment: that counts,
    /// whatever the table says.
    fn heal(&mut self, step: &mut Step<'_>, place: usize, described: &[u8]) {
        let Some(fd) = step.event.i64(place).filter(|fd| *fd >= 0) else { return };
        step.current.fd = Some(fd);
        let held = self.tables.get(step.table, fd);
        if held.is_some_and(|held| held.described.as_deref() == Some(described)) {
            return;
        }
        let Some(info) = FdInfo::decode(described) else {
            self.losses.malformed += 1;
            return;
        };
        let mut descriptor = Descriptor::from_info(&info);
        descriptor.described = Some(Text::from(described));
        if let Some(held) = held {
            descriptor.inherit(held);
        }
        if descriptor.role == Role::Unknown {
            descriptor.role = match step.event_type {
                EventType::SOCKET_CONNECT_X => Role::Client,
                EventType::SOCKET_ACCEPT_5_X | EventType::SOCKET_ACCEPT4_6_X => Role::Server,
                _ => self.role_by_listeners(step.table, &descriptor),
            };
        }
        step.current.name_changed = held.is_none_or(|held| held.name != descriptor.name);
        if !self.tables.insert(step.table, fd, descriptor, &self.budget, &mut self.losses) {
            // No room in the table: this event is still told with its own descriptor.
            let mut descriptor = Descriptor::from_info(&info);
            descriptor.described = Some(Text::from(described));
            step.current.described = Some(Box::new(descriptor));
        }
    }
}

impl Step<'_> {
    /// Whether the descriptor `fd` was described by the event itself.
    pub(crate) fn is_described(&self, fd: i64) -> bool {
        self.current.fd == Some(fd)
            && self
                .event_type
                .info()
                .is_some_and(|info| info.fd_param.is_some() && self.event.param(info.params.len()).is_some())
    }
}
