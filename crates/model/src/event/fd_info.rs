//! What a descriptor refers to.
//!
//! The byte form is that of an entry of a capture's fd-list block behind its length and number
//! (`scap_fd_write_to_disk` in falcosecurity/libs `userspace/libscap/scap_savefile.c`):
//! `u64 inode, u8 type, body`. The probe writes the same bytes as an event's trailing parameter.

use super::sockaddr::SockTuple;

/// What a descriptor refers to, with its name where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FdInfo {
    /// A regular file or device.
    File {
        /// Absolute path.
        path: Vec<u8>,
        /// `PPM_O_*` flags of the open; 0 where unknown.
        open_flags: u32,
        /// Device in `major << 20 | minor` encoding of the kernel; 0 where unknown.
        dev: u32,
        /// Inode; 0 where unknown.
        inode: u64,
    },
    /// A directory.
    Directory {
        /// Absolute path.
        path: Vec<u8>,
        /// Inode; 0 where unknown.
        inode: u64,
    },
    /// A socket that has two ends (or, for datagrams, may have).
    Socket {
        /// Its addresses.
        tuple: SockTuple,
        /// IP protocol number (6 TCP, 17 UDP, 1 ICMP ...); 0 where unknown or none.
        protocol: u8,
        /// Inode of the socket; 0 where unknown.
        inode: u64,
    },
    /// A listening internet socket.
    Listener {
        /// The address it is bound to.
        address: std::net::SocketAddr,
        /// IP protocol number.
        protocol: u8,
        /// Inode of the socket; 0 where unknown.
        inode: u64,
    },
    /// Anything else that has a type and perhaps a name.
    Other {
        /// `SCAP_FD_*` number.
        kind: u8,
        /// A name: a pipe's path, `[eventfd]`; may be empty.
        name: Vec<u8>,
        /// Inode; 0 where unknown.
        inode: u64,
    },
}

/// `SCAP_FD_*` numbers (falcosecurity/libs `userspace/libscap/scap.h`).
#[allow(missing_docs, reason = "the names are the format's own")]
impl FdInfo {
    pub const UNKNOWN: u8 = 0;
    pub const FILE: u8 = 1;
    pub const DIRECTORY: u8 = 2;
    pub const IPV4_SOCK: u8 = 3;
    pub const IPV6_SOCK: u8 = 4;
    pub const IPV4_SERVSOCK: u8 = 5;
    pub const IPV6_SERVSOCK: u8 = 6;
    pub const FIFO: u8 = 7;
    pub const UNIX_SOCK: u8 = 8;
    pub const EVENT: u8 = 9;
    pub const UNSUPPORTED: u8 = 10;
    pub const SIGNALFD: u8 = 11;
    pub const EVENTPOLL: u8 = 12;
    pub const INOTIFY: u8 = 13;
    pub const TIMERFD: u8 = 14;
    pub const NETLINK: u8 = 15;
    pub const FILE_V2: u8 = 16;
    pub const BPF: u8 = 17;
    pub const USERFAULTFD: u8 = 18;
    pub const IOURING: u8 = 19;
    pub const MEMFD: u8 = 20;
    pub const PIDFD: u8 = 21;
}

impl FdInfo {
    /// The `SCAP_FD_*` number under which it is written.
    #[must_use]
    pub fn kind(&self) -> u8 {
        match self {
            FdInfo::File { .. } => Self::FILE_V2,
            FdInfo::Directory { .. } => Self::DIRECTORY,
            FdInfo::Socket { tuple: SockTuple::Inet { source, .. }, .. } => {
                if source.is_ipv4() {
                    Self::IPV4_SOCK
                } else {
                    Self::IPV6_SOCK
                }
            }
            FdInfo::Socket { tuple: SockTuple::Unix { .. }, .. } => Self::UNIX_SOCK,
            FdInfo::Listener { address, .. } => {
                if address.is_ipv4() {
                    Self::IPV4_SERVSOCK
                } else {
                    Self::IPV6_SERVSOCK
                }
            }
            FdInfo::Other { kind, .. } => *kind,
        }
    }

    /// The inode; 0 where unknown.
    #[must_use]
    pub fn inode(&self) -> u64 {
        match self {
            FdInfo::File { inode, .. }
            | FdInfo::Directory { inode, .. }
            | FdInfo::Socket { inode, .. }
            | FdInfo::Listener { inode, .. }
            | FdInfo::Other { inode, .. } => *inode,
        }
    }

    /// Reads the byte form. Bytes behind the body are ignored: later versions may add.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut cut = Cut(bytes);
        let inode = cut.u64()?;
        let kind = cut.u8()?;
        Some(match kind {
            Self::FILE_V2 => {
                let open_flags = cut.u32()?;
                let path = cut.text()?;
                FdInfo::File { path, open_flags, dev: cut.u32().unwrap_or(0), inode }
            }
            Self::FILE => FdInfo::File { path: cut.text()?, open_flags: 0, dev: 0, inode },
            Self::DIRECTORY => FdInfo::Directory { path: cut.text()?, inode },
            Self::IPV4_SOCK | Self::IPV6_SOCK => {
                let (source, target) = if kind == Self::IPV4_SOCK {
                    (cut.ipv4()?, cut.ipv4()?)
                } else {
                    (cut.ipv6()?, cut.ipv6()?)
                };
                let (source_port, target_port) = (cut.u16()?, cut.u16()?);
                let tuple = SockTuple::Inet {
                    source: (source, source_port).into(),
                    target: (target, target_port).into(),
                };
                FdInfo::Socket { tuple, protocol: ip_protocol(cut.u8()?), inode }
            }
            Self::IPV4_SERVSOCK | Self::IPV6_SERVSOCK => {
                let ip = if kind == Self::IPV4_SERVSOCK { cut.ipv4()? } else { cut.ipv6()? };
                FdInfo::Listener { address: (ip, cut.u16()?).into(), protocol: ip_protocol(cut.u8()?), inode }
            }
            Self::UNIX_SOCK => {
                let (source, target) = (cut.u64()?, cut.u64()?);
                let tuple = SockTuple::Unix { source, target, path: cut.text()? };
                FdInfo::Socket { tuple, protocol: 0, inode }
            }
            _ => FdInfo::Other { kind, name: cut.text().unwrap_or_default(), inode },
        })
    }

    /// Appends the byte form.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.inode().to_le_bytes());
        out.push(self.kind());
        match self {
            FdInfo::File { path, open_flags, dev, .. } => {
                out.extend_from_slice(&open_flags.to_le_bytes());
                put_text(out, path);
                out.extend_from_slice(&dev.to_le_bytes());
            }
            FdInfo::Directory { path, .. } => put_text(out, path),
            FdInfo::Socket { tuple: SockTuple::Inet { source, target }, protocol, .. } => {
                put_ip(out, source.ip());
                put_ip(out, target.ip());
                out.extend_from_slice(&source.port().to_le_bytes());
                out.extend_from_slice(&target.port().to_le_bytes());
                out.push(l4_protocol(*protocol));
            }
            FdInfo::Socket { tuple: SockTuple::Unix { source, target, path }, .. } => {
                out.extend_from_slice(&source.to_le_bytes());
                out.extend_from_slice(&target.to_le_bytes());
                put_text(out, path);
            }
            FdInfo::Listener { address, protocol, .. } => {
                put_ip(out, address.ip());
                out.extend_from_slice(&address.port().to_le_bytes());
                out.push(l4_protocol(*protocol));
            }
            FdInfo::Other { name, .. } => put_text(out, name),
        }
    }
}

/// The byte form has a numbering of its own (`SCAP_L4_*`): unknown, none, TCP, UDP, ICMP, raw.
const L4_PROTOCOLS: [u8; 6] = [0, 0, 6, 17, 1, 255];

fn ip_protocol(l4: u8) -> u8 {
    // Beyond the numbering: what a probe took from the kernel as it is.
    L4_PROTOCOLS.get(usize::from(l4)).copied().unwrap_or(l4)
}

fn l4_protocol(ip: u8) -> u8 {
    let ip = if ip == 58 { 1 } else { ip }; // ICMPv6 has no number of its own there
    L4_PROTOCOLS.iter().position(|protocol| *protocol == ip).unwrap_or(0) as u8
}

fn put_text(out: &mut Vec<u8>, text: &[u8]) {
    let text = &text[..text.len().min(usize::from(u16::MAX))];
    out.extend_from_slice(&(text.len() as u16).to_le_bytes());
    out.extend_from_slice(text);
}

fn put_ip(out: &mut Vec<u8>, ip: std::net::IpAddr) {
    match ip {
        std::net::IpAddr::V4(ip) => out.extend_from_slice(&ip.octets()),
        std::net::IpAddr::V6(ip) => out.extend_from_slice(&ip.octets()),
    }
}

/// Bytes that are taken from the front.
struct Cut<'a>(&'a [u8]);

impl Cut<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }
    fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }
    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }
    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }
    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
    fn ipv4(&mut self) -> Option<std::net::IpAddr> {
        self.array::<4>().map(Into::into)
    }
    fn ipv6(&mut self) -> Option<std::net::IpAddr> {
        self.array::<16>().map(Into::into)
    }
    fn text(&mut self) -> Option<Vec<u8>> {
        let len = usize::from(self.u16()?);
        let (text, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(text.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(info: &FdInfo) {
        let mut bytes = Vec::new();
        info.encode(&mut bytes);
        assert_eq!(FdInfo::decode(&bytes).as_ref(), Some(info));
        for cut in 0..bytes.len() {
            let _ = FdInfo::decode(&bytes[..cut]); // must not panic
        }
    }

    #[test]
    fn every_kind_survives_its_byte_form() {
        check(&FdInfo::File { path: b"/etc/passwd".into(), open_flags: 1, dev: 2, inode: 3 });
        check(&FdInfo::Directory { path: b"/etc".into(), inode: 9 });
        let inet = |source: &str, target: &str| FdInfo::Socket {
            tuple: SockTuple::Inet { source: source.parse().unwrap(), target: target.parse().unwrap() },
            protocol: 6,
            inode: 5,
        };
        check(&inet("10.0.0.1:80", "10.0.0.2:4000"));
        check(&inet("[::1]:80", "[fe80::2]:4000"));
        let tuple = SockTuple::Unix { source: 1, target: 2, path: b"/run/x".into() };
        check(&FdInfo::Socket { tuple, protocol: 0, inode: 1 });
        check(&FdInfo::Listener { address: "0.0.0.0:80".parse().unwrap(), protocol: 6, inode: 0 });
        check(&FdInfo::Other { kind: FdInfo::FIFO, name: b"".into(), inode: 77 });
    }
}
