//! Fewest networks for the same addresses.

use std::collections::BTreeSet;

use super::network::{Network, ones, width};

/// The fewest networks that hold exactly the addresses of these, IPv4 first, in order of their addresses.
pub(super) fn merged(networks: &BTreeSet<Network>) -> Vec<Network> {
    let mut out = Vec::new();
    for v4 in [true, false] {
        // Networks sort by address, so the spans come in order of their first address.
        let spans = networks
            .iter()
            .filter(|network| network.is_v4() == v4)
            .map(|network| (network.first(), network.last()));
        let mut joined: Vec<(u128, u128)> = Vec::new();
        for (first, last) in spans {
            match joined.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => {
                    before.1 = before.1.max(last)
                }
                _ => joined.push((first, last)),
            }
        }
        for (first, last) in joined {
            cover(first, last, v4, &mut out);
        }
    }
    out
}

/// Cuts a span of addresses into networks, the largest possible one first each time.
fn cover(mut first: u128, last: u128, v4: bool, out: &mut Vec<Network>) {
    loop {
        // A network can begin where as many bits are zero as it leaves open.
        let aligned = u8::try_from(first.trailing_zeros())
            .unwrap_or(width(v4))
            .min(width(v4));
        let host_bits = (0..=aligned)
            .rev()
            .find(|bits| first | ones(*bits) <= last)
            .unwrap_or_default();
        out.push(Network::beginning(first, host_bits, v4));
        match (first | ones(host_bits)).checked_add(1) {
            Some(next) if next <= last => first = next,
            _ => return,
        }
    }
}
