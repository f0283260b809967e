//! What a person sees while a request waits.

use std::sync::Arc;
use std::time::Duration;

/// Something worth showing while a request is under way.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The request will be tried again after a wait, for instance "asked to wait 27 s".
    Waiting {
        /// The request's name.
        operation: &'static str,
        /// Who is waited for.
        host: String,
        /// How long.
        wait: Duration,
        /// Why.
        reason: WaitReason,
        /// Which try comes after the wait, counted from 1.
        next_attempt: u32,
    },
}

/// Why a request waits before it is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitReason {
    /// The server named the time in `Retry-After`.
    Asked,
    /// The server said "too many requests" and named no time.
    Throttled,
    /// The server could not answer (408 or 5xx).
    ServerError,
    /// The connection failed.
    Connection,
}

/// Where events go. Called from the request's own task: it must return at once.
pub type EventSink = Arc<dyn Fn(Event) + Send + Sync>;
