//! The clouds of both sides and their hosts: the one table that decides where a credential may go.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A Databricks cloud (facts/databricks §1.1, §1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum DatabricksCloud {
    /// Azure, public.
    Azure,
    /// Azure US Government.
    AzureUsGov,
    /// Azure China.
    AzureChina,
    /// AWS, commercial.
    Aws,
    /// AWS GovCloud.
    AwsUsGov,
    /// AWS GovCloud, Department of Defense.
    AwsUsGovDod,
    /// Google Cloud.
    Gcp,
}

impl DatabricksCloud {
    /// All clouds, in the order in which a list shows them.
    pub const ALL: [Self; 7] = [
        Self::Azure,
        Self::Aws,
        Self::Gcp,
        Self::AzureUsGov,
        Self::AwsUsGov,
        Self::AwsUsGovDod,
        Self::AzureChina,
    ];

    /// Hosts of the account console and the account API. The first is the one links lead to; the DoD host is written
    /// two ways in the sources (a conflict the facts keep), so both are known.
    pub fn account_hosts(self) -> &'static [&'static str] {
        match self {
            Self::Azure => &["accounts.azuredatabricks.net"],
            Self::AzureUsGov => &["accounts.azuredatabricks.us"],
            Self::AzureChina => &["accounts.azuredatabricks.cn"],
            Self::Aws => &["accounts.cloud.databricks.com"],
            Self::AwsUsGov => &["accounts.cloud.databricks.us"],
            Self::AwsUsGovDod => &[
                "accounts-dod.cloud.databricks.mil",
                "accounts-dod.cloud.databricks.us",
            ],
            Self::Gcp => &["accounts.gcp.databricks.com"],
        }
    }

    /// Suffixes of workspace hosts; a host belongs when it ends in a dot and one of these.
    pub fn workspace_suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Azure => &["azuredatabricks.net"],
            Self::AzureUsGov => &["databricks.azure.us", "azuredatabricks.us"],
            Self::AzureChina => &["databricks.azure.cn", "azuredatabricks.cn"],
            Self::Aws => &["cloud.databricks.com"],
            Self::AwsUsGov => &["cloud.databricks.us"],
            Self::AwsUsGovDod => &["cloud.databricks.mil"],
            Self::Gcp => &["gcp.databricks.com"],
        }
    }

    /// Whether Databricks runs on Azure in this cloud.
    pub fn is_azure(self) -> bool {
        matches!(self, Self::Azure | Self::AzureUsGov | Self::AzureChina)
    }
}

/// A cloud of Microsoft Entra and Microsoft Graph (facts/entra §2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EntraCloud {
    /// The global cloud (and GCC).
    #[default]
    Global,
    /// US Government L4 (GCC High).
    UsGovL4,
    /// US Government L5 (DoD).
    UsGovL5,
    /// China, operated by 21Vianet.
    China,
}

impl EntraCloud {
    /// All clouds, in the order in which a list shows them.
    pub const ALL: [Self; 4] = [Self::Global, Self::UsGovL4, Self::UsGovL5, Self::China];

    /// Hosts of the sign-in service; the first is the one Usher uses.
    pub fn login_hosts(self) -> &'static [&'static str] {
        match self {
            Self::Global => &["login.microsoftonline.com"],
            Self::UsGovL4 | Self::UsGovL5 => &["login.microsoftonline.us"],
            Self::China => &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        }
    }

    /// Host of Microsoft Graph.
    pub fn graph_host(self) -> &'static str {
        match self {
            Self::Global => "graph.microsoft.com",
            Self::UsGovL4 => "graph.microsoft.us",
            Self::UsGovL5 => "dod-graph.microsoft.us",
            Self::China => "microsoftgraph.chinacloudapi.cn",
        }
    }

    /// Host of the Microsoft Entra admin center.
    pub fn admin_center_host(self) -> &'static str {
        match self {
            Self::Global => "entra.microsoft.com",
            Self::UsGovL4 | Self::UsGovL5 => "entra.microsoft.us",
            Self::China => "entra.microsoftonline.cn",
        }
    }
}
