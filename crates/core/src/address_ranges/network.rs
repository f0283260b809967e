//! A network in CIDR notation.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A network: an address and how many of its bits are fixed. The other bits are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Network {
    address: IpAddr,
    length: u8,
}

/// A text that is no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// Not an address, or not a length that fits it.
    #[error("{0} is no network in CIDR notation, such as 203.0.113.0/24")]
    Unreadable(String),
    /// Bits beyond the length are set, so it does not say which network is meant.
    #[error("{0} names an address inside a network rather than the network")]
    HostBits(String),
}

impl Network {
    /// Whether it is IPv4.
    pub fn is_v4(&self) -> bool {
        self.address.is_ipv4()
    }

    /// Its first address as a number, and how many bits an address has.
    pub(super) fn first(self) -> u128 {
        match self.address {
            IpAddr::V4(address) => u128::from(u32::from(address)),
            IpAddr::V6(address) => u128::from(address),
        }
    }

    /// Its last address as a number.
    pub(super) fn last(self) -> u128 {
        self.first() | ones(self.host_bits())
    }

    fn host_bits(self) -> u8 {
        width(self.is_v4()) - self.length
    }

    /// The network that begins at an address and leaves this many bits open; the bits below are taken to be zero.
    pub(super) fn beginning(first: u128, host_bits: u8, v4: bool) -> Self {
        // An IPv4 number was an IPv4 address: the cast loses nothing.
        #[expect(clippy::cast_possible_truncation, reason = "IPv4 numbers have 32 bits")]
        let address = if v4 {
            IpAddr::V4(Ipv4Addr::from(first as u32))
        } else {
            IpAddr::V6(Ipv6Addr::from(first))
        };
        Self {
            address,
            length: width(v4) - host_bits,
        }
    }
}

/// Bits of an address.
pub(super) fn width(v4: bool) -> u8 {
    if v4 { 32 } else { 128 }
}

/// A number of this many ones.
pub(super) fn ones(count: u8) -> u128 {
    u128::MAX
        .checked_shr(128 - u32::from(count))
        .unwrap_or_default()
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreadable = || NetworkError::Unreadable(text.to_owned());
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| unreadable())?;
        let width = width(address.is_ipv4());
        let length = match length {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().map_err(|_| unreadable())?
            }
            Some(_) => return Err(unreadable()),
            None => width,
        };
        if length > width {
            return Err(unreadable());
        }
        let network = Self { address, length };
        if network.first() & ones(network.host_bits()) != 0 {
            return Err(NetworkError::HostBits(text.to_owned()));
        }
        Ok(network)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}
