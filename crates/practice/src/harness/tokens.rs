//! The bearer tokens that were issued. Both sides put theirs in, so that a Databricks host can accept an Entra token.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;

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

/// Every token issued so far. Cloning shares.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    by_value: Arc<RwLock<HashMap<String, IssuedToken>>>,
}

impl Tokens {
    /// Makes `value` a working token.
    pub fn insert(&self, value: impl Into<String>, token: IssuedToken) {
        self.by_value
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(value.into(), token);
    }

    /// Makes `value` unknown; says whether it was known.
    pub fn revoke(&self, value: &str) -> bool {
        self.by_value
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(value)
            .is_some()
    }

    /// The token with that value that still works at `now`.
    pub fn valid(&self, value: &str, now: Timestamp) -> Option<IssuedToken> {
        let tokens = self.by_value.read().unwrap_or_else(PoisonError::into_inner);
        tokens
            .get(value)
            .filter(|token| token.expires.is_none_or(|expires| now < expires))
            .cloned()
    }

    /// The tokens of that kind with their values, oldest first; expired ones are in it.
    pub fn of_kind(&self, kind: &TokenKind) -> Vec<(String, IssuedToken)> {
        let tokens = self.by_value.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<_> = tokens
            .iter()
            .filter(|(_, token)| token.kind == *kind)
            .map(|(value, token)| (value.clone(), token.clone()))
            .collect();
        found.sort_by(|(one, a), (other, b)| a.issued.cmp(&b.issued).then_with(|| one.cmp(other)));
        found
    }
}
