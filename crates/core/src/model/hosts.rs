//! The one table of hosts: where a credential may go, and what kind of host a name is.
//!
//! Live, a host belongs when its origin is https on the standard port and its name is one of the exact account hosts, or ends in
//! a dot and one of the workspace suffixes (a suffix counts at a label boundary only). With an endpoints file, only the
//! file's own origins belong (`contracts/cli.md`, rule 12).

use super::{DatabricksCloud, EntraCloud, Origin, World};

/// What a Databricks host's name tells about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostKind {
    /// The account console and account API.
    Account,
    /// One workspace; its id where the name holds it.
    Workspace {
        /// The workspace id.
        id: Option<String>,
    },
    /// The name does not tell: a regional workspace host, a workspace with a name of its own, or a unified host, which serves both
    /// the account and the workspace API (facts/databricks §1.1).
    Either,
}

/// A host of a Databricks cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabricksHost {
    /// What its name tells.
    pub kind: HostKind,
    /// Its cloud; `None` with an endpoints file, whose origins stand for any.
    pub cloud: Option<DatabricksCloud>,
}

impl World {
    /// What the table knows about a Databricks origin; `None` for every host outside it.
    pub fn databricks_host(&self, origin: &Origin) -> Option<DatabricksHost> {
        match self {
            Self::Live => live_databricks_host(origin),
            Self::Mapped(file) if file.databricks_accounts == *origin => Some(DatabricksHost {
                kind: HostKind::Account,
                cloud: None,
            }),
            Self::Mapped(file) => {
                let id = file.workspace_of(origin)?.to_owned();
                Some(DatabricksHost {
                    kind: HostKind::Workspace { id: Some(id) },
                    cloud: None,
                })
            }
        }
    }

    /// Whether a Databricks credential may be sent to this origin at all.
    pub fn knows_databricks(&self, origin: &Origin) -> bool {
        self.databricks_host(origin).is_some()
    }

    /// Whether this origin is a sign-in service or Microsoft Graph.
    pub fn knows_entra(&self, origin: &Origin) -> bool {
        match self {
            Self::Live => {
                let host = origin.host();
                standard_https(origin)
                    && EntraCloud::ALL.iter().any(|cloud| {
                        cloud.graph_host() == host || cloud.login_hosts().contains(&host.as_str())
                    })
            }
            Self::Mapped(file) => file.login == *origin || file.graph == *origin,
        }
    }

    /// Whether anything may be sent to this origin.
    pub fn knows(&self, origin: &Origin) -> bool {
        self.knows_databricks(origin) || self.knows_entra(origin)
    }

    /// The sign-in service of a cloud.
    pub fn login_origin(&self, cloud: EntraCloud) -> Origin {
        match self {
            Self::Live => Origin::https(cloud.login_hosts()[0]),
            Self::Mapped(file) => file.login.clone(),
        }
    }

    /// Microsoft Graph of a cloud.
    pub fn graph_origin(&self, cloud: EntraCloud) -> Origin {
        match self {
            Self::Live => Origin::https(cloud.graph_host()),
            Self::Mapped(file) => file.graph.clone(),
        }
    }

    /// The account console and account API of a cloud.
    pub fn account_origin(&self, cloud: DatabricksCloud) -> Origin {
        match self {
            Self::Live => Origin::https(cloud.account_hosts()[0]),
            Self::Mapped(file) => file.databricks_accounts.clone(),
        }
    }
}

fn standard_https(origin: &Origin) -> bool {
    origin.is_https() && origin.port() == 443
}

fn live_databricks_host(origin: &Origin) -> Option<DatabricksHost> {
    if !standard_https(origin) {
        return None;
    }
    let host = origin.host();
    let account = DatabricksCloud::ALL
        .into_iter()
        .find(|cloud| cloud.account_hosts().contains(&host.as_str()));
    if account.is_some() {
        return Some(DatabricksHost {
            kind: HostKind::Account,
            cloud: account,
        });
    }
    // The longest suffix decides, so that no cloud's suffix can hide inside another's.
    let (cloud, name) = DatabricksCloud::ALL
        .into_iter()
        .flat_map(|cloud| {
            cloud
                .workspace_suffixes()
                .iter()
                .map(move |suffix| (cloud, *suffix))
        })
        .filter_map(|(cloud, suffix)| {
            Some((cloud, suffix, host.strip_suffix(suffix)?.strip_suffix('.')?))
        })
        .max_by_key(|(_, suffix, _)| suffix.len())
        .map(|(cloud, _, name)| (cloud, name))?;
    let empty_label = name.split('.').any(str::is_empty);
    (!empty_label).then(|| DatabricksHost {
        kind: kind_of_name(name),
        cloud: Some(cloud),
    })
}

/// What the part of a host's name before the suffix tells (facts/databricks §1.3).
fn kind_of_name(name: &str) -> HostKind {
    // The sources write the DoD account host in two ways; any host of that name is taken for one.
    if name == "accounts-dod" || name == "accounts" {
        return HostKind::Account;
    }
    let first = name.split('.').next().unwrap_or_default();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(id) = first.strip_prefix("adb-").filter(|id| digits(id)) {
        return HostKind::Workspace {
            id: Some(id.to_owned()),
        };
    }
    if digits(first) && name.contains('.') {
        return HostKind::Workspace {
            id: Some(first.to_owned()),
        };
    }
    if first.starts_with("dbc-") {
        return HostKind::Workspace { id: None };
    }
    HostKind::Either
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Endpoints;

    fn origin(text: &str) -> Origin {
        text.parse().unwrap()
    }

    #[test]
    fn every_account_host_of_every_cloud_is_known() {
        for cloud in DatabricksCloud::ALL {
            for host in cloud.account_hosts() {
                let known = World::Live
                    .databricks_host(&origin(&format!("https://{host}")))
                    .unwrap();
                assert_eq!(
                    known,
                    DatabricksHost {
                        kind: HostKind::Account,
                        cloud: Some(cloud)
                    },
                    "{host}"
                );
            }
        }
    }

    #[test]
    fn a_suffix_counts_at_a_label_boundary_only() {
        for foreign in [
            "https://evilazuredatabricks.net",
            "https://azuredatabricks.net",
            "https://adb-1.1.azuredatabricks.net.evil.example",
            "https://accounts.azuredatabricks.net.evil.example",
            "https://accounts.cloud.databricks.com.evil.example",
            "https://adb-1.1.azuredatabricks.net:8443",
            "http://accounts.azuredatabricks.net",
            "https://databricks.com",
            "https://127.0.0.1",
        ] {
            assert!(!World::Live.knows_databricks(&origin(foreign)), "{foreign}");
        }
    }

    #[test]
    fn names_tell_the_kind() {
        let kind = |text: &str| World::Live.databricks_host(&origin(text)).unwrap().kind;
        assert_eq!(
            kind("https://adb-1001.7.azuredatabricks.net"),
            HostKind::Workspace {
                id: Some("1001".into())
            }
        );
        assert_eq!(
            kind("https://1001.7.gcp.databricks.com"),
            HostKind::Workspace {
                id: Some("1001".into())
            }
        );
        assert_eq!(
            kind("https://dbc-1a2b3c4d-5e6f.cloud.databricks.com"),
            HostKind::Workspace { id: None }
        );
        assert_eq!(
            kind("https://contoso.cloud.databricks.com"),
            HostKind::Either
        );
        assert_eq!(
            kind("https://adb-1001.7.databricks.azure.us"),
            HostKind::Workspace {
                id: Some("1001".into())
            }
        );
    }

    #[test]
    fn a_mapped_world_knows_its_own_origins_alone() {
        let world = World::Mapped(
            Endpoints::parse(
                r#"{"name":"practice","login":"http://127.0.0.1:1","graph":"http://127.0.0.1:2","databricksAccounts":"http://127.0.0.1:3",
                   "workspaces":{"1001":"http://127.0.0.1:4"}}"#,
            )
            .unwrap(),
        );
        assert!(world.knows(&origin("http://127.0.0.1:1")));
        assert!(!world.knows_databricks(&origin("http://127.0.0.1:1")));
        assert!(world.knows_databricks(&origin("http://127.0.0.1:4")));
        assert!(!world.knows(&origin("http://127.0.0.1:5")));
        assert!(!world.knows(&origin("https://accounts.azuredatabricks.net")));
        assert_eq!(
            world.graph_origin(EntraCloud::China).as_str(),
            "http://127.0.0.1:2"
        );
    }

    #[test]
    fn live_origins_come_from_the_cloud_tables() {
        assert_eq!(
            World::Live.login_origin(EntraCloud::Global).as_str(),
            "https://login.microsoftonline.com"
        );
        assert_eq!(
            World::Live.graph_origin(EntraCloud::UsGovL5).as_str(),
            "https://dod-graph.microsoft.us"
        );
        assert_eq!(
            World::Live.account_origin(DatabricksCloud::Gcp).as_str(),
            "https://accounts.gcp.databricks.com"
        );
    }
}
