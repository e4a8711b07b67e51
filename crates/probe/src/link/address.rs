//! Addresses as the programs have them.

use std::net::{IpAddr, Ipv6Addr};

/// Sixteen bytes as an address: those that IPv6 has for an IPv4 address are that.
pub(crate) fn address(bytes: [u8; 16]) -> IpAddr {
    Ipv6Addr::from(bytes).to_canonical()
}

/// The sixteen bytes of an address.
pub(crate) fn bytes(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_back_as_they_were() {
        for text in ["10.1.2.3", "0.0.0.0", "::", "::1", "fe80::1", "2001:db8::2"] {
            let parsed: IpAddr = text.parse().unwrap();
            assert_eq!(address(bytes(parsed)), parsed, "{text}");
        }
        let mapped: IpAddr = "::ffff:10.1.2.3".parse().unwrap();
        assert_eq!(address(bytes(mapped)).to_string(), "10.1.2.3");
    }
}
