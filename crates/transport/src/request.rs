//! A request, described before anything is sent.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;
use url::Url;

use crate::credential::Credential;
use crate::retry::Retry;

/// The cap on an answer's body when the request names none: 64 MiB.
const DEFAULT_MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A request. Reads retry by default, writes retry on 429 alone (`contracts/cli.md`, rule 8).
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) credential: Option<Credential>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Result<Option<Bytes>, String>,
    pub(crate) retry: Retry,
    pub(crate) max_bytes: u64,
    pub(crate) timeout: Option<Duration>,
}

impl Request {
    /// A request with the given method. `name` stands in logs, events and errors, for instance `account.users.list`.
    pub fn new(name: &'static str, method: Method, url: Url) -> Self {
        let retry = if method.is_safe() {
            Retry::Read
        } else {
            Retry::Write
        };
        Self {
            name,
            method,
            url,
            credential: None,
            headers: HeaderMap::new(),
            body: Ok(None),
            retry,
            max_bytes: DEFAULT_MAX_BYTES,
            timeout: None,
        }
    }

    /// A `GET`.
    pub fn get(name: &'static str, url: Url) -> Self {
        Self::new(name, Method::GET, url)
    }

    /// A `POST`.
    pub fn post(name: &'static str, url: Url) -> Self {
        Self::new(name, Method::POST, url)
    }

    /// A `PUT`.
    pub fn put(name: &'static str, url: Url) -> Self {
        Self::new(name, Method::PUT, url)
    }

    /// A `PATCH`.
    pub fn patch(name: &'static str, url: Url) -> Self {
        Self::new(name, Method::PATCH, url)
    }

    /// A `DELETE`.
    pub fn delete(name: &'static str, url: Url) -> Self {
        Self::new(name, Method::DELETE, url)
    }

    /// Sends a credential along, bearer or basic, as it was made.
    #[must_use]
    pub fn bearer(mut self, credential: &Credential) -> Self {
        self.credential = Some(credential.clone());
        self
    }

    /// A JSON body.
    #[must_use]
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Self {
        let bytes = serde_json::to_vec(value).map_err(|error| error.to_string());
        self.content("application/json", bytes.map(Bytes::from))
    }

    /// A form body (`application/x-www-form-urlencoded`).
    #[must_use]
    pub fn form(self, pairs: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        self.content("application/x-www-form-urlencoded", Ok(Bytes::from(body)))
    }

    /// A body as it is.
    #[must_use]
    pub fn body(self, content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        self.content(content_type, Ok(bytes.into()))
    }

    /// A header; a later one of the same name replaces an earlier one.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// When to try again.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The cap on the answer's body in bytes, after decompression; 64 MiB unless set.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// The time for one try, from connecting to the answer's last byte; the client's unless set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The request's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL.
    pub fn url(&self) -> &Url {
        &self.url
    }

    fn content(mut self, content_type: &'static str, body: Result<Bytes, String>) -> Self {
        self.headers.insert(
            http::header::CONTENT_TYPE,
            HeaderValue::from_static(content_type),
        );
        self.body = body.map(Some);
        self
    }
}
