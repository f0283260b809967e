//! An answer.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind};
use crate::place::place_in_json;

/// The headers in which Databricks and Microsoft name a request, in the order in which they are looked for.
const REQUEST_ID_HEADERS: [&str; 3] = ["request-id", "x-request-id", "client-request-id"];

/// An answer with its whole body: any status but a redirect.
#[derive(Debug, Clone)]
pub struct Response {
    /// The request's name.
    pub operation: &'static str,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
    /// The service's own id of this request, for its support.
    pub request_id: Option<String>,
    /// How often the request was tried.
    pub attempts: u32,
    /// From the first try to the end, waits included.
    pub elapsed: Duration,
}

impl Response {
    /// Reads the body as JSON. The error names the place in the document (`Resources[3].emails`), not the text.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`] when the body is not the JSON that is expected.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body)
            .map_err(|error| self.unreadable(place_in_json(&self.body, &error), &error))
    }

    /// The body as text, with replacement characters where it is not UTF-8.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// An error about this answer, carrying its operation, tries and time.
    pub fn error(&self, kind: ErrorKind) -> Error {
        Error {
            operation: self.operation,
            attempts: self.attempts,
            elapsed: self.elapsed,
            kind,
        }
    }

    /// The media type without its parameters, lower case; empty when the answer names none.
    pub fn media_type(&self) -> String {
        let value = self
            .headers
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        value
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    }

    fn unreadable(&self, path: String, error: &serde_json::Error) -> Error {
        let detail = match error.classify() {
            serde_json::error::Category::Eof => "the text ends too early".to_owned(),
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                format!(
                    "not JSON (line {}, column {})",
                    error.line(),
                    error.column()
                )
            }
            // serde's own words quote the offending value, which may be anything.
            serde_json::error::Category::Data => {
                format!(
                    "not the expected form (line {}, column {})",
                    error.line(),
                    error.column()
                )
            }
        };
        self.error(ErrorKind::Unreadable {
            status: self.status.as_u16(),
            path,
            detail,
            truncated: error.is_eof(),
        })
    }
}

/// The service's id of a request, from an answer's headers.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    REQUEST_ID_HEADERS
        .iter()
        .find_map(|name| headers.get(*name))
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}
