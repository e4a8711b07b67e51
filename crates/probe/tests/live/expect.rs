//! Compares all parameters of an event with what they should be.

use std::net::{IpAddr, SocketAddr};

use lanner_model::event::{EventRef, FdInfo, ParamType};

/// What a parameter should be.
#[derive(Clone, Debug)]
pub(crate) enum Expect {
    /// A number, signed or not.
    Is(i64),
    /// A text; for a list, its parts with a NUL between each.
    Text(String),
    /// Bytes as they are.
    Bytes(Vec<u8>),
    /// Nothing.
    Absent,
    /// A number from a range, ends included.
    Within(i64, i64),
    /// A text that contains this one.
    Contains(String),
}

pub(crate) use Expect::{Absent, Contains, Is, Within};

pub(crate) fn text(text: impl Into<String>) -> Expect {
    Expect::Text(text.into())
}

pub(crate) fn bytes(bytes: &[u8]) -> Expect {
    Expect::Bytes(bytes.to_vec())
}

/// Every parameter of the table must be named, in its order, and be as expected.
pub(crate) fn check(event: &EventRef<'_>, expected: &[(&str, Expect)]) -> Result<(), String> {
    let info = event.event_type().info().ok_or("an event that the table lacks")?;
    let names: Vec<&str> = info.params.iter().map(|param| param.name).collect();
    let named: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
    if names != named {
        return Err(format!("{} has the parameters {names:?}, the test names {named:?}", info.id));
    }
    let mut problems = Vec::new();
    for (index, (name, expect)) in expected.iter().enumerate() {
        let signed = !matches!(
            info.params[index].param_type,
            ParamType::Uint8 | ParamType::Uint16 | ParamType::Uint32 | ParamType::Uint64
        );
        let number = || if signed { event.i64(index) } else { event.u64(index).map(u64::cast_signed) };
        let text = || event.text(index).map(|text| String::from_utf8_lossy(text).into_owned());
        let holds = match expect {
            Expect::Is(value) => number() == Some(*value),
            Expect::Text(value) => text().as_ref() == Some(value),
            Expect::Bytes(value) => event.param(index) == Some(value),
            Expect::Absent => event.param(index).is_none(),
            Expect::Within(least, most) => number().is_some_and(|value| (*least..=*most).contains(&value)),
            Expect::Contains(part) => text().is_some_and(|text| text.contains(part)),
        };
        if !holds {
            let bytes = event.param(index).unwrap_or_default();
            problems.push(format!(
                "{name}: expected {expect:?}, is {:?} or {:?}",
                number(),
                String::from_utf8_lossy(bytes)
            ));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(format!("{}: {}", info.id, problems.join("; "))) }
}

/// The event's descriptor is a file of that path and inode.
pub(crate) fn check_file(event: &EventRef<'_>, expected: &str, expected_inode: i64) -> Result<(), String> {
    match event.fd_info() {
        Some(FdInfo::File { path, inode, dev, .. })
            if path == expected.as_bytes() && inode == expected_inode.cast_unsigned() && dev != 0 =>
        {
            Ok(())
        }
        other => Err(format!("expected the file {expected} ({expected_inode}), {event:?} has {other:?}")),
    }
}

/// The event's descriptor is exactly this.
pub(crate) fn check_descriptor(event: &EventRef<'_>, expected: &FdInfo) -> Result<(), String> {
    let found = event.fd_info();
    if found.as_ref() == Some(expected) {
        Ok(())
    } else {
        Err(format!("expected {expected:?}, {event:?} has {found:?}"))
    }
}

/// The bytes of a SOCKADDR or of one end of a SOCKTUPLE: address in network order, port little endian.
pub(crate) fn end(address: SocketAddr) -> Vec<u8> {
    let mut bytes = match address.ip() {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    bytes.extend(address.port().to_le_bytes());
    bytes
}

/// A SOCKADDR.
pub(crate) fn address(address: SocketAddr) -> Expect {
    Expect::Bytes([vec![family(address)], end(address)].concat())
}

/// A SOCKTUPLE.
pub(crate) fn tuple(source: SocketAddr, target: SocketAddr) -> Expect {
    Expect::Bytes([vec![family(source)], end(source), end(target)].concat())
}

fn family(address: SocketAddr) -> u8 {
    if address.is_ipv4() { 2 } else { 10 }
}

/// An address on this machine.
pub(crate) fn local(port: i64) -> SocketAddr {
    (std::net::Ipv4Addr::LOCALHOST, port as u16).into()
}

/// An IPv6 address on this machine.
pub(crate) fn local6(port: i64) -> SocketAddr {
    (std::net::Ipv6Addr::LOCALHOST, port as u16).into()
}
