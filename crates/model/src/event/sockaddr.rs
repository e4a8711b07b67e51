//! Socket addresses as parameters carry them.
//!
//! `SOCKADDR`: one byte of address family, then for `AF_INET` 4 bytes of address and 2 of port,
//! for `AF_INET6` 16 and 2, for `AF_UNIX` the path. `SOCKTUPLE`: one byte of family, then source
//! address and port, target address and port; for `AF_UNIX` two kernel pointers and the path.
//! Addresses are in network order, ports little endian (falcosecurity/libs `driver/ppm_fillers.h`,
//! `fd_to_socktuple`).

use std::net::{IpAddr, SocketAddr};

const AF_UNIX: u8 = 1;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;

/// One address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SockAddr {
    /// `AF_INET` or `AF_INET6`.
    Inet(SocketAddr),
    /// `AF_UNIX`: the path, empty for an unnamed socket; an abstract name begins with NUL.
    Unix(Vec<u8>),
    /// Another family.
    Other(u8),
}

/// Two addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SockTuple {
    /// `AF_INET` or `AF_INET6`.
    Inet {
        /// The end that began the connection, where that is known.
        source: SocketAddr,
        /// The other.
        target: SocketAddr,
    },
    /// `AF_UNIX`.
    Unix {
        /// Kernel identity of one end.
        source: u64,
        /// Kernel identity of the other end.
        target: u64,
        /// The path, empty where there is none.
        path: Vec<u8>,
    },
}

impl SockAddr {
    /// Reads a `SOCKADDR` parameter.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (family, body) = bytes.split_first()?;
        Some(match *family {
            AF_INET => SockAddr::Inet(inet::<4>(body)?.0),
            AF_INET6 => SockAddr::Inet(inet::<16>(body)?.0),
            AF_UNIX => SockAddr::Unix(unix_path(body)),
            other => SockAddr::Other(other),
        })
    }
}

impl SockTuple {
    /// Reads a `SOCKTUPLE` parameter; `None` also for families that have no tuple.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (family, body) = bytes.split_first()?;
        match *family {
            AF_INET => both::<4>(body),
            AF_INET6 => both::<16>(body),
            AF_UNIX => {
                let (source, rest) = body.split_first_chunk::<8>()?;
                let (target, rest) = rest.split_first_chunk::<8>()?;
                Some(SockTuple::Unix {
                    source: u64::from_le_bytes(*source),
                    target: u64::from_le_bytes(*target),
                    path: unix_path(rest),
                })
            }
            _ => None,
        }
    }
}

fn both<const N: usize>(body: &[u8]) -> Option<SockTuple>
where
    IpAddr: From<[u8; N]>,
{
    let (source, rest) = inet::<N>(body)?;
    let (target, _) = inet::<N>(rest)?;
    Some(SockTuple::Inet { source, target })
}

fn inet<const N: usize>(body: &[u8]) -> Option<(SocketAddr, &[u8])>
where
    IpAddr: From<[u8; N]>,
{
    let (ip, rest) = body.split_first_chunk::<N>()?;
    let (port, rest) = rest.split_first_chunk::<2>()?;
    Some((SocketAddr::new(IpAddr::from(*ip), u16::from_le_bytes(*port)), rest))
}

fn unix_path(body: &[u8]) -> Vec<u8> {
    let end = body.iter().skip(1).position(|byte| *byte == 0).map_or(body.len(), |at| at + 1);
    let path = &body[..end];
    if path == [0] { Vec::new() } else { path.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_network_order_with_little_endian_ports() {
        let tuple = SockTuple::decode(&[2, 10, 0, 0, 1, 0x90, 0x1f, 127, 0, 0, 1, 80, 0]);
        let source = "10.0.0.1:8080".parse().unwrap();
        let target = "127.0.0.1:80".parse().unwrap();
        assert_eq!(tuple, Some(SockTuple::Inet { source, target }));
    }

    #[test]
    fn cut_addresses_are_none() {
        assert_eq!(SockTuple::decode(&[2, 10, 0, 0]), None);
        assert_eq!(SockAddr::decode(&[]), None);
        assert_eq!(SockAddr::decode(&[10, 1, 2]), None);
    }
}
