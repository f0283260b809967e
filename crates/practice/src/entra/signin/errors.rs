//! Errors of sign-in, in the shape of facts on Entra §2.4.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// What is refused, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignInError {
    /// The AADSTS number; none for the states of the device code flow that have only a word.
    pub(super) code: u32,
    /// `error`.
    pub(super) error: &'static str,
    /// The text after the number.
    pub(super) text: String,
}

impl SignInError {
    pub(super) fn new(code: u32, error: &'static str, text: impl Into<String>) -> Self {
        Self {
            code,
            error,
            text: text.into(),
        }
    }

    pub(super) fn missing(parameter: &str) -> Self {
        Self::new(
            900_144,
            "invalid_request",
            format!("The request body must contain the following parameter: '{parameter}'."),
        )
    }

    /// The error that a knob turned on stands for.
    pub(super) fn of_code(code: u32) -> Self {
        let (error, text) = match code {
            50034 => (
                "invalid_grant",
                "The user account does not exist in the directory.",
            ),
            50057 => ("invalid_grant", "The user account is disabled."),
            50076 => (
                "interaction_required",
                "Due to a configuration change made by your administrator, you must use multi-factor authentication.",
            ),
            50105 => (
                "invalid_grant",
                "The signed in user is not assigned to a role for the application.",
            ),
            53000 | 530_003 => (
                "interaction_required",
                "Your device is required to be managed to access this resource.",
            ),
            53003 => (
                "interaction_required",
                "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
            ),
            530_033 => (
                "invalid_grant",
                "The device code flow is blocked by a policy of your organisation.",
            ),
            530_035 => (
                "interaction_required",
                "Access has been blocked by security defaults.",
            ),
            65001 => (
                "invalid_grant",
                "The user or administrator has not consented to use the application. Send an interactive authorization request.",
            ),
            65004 => (
                "access_denied",
                "User declined to consent to access the app.",
            ),
            90033 => (
                "temporarily_unavailable",
                "A transient error has occurred. Please try again.",
            ),
            90094 => (
                "consent_required",
                "Admin consent is required for the permissions requested by this application.",
            ),
            7_000_222 => (
                "invalid_client",
                "The provided client secret keys are expired.",
            ),
            _ => ("invalid_grant", "The sign-in was refused."),
        };
        Self::new(code, error, text)
    }

    fn description(&self, at: Timestamp, trace: Uuid, correlation: Uuid) -> String {
        let time = at.strftime("%Y-%m-%d %H:%M:%SZ");
        format!(
            "AADSTS{}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}",
            self.code, self.text
        )
    }

    /// The body of the token endpoint.
    pub(super) fn body(&self, at: Timestamp) -> Value {
        let (trace, correlation) = (Uuid::new_v4(), Uuid::new_v4());
        let mut body = json!({
            "error": self.error,
            "error_description": self.description(at, trace, correlation),
            "error_codes": [self.code],
            "timestamp": at.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.code),
        });
        if self.error == "interaction_required" {
            body["suberror"] = json!("message_only");
        }
        body
    }

    /// The answer of the token endpoint.
    pub(super) fn answer(&self, at: Timestamp) -> Response {
        let status = if self.error == "invalid_client" {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::BAD_REQUEST
        };
        (
            status,
            [
                ("cache-control", "no-store, no-cache"),
                ("pragma", "no-cache"),
            ],
            Json(self.body(at)),
        )
            .into_response()
    }

    /// Parameters of the redirect that tells the application.
    pub(super) fn redirect_parameters(&self, at: Timestamp) -> [(&'static str, String); 2] {
        [
            ("error", self.error.to_owned()),
            (
                "error_description",
                self.description(at, Uuid::new_v4(), Uuid::new_v4()),
            ),
        ]
    }
}
