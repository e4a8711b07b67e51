//! What a descriptor is, as far as it is known.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use lanner_model::event::flags::file_flags;
use lanner_model::event::{FdInfo, SockTuple};

use crate::text::Text;

/// A descriptor of a process.
#[derive(Clone, Debug)]
pub(crate) struct Descriptor {
    /// `SCAP_FD_*` ([`FdInfo::FILE`] ...).
    pub(crate) kind: u8,
    /// A path, or a socket's tuple; empty where unknown.
    pub(crate) name: Text,
    /// The path as the program gave it, where that is not `name`.
    pub(crate) name_raw: Option<Text>,
    /// `PPM_O_*`.
    pub(crate) open_flags: u32,
    /// The device it is on; 0 where unknown.
    pub(crate) dev: u32,
    /// Its inode; 0 where unknown.
    pub(crate) inode: u64,
    /// A socket's addresses.
    pub(crate) ends: Ends,
    /// An internet socket's protocol.
    pub(crate) protocol: Protocol,
    /// Which end of the connection the process is.
    pub(crate) role: Role,
    /// Whether a socket is connected.
    pub(crate) connected: bool,
    /// Whether the kernel said that a datagram socket has no fixed target: each message names one.
    pub(crate) sends_anywhere: bool,
    /// The bytes by which a live event described it; the same bytes again mean that nothing
    /// changed.
    pub(crate) described: Option<Text>,
    /// What it was counted with when it was put into a table, in bytes.
    pub(crate) weight: u32,
}

/// A socket's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// No socket, or none known.
    None,
    /// Two ends; the source is the one that began, where that is known. Unspecified addresses until
    /// the socket is connected.
    Pair { source: SocketAddr, target: SocketAddr },
    /// A socket that is bound to an address, so it will listen.
    Bound(SocketAddr),
    /// Kernel identities of both ends.
    Unix { source: u64, target: u64 },
}

/// What an internet socket speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Unknown,
    Tcp,
    Udp,
    Icmp,
    Raw,
}

/// Which end of a connection a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Unknown,
    Client,
    Server,
}

impl Protocol {
    /// From the protocol byte of a descriptor record. Captures have `SCAP_L4_*` numbers there (2
    /// TCP, 3 UDP, 4 ICMP, 5 raw), the probe those of IP; where both have a meaning (none of the
    /// small ones is spoken over sockets any more) the capture's counts.
    fn from_record(number: u8) -> Self {
        match number {
            2 | 6 => Protocol::Tcp,
            3 | 17 => Protocol::Udp,
            4 | 58 => Protocol::Icmp,
            5 | 255 => Protocol::Raw,
            _ => Protocol::Unknown,
        }
    }

    /// From the arguments of `socket`.
    pub(crate) fn from_socket(socket_type: u32, protocol: u32) -> Self {
        const STREAM: u32 = 1;
        const DATAGRAM: u32 = 2;
        const RAW: u32 = 3;
        // Since Linux 2.6.27 the type carries SOCK_NONBLOCK and SOCK_CLOEXEC in its upper bits.
        let kind = socket_type & 0xff;
        match protocol {
            1 | 6 | 17 if kind == RAW => Protocol::Raw,
            6 => Protocol::Tcp,
            17 => Protocol::Udp,
            1 => Protocol::Icmp,
            255 => Protocol::Raw,
            0 if kind == STREAM => Protocol::Tcp,
            0 if kind == DATAGRAM => Protocol::Udp,
            _ => Protocol::Unknown,
        }
    }

    fn has_ports(self) -> bool {
        !matches!(self, Protocol::Icmp | Protocol::Raw)
    }
}

impl Descriptor {
    /// A descriptor of which only the kind is known.
    pub(crate) fn new(kind: u8) -> Self {
        Self {
            kind,
            name: empty(),
            name_raw: None,
            open_flags: 0,
            dev: 0,
            inode: 0,
            ends: Ends::None,
            protocol: Protocol::Unknown,
            role: Role::Unknown,
            connected: false,
            sends_anywhere: false,
            described: None,
            weight: 0,
        }
    }

    /// From a record of a snapshot, or from what a live event says.
    pub(crate) fn from_info(info: &FdInfo) -> Self {
        let mut fd = Self::new(info.kind());
        fd.inode = info.inode();
        match info {
            FdInfo::File { path, open_flags, dev, .. } => {
                fd.name = path.as_slice().into();
                fd.open_flags = *open_flags;
                fd.dev = *dev;
            }
            FdInfo::Directory { path, .. } => fd.name = path.as_slice().into(),
            FdInfo::Other { name, .. } => fd.name = name.as_slice().into(),
            FdInfo::Listener { address, protocol, .. } => {
                fd.protocol = Protocol::from_record(*protocol);
                fd.role = Role::Server;
                fd.bind(*address);
                fd.rename();
            }
            FdInfo::Socket { tuple: SockTuple::Unix { source, target, path }, .. } => {
                fd.ends = Ends::Unix { source: *source, target: *target };
                fd.name = path.as_slice().into();
                fd.role = if path.is_empty() { Role::Client } else { Role::Server };
            }
            FdInfo::Socket { tuple: SockTuple::Inet { source, target }, protocol, .. } => {
                fd.protocol = Protocol::from_record(*protocol);
                fd.connected = fd.protocol == Protocol::Tcp && target.port() != 0;
                fd.sends_anywhere = fd.protocol == Protocol::Udp && target.port() == 0;
                fd.pair(*source, *target);
                fd.rename();
            }
        }
        fd
    }

    /// Keeps what only system calls tell and the kernel's description of a descriptor does not.
    pub(crate) fn inherit(&mut self, held: &Descriptor) {
        if held.kind != self.kind || held.inode != self.inode {
            return; // another file under the same number
        }
        self.open_flags |= held.open_flags & file_flags::O_CLOEXEC;
        self.name_raw.clone_from(&held.name_raw);
        self.connected |= held.connected;
        self.role = held.role;
        // A socket does not know who began; a connect or accept that was seen does.
        if let (Some((source, target)), Some(ends)) = (self.both_ends(), held.both_ends())
            && ends == (target, source)
        {
            self.swap_ends();
            self.rename();
        }
    }

    /// Gives an internet socket two ends. IPv4 addresses written as IPv6 ones become IPv4.
    pub(crate) fn pair(&mut self, source: SocketAddr, target: SocketAddr) {
        let (source, target) = match (as_ipv4(source), as_ipv4(target)) {
            (Some(source), Some(target)) => (source, target),
            _ => (source, target),
        };
        self.kind = if source.is_ipv4() { FdInfo::IPV4_SOCK } else { FdInfo::IPV6_SOCK };
        self.ends = Ends::Pair { source, target };
    }

    /// Binds an internet socket.
    pub(crate) fn bind(&mut self, address: SocketAddr) {
        let address = as_ipv4(address).unwrap_or(address);
        self.kind = if address.is_ipv4() { FdInfo::IPV4_SERVSOCK } else { FdInfo::IPV6_SERVSOCK };
        self.ends = Ends::Bound(address);
    }

    /// Exchanges the ends.
    pub(crate) fn swap_ends(&mut self) {
        if let Ends::Pair { source, target } = self.ends {
            self.ends = Ends::Pair { source: target, target: source };
        }
    }

    /// Names an internet socket after its addresses.
    pub(crate) fn rename(&mut self) {
        let nowhere = |end: SocketAddr| end.ip().is_unspecified() && end.port() == 0;
        match self.ends {
            Ends::Pair { source, target } if nowhere(source) && nowhere(target) => self.name = empty(),
            Ends::Pair { source, target } if self.protocol.has_ports() => {
                self.name = pair_text(source, target).into();
            }
            Ends::Pair { source, target } => {
                self.name = format!("{}->{}", source.ip(), target.ip()).into_bytes().into();
            }
            Ends::Bound(address) => self.name = address_text(address).into(),
            Ends::Unix { .. } | Ends::None => {}
        }
    }

    /// Both ends, for a socket that has two.
    pub(crate) fn both_ends(&self) -> Option<(SocketAddr, SocketAddr)> {
        match self.ends {
            Ends::Pair { source, target } => Some((source, target)),
            _ => None,
        }
    }

    /// About what it takes in memory.
    pub(crate) fn size_bytes(&self) -> usize {
        let raw = self.name_raw.as_ref().filter(|raw| !Arc::ptr_eq(raw, &self.name));
        let texts = [Some(&self.name), raw, self.described.as_ref()];
        size_of::<Self>() + texts.into_iter().flatten().map(|text| text.len() + 16).sum::<usize>()
    }

    pub(crate) fn is_file(&self) -> bool {
        matches!(self.kind, FdInfo::FILE | FdInfo::FILE_V2)
    }

    pub(crate) fn is_directory(&self) -> bool {
        self.kind == FdInfo::DIRECTORY
    }

    pub(crate) fn is_inet(&self) -> bool {
        matches!(
            self.kind,
            FdInfo::IPV4_SOCK | FdInfo::IPV6_SOCK | FdInfo::IPV4_SERVSOCK | FdInfo::IPV6_SERVSOCK
        )
    }

    /// What an internet socket speaks; unknown until it is connected or bound, but for raw ones.
    pub(crate) fn spoken(&self) -> Protocol {
        match self.ends {
            Ends::Bound(_) => self.protocol,
            Ends::Pair { .. } if self.protocol == Protocol::Raw || self.role != Role::Unknown => {
                self.protocol
            }
            _ => Protocol::Unknown,
        }
    }

    /// Whether executing closes it.
    pub(crate) fn closes_on_exec(&self) -> bool {
        self.open_flags & file_flags::O_CLOEXEC != 0
            // The creating calls of these have flags of their own, with close-on-exec as lowest bit.
            || (matches!(self.kind, FdInfo::EVENTPOLL | FdInfo::MEMFD) && self.open_flags & 1 != 0)
    }

    /// Sets or clears closing on exec.
    pub(crate) fn set_close_on_exec(&mut self, close: bool) {
        self.open_flags &= !file_flags::O_CLOEXEC;
        if matches!(self.kind, FdInfo::EVENTPOLL | FdInfo::MEMFD) {
            self.open_flags &= !1;
        }
        if close {
            self.open_flags |= file_flags::O_CLOEXEC;
        }
    }

    /// The word for what it is, `fd.type`; `None` for what no word is known for.
    pub(crate) fn type_name(&self) -> Option<&'static str> {
        Some(match self.kind {
            FdInfo::FILE | FdInfo::FILE_V2 => "file",
            FdInfo::DIRECTORY => "directory",
            FdInfo::IPV4_SOCK | FdInfo::IPV4_SERVSOCK => "ipv4",
            FdInfo::IPV6_SOCK | FdInfo::IPV6_SERVSOCK => "ipv6",
            FdInfo::UNIX_SOCK => "unix",
            FdInfo::FIFO => "pipe",
            FdInfo::EVENT => "event",
            FdInfo::SIGNALFD => "signalfd",
            FdInfo::EVENTPOLL => "eventpoll",
            FdInfo::INOTIFY => "inotify",
            FdInfo::TIMERFD => "timerfd",
            FdInfo::NETLINK => "netlink",
            FdInfo::BPF => "bpf",
            FdInfo::USERFAULTFD => "userfaultfd",
            FdInfo::IOURING => "io_uring",
            FdInfo::MEMFD => "memfd",
            FdInfo::PIDFD => "pidfd",
            _ => return None,
        })
    }

    /// What it is, as one letter.
    pub(crate) fn type_char(&self) -> u8 {
        match self.kind {
            FdInfo::FILE | FdInfo::FILE_V2 => b'f',
            FdInfo::DIRECTORY => b'd',
            FdInfo::IPV4_SOCK | FdInfo::IPV4_SERVSOCK => b'4',
            FdInfo::IPV6_SOCK | FdInfo::IPV6_SERVSOCK => b'6',
            FdInfo::UNIX_SOCK | FdInfo::USERFAULTFD => b'u',
            FdInfo::FIFO => b'p',
            FdInfo::EVENT => b'e',
            FdInfo::UNKNOWN => b'o',
            FdInfo::UNSUPPORTED => b'X',
            FdInfo::SIGNALFD => b's',
            FdInfo::EVENTPOLL => b'l',
            FdInfo::INOTIFY => b'i',
            FdInfo::TIMERFD => b't',
            FdInfo::NETLINK => b'n',
            FdInfo::BPF => b'b',
            FdInfo::IOURING => b'r',
            FdInfo::MEMFD => b'm',
            FdInfo::PIDFD => b'P',
            _ => b'?',
        }
    }
}

/// No name.
pub(crate) fn empty() -> Text {
    Arc::default()
}

/// `address:port`; IPv6 without brackets.
pub(crate) fn address_text(address: SocketAddr) -> Vec<u8> {
    format!("{}:{}", address.ip(), address.port()).into_bytes()
}

/// `source:port->target:port`.
pub(crate) fn pair_text(source: SocketAddr, target: SocketAddr) -> Vec<u8> {
    format!("{}:{}->{}:{}", source.ip(), source.port(), target.ip(), target.port()).into_bytes()
}

/// Both kernel identities of a Unix socket and its path.
pub(crate) fn unix_text(source: u64, target: u64, path: &[u8]) -> Vec<u8> {
    let mut text = format!("{source:x}->{target:x} ").into_bytes();
    text.extend_from_slice(path);
    text
}

/// The IPv4 form of an address that is IPv4, or IPv4 written as IPv6; `::` counts as `0.0.0.0`.
fn as_ipv4(address: SocketAddr) -> Option<SocketAddr> {
    match address.ip() {
        IpAddr::V4(_) => Some(address),
        IpAddr::V6(ip) if ip.is_unspecified() => {
            Some(SocketAddr::new(std::net::Ipv4Addr::UNSPECIFIED.into(), address.port()))
        }
        IpAddr::V6(ip) => Some(SocketAddr::new(ip.to_ipv4_mapped()?.into(), address.port())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_named_after_its_ends() {
        let mut fd = Descriptor::new(FdInfo::IPV6_SOCK);
        fd.protocol = Protocol::Tcp;
        fd.pair("[::ffff:10.0.0.1]:80".parse().unwrap(), "[::ffff:10.0.0.2]:90".parse().unwrap());
        fd.rename();
        assert_eq!(&*fd.name, b"10.0.0.1:80->10.0.0.2:90");
        assert_eq!(fd.type_name(), Some("ipv4"));
        fd.pair("[fe80::1]:80".parse().unwrap(), "[::1]:90".parse().unwrap());
        fd.protocol = Protocol::Icmp;
        fd.rename();
        assert_eq!(&*fd.name, b"fe80::1->::1");
    }
}
