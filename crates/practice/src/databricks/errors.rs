//! The error answers of the Databricks APIs, in the shapes they really come in.

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, StatusCode};
use serde_json::json;

/// How an API writes its errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// `{"error_code", "message"}`: account SCIM 2.1 and every API that is not SCIM.
    #[default]
    Databricks,
    /// The SCIM error message: account SCIM 2.0 and workspace SCIM.
    Scim,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// `error_code`, or `scimType` in the SCIM shape.
    pub code: String,
    /// What is wrong, in the API's words.
    pub message: String,
    /// How it is written.
    pub shape: Shape,
    /// Seconds until a retry makes sense.
    pub retry_after: Option<u64>,
}

impl ApiError {
    /// A refusal in the Databricks shape.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            shape: Shape::Databricks,
            retry_after: None,
        }
    }

    /// 400.
    pub fn bad_request(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 401: no token, or one that is unknown, revoked or expired.
    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED",
            "Request does not have valid authentication credentials.",
        )
    }

    /// 403: the caller may not.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message)
    }

    /// 404 for a path the API does not have; `path` is the whole path.
    pub fn no_endpoint(path: &str) -> Self {
        let path = path.strip_prefix("/api").unwrap_or(path);
        Self::new(
            StatusCode::NOT_FOUND,
            "ENDPOINT_NOT_FOUND",
            format!("Endpoint not found for {path}"),
        )
    }

    /// 404 for a resource.
    pub fn no_resource(what: &str, id: &str) -> Self {
        let mut name = what.to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Self::new(
            StatusCode::NOT_FOUND,
            "RESOURCE_DOES_NOT_EXIST",
            format!("{name} with id {id} not found."),
        )
    }

    /// 404 for a call to the account's API that names no account (facts on Databricks §3.5).
    pub fn no_account(method: &Method) -> Self {
        let message = format!("HTTP method {method} is not supported by this URL");
        Self::new(StatusCode::NOT_FOUND, "ENDPOINT_NOT_FOUND", message)
    }

    /// 405.
    pub fn method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            "HTTP method is not supported by this URL",
        )
    }

    /// 409: the name is taken.
    pub fn exists(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "RESOURCE_ALREADY_EXISTS", message)
    }

    /// 400: a workspace that uses the account's identities lets nobody change group membership. The sentence stands in
    /// `scimType`, as in the field reports.
    pub fn federated(attribute: &str) -> Self {
        let sentence = format!("{attribute} attribute not supported for current workspace.");
        Self {
            shape: Shape::Scim,
            ..Self::bad_request(&sentence, sentence.clone())
        }
    }

    /// 500: `active` was given as a string.
    pub fn cast() -> Self {
        let message = "class java.lang.String cannot be cast to class java.lang.Boolean";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", message)
    }

    /// 504: the service took too long.
    pub fn too_slow(path: &str) -> Self {
        let message = format!("The service at {path} is taking too long to process your request.");
        Self::new(StatusCode::GATEWAY_TIMEOUT, "DEADLINE_EXCEEDED", message)
    }

    /// The same refusal written in this shape.
    #[must_use]
    pub fn shaped(mut self, shape: Shape) -> Self {
        if self.shape == Shape::Databricks {
            self.shape = shape;
        }
        self
    }

    fn body(&self) -> String {
        match self.shape {
            Shape::Databricks => {
                json!({ "error_code": self.code, "message": self.message }).to_string()
            }
            Shape::Scim => {
                let scim_type = match self.code.as_str() {
                    "RESOURCE_ALREADY_EXISTS" => Some("uniqueness"),
                    "INVALID_FILTER" => Some("invalidFilter"),
                    "INVALID_PARAMETER_VALUE" => Some("invalidValue"),
                    sentence if sentence.ends_with('.') => Some(sentence),
                    _ => None,
                };
                let mut body = json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                    "detail": self.message,
                    "status": self.status.as_u16().to_string(),
                });
                if let Some(scim_type) = scim_type {
                    body["scimType"] = scim_type.into();
                }
                body.to_string()
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let kind = if self.shape == Shape::Scim {
            "application/scim+json"
        } else {
            "application/json"
        };
        let mut response = (self.status, [(CONTENT_TYPE, kind)], self.body()).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
