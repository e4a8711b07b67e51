//! Files, pipes and other descriptors: open, close, copy.

use std::sync::Arc;

use lanner_model::event::flags::{close_range_flags, creat_flags, fcntl_commands, file_flags};
use lanner_model::event::view::{CloseRangeX, CreatX, OpenByHandleAtX, OpenX, Openat2X, OpenatX};
use lanner_model::event::{EventType, FdInfo};

use super::{AT_FDCWD, Step};
use crate::fd::Descriptor;
use crate::path;
use crate::state::State;
use crate::text::Text;
use crate::thread::Thread;

/// The only flag of `F_SETFD`.
const FD_CLOEXEC: u64 = 1;

/// What an open says of the file.
pub(crate) struct Opened<'e> {
    pub(crate) dirfd: Option<i64>,
    pub(crate) name: Option<&'e [u8]>,
    pub(crate) flags: u32,
    dev: u64,
    inode: u64,
    /// The name is absolute and counts as it is.
    resolved: bool,
}

/// Reads the parameters of any event of the open family.
pub(crate) fn opened<'e>(event: lanner_model::event::EventRef<'e>) -> Option<Opened<'e>> {
    let or_zero = |number: Option<u64>| number.unwrap_or(0);
    Some(match event.event_type() {
        EventType::SYSCALL_OPEN_X => {
            let open = OpenX::new(event)?;
            Opened {
                dirfd: Some(AT_FDCWD),
                name: open.name(),
                flags: or_zero(open.flags()) as u32,
                dev: or_zero(open.dev()),
                inode: or_zero(open.ino()),
                resolved: false,
            }
        }
        EventType::SYSCALL_CREAT_X => {
            let creat = CreatX::new(event)?;
            let layer = or_zero(creat.creat_flags()) as u32;
            let mut flags = 0;
            if layer & creat_flags::FD_UPPER_LAYER_CREAT != 0 {
                flags |= file_flags::FD_UPPER_LAYER;
            } else if layer & creat_flags::FD_LOWER_LAYER_CREAT != 0 {
                flags |= file_flags::FD_LOWER_LAYER;
            }
            let (dev, inode) = (or_zero(creat.dev()), or_zero(creat.ino()));
            Opened { dirfd: Some(AT_FDCWD), name: creat.name(), flags, dev, inode, resolved: false }
        }
        EventType::SYSCALL_OPENAT_2_X => {
            let open = OpenatX::new(event)?;
            Opened {
                dirfd: open.dirfd(),
                name: open.name(),
                flags: or_zero(open.flags()) as u32,
                dev: or_zero(open.dev()),
                inode: or_zero(open.ino()),
                resolved: false,
            }
        }
        EventType::SYSCALL_OPENAT2_X => {
            let open = Openat2X::new(event)?;
            Opened {
                dirfd: open.dirfd(),
                name: open.name(),
                flags: or_zero(open.flags()) as u32,
                dev: or_zero(open.dev()),
                inode: or_zero(open.ino()),
                resolved: false,
            }
        }
        EventType::SYSCALL_OPEN_BY_HANDLE_AT_X => {
            let open = OpenByHandleAtX::new(event)?;
            Opened {
                dirfd: None,
                name: open.path(),
                flags: or_zero(open.flags()) as u32,
                dev: or_zero(open.dev()),
                inode: or_zero(open.ino()),
                resolved: true,
            }
        }
        _ => return None,
    })
}

impl State {
    /// The absolute form of a path that is relative to a directory descriptor; `None` when the
    /// directory is not known.
    pub(crate) fn absolute(&self, thread: &Thread, dirfd: i64, name: &[u8]) -> Option<Vec<u8>> {
        if name.first() == Some(&b'/') {
            return Some(path::join(b"", name));
        }
        if dirfd == AT_FDCWD {
            let cwd = &self.process_of(thread)?.cwd;
            return (!cwd.is_empty()).then(|| path::join(cwd, name));
        }
        let directory = &self.descriptor(thread, dirfd)?.name;
        if directory.is_empty() {
            return None;
        }
        let base = crate::state::with_slash(directory.to_vec());
        if name.is_empty() {
            // AT_EMPTY_PATH: the descriptor itself.
            return Some(directory.to_vec());
        }
        Some(path::join(&base, name))
    }

    pub(super) fn fold_open(&mut self, step: &mut Step<'_>) {
        let fd = step.result;
        if fd < 0 {
            return;
        }
        let Some(opened) = opened(step.event) else { return };
        let name = opened.name.unwrap_or_default();
        if step.is_described(fd) {
            // The kernel said where the file really is; the call, how it was named and opened.
            if let Some(descriptor) = self.tables.get_mut(step.table, fd) {
                descriptor.open_flags = opened.flags;
                if opened.dev != 0 {
                    descriptor.dev = opened.dev as u32;
                }
                descriptor.name_raw = Some(name.into());
            }
            step.current.name_changed = true;
            return;
        }
        let Some(thread) = self.threads.get(&step.tid) else { return };
        let full = match opened.dirfd {
            _ if opened.resolved => Some(path::join(b"", name)),
            Some(dirfd) => self.absolute(thread, dirfd, name),
            None => None,
        };
        let is_directory = opened.flags & file_flags::O_DIRECTORY != 0;
        let mut descriptor = Descriptor::new(if is_directory { FdInfo::DIRECTORY } else { FdInfo::FILE_V2 });
        descriptor.open_flags = opened.flags;
        descriptor.dev = opened.dev as u32;
        descriptor.inode = opened.inode;
        match full {
            Some(full) if full == name => {
                descriptor.name = full.into();
                descriptor.name_raw = Some(Arc::clone(&descriptor.name));
            }
            Some(full) => {
                descriptor.name = full.into();
                descriptor.name_raw = Some(name.into());
            }
            // A relative path is better than none.
            None => {
                descriptor.name = name.into();
                descriptor.name_raw = Some(Arc::clone(&descriptor.name));
            }
        }
        self.add(step, fd, descriptor);
    }

    /// Puts a new descriptor into the thread's table; the event is about it.
    pub(super) fn add(&mut self, step: &mut Step<'_>, fd: i64, descriptor: Descriptor) {
        step.current.fd = Some(fd);
        step.current.name_changed = !descriptor.name.is_empty();
        if !self.tables.insert(step.table, fd, descriptor.clone(), &self.budget, &mut self.losses) {
            step.current.described = Some(Box::new(descriptor));
        }
    }

    pub(super) fn fold_close(&mut self, step: &mut Step<'_>) {
        if step.result >= 0
            && let Some(fd) = step.current.fd
        {
            self.leaving.fd = Some((step.table, fd));
        }
    }

    pub(super) fn fold_close_range(&mut self, step: &mut Step<'_>) {
        let Some(range) = CloseRangeX::new(step.event) else { return };
        let (Some(first), Some(last)) = (range.first(), range.last()) else { return };
        if step.result < 0 {
            return;
        }
        let within = |fd: i64| u64::try_from(fd).is_ok_and(|fd| (first..=last).contains(&fd));
        if range.flags().unwrap_or(0) & u64::from(close_range_flags::CLOSE_RANGE_CLOEXEC) != 0 {
            self.tables.for_each_mut(step.table, |fd, descriptor| {
                if within(fd) {
                    descriptor.set_close_on_exec(true);
                }
            });
        } else {
            self.tables.remove_if(step.table, |fd, _| within(fd));
        }
    }

    pub(super) fn fold_dup(&mut self, step: &mut Step<'_>) {
        let new = step.result;
        // A live event describes the new descriptor, so `current.fd` is that already.
        let Some(old) = step.event.i64(1) else { return };
        if new < 0 {
            return;
        }
        let closes = step.event_type == EventType::SYSCALL_DUP3_X
            && step.event.u64(3).unwrap_or(0) & u64::from(file_flags::O_CLOEXEC) != 0;
        self.copy_descriptor(step, old, new, closes);
    }

    pub(super) fn fold_fcntl(&mut self, step: &mut Step<'_>) {
        let Some(fd) = step.current.fd else { return };
        if step.result < 0 {
            return;
        }
        let command = step.event.u64(2).unwrap_or(0) as u32;
        match command {
            fcntl_commands::F_SETFD => {
                let closes = step.event.u64(3).unwrap_or(0) & FD_CLOEXEC != 0;
                if let Some(descriptor) = self.tables.get_mut(step.table, fd) {
                    descriptor.set_close_on_exec(closes);
                }
            }
            fcntl_commands::F_DUPFD => self.copy_descriptor(step, fd, step.result, false),
            fcntl_commands::F_DUPFD_CLOEXEC => self.copy_descriptor(step, fd, step.result, true),
            _ => {}
        }
    }

    fn copy_descriptor(&mut self, step: &mut Step<'_>, old: i64, new: i64, closes_on_exec: bool) {
        let from = if step.is_described(new) { new } else { old };
        let Some(mut descriptor) = self.tables.get(step.table, from).cloned() else { return };
        descriptor.set_close_on_exec(closes_on_exec);
        self.add(step, new, descriptor);
        step.current.name_changed = false;
    }

    pub(super) fn fold_pipe(&mut self, step: &mut Step<'_>) {
        let (Some(read), Some(write)) = (step.event.i64(1), step.event.i64(2)) else { return };
        if step.result < 0 {
            return;
        }
        let mut descriptor = Descriptor::new(FdInfo::FIFO);
        descriptor.inode = step.event.u64(3).unwrap_or(0);
        if step.event_type == EventType::SYSCALL_PIPE2_X {
            descriptor.open_flags = step.event.u64(4).unwrap_or(0) as u32;
        }
        self.add(step, read, descriptor.clone());
        self.add(step, write, descriptor);
    }

    pub(super) fn fold_memfd_create(&mut self, step: &mut Step<'_>) {
        if step.result < 0 {
            return;
        }
        let mut descriptor = Descriptor::new(FdInfo::MEMFD);
        descriptor.name = step.event.text(1).unwrap_or_default().into();
        descriptor.open_flags = step.event.u64(2).unwrap_or(0) as u32;
        self.add(step, step.result, descriptor);
    }

    pub(super) fn fold_pidfd_open(&mut self, step: &mut Step<'_>) {
        let Some(pid) = step.event.i64(1) else { return };
        if step.result < 0 {
            return;
        }
        let mut descriptor = Descriptor::new(FdInfo::PIDFD);
        descriptor.name = Text::from(format!("/proc/{pid}").into_bytes());
        descriptor.open_flags = step.event.u64(2).unwrap_or(0) as u32;
        self.add(step, step.result, descriptor);
    }

    pub(super) fn fold_pidfd_getfd(&mut self, step: &mut Step<'_>) {
        let (Some(pidfd), Some(target)) = (step.event.i64(1), step.event.i64(2)) else { return };
        if step.result < 0 {
            return;
        }
        let copied = self.tables.get(step.table, pidfd).and_then(|pidfd| {
            let pid = pidfd.name.strip_prefix(b"/proc/").filter(|_| pidfd.kind == FdInfo::PIDFD)?;
            let pid: i64 = std::str::from_utf8(pid).ok()?.parse().ok()?;
            self.tables.get(self.threads.get(&pid)?.table, target).cloned()
        });
        if let Some(mut descriptor) = copied {
            descriptor.set_close_on_exec(true);
            self.add(step, step.result, descriptor);
        }
    }

    /// A descriptor that has no name: `eventfd`, `epoll_create`, `inotify_init` ...
    pub(super) fn fold_anonymous(&mut self, step: &mut Step<'_>, kind: u8) {
        let flags_at = match step.event_type {
            EventType::SYSCALL_INOTIFY_INIT1_X
            | EventType::SYSCALL_SIGNALFD4_X
            | EventType::SYSCALL_EVENTFD2_X
            | EventType::SYSCALL_EPOLL_CREATE1_X => Some(1),
            EventType::SYSCALL_TIMERFD_CREATE_X => Some(2),
            // Most commands of bpf return 0 and no descriptor.
            EventType::SYSCALL_BPF_2_X if step.result == 0 => return,
            _ => None,
        };
        if step.result < 0 {
            return;
        }
        let mut descriptor = Descriptor::new(kind);
        descriptor.open_flags = flags_at.and_then(|at| step.event.u64(at)).unwrap_or(0) as u32;
        self.add(step, step.result, descriptor);
    }
}
