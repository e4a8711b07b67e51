//! Network interfaces and their addresses, from `getifaddrs()`.

use std::ffi::CStr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use lanner_model::snapshot::InterfaceRecord;

pub(super) fn read() -> Vec<InterfaceRecord> {
    let mut first: *mut libc::ifaddrs = std::ptr::null_mut();
    // SAFETY: `first` is a place for the pointer; what it is set to is freed below.
    if unsafe { libc::getifaddrs(&raw mut first) } != 0 {
        return Vec::new();
    }
    let mut records = Vec::new();
    let mut next = first;
    // SAFETY: `next` is null or an entry of the list that getifaddrs() made and that still lives.
    while let Some(entry) = unsafe { next.as_ref() } {
        next = entry.ifa_next;
        // SAFETY: addresses of the entry are null or socket addresses of their family; the name is a
        // string with a NUL.
        let (address, netmask, name) =
            unsafe { (ip(entry.ifa_addr), ip(entry.ifa_netmask), CStr::from_ptr(entry.ifa_name)) };
        if let (Some(address), Some(netmask)) = (address, netmask) {
            let name = name.to_string_lossy().into_owned();
            records.push(InterfaceRecord { speed_bits: speed_bits(&name), name, address, netmask });
        }
    }
    // SAFETY: the list came from getifaddrs() and nothing borrows from it any more.
    unsafe { libc::freeifaddrs(first) };
    records
}

/// The address in a socket address.
///
/// # Safety
/// `address` is null, or points to a socket address as long as its family asks for.
unsafe fn ip(address: *const libc::sockaddr) -> Option<IpAddr> {
    // SAFETY: not null (as_ref checks), and every socket address begins with its family.
    let family = unsafe { address.as_ref()? }.sa_family;
    match i32::from(family) {
        libc::AF_INET => {
            // SAFETY: the family says which structure it is; the read allows for any alignment.
            let v4 = unsafe { address.cast::<libc::sockaddr_in>().read_unaligned() };
            Some(Ipv4Addr::from(u32::from_be(v4.sin_addr.s_addr)).into())
        }
        libc::AF_INET6 => {
            // SAFETY: as above.
            let v6 = unsafe { address.cast::<libc::sockaddr_in6>().read_unaligned() };
            Some(Ipv6Addr::from(v6.sin6_addr.s6_addr).into())
        }
        _ => None,
    }
}

/// The link's speed; 0 where the driver does not say (the file holds -1, or cannot be read).
fn speed_bits(name: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/sys/class/net/{name}/speed")).unwrap_or_default();
    text.trim().parse::<u64>().unwrap_or(0).saturating_mul(1_000_000)
}
