//! What a token says about itself. Graph's tokens are not meant to be read by clients, so all of this is a hint: it words
//! a missing permission before Graph refuses, and decides nothing (facts/entra §2.1).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// The claims Usher looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Claims {
    /// Delegated permissions, separated by blanks.
    #[serde(default)]
    scp: Option<String>,
    /// Application permissions.
    #[serde(default)]
    roles: Vec<String>,
    /// The tenant.
    #[serde(default)]
    pub tid: Option<String>,
    /// The object id of the person, or of the app's service principal.
    #[serde(default)]
    pub oid: Option<String>,
    /// Directory role templates of the person.
    #[serde(default)]
    pub wids: Vec<String>,
    /// The person's sign-in name.
    #[serde(default)]
    pub upn: Option<String>,
}

impl Claims {
    /// Reads a token's claims; `None` where the token is opaque.
    pub fn read(token: &str) -> Option<Self> {
        let payload = token.split('.').nth(1)?;
        let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&json).ok()
    }

    /// Names of delegated and application permissions.
    pub fn permissions(&self) -> BTreeSet<String> {
        let delegated = self
            .scp
            .iter()
            .flat_map(|scopes| scopes.split_whitespace())
            .map(str::to_owned);
        delegated.chain(self.roles.iter().cloned()).collect()
    }
}

/// The permission names in a token answer's `scope` field: the resource's prefix and the sign-in scopes are left out.
pub(super) fn permissions_of_scopes<'a>(scopes: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    scopes
        .map(|scope| scope.rsplit('/').next().unwrap_or(scope))
        .filter(|name| {
            !matches!(
                *name,
                "openid" | "profile" | "email" | "offline_access" | ".default" | ""
            )
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opaque_token_says_nothing() {
        assert_eq!(Claims::read("opaque"), None);
        assert_eq!(Claims::read("a.b!.c"), None);
    }

    #[test]
    fn scopes_and_roles_are_permissions() {
        let payload = URL_SAFE_NO_PAD
            .encode(r#"{"scp":"User.Read openid","roles":["Application.Read.All"],"tid":"t"}"#);
        let claims = Claims::read(&format!("x.{payload}.y")).unwrap();
        assert!(claims.permissions().contains("User.Read"));
        assert!(claims.permissions().contains("Application.Read.All"));
    }

    #[test]
    fn the_resource_prefix_is_taken_off_a_scope() {
        let scopes = [
            "https://graph.microsoft.com/User.Read",
            "offline_access",
            "openid",
        ];
        assert_eq!(
            permissions_of_scopes(scopes.into_iter()),
            BTreeSet::from(["User.Read".to_owned()])
        );
    }
}
