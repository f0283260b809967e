//! Graph's answers: values, counts, nothing, and errors in the shape of facts on Entra §1.0.

use http::StatusCode;
use serde_json::{Value, json};

/// What an answer carries.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// JSON.
    Json(Value),
    /// Plain text, for instance of `$count`.
    Text(String),
}

/// What changed, for the change log.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// What, in a few words.
    pub what: String,
    /// Before.
    pub before: Value,
    /// After.
    pub after: Value,
}

/// An answer of Graph, before it is put on the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// What it carries.
    pub content: Content,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// What it changed.
    pub notes: Vec<Note>,
}

impl Answer {
    /// 200 with a value.
    #[must_use]
    pub fn json(value: Value) -> Self {
        Self {
            status: StatusCode::OK,
            content: Content::Json(value),
            headers: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// 201 with what was made.
    #[must_use]
    pub fn created(value: Value) -> Self {
        Self {
            status: StatusCode::CREATED,
            ..Self::json(value)
        }
    }

    /// 204.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            content: Content::Nothing,
            headers: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// 200 with a number as plain text.
    #[must_use]
    pub fn count(number: usize) -> Self {
        Self {
            content: Content::Text(number.to_string()),
            ..Self::json(Value::Null)
        }
    }

    /// The same answer, with something for the change log.
    #[must_use]
    pub fn noting(mut self, what: impl Into<String>, before: Value, after: Value) -> Self {
        self.notes.push(Note {
            what: what.into(),
            before,
            after,
        });
        self
    }
}

/// An error of Graph.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct GraphError {
    /// The HTTP status.
    pub status: StatusCode,
    /// `error.code`.
    pub code: String,
    /// `error.message`; empty for some (facts on Entra §1.0).
    pub message: String,
    /// `error.details`: code and message.
    pub details: Vec<(String, String)>,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
}

impl GraphError {
    /// An error without details.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            details: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// 404 for an id that names nothing.
    #[must_use]
    pub fn not_found(id: &str) -> Self {
        let message = format!(
            "Resource '{id}' does not exist or one of its queried reference-property objects are not present."
        );
        Self::new(StatusCode::NOT_FOUND, "Request_ResourceNotFound", message)
    }

    /// 400 for something Graph cannot read.
    #[must_use]
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Request_BadRequest", message)
    }

    /// 400 for a query that is not supported, or not without the advanced-query header.
    #[must_use]
    pub fn unsupported_query(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Request_UnsupportedQuery", message)
    }

    /// 403 of the directory.
    #[must_use]
    pub fn denied() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )
    }

    /// 401 of the synchronization back end: code `UnknownError` and an empty message.
    #[must_use]
    pub fn unknown() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UnknownError", "")
    }

    /// 429.
    #[must_use]
    pub fn throttled(retry_after: Option<String>) -> Self {
        let mut error = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "TooManyRequests",
            "Too many requests from your application; wait before you try again.",
        );
        error
            .headers
            .extend(retry_after.map(|seconds| ("retry-after", seconds)));
        error
    }

    /// The answer that tells it.
    #[must_use]
    pub fn into_answer(self, date: &str, request_id: &str, client_request_id: &str) -> Answer {
        let details: Vec<Value> = self
            .details
            .iter()
            .map(|(code, message)| json!({ "code": code, "message": message }))
            .collect();
        let mut error = json!({
            "code": self.code,
            "message": self.message,
            "innerError": { "date": date, "request-id": request_id, "client-request-id": client_request_id },
        });
        if let (Some(error), false) = (error.as_object_mut(), details.is_empty()) {
            error.insert("details".to_owned(), Value::Array(details));
        }
        Answer {
            status: self.status,
            headers: self.headers,
            ..Answer::json(json!({ "error": error }))
        }
    }
}
