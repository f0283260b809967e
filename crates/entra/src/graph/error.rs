//! What goes wrong with Graph, read leniently: the documented error shape and the odd ones that are really sent.

use std::time::Duration;

use serde_json::Value;

use super::call::{Call, RawAnswer};
use crate::signin::SignInFault;

/// Why a Graph call gave no result.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// The sign-in no longer holds.
    #[error(transparent)]
    SignIn(#[from] SignInFault),
    /// No answer came.
    #[error(transparent)]
    Transport(#[from] usher_transport::Error),
    /// Graph refused.
    #[error(transparent)]
    Refused(Box<ApiError>),
    /// Graph answered, but not what the endpoint answers.
    #[error("{operation}: {source}")]
    Decode {
        /// The operation.
        operation: &'static str,
        /// What does not fit.
        source: DecodeError,
    },
    /// A next-page link leads away from Graph; it was not followed.
    #[error("{operation}: the link to the next page leads to another host, so it was not followed")]
    ForeignLink {
        /// The operation.
        operation: &'static str,
    },
    /// More pages than any real answer has.
    #[error("{operation}: more than {pages} pages; the listing was stopped")]
    TooManyPages {
        /// The operation.
        operation: &'static str,
        /// How many were read.
        pages: usize,
    },
    /// A next-page link leads back to a page that was read already; it was not followed again.
    #[error(
        "{operation}: the link to the next page leads back to one that was read already, so the list would never end"
    )]
    RepeatedLink {
        /// The operation.
        operation: &'static str,
    },
    /// A request that needs a secret was about to be sent without one.
    #[error("{operation}: there is no secret to send")]
    SecretMissing {
        /// The operation.
        operation: &'static str,
    },
}

/// A body that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer does not fit at {at}: {why}")]
pub struct DecodeError {
    /// The place in the JSON.
    pub at: String,
    /// What is wrong there.
    pub why: String,
}

/// A refusal with what Graph said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The operation's name.
    pub operation: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// `error.code`; empty where the body had none.
    pub code: String,
    /// `error.message`, or the text inside it where it is itself JSON; may be empty.
    pub message: String,
    /// Every code named in the body, the outermost first, `details` and inner errors included.
    pub codes: Vec<String>,
    /// For a support case.
    pub request_id: Option<String>,
    /// The permissions of which one is needed, the least first.
    pub needs: &'static [&'static str],
    /// How long Graph asks to wait before the next try.
    pub asks_to_wait: Option<Duration>,
}

impl std::error::Error for ApiError {}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: Microsoft Graph answered {}",
            self.operation, self.status
        )?;
        if !self.code.is_empty() {
            write!(f, " {}", self.code)?;
        }
        if !self.message.is_empty() {
            write!(f, " \u{201c}{}\u{201d}", self.message)?;
        }
        if self.is_missing_permission()
            && let Some(least) = self.needs.first()
        {
            write!(f, "; the permission {least} may be missing")?;
        }
        if self.status == 429 {
            write!(f, ": it has too many requests at the moment")?;
            if let Some(wait) = self.asks_to_wait {
                write!(f, " and asks for a pause of {}", span(wait))?;
            }
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

impl ApiError {
    /// Reads a refusal. Never fails: a body that is no error body leaves code and message empty.
    pub fn read(call: &Call, answer: &RawAnswer) -> Self {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        let mut codes = Vec::new();
        collect_codes(&body, 0, &mut codes);
        let error = body.get("error").unwrap_or(&Value::Null);
        let text = |value: &Value, name: &str| {
            value
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let message = text(error, "message");
        // The synchronization back end hides its own JSON in the message (facts/entra §1.0).
        let message = match serde_json::from_str::<Value>(&message) {
            Ok(inner @ Value::Object(_)) => {
                collect_codes(&inner, 0, &mut codes);
                inner_message(&inner).unwrap_or(message)
            }
            _ => message,
        };
        codes.dedup();
        let inner_id = error
            .pointer("/innerError/request-id")
            .and_then(Value::as_str);
        Self {
            operation: call.name,
            status: answer.status,
            code: text(error, "code"),
            message,
            codes,
            request_id: answer
                .request_id
                .clone()
                .or_else(|| inner_id.map(str::to_owned)),
            needs: call.needs,
            asks_to_wait: answer
                .retry_after
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        }
    }

    /// Whether the caller lacks a permission: 403; or, on synchronization calls, 401 `UnknownError` with an empty message
    /// (facts/entra §1.0).
    pub fn is_missing_permission(&self) -> bool {
        self.status == 403
            || (self.status == 401 && self.code == "UnknownError" && self.message.is_empty())
    }

    /// Whether the tenant has no premium licence for what was asked.
    pub fn is_not_premium(&self) -> bool {
        self.codes
            .iter()
            .any(|code| code.starts_with("Authentication_RequestFromNonPremiumTenant"))
    }

    /// Whether the object is not there (yet).
    pub fn is_not_found(&self) -> bool {
        self.status == 404
    }

    /// Whether the refusal is of the kind that passes by itself shortly after an object was made (facts/entra §4).
    pub fn may_be_settling(&self) -> bool {
        matches!(self.status, 401 | 403 | 404 | 409)
    }
}

/// A length of time for people.
fn span(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..120 => format!("{seconds} seconds"),
        seconds @ 120..7_200 => format!("{} minutes", seconds.div_ceil(60)),
        seconds => format!("{} hours", seconds.div_ceil(3_600)),
    }
}

fn inner_message(inner: &Value) -> Option<String> {
    let found = inner
        .get("Message")
        .or_else(|| inner.get("message"))
        .or_else(|| inner.pointer("/error/message"))?;
    found.as_str().map(str::to_owned)
}

/// Walks `code`s wherever they stand, a few levels deep.
fn collect_codes(value: &Value, depth: usize, codes: &mut Vec<String>) {
    if depth > 8 {
        return;
    }
    match value {
        Value::Object(map) => {
            for name in ["code", "errorCode"] {
                if let Some(code) = map.get(name).and_then(Value::as_str)
                    && !code.is_empty()
                {
                    codes.push(code.to_owned());
                }
            }
            map.values()
                .for_each(|inner| collect_codes(inner, depth + 1, codes));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|inner| collect_codes(inner, depth + 1, codes)),
        _ => {}
    }
}

impl GraphError {
    /// The refusal, where Graph refused.
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Refused(error) => Some(error),
            _ => None,
        }
    }

    /// Whether it passes by itself shortly after an object was made.
    pub fn may_be_settling(&self) -> bool {
        self.api().is_some_and(ApiError::may_be_settling)
    }

    /// Whether Graph has too many requests at the moment.
    pub fn is_throttled(&self) -> bool {
        self.api().is_some_and(|error| error.status == 429)
    }

    /// Whether the object is not there.
    pub fn is_not_found(&self) -> bool {
        self.api().is_some_and(ApiError::is_not_found)
    }

    /// The permission whose absence explains the refusal, the least that would do.
    pub fn missing_permission(&self) -> Option<&'static str> {
        self.api()
            .filter(|error| error.is_missing_permission())?
            .needs
            .first()
            .copied()
    }
}
