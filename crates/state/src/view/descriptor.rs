//! `fd.*` and `fdlist.*`.

use std::net::SocketAddr;

use lanner_model::event::flags::file_flags;
use lanner_model::event::{EventFlags, EventType, SockTuple};
use lanner_rules::Value;

use super::{Answer, Id, View, non_empty, non_empty_owned};
use crate::fd::{self, Descriptor, Ends, Protocol, Role};
use crate::fold::opened;
use crate::path;
use crate::render;

/// One end of a socket.
#[derive(Clone, Copy)]
enum End {
    Client,
    Server,
    Local,
    Remote,
}

impl View<'_> {
    pub(super) fn descriptor_value(&self, id: Id, index: Option<usize>) -> Answer<'_> {
        if let Some(answer) = self.socket_value(id).or_else(|| self.list_value(id)) {
            return Some(answer);
        }
        if id == Id::FdTypes {
            return Some(self.types(index));
        }
        let fd = self.fd();
        Some(match id {
            Id::FdNum if self.is_about_fd() => self.current.fd.into(),
            Id::FdNum => Value::None,
            Id::FdType => fd.and_then(Descriptor::type_name).map_or(Value::None, Value::text),
            Id::FdTypechar => match fd {
                Some(fd) => Value::owned(vec![fd.type_char()]),
                None if opened(self.delivery.event).is_some() => Value::text("f"),
                None => Value::None,
            },
            Id::FdName => self.name(),
            Id::FdNameraw => match fd {
                Some(fd) => {
                    let raw = fd.name_raw.as_deref().map(path::without_doubled_slashes);
                    raw.map_or(Value::None, non_empty_owned)
                }
                None => opened(self.delivery.event)
                    .and_then(|opened| opened.name)
                    .map_or(Value::None, |name| non_empty_owned(path::without_doubled_slashes(name))),
            },
            Id::FdDirectory => self.directory(),
            Id::FdFilename => match fd {
                Some(fd) if fd.is_file() && !fd.name.is_empty() => Value::text(path::file_name(&fd.name)),
                _ => Value::None,
            },
            Id::FdUid => match self.current.fd {
                Some(fd) => Value::owned(format!("{}{fd}", self.delivery.event.tid())),
                None => Value::None,
            },
            Id::FdContainername => self.in_container(self.name()),
            Id::FdContainerdirectory => self.in_container(self.directory()),
            Id::FdNameChanged => match fd {
                Some(_) => Value::Bool(self.current.name_changed),
                None => Value::None,
            },
            Id::FdDev => on_device(fd, |dev| dev),
            // The kernel's encoding for user space (new_encode_dev): twelve bits of major number
            // between the low eight and the high twelve of the minor one.
            Id::FdDevMajor => on_device(fd, |dev| dev >> 8 & 0xfff),
            Id::FdDevMinor => on_device(fd, |dev| dev & 0xff | dev >> 12 & 0xf_ff00),
            Id::FdIno => fd.map(|fd| fd.inode).filter(|inode| *inode != 0).map(u64::cast_signed).into(),
            Id::FdIsUpperLayer => fd.map(|fd| fd.open_flags & file_flags::FD_UPPER_LAYER != 0).into(),
            Id::FdIsLowerLayer => fd.map(|fd| fd.open_flags & file_flags::FD_LOWER_LAYER != 0).into(),
            _ => return None,
        })
    }

    fn is_about_fd(&self) -> bool {
        const ANY: u32 = EventFlags::CREATES_FD | EventFlags::USES_FD | EventFlags::DESTROYS_FD;
        self.delivery.event.event_type().info().is_some_and(|info| info.flags.has(ANY))
    }

    /// The descriptor's name; for a call that failed to make one, the name it was asked for.
    fn name(&self) -> Value<'_> {
        if let Some(fd) = self.fd() {
            return non_empty(&fd.name);
        }
        self.asked_name().map_or(Value::None, non_empty_owned)
    }

    fn asked_name(&self) -> Option<Vec<u8>> {
        let event = self.delivery.event;
        if let Some(opened) = opened(event) {
            let name = opened.name?;
            let full = self.thread.and_then(|thread| self.state.absolute(thread, opened.dirfd?, name));
            return Some(full.unwrap_or_else(|| path::join(b"", name)));
        }
        match event.event_type() {
            EventType::SOCKET_CONNECT_X | EventType::SOCKET_ACCEPT_5_X | EventType::SOCKET_ACCEPT4_6_X => {
                Some(match SockTuple::decode(event.param(1)?)? {
                    SockTuple::Inet { source, target } => fd::pair_text(source, target),
                    SockTuple::Unix { source, target, path } => fd::unix_text(source, target, &path),
                })
            }
            _ => None,
        }
    }

    fn directory(&self) -> Value<'_> {
        match self.fd() {
            Some(fd) if fd.name.is_empty() => Value::None,
            Some(fd) if fd.is_directory() => Value::text(&*fd.name),
            Some(fd) if fd.is_file() => Value::text(path::directory(&fd.name)),
            Some(_) => Value::None,
            None if opened(self.delivery.event).is_some() => {
                self.asked_name().map_or(Value::None, |name| Value::owned(path::directory(&name)))
            }
            None => Value::None,
        }
    }

    fn in_container(&self, value: Value<'_>) -> Value<'_> {
        let Value::Text(text) = value else { return Value::None };
        let mut out = self.container().map_or(&b""[..], |info| info.id.short().as_bytes()).to_vec();
        out.push(b':');
        out.extend_from_slice(&text);
        Value::owned(out)
    }

    fn types(&self, index: Option<usize>) -> Value<'_> {
        let Some(thread) = self.thread else { return Value::None };
        if !self.is_about_fd() {
            return Value::None;
        }
        if let Some(index) = index {
            let fd = self.descriptor_by_number(index as i64).and_then(Descriptor::type_name);
            return fd.map_or(Value::None, |name| Value::List(vec![Value::text(name)]));
        }
        let mut names: Vec<&'static str> =
            self.state.tables.iter(thread.table).filter_map(|(_, fd)| fd.type_name()).collect();
        names.sort_unstable();
        names.dedup();
        Value::List(names.into_iter().map(Value::text).collect())
    }

    fn socket_value(&self, id: Id) -> Answer<'_> {
        let ip = |end| self.end(end).map(|address| address.ip()).into();
        let port = |end| self.end(end).map(|address| u64::from(address.port())).into();
        // No table of services is at hand, so a port's name is its number.
        let service = |end| match self.end(end) {
            Some(address) => Value::owned(address.port().to_string()),
            None => Value::None,
        };
        let fd = self.fd();
        Some(match id {
            Id::FdIp | Id::FdNet => each_end(fd, |address| Value::Ip(address.ip())),
            Id::FdPort => each_end(fd, |address| Value::Uint(u64::from(address.port()))),
            Id::FdProto => each_end(fd, |address| Value::owned(address.port().to_string())),
            Id::FdCip | Id::FdCnet => ip(End::Client),
            Id::FdSip | Id::FdSnet => ip(End::Server),
            Id::FdLip | Id::FdLnet => ip(End::Local),
            Id::FdRip | Id::FdRnet => ip(End::Remote),
            Id::FdCport => port(End::Client),
            Id::FdSport => port(End::Server),
            Id::FdLport => port(End::Local),
            Id::FdRport => port(End::Remote),
            Id::FdCproto => service(End::Client),
            Id::FdSproto => service(End::Server),
            Id::FdLproto => service(End::Local),
            Id::FdRproto => service(End::Remote),
            Id::FdL4proto => match fd.map(Descriptor::spoken) {
                Some(Protocol::Tcp) => Value::text("tcp"),
                Some(Protocol::Udp) => Value::text("udp"),
                Some(Protocol::Icmp) => Value::text("icmp"),
                Some(Protocol::Raw) => Value::text("raw"),
                Some(Protocol::Unknown) | None => Value::None,
            },
            Id::FdSockfamily => match fd.map(|fd| (fd.is_inet(), fd.ends)) {
                Some((true, _)) => Value::text("ip"),
                Some((false, Ends::Unix { .. })) => Value::text("unix"),
                _ if fd.is_some_and(|fd| fd.type_name() == Some("unix")) => Value::text("unix"),
                _ => Value::None,
            },
            Id::FdIsServer => fd.map(|fd| self.is_server(fd)).into(),
            Id::FdConnected => fd.filter(|fd| fd.is_inet()).map(|fd| fd.connected).into(),
            _ => return None,
        })
    }

    /// The address of an end of the event's socket; a bound socket has only a server's.
    fn end(&self, end: End) -> Option<SocketAddr> {
        let fd = self.fd()?;
        match (fd.ends, end) {
            (Ends::Bound(address), End::Server) => Some(address),
            (Ends::Pair { .. }, _) if fd.role == Role::Unknown => None,
            (Ends::Pair { source, .. }, End::Client) => Some(source),
            (Ends::Pair { target, .. }, End::Server) => Some(target),
            // The client is the source, so which end is ours follows from which we are.
            (Ends::Pair { source, target }, End::Local) => {
                Some(if fd.role == Role::Client { source } else { target })
            }
            (Ends::Pair { source, target }, End::Remote) => {
                Some(if fd.role == Role::Client { target } else { source })
            }
            _ => None,
        }
    }

    fn is_server(&self, fd: &Descriptor) -> bool {
        match fd.ends {
            Ends::Bound(_) => true,
            Ends::Pair { target, .. } if fd.role == Role::Unknown => {
                self.state.interfaces.is_ours(target.ip())
            }
            Ends::Pair { .. } => fd.role == Role::Server,
            _ => false,
        }
    }

    fn list_value(&self, id: Id) -> Answer<'_> {
        let text = |of: fn(&View<'_>, i64) -> Option<String>| self.polled(of);
        Some(match id {
            Id::FdlistNums => text(|_, fd| Some(fd.to_string())),
            Id::FdlistNames => text(|view, fd| {
                let name = &view.descriptor_by_number(fd)?.name;
                (!name.is_empty()).then(|| String::from_utf8_lossy(name).into_owned())
            }),
            Id::FdlistCips => {
                text(|view, fd| Some(view.descriptor_by_number(fd)?.both_ends()?.0.ip().to_string()))
            }
            Id::FdlistSips => text(|view, fd| Some(server(view.descriptor_by_number(fd)?)?.ip().to_string())),
            Id::FdlistCports => {
                text(|view, fd| Some(view.descriptor_by_number(fd)?.both_ends()?.0.port().to_string()))
            }
            Id::FdlistSports => {
                text(|view, fd| Some(server(view.descriptor_by_number(fd)?)?.port().to_string()))
            }
            _ => return None,
        })
    }

    /// What `of` says of each descriptor of a poll, commas between.
    fn polled(&self, of: impl Fn(&View<'_>, i64) -> Option<String>) -> Value<'_> {
        let event = self.delivery.event;
        let is_poll = matches!(event.event_type(), EventType::SYSCALL_POLL_X | EventType::SYSCALL_PPOLL_X);
        let Some(bytes) = render::place(event, "fds").filter(|_| is_poll).and_then(|at| event.param(at))
        else {
            return Value::None;
        };
        let all: Vec<String> = render::polled(bytes).filter_map(|(fd, _)| of(self, fd)).collect();
        non_empty_owned(all.join(",").into_bytes())
    }
}

fn server(fd: &Descriptor) -> Option<SocketAddr> {
    match fd.ends {
        Ends::Bound(address) => Some(address),
        _ => fd.both_ends().map(|(_, target)| target),
    }
}

fn each_end<'v>(fd: Option<&Descriptor>, of: impl Fn(SocketAddr) -> Value<'v>) -> Value<'v> {
    match fd.map(|fd| fd.ends) {
        Some(Ends::Pair { source, target }) => Value::List(vec![of(source), of(target)]),
        Some(Ends::Bound(address)) => Value::List(vec![of(address)]),
        _ => Value::None,
    }
}

fn on_device(fd: Option<&Descriptor>, of: impl Fn(u32) -> u32) -> Value<'static> {
    fd.filter(|fd| fd.dev != 0).map(|fd| i64::from(of(fd.dev))).into()
}
