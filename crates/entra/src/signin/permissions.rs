//! The Microsoft Graph permissions Usher asks for, and why: the guided registration shows this table, and what a token
//! really carries is compared with it (facts/entra §0, §1.17).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What Usher may do in the tenant.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Look only.
    #[default]
    Read,
    /// Carry a confirmed plan out.
    Write,
}

/// One permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Permission {
    /// Its name, as the portal lists it.
    pub name: &'static str,
    /// Its id among delegated permissions, where it has one.
    pub delegated_id: Option<&'static str>,
    /// Its id among application permissions, where it has one.
    pub application_id: Option<&'static str>,
    /// Asked for at the first sign-in, or only when a plan is confirmed.
    pub access: Access,
    /// Whether Usher works without it, with some checks unknown.
    pub optional: bool,
    /// Why.
    pub why: &'static str,
    /// Stronger permissions that do as well.
    #[serde(skip)]
    pub instead: &'static [&'static str],
}

/// Read the whole directory: more than a person's sign-in is asked for.
pub(super) const DIRECTORY_READ: &str = "Directory.Read.All";

/// Read the enterprise applications.
pub const APPLICATION_READ: &str = "Application.Read.All";
/// Make and change enterprise applications.
pub const APPLICATION_WRITE: &str = "Application.ReadWrite.All";
/// Read provisioning.
pub const SYNCHRONIZATION_READ: &str = "Synchronization.Read.All";
/// Configure provisioning.
pub const SYNCHRONIZATION_WRITE: &str = "Synchronization.ReadWrite.All";

/// The table, in the order in which it is shown.
pub const PERMISSIONS: &[Permission] = &[
    Permission {
        name: APPLICATION_READ,
        delegated_id: Some("c79f8feb-a9db-4090-85f9-90d820caa0eb"),
        application_id: Some("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
        access: Access::Read,
        optional: false,
        why: "Find the Databricks connectors of the tenant, their properties and who is assigned.",
        instead: &[APPLICATION_WRITE, DIRECTORY_READ, "Directory.ReadWrite.All"],
    },
    Permission {
        name: SYNCHRONIZATION_READ,
        delegated_id: Some("7aa02aeb-824f-4fbe-a3f7-611f751f5b55"),
        application_id: Some("5ba43d2f-fa88-4db2-bd1c-a67c5f0fb1ce"),
        access: Access::Read,
        optional: false,
        why: "Read the provisioning job, its settings and its attribute mappings.",
        instead: &[SYNCHRONIZATION_WRITE],
    },
    Permission {
        name: "GroupMember.Read.All",
        delegated_id: Some("bc024368-1153-4739-b217-4326f2e966d0"),
        application_id: Some("98830695-27a2-44f7-8c18-0c3ebc9698f6"),
        access: Access::Read,
        optional: true,
        why: "Find groups, and see who in them will not be provisioned.",
        instead: &[
            "Group.Read.All",
            "Group.ReadWrite.All",
            DIRECTORY_READ,
            "Directory.ReadWrite.All",
        ],
    },
    Permission {
        name: "User.ReadBasic.All",
        delegated_id: Some("b340eb25-3456-403f-be2f-af7a0d370277"),
        application_id: Some("97235f07-e226-4f63-ace3-39588e11d3a1"),
        access: Access::Read,
        optional: true,
        why: "Find people by name, and compare them with what arrived in Databricks.",
        instead: &[
            "User.Read.All",
            "User.ReadWrite.All",
            DIRECTORY_READ,
            "Directory.ReadWrite.All",
        ],
    },
    Permission {
        name: DIRECTORY_READ,
        delegated_id: Some("06da0dbc-49e2-44d2-8312-53f166ab848a"),
        application_id: Some("7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
        access: Access::Read,
        optional: true,
        why: "See whether somebody whom Databricks has and no assignment names is still in Entra.",
        instead: &["Directory.ReadWrite.All"],
    },
    Permission {
        name: "ProvisioningLog.Read.All",
        delegated_id: Some("95aec97b-cf27-4a8d-a67d-42f60b5b38ef"),
        application_id: Some("091937d3-3e38-47a1-8649-b2f99d3035f1"),
        access: Access::Read,
        optional: true,
        why: "Read the provisioning logs, and explain what did not arrive.",
        instead: &["AuditLog.Read.All", DIRECTORY_READ],
    },
    Permission {
        name: "LicenseAssignment.Read.All",
        delegated_id: Some("f395577a-0960-456b-979f-7228de0c5996"),
        application_id: Some("e2f98668-2877-4f38-a2f4-8202e0717aa1"),
        access: Access::Read,
        optional: true,
        why: "See whether the tenant's licences allow assigning groups.",
        instead: &[
            "Organization.Read.All",
            DIRECTORY_READ,
            "Directory.ReadWrite.All",
        ],
    },
    Permission {
        name: "User.Read",
        delegated_id: Some("e1fe6dd8-ba31-4d61-89e7-88639da4683d"),
        application_id: None,
        access: Access::Read,
        optional: false,
        why: "See who is signed in, and which directory roles are active.",
        instead: &["User.Read.All", DIRECTORY_READ],
    },
    Permission {
        name: APPLICATION_WRITE,
        delegated_id: Some("bdfbf15f-ee85-4955-8675-146e8e5296b5"),
        application_id: Some("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"),
        access: Access::Write,
        optional: false,
        why: "Make the enterprise application from the gallery, set its properties, assign users and groups.",
        instead: &["Directory.ReadWrite.All"],
    },
    Permission {
        name: SYNCHRONIZATION_WRITE,
        delegated_id: Some("7bb27fa3-ea8f-4d67-a916-87715b6188bd"),
        application_id: Some("9b50c33d-700f-43b1-b2eb-87e89b703581"),
        access: Access::Write,
        optional: false,
        why: "Save endpoint, token and settings, test the connection from Entra, start and pause provisioning.",
        instead: &[],
    },
];

/// Who may agree to the permissions (facts/entra §2.3).
pub const WHO_MAY_CONSENT: &str = "For delegated permissions a Cloud Application Administrator or Application Administrator \
can grant admin consent. For application permissions of Microsoft Graph it takes a Privileged Role Administrator or a \
Global Administrator.";

/// The redirect address to register for desktop sign-in; its port does not matter (facts/entra §2.1).
pub const REDIRECT: &str = "http://localhost";

/// The names to ask for with delegated permissions. [`DIRECTORY_READ`] is left to who grants it by hand: it opens far more than the
/// one question it answers, and a first sign-in asks for the least (facts/entra §1.17).
pub(super) fn delegated_scopes(access: Access) -> impl Iterator<Item = &'static str> {
    let asked = move |permission: &&Permission| {
        permission.access <= access
            && permission.delegated_id.is_some()
            && permission.name != DIRECTORY_READ
    };
    PERMISSIONS
        .iter()
        .filter(asked)
        .map(|permission| permission.name)
}

/// The permissions of the table that `carried` lacks for `access`, counting stronger ones; the optional ones last.
pub fn missing(
    carried: &BTreeSet<String>,
    access: Access,
    app_only: bool,
) -> Vec<&'static Permission> {
    let carries = |name: &str| carried.contains(name);
    let mut missing: Vec<_> = PERMISSIONS
        .iter()
        .filter(|permission| permission.access <= access)
        .filter(|permission| {
            if app_only {
                permission.application_id.is_some()
            } else {
                permission.name != DIRECTORY_READ
            }
        })
        .filter(|permission| {
            !carries(permission.name) && !permission.instead.iter().any(|&name| carries(name))
        })
        .collect();
    missing.sort_by_key(|permission| permission.optional);
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carrying(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn the_write_twin_stands_in_for_the_read_permission() {
        let carried = carrying(&[APPLICATION_WRITE, SYNCHRONIZATION_WRITE]);
        let missing = missing(&carried, Access::Write, true);
        assert!(
            missing.iter().all(|permission| permission.optional),
            "{missing:?}"
        );
    }

    #[test]
    fn a_needed_permission_is_named_before_the_optional_ones() {
        let carried = carrying(&[APPLICATION_READ]);
        let names: Vec<_> = missing(&carried, Access::Read, false)
            .iter()
            .map(|permission| permission.name)
            .collect();
        assert_eq!(names[0], SYNCHRONIZATION_READ);
    }

    #[test]
    fn the_first_sign_in_asks_for_nothing_that_writes() {
        assert!(delegated_scopes(Access::Read).all(|name| !name.contains("Write")));
        assert!(delegated_scopes(Access::Write).any(|name| name == SYNCHRONIZATION_WRITE));
    }
}
