//! IP addresses as labels have them.

use std::fmt;
use std::net::IpAddr;

/// An address. One of IPv4 is the same however it is written (`::ffff:10.0.0.1` is `10.0.0.1`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Address {
    Ip(IpAddr),
    /// What is none; two of the same text are the same.
    Other(Box<str>),
}

impl Address {
    pub(crate) fn parse(text: &str) -> Address {
        match text.parse::<IpAddr>() {
            Ok(ip) => Address::Ip(ip.to_canonical()),
            Err(_) => Address::Other(text.into()),
        }
    }

    /// Whether it means the very network namespace it is used in.
    pub(crate) fn is_loopback(&self) -> bool {
        matches!(self, Address::Ip(ip) if ip.is_loopback())
    }

    /// Whether a program that listens on it takes what comes to any address.
    pub(crate) fn is_any(&self) -> bool {
        matches!(self, Address::Ip(ip) if ip.is_unspecified())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Ip(ip) => ip.fmt(f),
            Address::Other(text) => f.write_str(text),
        }
    }
}
