//! The machine's own addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use lanner_model::snapshot::InterfaceRecord;

/// The addresses of the machine's interfaces.
#[derive(Debug, Default)]
pub(crate) struct Interfaces {
    v4: Vec<(Ipv4Addr, Ipv4Addr)>,
    v6: Vec<Ipv6Addr>,
}

/// More interfaces than this are not remembered; a node with a veth pair for each of 250 pods has
/// a third of it.
const MOST: usize = 1_024;

impl Interfaces {
    pub(crate) fn add(&mut self, record: &InterfaceRecord) {
        match (record.address, record.netmask) {
            (IpAddr::V4(address), IpAddr::V4(mask))
                if self.v4.len() < MOST && !self.v4.contains(&(address, mask)) =>
            {
                self.v4.push((address, mask));
            }
            (IpAddr::V6(address), _) if self.v6.len() < MOST && !self.v6.contains(&address) => {
                self.v6.push(address);
            }
            _ => {}
        }
    }

    /// Puts in an end of a pair that was not filled in (`sendto` on an unbound socket says
    /// `0.0.0.0`): the address of the interface that reaches the other end.
    pub(crate) fn complete(&self, source: &mut SocketAddr, target: &mut SocketAddr) {
        let (missing, known) = match (source.ip().is_unspecified(), target.ip().is_unspecified()) {
            (true, _) => (source, *target),
            (false, true) => (target, *source),
            (false, false) => return,
        };
        let Some(found) = self.towards(known.ip()) else { return };
        let would_talk_to_itself = found == known.ip() && missing.port() == known.port();
        if !would_talk_to_itself {
            missing.set_ip(found);
        }
    }

    /// The address of ours that packets to `peer` leave from: ours if `peer` is us, else one of the
    /// same network, else any that is not loopback.
    fn towards(&self, peer: IpAddr) -> Option<IpAddr> {
        match peer {
            IpAddr::V4(peer) => {
                let exact = self.v4.iter().find(|(address, _)| *address == peer);
                let near = || self.v4.iter().find(|(address, mask)| *address & *mask == peer & *mask);
                let any = || self.v4.iter().find(|(address, _)| !address.is_loopback());
                exact.or_else(near).or_else(any).map(|(address, _)| IpAddr::V4(*address))
            }
            IpAddr::V6(peer) => {
                let network = |address: &Ipv6Addr| address.to_bits() >> 64;
                let exact = self.v6.iter().find(|address| **address == peer);
                let near = || self.v6.iter().find(|address| network(address) == network(&peer));
                let any = || self.v6.iter().find(|address| !address.is_loopback());
                exact.or_else(near).or_else(any).map(|address| IpAddr::V6(*address))
            }
        }
    }

    /// Whether `address` is one of ours.
    pub(crate) fn is_ours(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.v4.iter().any(|(ours, _)| *ours == address),
            IpAddr::V6(address) => self.v6.contains(&address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interfaces() -> Interfaces {
        let mut interfaces = Interfaces::default();
        for (address, netmask) in [("127.0.0.1", "255.0.0.0"), ("10.0.2.15", "255.255.255.0")] {
            interfaces.add(&InterfaceRecord {
                name: String::new(),
                address: address.parse().unwrap(),
                netmask: netmask.parse().unwrap(),
                speed_bits: 0,
            });
        }
        interfaces
    }

    #[test]
    fn a_missing_end_is_the_interface_that_reaches_the_other() {
        let mut source: SocketAddr = "0.0.0.0:1".parse().unwrap();
        let mut target: SocketAddr = "128.32.41.1:0".parse().unwrap();
        interfaces().complete(&mut source, &mut target);
        assert_eq!(source, "10.0.2.15:1".parse().unwrap());
        assert!(interfaces().is_ours("10.0.2.15".parse().unwrap()));
        assert!(!interfaces().is_ours("10.0.2.16".parse().unwrap()));
    }
}
