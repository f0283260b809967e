//! What a connector's `BaseAddress` leads to, so that two connectors can be told to have the same target.

use url::Url;

use crate::model::Origin;

/// Where a connector provisions to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// An account, by its id: `2.0` and `2.1` are the same target.
    Account(String),
    /// A workspace, by its origin.
    Workspace(Origin),
}

impl Target {
    /// The target of a base address; `None` for an address that is neither an account's nor a workspace's SCIM URL. The host is
    /// not judged here: this compares addresses and sends nothing.
    pub fn of(base_address: &str) -> Option<Self> {
        let url = Url::parse(base_address.trim()).ok()?;
        let origin = Origin::of(&url)?;
        let parts: Vec<&str> = url
            .path_segments()?
            .filter(|part| !part.is_empty())
            .collect();
        match parts.as_slice() {
            ["api", _, "accounts", id, "scim", ..] => Some(Self::Account(id.to_ascii_lowercase())),
            ["api", _, "preview", "scim", ..] => Some(Self::Workspace(origin)),
            _ => None,
        }
    }

    /// The target for people.
    pub fn label(&self) -> String {
        match self {
            Self::Account(id) => format!("account {id}"),
            Self::Workspace(origin) => format!("workspace {}", origin.host()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_closing_slashes_do_not_make_another_target() {
        let id = "0A1B2C3D-1111-4222-8333-444455556666";
        let old = Target::of(&format!(
            "https://accounts.azuredatabricks.net/api/2.0/accounts/{id}/scim/v2/"
        ));
        let new = Target::of(&format!(
            "https://accounts.azuredatabricks.net/api/2.1/accounts/{}/scim/v2",
            id.to_lowercase()
        ));
        assert!(old.is_some() && old == new);
        assert_ne!(
            Target::of("https://a.azuredatabricks.net/api/2.0/preview/scim"),
            Target::of("https://b.azuredatabricks.net/api/2.0/preview/scim")
        );
        assert_eq!(Target::of("https://example.org/scim"), None);
    }
}
