//! The fixed identifiers and practice credentials. They are the same in every run, so that a setup file written against
//! one practice tenant opens against the next, and they are worth nothing anywhere else.

/// The Entra tenant.
pub const TENANT_ID: &str = "5c1f7a34-2b60-4d8e-9a17-0f3e6b82c4d1";
/// The verified domain every practice person signs in with.
pub const DOMAIN: &str = "meridian-harbour.example";
/// The Databricks account.
pub const ACCOUNT_ID: &str = "8e2d9c07-63f4-4b1a-b5c8-71a0d4e9f326";

/// Application (client) id of the app registration that signs in to Entra and Graph.
pub const CLIENT_ID: &str = "b3a81c5e-94d7-4f02-8c6b-2e70d1f5a938";
/// Client secret of [`CLIENT_ID`].
pub const CLIENT_SECRET: &str = "Prc8Q~practice.only-Vx2mLk9TfR4sWd7YhN1p";

/// Application id of the Databricks service principal that is an account admin (OAuth machine-to-machine).
pub const DATABRICKS_CLIENT_ID: &str = "d94f06b2-1e85-4a3c-9f70-c6b2587e0d13";
/// OAuth secret of [`DATABRICKS_CLIENT_ID`]: `dose` and 32 hexadecimal digits.
pub const DATABRICKS_CLIENT_SECRET: &str = "dose0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// The account SCIM token: `dsapi` and 32 hexadecimal digits.
pub const SCIM_TOKEN: &str = "dsapi7b1d20c94ea85f36d2c9b07e41fa6853";

/// A workspace of the practice account that exists in every scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkspaceSeed {
    /// The workspace id, as it stands in the endpoints file.
    pub id: u64,
    /// The workspace's name in the account console.
    pub name: &'static str,
    /// A personal access token of a workspace admin: `dapi` and 32 hexadecimal digits.
    pub pat: &'static str,
}

/// The workspaces of every scenario.
pub const WORKSPACES: [WorkspaceSeed; 3] = [
    WorkspaceSeed {
        id: 1001,
        name: "harbour-analytics",
        pat: "dapi1a0c58e2f7b94d630e8d12c5a67f9b41",
    },
    WorkspaceSeed {
        id: 1002,
        name: "harbour-finance",
        pat: "dapi2b6e904d13fa87c5e2107b9d4c8653fa",
    },
    WorkspaceSeed {
        id: 1003,
        name: "harbour-research",
        pat: "dapi3c97f1086d2eb45a9f43c80e7152da6b",
    },
];

/// The personal access token of a workspace's admin: that of [`WORKSPACES`], or one that its id gives.
#[must_use]
pub fn pat(workspace: u64) -> String {
    let seed = WORKSPACES.iter().find(|seed| seed.id == workspace);
    seed.map_or_else(
        || {
            format!(
                "dapi{:032x}",
                u128::from(workspace) << 64 | u128::from(workspace)
            )
        },
        |seed| seed.pat.to_owned(),
    )
}

/// The application id of Azure Databricks in Entra: the audience of an Entra token that a Databricks host accepts
/// (public cloud).
pub const AZURE_DATABRICKS_APP_ID: &str = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";

/// The `User-Agent` with which the practice provisioning service calls a SCIM endpoint, so that faults can be aimed at
/// Entra's calls alone.
pub const PROVISIONING_USER_AGENT: &str = "practice-entra-provisioning/1.0";
