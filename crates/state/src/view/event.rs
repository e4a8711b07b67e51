//! `evt.*` and `syscall.*`.

use lanner_model::event::flags::file_flags;
use lanner_model::event::{Category, EventFlags, EventInfo, EventType, FdInfo, syscall};
use lanner_rules::Value;

use super::{Answer, Id, View, is_file_like, non_empty, non_empty_owned, since, word};
use crate::fold::opened;
use crate::moment::{self, SECOND};
use crate::render;

/// The flags of an event type, to be asked one by one.
fn flag(info: &EventInfo, bit: u32) -> Value<'static> {
    Value::Bool(info.flags.has(bit))
}

impl View<'_> {
    pub(super) fn event_value(&self, id: Id, index: Option<usize>, key: Option<&str>) -> Answer<'_> {
        let event = self.delivery.event;
        let time = event.time();
        let Some(info) = event.event_type().info() else {
            return match id {
                Id::EvtNum => Some(Value::Uint(self.delivery.number)),
                Id::EvtRawtime => Some(Value::Time(time.0)),
                _ => None,
            };
        };
        let since_first = || since(time, self.state.first_event.unwrap_or(time));
        let since_previous = || since(time, self.state.previous_event.unwrap_or(time));
        Some(match id {
            Id::EvtNum => Value::Uint(self.delivery.number),
            Id::EvtTime => Value::owned(moment::clock_ns(time.0)),
            Id::EvtTimeS => Value::owned(moment::clock(time.0)),
            Id::EvtTimeIso8601 => Value::owned(moment::iso8601(time.0)),
            Id::EvtDatetime => Value::owned(format!("{} {}", moment::date(time.0), moment::clock_ns(time.0))),
            Id::EvtDatetimeS => Value::owned(format!("{} {}", moment::date(time.0), moment::clock(time.0))),
            Id::EvtRawtime => Value::Time(time.0),
            Id::EvtRawtimeS => Value::Time(time.0 / SECOND),
            Id::EvtRawtimeNs => Value::Time(time.0 % SECOND),
            Id::EvtReltime => Value::Duration(since_first()),
            Id::EvtReltimeS => Value::Duration(since_first() / SECOND),
            Id::EvtReltimeNs => Value::Duration(since_first() % SECOND),
            Id::EvtDeltatime => Value::Duration(since_previous()),
            Id::EvtDeltatimeS => Value::Duration(since_previous() / SECOND),
            Id::EvtDeltatimeNs => Value::Duration(since_previous() % SECOND),
            Id::EvtSource => word("syscall"),
            Id::EvtIsAsync => Value::Bool(event.event_type() == EventType::ASYNCEVENT_E),
            Id::EvtAsynctype => match event.event_type() {
                EventType::ASYNCEVENT_E => event.text(1).map_or(Value::None, non_empty),
                _ => Value::None,
            },
            Id::EvtHostname => non_empty(self.state.machine().hostname.as_bytes()),
            Id::EvtDir => word(if event.event_type().is_enter() { ">" } else { "<" }),
            Id::EvtType => Value::text(self.type_name()),
            Id::EvtTypeIs => {
                Value::Uint(u64::from(key.is_some_and(|name| name.as_bytes() == self.type_name())))
            }
            Id::SyscallType if info.category.is_from(Category::SYSCALL) => Value::text(self.type_name()),
            Id::SyscallType => Value::None,
            Id::EvtCategory => word(self.category(info)),
            Id::EvtCpu => Value::Int(i64::from(self.delivery.cpu)),
            Id::EvtArgs | Id::EvtInfo => match event.event_type() {
                EventType::GENERIC_X => Value::None,
                _ => non_empty_owned(render::all(self)),
            },
            Id::EvtArg => self.argument(index, key),
            Id::EvtRawarg => self.raw_argument(index, key),
            Id::EvtBuffer => {
                render::place(event, "data").and_then(|at| event.param(at)).map_or(Value::None, Value::text)
            }
            Id::EvtBuflen => match self.result() {
                Some(result) if result >= 0 && self.fd().is_some() && is_io(info) => {
                    Value::Uint(result.cast_unsigned())
                }
                _ => Value::None,
            },
            Id::EvtRes => match self.result() {
                Some(result) if result >= 0 => word("SUCCESS"),
                Some(_) => self.argument(Some(0), None),
                None => Value::None,
            },
            Id::EvtRawres => self.result().into(),
            Id::EvtFailed => self.result().map(|result| result < 0).into(),
            Id::EvtIsIo => Value::Bool(
                info.flags.has(EventFlags::READS_FROM_FD) || info.flags.has(EventFlags::WRITES_TO_FD),
            ),
            Id::EvtIsIoRead => flag(info, EventFlags::READS_FROM_FD),
            Id::EvtIsIoWrite => flag(info, EventFlags::WRITES_TO_FD),
            Id::EvtIoDir if info.flags.has(EventFlags::WRITES_TO_FD) => word("write"),
            Id::EvtIoDir if info.flags.has(EventFlags::READS_FROM_FD) => word("read"),
            Id::EvtIoDir => Value::None,
            Id::EvtIsWait => flag(info, EventFlags::WAITS),
            Id::EvtIsSyslog => Value::Bool(
                info.flags.has(EventFlags::WRITES_TO_FD)
                    && self.fd().is_some_and(|fd| fd.name.windows(8).any(|part| part == b"/dev/log")),
            ),
            Id::EvtCount => Value::Uint(1),
            Id::EvtCountError => self.errors(true),
            Id::EvtCountErrorFile => self.errors(self.error_kind() == "file"),
            Id::EvtCountErrorNet => self.errors(self.error_kind() == "net"),
            Id::EvtCountErrorMemory => self.errors(info.category.topic() == Category::MEMORY),
            Id::EvtCountErrorOther => self.errors(self.error_kind() == "other"),
            Id::EvtCountExit if event.event_type().is_enter() => Value::None,
            Id::EvtCountExit => Value::Uint(1),
            Id::EvtAbspath | Id::EvtAbspathSrc => self.absolute_path_argument(false),
            Id::EvtAbspathDst => self.absolute_path_argument(true),
            Id::EvtIsOpenRead => self.open_flags(|flags| flags & file_flags::O_RDONLY != 0),
            Id::EvtIsOpenWrite => self.open_flags(|flags| flags & file_flags::O_WRONLY != 0),
            Id::EvtIsOpenCreate => self.open_flags(|flags| {
                let unnamed =
                    flags & file_flags::O_TMPFILE != 0 && self.result().is_some_and(|result| result >= 0);
                flags & file_flags::O_F_CREATED != 0 || unnamed
            }),
            Id::EvtIsOpenExec => self.creates_executable(),
            _ => return None,
        })
    }

    /// The event's name; that of the system call for a generic event.
    pub(super) fn type_name(&self) -> &[u8] {
        let event = self.delivery.event;
        let named = match event.event_type() {
            EventType::GENERIC_X => {
                event.u64(0).and_then(|code| syscall::name(code as u16)).map(str::as_bytes)
            }
            EventType::ASYNCEVENT_E => event.text(1),
            _ => None,
        };
        named.unwrap_or(event.event_type().name().as_bytes())
    }

    /// What a system call returned; `None` for events that are none or do not say.
    pub(super) fn result(&self) -> Option<i64> {
        let event = self.delivery.event;
        let info = event.event_type().info()?;
        let is_return = info.category.is_from(Category::SYSCALL)
            && !event.event_type().is_enter()
            && event.event_type() != EventType::GENERIC_X;
        if is_return { event.i64(0) } else { None }
    }

    fn argument(&self, index: Option<usize>, key: Option<&str>) -> Value<'_> {
        let event = self.delivery.event;
        let Some(info) = event.event_type().info() else { return Value::None };
        let Some(at) = index.or_else(|| render::place(event, key?)) else { return Value::None };
        let (Some(param), Some(bytes)) = (info.params.get(at), event.param(at)) else { return Value::None };
        non_empty_owned(render::one(self, at, param, Some(bytes)).best())
    }

    fn raw_argument(&self, index: Option<usize>, key: Option<&str>) -> Value<'_> {
        let event = self.delivery.event;
        let at = index.or_else(|| render::place(event, key?));
        at.and_then(|at| event.i64(at)).into()
    }

    fn category(&self, info: &EventInfo) -> &'static str {
        match info.category.topic() {
            Category::OTHER => "other",
            Category::FILE => "file",
            Category::NET => "net",
            Category::IPC => "IPC",
            Category::MEMORY => "memory",
            Category::PROCESS => "process",
            Category::SLEEP => "sleep",
            Category::SYSTEM => "system",
            Category::SIGNAL => "signal",
            Category::USER => "user",
            Category::TIME => "time",
            Category::PROCESSING => "processing",
            Category::IO_READ | Category::IO_WRITE | Category::IO_OTHER => match self.fd() {
                Some(fd) if is_file_like(fd.kind) => "file",
                Some(fd) if fd.is_inet() => "net",
                Some(fd)
                    if matches!(
                        fd.kind,
                        FdInfo::FIFO
                            | FdInfo::UNIX_SOCK
                            | FdInfo::EVENT
                            | FdInfo::SIGNALFD
                            | FdInfo::INOTIFY
                            | FdInfo::USERFAULTFD
                    ) =>
                {
                    "ipc"
                }
                _ => "unknown",
            },
            Category::WAIT => "wait",
            Category::SCHEDULER => "scheduler",
            Category::INTERNAL => "internal",
            _ => "unknown",
        }
    }

    /// 1 for an error, 0 for success, when `counts`.
    fn errors(&self, counts: bool) -> Value<'_> {
        match self.result() {
            Some(result) if counts => Value::Uint(u64::from(result < 0)),
            _ => Value::None,
        }
    }

    /// What an error of this event would be an error of.
    fn error_kind(&self) -> &'static str {
        let event_type = self.delivery.event.event_type();
        match self.fd() {
            Some(fd) if is_file_like(fd.kind) => "file",
            Some(fd) if fd.is_inet() || fd.kind == FdInfo::UNIX_SOCK => "net",
            Some(_) => "other",
            None if opened(self.delivery.event).is_some() => "file",
            None => match event_type {
                EventType::SOCKET_ACCEPT_5_X
                | EventType::SOCKET_ACCEPT4_6_X
                | EventType::SOCKET_CONNECT_X => "net",
                _ if event_type.info().is_some_and(|info| info.category.topic() == Category::MEMORY) => {
                    "memory"
                }
                _ => "other",
            },
        }
    }

    /// What `test` says of the flags of an open; false for what is no open.
    fn open_flags(&self, test: impl Fn(u32) -> bool) -> Value<'_> {
        let event = self.delivery.event;
        let has_flags = event.event_type() != EventType::SYSCALL_CREAT_X;
        Value::Bool(has_flags && opened(event).is_some_and(|opened| test(opened.flags)))
    }

    fn creates_executable(&self) -> Value<'_> {
        const ANYONE_MAY_EXECUTE: u64 = 0o111;
        let event = self.delivery.event;
        let mode_at = match event.event_type() {
            EventType::SYSCALL_OPEN_X => 3,
            EventType::SYSCALL_OPENAT_2_X | EventType::SYSCALL_OPENAT2_X => 4,
            EventType::SYSCALL_CREAT_X => 2,
            _ => return Value::Bool(false),
        };
        let creates = event.event_type() == EventType::SYSCALL_CREAT_X
            || opened(event)
                .is_some_and(|open| open.flags & (file_flags::O_CREAT | file_flags::O_TMPFILE) != 0);
        Value::Bool(creates && event.u64(mode_at).is_some_and(|mode| mode & ANYONE_MAY_EXECUTE != 0))
    }
}

fn is_io(info: &EventInfo) -> bool {
    matches!(info.category.topic(), Category::IO_READ | Category::IO_WRITE | Category::IO_OTHER)
}
