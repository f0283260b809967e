//! Facts of the Entra side: who is signed in, the tenant, and every Databricks connector found.

use serde::{Deserialize, Serialize};

use super::{Connector, Principals, Seen};

/// The Entra side.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EntraFacts {
    /// Who is signed in to Microsoft Graph, and what the token carries.
    pub signed_in: Seen<SignedIn>,
    /// The tenant.
    pub tenant: Seen<Tenant>,
    /// The plans of enabled subscriptions that matter.
    pub licences: Seen<Vec<Licence>>,
    /// The gallery template of the connector; `None`: looked for by name and not there.
    pub template: Seen<Option<GalleryTemplate>>,
    /// Every Databricks connector of the tenant that could be found, the set-up's own included.
    pub connectors: Seen<Vec<Connector>>,
    /// Whether only the gallery filter was asked; connectors made from other templates may be missing then (facts/entra §1.3).
    pub connectors_from_gallery_only: bool,
    /// Object ids of all service principals that have the wanted display name (rule 8).
    pub same_named: Seen<Vec<String>>,
    /// The people and groups that are assigned to any connector, or wanted.
    pub principals: Principals,
}

/// How Usher is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityKind {
    /// A person, with delegated permissions.
    Delegated,
    /// An application, with application permissions.
    AppOnly,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedIn {
    /// Person or application.
    pub kind: IdentityKind,
    /// User principal name, or the application's name or client id.
    pub name: String,
    /// The person's or service principal's object id, where it is known.
    pub id: Option<String>,
    /// What the token carries, without the resource's prefix: scopes (delegated) or roles (app-only).
    pub permissions: Vec<String>,
    /// Whether the token tells nothing of what it carries: services may send tokens that clients cannot read.
    #[serde(default)]
    pub is_opaque: bool,
    /// Template ids of the person's **active** directory roles; empty for an application.
    pub directory_roles: Seen<Vec<String>>,
}

impl SignedIn {
    /// Whether the token carries a permission, or one of those that include it.
    pub fn may(&self, permission: &str) -> bool {
        self.permissions.iter().any(|held| {
            held == permission
                || permission
                    .strip_suffix("Read.All")
                    .is_some_and(|stem| *held == format!("{stem}ReadWrite.All"))
        })
    }
}

/// The tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Its id, a GUID.
    pub id: String,
    /// Its name.
    pub display_name: String,
    /// `tenantType`, where it is told: `AAD`, `CIAM`, `AAD B2C` …
    pub tenant_type: Option<String>,
    /// Its verified domains.
    pub verified_domains: Vec<String>,
}

/// A plan that matters (facts/entra §0, service plan ids).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Licence {
    /// Microsoft Entra ID P1 (`AAD_PREMIUM`).
    P1,
    /// Microsoft Entra ID P2 (`AAD_PREMIUM_P2`).
    P2,
    /// Microsoft Entra ID Governance.
    Governance,
}

/// The connector's gallery template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GalleryTemplate {
    /// Its id.
    pub id: String,
    /// Its name.
    pub display_name: String,
    /// Whether `supportedProvisioningTypes` has `sync`.
    pub can_provision: bool,
}
