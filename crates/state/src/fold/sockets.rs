//! Sockets: made, bound, connected, accepted, and what traffic says of the ends.

use std::net::SocketAddr;

use lanner_model::event::flags::{file_flags, socket_families};
use lanner_model::event::{EventType, FdInfo, SockAddr, SockTuple};

use super::Step;
use crate::fd::{self, Descriptor, Ends, Protocol, Role};
use crate::fd_table::TableId;
use crate::state::State;

const EINPROGRESS: i64 = 115;

impl State {
    pub(super) fn fold_socket(&mut self, step: &mut Step<'_>) {
        if step.result < 0 {
            return;
        }
        let number = |at| step.event.u64(at).unwrap_or(0) as u32;
        let (family, kind, protocol, flags) = (number(1), number(2), number(3), number(4));
        if step.is_described(step.result) {
            if let Some(descriptor) = self.tables.get_mut(step.table, step.result) {
                descriptor.open_flags = flags;
                descriptor.role = Role::Unknown;
            }
            return;
        }
        let mut descriptor = new_socket(family, kind, protocol);
        descriptor.open_flags = flags;
        self.add(step, step.result, descriptor);
    }

    pub(super) fn fold_socketpair(&mut self, step: &mut Step<'_>) {
        let (Some(one), Some(other)) = (step.event.i64(1), step.event.i64(2)) else { return };
        if step.result < 0 || one == other {
            return;
        }
        let mut descriptor = Descriptor::new(FdInfo::UNIX_SOCK);
        let (source, target) = (step.event.u64(3).unwrap_or(0), step.event.u64(4).unwrap_or(0));
        descriptor.ends = Ends::Unix { source, target };
        self.add(step, one, descriptor.clone());
        self.add(step, other, descriptor);
    }

    pub(super) fn fold_bind(&mut self, step: &mut Step<'_>) {
        let Some(fd) = step.current.fd else { return };
        if step.result < 0 {
            return;
        }
        let Some(address) = step.event.param(1).and_then(SockAddr::decode) else { return };
        let Some(descriptor) = self.tables.get_mut(step.table, fd) else { return };
        let before = descriptor.name.clone();
        match address {
            SockAddr::Inet(address) => {
                // A bound port means that it will listen (or is a datagram server); binding to port
                // 0 asks for a client port.
                if address.port() > 0 {
                    descriptor.bind(address);
                    descriptor.role = Role::Server;
                }
                descriptor.name = fd::address_text(address).into();
            }
            SockAddr::Unix(path) => descriptor.name = path.into(),
            SockAddr::Other(_) => return,
        }
        step.current.name_changed = before != descriptor.name;
    }

    pub(super) fn fold_connect(&mut self, step: &mut Step<'_>) {
        let Some(fd) = step.current.fd else { return };
        if step.result < 0 && step.result != -EINPROGRESS {
            return;
        }
        let described = step.is_described(fd);
        let tuple = step.event.param(1).and_then(SockTuple::decode);
        let asked = step.event.param(3).and_then(SockAddr::decode);
        let Some(descriptor) = self.tables.get_mut(step.table, fd) else { return };
        descriptor.connected = true;
        if described && tuple.is_none() {
            return;
        }
        let before = descriptor.name.clone();
        match (tuple, asked) {
            (Some(SockTuple::Inet { source, mut target }), asked) => {
                // A socket that failed to connect has no target, but was asked for one.
                if let Some(SockAddr::Inet(asked)) = asked
                    && target.ip().is_unspecified()
                {
                    target = asked;
                }
                descriptor.pair(source, target);
                if descriptor.role == Role::Server && descriptor.protocol == Protocol::Udp {
                    // A datagram server that answers through connect.
                    descriptor.swap_ends();
                }
                descriptor.rename();
            }
            (Some(SockTuple::Unix { source, target, path }), _) => {
                if descriptor.kind != FdInfo::UNIX_SOCK || described {
                    return;
                }
                descriptor.ends = Ends::Unix { source, target };
                descriptor.name = fd::unix_text(source, target, &path).into();
            }
            // TCP fast open: the kernel has no tuple yet.
            (None, Some(SockAddr::Inet(target))) => {
                let source = descriptor.both_ends().map_or_else(|| unspecified(target), |(source, _)| source);
                descriptor.pair(source, target);
                descriptor.rename();
            }
            (None, Some(SockAddr::Unix(path))) => descriptor.name = path.into(),
            (None, _) => return,
        }
        if descriptor.role == Role::Unknown {
            descriptor.role = Role::Client;
        }
        step.current.name_changed = before != descriptor.name;
    }

    pub(super) fn fold_accept(&mut self, step: &mut Step<'_>) {
        if step.result < 0 {
            return;
        }
        let fd = step.result;
        step.current.fd = Some(fd);
        let closes = step.event_type == EventType::SOCKET_ACCEPT4_6_X
            && step.event.u64(5).unwrap_or(0) as u32 & file_flags::O_CLOEXEC != 0;
        if step.is_described(fd) {
            let tuple = step.event.param(1).and_then(SockTuple::decode);
            if let Some(descriptor) = self.tables.get_mut(step.table, fd) {
                descriptor.role = Role::Server;
                descriptor.connected = true;
                descriptor.set_close_on_exec(closes);
                if let Some(SockTuple::Inet { source, target }) = tuple {
                    descriptor.pair(source, target);
                    descriptor.rename();
                }
            }
            return;
        }
        let mut descriptor = match step.event.param(1).and_then(SockTuple::decode) {
            Some(SockTuple::Inet { source, target }) => {
                let mut descriptor = Descriptor::new(FdInfo::IPV4_SOCK);
                descriptor.protocol = Protocol::Tcp;
                descriptor.pair(source, target);
                descriptor.rename();
                descriptor
            }
            Some(SockTuple::Unix { source, target, path }) => {
                let mut descriptor = Descriptor::new(FdInfo::UNIX_SOCK);
                descriptor.ends = Ends::Unix { source, target };
                descriptor.name = fd::unix_text(source, target, &path).into();
                descriptor
            }
            None => return,
        };
        descriptor.role = Role::Server;
        descriptor.connected = true;
        descriptor.set_close_on_exec(closes);
        self.add(step, fd, descriptor);
    }

    /// A read or receive that succeeded: the socket is connected, and a datagram names its ends.
    pub(super) fn fold_receive(&mut self, step: &mut Step<'_>, tuple_at: Option<usize>) {
        let tuple = tuple_at.and_then(|at| step.event.param(at));
        self.fold_traffic(step, tuple, true);
    }

    /// A send that succeeded.
    pub(super) fn fold_send(&mut self, step: &mut Step<'_>) {
        let tuple = step.event.param(4);
        if let Some(fd) = step.current.fd
            && step.result >= 0
            && step.event_type != EventType::SOCKET_SENDMMSG_X
            && self.tables.get(step.table, fd).is_none()
            && let Some(SockTuple::Inet { source, .. }) = tuple.and_then(SockTuple::decode)
        {
            // The socket's beginning was not seen. What names its target with each message is most
            // likely UDP.
            let kind = if source.is_ipv4() { FdInfo::IPV4_SOCK } else { FdInfo::IPV6_SOCK };
            let mut descriptor = Descriptor::new(kind);
            descriptor.protocol = Protocol::Udp;
            descriptor.ends = Ends::Pair { source: unspecified(source), target: unspecified(source) };
            self.add(step, fd, descriptor);
        }
        self.fold_traffic(step, tuple, false);
    }

    fn fold_traffic(&mut self, step: &mut Step<'_>, tuple: Option<&[u8]>, incoming: bool) {
        let Some(fd) = step.current.fd else { return };
        if step.result < 0 {
            return;
        }
        let described = step.is_described(fd);
        let Some(held) = self.tables.get(step.table, fd) else { return };
        let is_pair = matches!(held.kind, FdInfo::IPV4_SOCK | FdInfo::IPV6_SOCK);
        let knows_its_ends =
            !held.name.is_empty() && held.kind == FdInfo::IPV4_SOCK && held.protocol == Protocol::Tcp;
        let tuple = match tuple {
            Some(tuple) if !knows_its_ends && (!described || held.sends_anywhere) => SockTuple::decode(tuple),
            _ => None,
        };
        if tuple.is_none() && (!is_pair || held.connected) {
            return; // nothing to change: the common case
        }
        let (source, target) = match tuple {
            Some(SockTuple::Inet { source, target }) => match self.fresh_ends(held, source, target) {
                Some(ends) => ends,
                None if held.connected => return, // the ends it has already: what most datagrams say
                None => return self.mark_connected(step.table, fd),
            },
            Some(SockTuple::Unix { source, target, path }) => {
                let name = fd::unix_text(source, target, &path);
                let Some(descriptor) = self.tables.get_mut(step.table, fd) else { return };
                step.current.name_changed |= *descriptor.name != *name;
                descriptor.kind = FdInfo::UNIX_SOCK;
                descriptor.ends = Ends::Unix { source, target };
                descriptor.name = name.into();
                return;
            }
            None => return self.mark_connected(step.table, fd),
        };
        let mut descriptor = held.clone();
        descriptor.connected |= is_pair;
        descriptor.pair(source, target);
        if descriptor.protocol == Protocol::Unknown {
            // TCP does not change its ends in the middle of a connection.
            descriptor.protocol = Protocol::Udp;
        }
        if descriptor.role == Role::Unknown {
            descriptor.role = self.guess_role(step, &descriptor, incoming);
        }
        let wrong_way_round = if incoming { Role::Client } else { Role::Server };
        if descriptor.role == wrong_way_round {
            descriptor.swap_ends();
        }
        let before = descriptor.name.clone();
        descriptor.rename();
        step.current.name_changed |= before != descriptor.name;
        if let Some(held) = self.tables.get_mut(step.table, fd) {
            *held = descriptor;
        }
    }

    fn mark_connected(&mut self, table: TableId, fd: i64) {
        if let Some(descriptor) = self.tables.get_mut(table, fd) {
            descriptor.connected = true;
        }
    }

    /// The ends of a socket after a message between `source` and `target`; `None` when it has them
    /// already, either way round.
    fn fresh_ends(
        &self,
        held: &Descriptor,
        source: SocketAddr,
        target: SocketAddr,
    ) -> Option<(SocketAddr, SocketAddr)> {
        let mut fresh = Descriptor::new(held.kind);
        fresh.pair(source, target);
        let (mut source, mut target) = fresh.both_ends()?;
        let old = held.both_ends();
        let is_old = |source, target| old == Some((source, target)) || old == Some((target, source));
        if is_old(source, target) {
            return None;
        }
        if let Some((_, old_target)) = old
            && source.is_ipv4() == old_target.is_ipv4()
            && !held.sends_anywhere
        {
            // A target that is known already stays: only the near end of a datagram socket changes.
            if !old_target.ip().is_unspecified() {
                target.set_ip(old_target.ip());
            }
            if old_target.port() != 0 {
                target.set_port(old_target.port());
            }
        }
        self.interfaces.complete(&mut source, &mut target);
        (!is_old(source, target)).then_some((source, target))
    }

    /// Which end of a connection a process is whose beginning was not seen: the server, if one of
    /// its sockets listens on the target's port.
    pub(super) fn role_by_listeners(&self, table: TableId, descriptor: &Descriptor) -> Role {
        let Some((_, target)) = descriptor.both_ends().filter(|(_, target)| target.port() != 0) else {
            return Role::Unknown;
        };
        let listens = |other: &Descriptor| matches!(other.ends, Ends::Bound(address) if address.port() == target.port());
        if self.tables.iter(table).any(|(_, other)| listens(other)) { Role::Server } else { Role::Client }
    }

    /// Which end a process is, from the ports its other sockets use; else the one who sends first is
    /// the client.
    fn guess_role(&self, step: &Step<'_>, descriptor: &Descriptor, incoming: bool) -> Role {
        let Some((source, target)) = descriptor.both_ends() else { return Role::Unknown };
        let mut listens = false;
        let mut calls_from = false;
        for (fd, other) in self.tables.iter(step.table) {
            // The socket itself counts with the ends it has now.
            let ends = if step.current.fd == Some(fd) { descriptor.ends } else { other.ends };
            match ends {
                Ends::Pair { source: other_source, target: other_target } if other_source.is_ipv4() => {
                    listens |= other_target.port() == target.port();
                    calls_from |= other_source.port() == source.port();
                }
                Ends::Bound(address) if address.is_ipv4() => listens |= address.port() == target.port(),
                _ => {}
            }
        }
        match (listens, calls_from) {
            (false, _) => Role::Client,
            (true, false) => Role::Server,
            (true, true) if incoming => Role::Server,
            (true, true) => Role::Client,
        }
    }
}

fn new_socket(family: u32, kind: u32, protocol: u32) -> Descriptor {
    let unspecified = |address: &str| address.parse::<SocketAddr>().ok();
    let (kind_of_fd, zero) = match family {
        socket_families::AF_UNIX => (FdInfo::UNIX_SOCK, None),
        socket_families::AF_NETLINK => (FdInfo::NETLINK, None),
        socket_families::AF_INET => (FdInfo::IPV4_SOCK, unspecified("0.0.0.0:0")),
        socket_families::AF_INET6 => (FdInfo::IPV6_SOCK, unspecified("[::]:0")),
        _ => (FdInfo::UNKNOWN, None),
    };
    let mut descriptor = Descriptor::new(kind_of_fd);
    if let Some(zero) = zero {
        descriptor.protocol = Protocol::from_socket(kind, protocol);
        descriptor.ends = Ends::Pair { source: zero, target: zero };
    }
    descriptor
}

/// The unspecified address of the same family.
fn unspecified(like: SocketAddr) -> SocketAddr {
    let ip = if like.is_ipv4() {
        std::net::Ipv4Addr::UNSPECIFIED.into()
    } else {
        std::net::Ipv6Addr::UNSPECIFIED.into()
    };
    SocketAddr::new(ip, 0)
}
