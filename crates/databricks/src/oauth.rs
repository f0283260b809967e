//! OAuth tokens for a Databricks service principal (client credentials; facts/databricks §2).

use std::time::Duration;

use serde::Deserialize;
use usher_core::model::{Origin, Secret};
use usher_transport::{CancellationToken, Client, Credential, Request, Retry};

use crate::error::{self, Error};

const NAME: &str = "oauth.token";

/// Where a token is to be valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issuer {
    /// The account: its host and id.
    Account {
        /// The account host.
        origin: Origin,
        /// The account id.
        account_id: String,
    },
    /// One workspace.
    Workspace {
        /// The workspace's origin.
        origin: Origin,
    },
}

impl Issuer {
    fn origin(&self) -> &Origin {
        match self {
            Self::Account { origin, .. } | Self::Workspace { origin } => origin,
        }
    }

    fn path(&self) -> String {
        match self {
            Self::Account { account_id, .. } => format!("/oidc/accounts/{account_id}/v1/token"),
            Self::Workspace { .. } => "/oidc/v1/token".to_owned(),
        }
    }
}

/// A token, bound to the origin that issued it.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token.
    pub credential: Credential,
    /// How long it is valid from now on; `None` where the answer does not say.
    pub valid_for: Option<Duration>,
}

#[derive(Deserialize)]
struct Wire {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

/// Signs a service principal in with its client id and secret.
///
/// # Errors
/// See [`Error`]; a wrong secret is an [`Error::Api`] with 400 or 401.
pub async fn sign_in(
    client: &Client,
    issuer: &Issuer,
    client_id: &str,
    client_secret: &Secret,
    cancel: &CancellationToken,
) -> Result<Token, Error> {
    let origin = issuer.origin();
    let unusable = |error: url::ParseError| Error::Unexpected {
        operation: NAME,
        detail: error.to_string(),
    };
    let url = origin.join(&issuer.path()).map_err(unusable)?;
    let credential = Credential::basic(client_id, client_secret.clone(), origin.clone());
    let request = Request::post(NAME, url)
        .bearer(&credential)
        .form(&[("grant_type", "client_credentials"), ("scope", "all-apis")])
        // Asking twice makes two tokens and changes nothing else.
        .retry(Retry::Read);
    let response = client.send(request, cancel).await?;
    let wire: Wire = error::check(response, |text| credential.hide_in(text))?.json()?;
    Ok(Token {
        credential: Credential::new(Secret::new(wire.access_token), origin.clone()),
        valid_for: wire.expires_in.map(Duration::from_secs),
    })
}
