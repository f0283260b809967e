//! The personal access tokens of whoever asks (facts/databricks §8, D12; the path is recalled there, not read).

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use usher_transport::{CancellationToken, ErrorKind, Request};

use crate::error::Error;
use crate::scim::Scim;

/// Lists are short: a user has 600 tokens at most.
const MAX_BYTES: u64 = 1024 * 1024;

/// A personal access token, as its owner sees it. The token itself is not told, nor which of them was used to ask.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TokenInfo {
    /// When it was made.
    #[serde(default, rename = "creation_time", deserialize_with = "moment")]
    pub created: Option<Timestamp>,
    /// When it ends; `None`: it does not.
    #[serde(default, rename = "expiry_time", deserialize_with = "moment")]
    pub expires: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    token_infos: Vec<TokenInfo>,
}

/// Milliseconds since 1970; -1 is none.
fn moment<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Timestamp>, D::Error> {
    let millis = Option::<i64>::deserialize(reader)?.filter(|millis| *millis > 0);
    Ok(millis.and_then(|millis| Timestamp::from_millisecond(millis).ok()))
}

impl Scim {
    /// The tokens of the token's own user. Workspaces alone have this.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn own_tokens(&self, cancel: &CancellationToken) -> Result<Vec<TokenInfo>, Error> {
        const NAME: &str = "tokens.list";
        let url = self.url().origin.join("/api/2.0/token/list");
        let url = url.map_err(|error| usher_transport::Error {
            operation: NAME,
            attempts: 0,
            elapsed: std::time::Duration::ZERO,
            kind: ErrorKind::Unbuildable(error.to_string()),
        })?;
        let request = Request::get(NAME, url).max_bytes(MAX_BYTES);
        let answer: Answer = self.send(request, cancel).await?.json()?;
        Ok(answer.token_infos)
    }
}
