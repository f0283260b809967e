//! Which world Usher talks to: the public clouds, or the loopback origins of an endpoints file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Origin;

/// The endpoints file of `contracts/cli.md`: one loopback origin for each real host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Endpoints {
    /// A name for people, shown in the window's bar.
    pub name: String,
    /// The sign-in service.
    pub login: Origin,
    /// Microsoft Graph.
    pub graph: Origin,
    /// The Databricks account host.
    pub databricks_accounts: Origin,
    /// Workspace id to the workspace's origin.
    #[serde(default)]
    pub workspaces: BTreeMap<String, Origin>,
}

/// Why an endpoints file is refused.
#[derive(Debug, thiserror::Error)]
pub enum EndpointsError {
    /// The text is not the JSON of an endpoints file.
    #[error("the endpoints file cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// An origin is not on loopback.
    #[error("the endpoints file names {origin} for {field}, which is not a loopback address")]
    NotLoopback {
        /// The field that names it.
        field: String,
        /// The origin that is refused.
        origin: Origin,
    },
}

impl Endpoints {
    /// Reads an endpoints file and refuses every origin that is not on loopback (`contracts/cli.md`, rule 12).
    pub fn parse(text: &str) -> Result<Self, EndpointsError> {
        let endpoints: Self = serde_json::from_str(text)?;
        for (field, origin) in endpoints.origins() {
            if !origin.is_loopback() {
                return Err(EndpointsError::NotLoopback {
                    field,
                    origin: origin.clone(),
                });
            }
        }
        Ok(endpoints)
    }

    /// Every origin with the name of its field.
    pub fn origins(&self) -> impl Iterator<Item = (String, &Origin)> {
        [
            ("login".to_owned(), &self.login),
            ("graph".to_owned(), &self.graph),
            ("databricksAccounts".to_owned(), &self.databricks_accounts),
        ]
        .into_iter()
        .chain(
            self.workspaces
                .iter()
                .map(|(id, origin)| (format!("workspaces.{id}"), origin)),
        )
    }

    /// The workspace whose origin this is.
    pub fn workspace_of(&self, origin: &Origin) -> Option<&str> {
        self.workspaces
            .iter()
            .find(|(_, known)| *known == origin)
            .map(|(id, _)| id.as_str())
    }
}

/// The world Usher talks to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum World {
    /// The public clouds, by the host tables of [`super::cloud`].
    #[default]
    Live,
    /// The loopback origins of an endpoints file, and nothing else.
    Mapped(Endpoints),
}
