//! The bearer tokens that were issued. Both sides put theirs in, so that a Databricks host can accept an Entra token.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};

/// What a token is, which decides where it is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenKind {
    /// The account SCIM token: account SCIM alone.
    AccountScim,
    /// A personal access token of one workspace.
    PersonalAccess {
        /// The workspace it belongs to.
        workspace: u64,
    },
    /// An OAuth access token of a Databricks service principal.
    DatabricksOAuth {
        /// The workspace it was issued by; `None` when the account issued it.
        workspace: Option<u64>,
    },
    /// An access token from Entra.
    Entra,
}

/// A bearer token that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedToken {
    /// What the token is.
    pub kind: TokenKind,
    /// Whose token: the application id of a service principal, the object id of an Entra user, or the Databricks user id of a
    /// personal access token's owner. Empty for the account SCIM token.
    pub principal: String,
    /// The resource the token is for: an Entra token's `aud`. Empty for Databricks' own.
    pub audience: String,
    /// The scopes or roles the token carries.
    pub scopes: Vec<String>,
    /// When it was issued.
    pub issued: Timestamp,
    /// When it stops working; `None` never.
    pub expires: Option<Timestamp>,
    /// The comment of a personal access token.
    pub comment: String,
}

/// A personal access token that nobody uses for so long is revoked (facts on Databricks §2).
const UNUSED: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Every token issued so far. Cloning shares.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    by_value: Arc<RwLock<HashMap<String, Held>>>,
}

#[derive(Debug)]
struct Held {
    token: IssuedToken,
    /// When it was used last, in seconds since 1970; when it was issued, until then.
    used: AtomicI64,
}

impl Held {
    fn works(&self, now: Timestamp) -> bool {
        let idle = now.as_second() - self.used.load(Ordering::Relaxed);
        let forgotten =
            matches!(self.token.kind, TokenKind::PersonalAccess { .. }) && idle > UNUSED.as_secs();
        !forgotten && self.token.expires.is_none_or(|expires| now < expires)
    }
}

impl Tokens {
    /// Makes `value` a working token, or changes what is known of it.
    pub fn insert(&self, value: impl Into<String>, token: IssuedToken) {
        let mut tokens = self
            .by_value
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let value = value.into();
        let before = tokens.get(&value);
        let used = before.map_or(token.issued.as_second(), |held| {
            held.used.load(Ordering::Relaxed)
        });
        let used = AtomicI64::new(used);
        tokens.insert(value, Held { token, used });
    }

    /// Makes `value` unknown; says whether it was known.
    pub fn revoke(&self, value: &str) -> bool {
        self.by_value
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(value)
            .is_some()
    }

    /// The token with that value that still works at `now`, which uses it.
    pub fn valid(&self, value: &str, now: Timestamp) -> Option<IssuedToken> {
        let tokens = self.by_value.read().unwrap_or_else(PoisonError::into_inner);
        let held = tokens.get(value).filter(|held| held.works(now))?;
        held.used.fetch_max(now.as_second(), Ordering::Relaxed);
        Some(held.token.clone())
    }

    /// The token with that value, whether it still works or not.
    pub fn known(&self, value: &str) -> Option<IssuedToken> {
        let tokens = self.by_value.read().unwrap_or_else(PoisonError::into_inner);
        tokens.get(value).map(|held| held.token.clone())
    }

    /// The tokens of that kind with their values, oldest first; expired ones are in it.
    pub fn of_kind(&self, kind: &TokenKind) -> Vec<(String, IssuedToken)> {
        let tokens = self.by_value.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<_> = tokens
            .iter()
            .filter(|(_, held)| held.token.kind == *kind)
            .map(|(value, held)| (value.clone(), held.token.clone()))
            .collect();
        found.sort_by(|(one, a), (other, b)| a.issued.cmp(&b.issued).then_with(|| one.cmp(other)));
        found
    }
}
