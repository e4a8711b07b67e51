//! IP networks.

use std::net::IpAddr;

/// A network, or a single address as the network of its full length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    address: u128,
    mask: u128,
    is_v4: bool,
}

impl Network {
    /// Reads `10.0.0.0/8`, `fe80::/10` or an address.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) if length.bytes().all(|byte| byte.is_ascii_digit()) => {
                (address, Some(length.parse::<u32>().ok()?))
            }
            Some(_) => return None,
            None => (text, None),
        };
        let (address, bits) = match address.parse().ok()? {
            IpAddr::V4(v4) => (u128::from(v4.to_bits()), 32),
            IpAddr::V6(v6) => (v6.to_bits(), 128),
        };
        let free = u32::checked_sub(bits, length.unwrap_or(bits))?;
        let mask = u128::MAX.checked_shl(free).unwrap_or(0);
        Some(Self { address: address & mask, mask, is_v4: bits == 32 })
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(v4) => self.is_v4 && u128::from(v4.to_bits()) & self.mask == self.address,
            IpAddr::V6(v6) => !self.is_v4 && v6.to_bits() & self.mask == self.address,
        }
    }
}
