//! Network interfaces: entries of interface list blocks.

use std::net::IpAddr;

use lanner_model::snapshot::InterfaceRecord;

use super::NAME_MAX;
use crate::entry::Entry;
use crate::error::CaptureError;

/// Kinds of entries; those before them have no link speed.
const IPV4: u16 = 1;
const IPV6: u16 = 2;
const IPV4_NO_SPEED: u16 = 3;
const IPV6_NO_SPEED: u16 = 4;

pub(crate) fn read(entry: &mut Entry<'_>) -> Result<InterfaceRecord, CaptureError> {
    let kind = entry.u16("an interface's kind")?;
    let name_len = entry.u16("the length of an interface's name")?;
    let (address, netmask) = match kind {
        IPV4 | IPV4_NO_SPEED => addresses::<4>(entry)?,
        IPV6 | IPV6_NO_SPEED => addresses::<16>(entry)?,
        _ => return Err(entry.damaged(format!("an interface has the unknown kind {kind}"))),
    };
    let speed_bits = if matches!(kind, IPV4 | IPV6) { entry.u64("a link speed")? } else { 0 };
    let name = entry.bytes(name_len, "an interface's name")?;
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    let name = String::from_utf8_lossy(&name[..end]).into_owned();
    Ok(InterfaceRecord { name, address, netmask, speed_bits })
}

/// Address and mask; the broadcast address follows from them.
fn addresses<const N: usize>(entry: &mut Entry<'_>) -> Result<(IpAddr, IpAddr), CaptureError>
where
    IpAddr: From<[u8; N]>,
{
    let address = entry.address::<N>("an interface's address")?;
    let netmask = entry.address::<N>("an interface's netmask")?;
    entry.address::<N>("an interface's broadcast address")?;
    Ok((address, netmask))
}

/// Appends an entry; its length does not count itself.
pub(crate) fn write(out: &mut Vec<u8>, interface: &InterfaceRecord) {
    let name = &interface.name.as_bytes()[..interface.name.len().min(NAME_MAX)];
    let mut body = Vec::new();
    let kind = if interface.address.is_ipv4() { IPV4 } else { IPV6 };
    body.extend_from_slice(&kind.to_le_bytes());
    body.extend_from_slice(&(name.len() as u16).to_le_bytes());
    match (interface.address, interface.netmask) {
        (IpAddr::V4(address), mask) => {
            let mask = if let IpAddr::V4(mask) = mask { mask.to_bits() } else { u32::MAX };
            for bits in [address.to_bits(), mask, address.to_bits() | !mask] {
                body.extend_from_slice(&bits.to_be_bytes());
            }
        }
        (IpAddr::V6(address), mask) => {
            let mask = if let IpAddr::V6(mask) = mask { mask.to_bits() } else { u128::MAX };
            for bits in [address.to_bits(), mask, 0] {
                body.extend_from_slice(&bits.to_be_bytes());
            }
        }
    }
    body.extend_from_slice(&interface.speed_bits.to_le_bytes());
    body.extend_from_slice(name);
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(&body);
}
