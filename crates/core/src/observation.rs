//! What was seen of both sides, each fact with its source and time. Nothing else reads the world.
//!
//! Every fact is a [`Seen`]: either known, with the time and the source, or unknown, with the reason and with what would tell.
//! [`Observation::default`] is "nothing looked at yet". Checks and plans are functions of this value alone.

pub mod connector;
pub mod databricks;
pub mod entra;
pub mod principals;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use connector::Connector;
pub use databricks::DatabricksFacts;
pub use entra::EntraFacts;
pub use principals::Principals;

use crate::finding::How;

/// A fact that was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "seen")]
pub enum Seen<T> {
    /// It was seen.
    Known {
        /// What was there.
        value: T,
        /// When.
        at: Timestamp,
        /// Who said so.
        how: How,
    },
    /// It was not.
    Unknown {
        /// Why, in words.
        reason: String,
        /// The permission or sign-in that would tell, in words: `the Microsoft Graph permission Synchronization.Read.All`.
        needs: Option<String>,
    },
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self::Unknown {
            reason: "Usher has not looked at this yet.".to_owned(),
            needs: None,
        }
    }
}

impl<T> Seen<T> {
    /// A fact that Databricks told.
    pub fn databricks(value: T, at: Timestamp) -> Self {
        Self::Known {
            value,
            at,
            how: How::Databricks,
        }
    }

    /// A fact that Entra or Microsoft Graph told.
    pub fn entra(value: T, at: Timestamp) -> Self {
        Self::Known {
            value,
            at,
            how: How::Entra,
        }
    }

    /// A fact that could not be seen, for a reason that no permission would change.
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown {
            reason: reason.into(),
            needs: None,
        }
    }

    /// A fact that could not be seen, and what would tell.
    pub fn needing(reason: impl Into<String>, needs: impl Into<String>) -> Self {
        Self::Unknown {
            reason: reason.into(),
            needs: Some(needs.into()),
        }
    }

    /// The fact, where it is known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Unknown { .. } => None,
        }
    }

    /// When it was seen.
    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Known { at, .. } => Some(*at),
            Self::Unknown { .. } => None,
        }
    }

    /// Whether it is known.
    pub fn is_known(&self) -> bool {
        self.value().is_some()
    }

    /// Why it is not known and what would tell, as sentences; `None` where it is known.
    pub fn gap(&self) -> Option<String> {
        match self {
            Self::Known { .. } => None,
            Self::Unknown {
                reason,
                needs: Some(needs),
            } => Some(format!("{reason} What would tell: {needs}.")),
            Self::Unknown {
                reason,
                needs: None,
            } => Some(reason.clone()),
        }
    }

    /// The same fact, seen through a function.
    pub fn map<U>(&self, f: impl FnOnce(&T) -> U) -> Seen<U> {
        match self {
            Self::Known { value, at, how } => Seen::Known {
                value: f(value),
                at: *at,
                how: *how,
            },
            Self::Unknown { reason, needs } => Seen::Unknown {
                reason: reason.clone(),
                needs: needs.clone(),
            },
        }
    }
}

/// What was seen of both sides.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Observation {
    /// The Databricks side.
    pub databricks: DatabricksFacts,
    /// The Entra side.
    pub entra: EntraFacts,
}

impl Observation {
    /// The connector this set-up is about: the one named by `entra.app.servicePrincipalId`; without that, the only one whose
    /// display name is the wanted one.
    pub fn connector<'a>(&'a self, setup: &crate::model::Setup) -> Option<&'a Connector> {
        let connectors = self.entra.connectors.value()?;
        if let Some(id) = &setup.entra.app.service_principal_id {
            return connectors
                .iter()
                .find(|connector| connector.service_principal_id.eq_ignore_ascii_case(id));
        }
        let name = setup.entra.app.name();
        let mut named = connectors
            .iter()
            .filter(|connector| connector.display_name == name);
        named.next().filter(|_| named.next().is_none())
    }
}
