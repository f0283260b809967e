//! How Usher speaks HTTP: one client, host binding, retry, time-outs, size caps, phases, redaction.
//!
//! Three rules hold for every request and cannot be switched off:
//!
//! - A host that the [`World`](usher_core::model::World) does not know is refused before a byte is sent, and so is a
//!   [`Credential`] on an origin other than its own.
//! - A redirect is never followed; it comes back as [`ErrorKind::Redirected`].
//! - Nothing that could hold a secret (bodies, header values, queries) is logged or put into an error.
//!
//! No host gets more than four requests at a time, and one that refuses with 429 is asked at the pace it allows.
//!
//! Any HTTP status but a redirect is an answer, not an error: [`Response::status`] tells, and the `databricks` and `entra`
//! crates read the error bodies of their services. What this crate does not know: SCIM, Graph, sign-in.

mod body;
mod classify;
mod client;
mod credential;
mod error;
mod event;
mod lanes;
mod pace;
mod place;
pub mod probe;
mod proxy;
mod request;
mod resolver;
mod response;
mod retry;
mod trust;

pub use client::{Client, ClientConfig, ClientError};
pub use credential::Credential;
pub use error::{Error, ErrorKind, HostRefusal, TlsFault, TlsReason};
pub use event::{Event, EventSink, WaitReason};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
pub use place::place_in_json;
pub use proxy::ProxyInForce;
pub use request::Request;
pub use response::Response;
pub use retry::{Retry, RetryPolicy, Wait, retry_after};
pub use tokio_util::sync::CancellationToken;
pub use trust::Trust;
