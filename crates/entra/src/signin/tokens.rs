//! Tokens in memory: nothing here is ever written anywhere.

use std::collections::BTreeSet;
use std::time::Duration;

use oauth2::TokenResponse as _;
use tokio::time::Instant;
use usher_core::model::Secret;

use super::claims::{Claims, permissions_of_scopes};
use super::service::TokenAnswer;

/// A token this close to its end is renewed before it is used.
const RENEW_BEFORE: Duration = Duration::from_secs(300);
/// What is assumed where the answer names no lifetime.
const ASSUMED_LIFETIME: Duration = Duration::from_secs(3600);

/// The tokens of one sign-in.
#[derive(Clone)]
pub(super) struct Tokens {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    renew_at: Instant,
    pub(super) granted: Granted,
}

/// What the token really carries. A hint: Graph has the last word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Granted {
    /// Names of permissions.
    pub permissions: BTreeSet<String>,
    /// Whether neither the token nor its answer tells what was granted.
    pub is_opaque: bool,
    /// The tenant's id, where the token says it.
    pub tenant_id: Option<String>,
    /// The person's (or the app's) object id, where the token says it.
    pub object_id: Option<String>,
    /// Directory role templates, where the token says them.
    pub role_templates: Vec<String>,
}

impl Tokens {
    /// Takes a token answer over. `before` gives what an answer may leave out when it renews.
    pub(super) fn take(answer: &TokenAnswer, before: Option<&Self>) -> Self {
        let access = answer.access_token().secret();
        let claims = Claims::read(access);
        let is_opaque = claims.is_none() && answer.scopes().is_none();
        let claims = claims.unwrap_or_default();
        let mut permissions = claims.permissions();
        if let Some(scopes) = answer.scopes() {
            permissions.extend(permissions_of_scopes(
                scopes.iter().map(|scope| scope.as_str()),
            ));
        }
        let lifetime = answer.expires_in().unwrap_or(ASSUMED_LIFETIME);
        let refresh = answer
            .refresh_token()
            .map(|token| Secret::new(token.secret().clone()));
        Self {
            access: Secret::new(access.clone()),
            refresh: refresh.or_else(|| before.and_then(|before| before.refresh.clone())),
            renew_at: Instant::now() + lifetime.saturating_sub(RENEW_BEFORE.min(lifetime / 2)),
            granted: Granted {
                permissions,
                is_opaque,
                tenant_id: claims.tid,
                object_id: claims.oid,
                role_templates: claims.wids,
            },
        }
    }

    /// Whether the token should be renewed before it is used.
    pub(super) fn is_stale(&self) -> bool {
        Instant::now() >= self.renew_at
    }
}
