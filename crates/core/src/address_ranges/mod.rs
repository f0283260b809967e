//! The addresses from which Entra's provisioning service calls: the service tag `AzureActiveDirectory` of the file "Azure IP
//! Ranges and Service Tags" that Microsoft publishes weekly (facts/entra §6), what changed since an older file, and as entries for
//! a Databricks IP access list.

mod merge;
mod network;

use std::collections::BTreeSet;

use serde::Deserialize;

pub use network::{Network, NetworkError};

/// The tag, exactly: subtags such as `AzureActiveDirectory.ServiceEndpoint` lack some of the addresses (facts/entra §6).
pub const TAG: &str = "AzureActiveDirectory";

/// How many entries the IP access lists of an account, or of a workspace, may have in all; it cannot be raised
/// (facts/databricks §4).
pub const ACCESS_LIST_LIMIT: usize = 1_000;

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceTagsError {
    /// No JSON, or not of this shape.
    #[error(
        "This is not a service-tags file: {0}. The file's name is ServiceTags_<cloud>_<date>.json."
    )]
    NotServiceTags(String),
    /// The tag is not in it.
    #[error("The file has no service tag named AzureActiveDirectory.")]
    TagMissing,
    /// The tag is in it more than once.
    #[error("The file has the service tag AzureActiveDirectory {0} times.")]
    TagRepeated(usize),
    /// The tag has no address.
    #[error("The service tag AzureActiveDirectory has no addresses in this file.")]
    NoAddresses,
    /// An address cannot be read.
    #[error("The service tag AzureActiveDirectory has an address that cannot be read: {0}")]
    BadAddress(#[from] NetworkError),
}

/// The addresses of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressRanges {
    /// The cloud, as the file names it: `Public`, `AzureGovernment`, `AzureChina` …
    pub cloud: String,
    /// The whole file's `changeNumber`.
    pub file_change: u64,
    /// The tag's own `changeNumber`: it stays while this tag's addresses do.
    pub tag_change: u64,
    /// The addresses.
    pub networks: BTreeSet<Network>,
}

/// What changed between two files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// In the newer file alone.
    pub added: Vec<Network>,
    /// In the older file alone.
    pub gone: Vec<Network>,
}

impl Difference {
    /// Whether both files have the same addresses.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.gone.is_empty()
    }
}

/// The addresses as entries of a Databricks IP access list: as few as say exactly the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessList {
    /// IPv4 entries, in order.
    pub v4: Vec<Network>,
    /// IPv6 entries, in order.
    pub v6: Vec<Network>,
}

impl AccessList {
    /// How many entries it takes.
    pub fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many entries are above [`ACCESS_LIST_LIMIT`], beside `other` entries that the lists have already.
    pub fn above_limit(&self, other: usize) -> usize {
        (self.len() + other).saturating_sub(ACCESS_LIST_LIMIT)
    }

    /// The entries to paste, one a line.
    pub fn text(&self) -> String {
        self.v4
            .iter()
            .chain(&self.v6)
            .map(|network| format!("{network}\n"))
            .collect()
    }
}

impl AddressRanges {
    /// Reads a service-tags file.
    ///
    /// # Errors
    /// Where it is none, or the tag is missing, repeated, empty or has an address that cannot be read.
    pub fn read(text: &str) -> Result<Self, ServiceTagsError> {
        let file: ServiceTags = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| ServiceTagsError::NotServiceTags(error.to_string()))?;
        let mut tags = file.values.iter().filter(|value| value.name == TAG);
        let tag = tags.next().ok_or(ServiceTagsError::TagMissing)?;
        match tags.count() {
            0 => {}
            more => return Err(ServiceTagsError::TagRepeated(more + 1)),
        }
        let networks = tag
            .properties
            .address_prefixes
            .iter()
            .map(|prefix| prefix.parse())
            .collect::<Result<BTreeSet<Network>, NetworkError>>()?;
        if networks.is_empty() {
            return Err(ServiceTagsError::NoAddresses);
        }
        Ok(Self {
            cloud: file.cloud,
            file_change: file.change_number,
            tag_change: tag.properties.change_number,
            networks,
        })
    }

    /// How many are IPv4.
    pub fn v4_count(&self) -> usize {
        self.networks
            .iter()
            .filter(|network| network.is_v4())
            .count()
    }

    /// How many are IPv6.
    pub fn v6_count(&self) -> usize {
        self.networks.len() - self.v4_count()
    }

    /// What changed since an older file.
    pub fn since(&self, older: &Self) -> Difference {
        Difference {
            added: self.networks.difference(&older.networks).copied().collect(),
            gone: older.networks.difference(&self.networks).copied().collect(),
        }
    }

    /// The addresses as entries of a Databricks IP access list, neighbours merged where that loses and adds no address.
    pub fn access_list(&self) -> AccessList {
        let (v4, v6) = merge::merged(&self.networks)
            .into_iter()
            .partition(Network::is_v4);
        AccessList { v4, v6 }
    }
}

/// The file, as far as it matters (facts/entra §6).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServiceTags {
    change_number: u64,
    cloud: String,
    values: Vec<ServiceTag>,
}

#[derive(Deserialize)]
struct ServiceTag {
    name: String,
    properties: ServiceTagProperties,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServiceTagProperties {
    #[serde(default)]
    change_number: u64,
    #[serde(default)]
    address_prefixes: Vec<String>,
}

#[cfg(test)]
mod tests;
