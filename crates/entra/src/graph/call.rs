//! What a Graph call is before anything is sent: method, path, query, body. No I/O here, so every call can be shown in a
//! plan, checked against the contract, and sent, and all three see the same request.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;
use usher_core::model::Secret;
use usher_transport::place_in_json;

use super::error::{DecodeError, GraphError};

/// What stands for a secret wherever a request is shown; the sender alone puts the secret in its place.
pub const SECRET_PLACEHOLDER: &str = "<secret>";

/// An HTTP method that Graph takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Makes, or asks for an action.
    Post,
    /// Changes some properties.
    Patch,
    /// Replaces.
    Put,
    /// Takes away.
    Delete,
}

impl Method {
    /// As it stands in the request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// One call, relative to the API's base.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The operation's name, for errors and spans.
    pub name: &'static str,
    /// The permissions of which one is needed, the least first; empty where any token will do.
    pub needs: &'static [&'static str],
    /// The method.
    pub method: Method,
    /// Path segments after `/v1.0`, not yet percent-encoded.
    pub path: Vec<String>,
    /// Query, not yet percent-encoded.
    pub query: Vec<(&'static str, String)>,
    /// JSON body; a secret in it is [`SECRET_PLACEHOLDER`].
    pub body: Option<Value>,
    /// Whether it is an advanced query, which wants `ConsistencyLevel: eventual` (facts/entra §4).
    pub eventual: bool,
    /// Whether the call changes nothing although it is a POST.
    pub is_read: bool,
}

impl Call {
    /// A call without query and body.
    pub fn new(
        name: &'static str,
        needs: &'static [&'static str],
        method: Method,
        path: &[&str],
    ) -> Self {
        Self {
            name,
            needs,
            method,
            path: path.iter().map(|&segment| segment.to_owned()).collect(),
            query: Vec::new(),
            body: None,
            eventual: false,
            is_read: method == Method::Get,
        }
    }

    /// The same call with one more query parameter.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// The same call with a body.
    #[must_use]
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The same call as an advanced query: with the header and `$count=true`.
    #[must_use]
    pub fn advanced(mut self) -> Self {
        self.eventual = true;
        self.query("$count", "true")
    }

    /// The same call, marked as one that changes nothing.
    #[must_use]
    pub fn reading(mut self) -> Self {
        self.is_read = true;
        self
    }

    /// The absolute URL on an API base such as `https://graph.microsoft.com/v1.0`.
    pub fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(&self.path);
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        // A space is `%20` to Graph; the form encoding's `+` is taken literally by some of its filters.
        let plain = url.query().map(|query| query.replace('+', "%20"));
        url.set_query(plain.as_deref());
        url
    }

    /// The URL below the API's base, with query: what a batch names.
    pub fn relative_url(&self) -> String {
        let Ok(base) = Url::parse("https://graph.invalid/") else {
            return String::new();
        };
        let url = self.url(&base);
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }

    /// Whether even a 500 is an answer rather than a passing fault, as with a test of credentials.
    pub(super) fn wants_an_answer_as_it_is(&self) -> bool {
        self.is_read
            && self.method == Method::Post
            && self
                .path
                .last()
                .is_some_and(|last| last == "validateCredentials")
    }

    /// The body with the secret in the place that is kept for it.
    pub fn filled(&self, secret: Option<&Secret>) -> Option<Value> {
        let mut body = self.body.clone()?;
        if let Some(secret) = secret {
            fill(&mut body, secret);
        }
        Some(body)
    }

    /// Whether the body has a place for a secret.
    pub fn wants_secret(&self) -> bool {
        self.body.as_ref().is_some_and(has_placeholder)
    }
}

fn fill(value: &mut Value, secret: &Secret) {
    match value {
        Value::Object(map) if is_placeholder_pair(map) => {
            map.insert("value".to_owned(), json!(secret.expose()));
        }
        Value::Object(map) => map.values_mut().for_each(|inner| fill(inner, secret)),
        Value::Array(items) => items.iter_mut().for_each(|inner| fill(inner, secret)),
        _ => {}
    }
}

fn has_placeholder(value: &Value) -> bool {
    match value {
        Value::Object(map) => is_placeholder_pair(map) || map.values().any(has_placeholder),
        Value::Array(items) => items.iter().any(has_placeholder),
        _ => false,
    }
}

fn is_placeholder_pair(map: &serde_json::Map<String, Value>) -> bool {
    map.get("key").and_then(Value::as_str) == Some("SecretToken")
        && map.get("value").and_then(Value::as_str) == Some(SECRET_PLACEHOLDER)
}

/// An answer with a status in the two hundreds.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; the error names the place that does not fit. Graph answers objects: a list at the top, which would be read
    /// as an object without fields, is none of its answers.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        if self.body.trim_ascii_start().starts_with(b"[") {
            return Err(DecodeError {
                at: ".".into(),
                why: "a list where an object is expected".into(),
            });
        }
        serde_json::from_slice(&self.body).map_err(|error| DecodeError {
            at: place_in_json(&self.body, &error),
            why: error.to_string(),
        })
    }
}

/// One endpoint: how its call looks, and what its answer means.
pub trait Endpoint {
    /// What the answer means.
    type Output;

    /// The call.
    fn call(&self) -> Call;

    /// Reads the answer.
    ///
    /// # Errors
    /// When the body is not what the endpoint answers.
    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError>;
}

/// One page of a list.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Page<T> {
    /// The rows. Without them it is no page: something else that was answered is not an empty list.
    pub value: Vec<T>,
    /// Where the next page is; an empty page with a link is not the end (facts/entra §4).
    #[serde(rename = "@odata.nextLink")]
    pub next: Option<Url>,
    /// How many rows there are in all; on the first page, where it was asked for.
    #[serde(rename = "@odata.count")]
    pub count: Option<u64>,
}

/// Quotes a text for an OData filter: a quote inside is doubled.
pub fn odata_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The value of an OData `$search` clause: quotes and backslashes are escaped.
pub fn odata_search(property: &str, text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{property}:{escaped}\"")
}

/// Sends calls. The one seam between Graph's endpoints and the network: the product sends over HTTP with a bound credential,
/// a test may answer from memory.
pub trait Exchange: Send + Sync {
    /// Sends one call and gives its answer, whatever its status; waits that the service asks for are honoured in here.
    ///
    /// # Errors
    /// When no answer came: sign-in expired, network, cancelled.
    fn exchange<'a>(
        &'a self,
        call: Outgoing<'a>,
        cancel: &'a tokio_util::sync::CancellationToken,
    ) -> futures::future::BoxFuture<'a, Result<RawAnswer, GraphError>>;

    /// Tells of a wait for calls that were throttled inside an answer.
    fn tell(&self, _: usher_transport::Event) {}
}

/// A call on its way out: absolute, secret filled in.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// The call it comes from.
    pub call: &'a Call,
    /// Where it goes.
    pub url: Url,
    /// The body with its secret. Not shown by `Debug`.
    pub body: Option<Payload>,
}

/// A body that may hold a secret: no `Serialize`, redacted `Debug`.
pub struct Payload(Value);

impl Payload {
    /// Takes a filled body over.
    pub fn new(body: Value) -> Self {
        Self(body)
    }

    /// The JSON, for the one place that sends it.
    pub fn expose(&self) -> &Value {
        &self.0
    }
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<body>")
    }
}

/// An answer of any status.
#[derive(Debug, Clone)]
pub struct RawAnswer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
    /// The service's id for the exchange.
    pub request_id: Option<String>,
    /// `Retry-After` in seconds, where it was given; for answers inside a batch.
    pub retry_after: Option<f64>,
}

impl RawAnswer {
    /// The answer with what went out taken out of it, should the service (or something on the way to it) repeat it: its words are
    /// shown to people. `hide` replaces a secret in a text.
    pub(super) fn hiding(mut self, hide: impl Fn(&str) -> String) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        let hidden = hide(&body);
        if hidden != body {
            self.body = Bytes::from(hidden);
        }
        self.request_id = self.request_id.map(|id| hide(&id));
        self
    }

    /// The answer where its status is in the two hundreds, else the error it carries.
    ///
    /// # Errors
    /// [`GraphError::Refused`] for any other status.
    pub fn ok(self, call: &Call) -> Result<Answer, GraphError> {
        if (200..300).contains(&self.status) {
            Ok(Answer {
                status: self.status,
                body: self.body,
            })
        } else {
            Err(GraphError::Refused(Box::new(super::error::ApiError::read(
                call, &self,
            ))))
        }
    }
}
