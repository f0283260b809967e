//! Whether a failed request may have happened all the same.

use std::time::Duration;

use usher_core::plan::Intent;
use usher_entra::graph::{GraphError, Window};
use usher_entra::signin::SignInFaultCode;
use usher_transport::ErrorKind;

/// Whether the request may have reached the service and been carried out, although no clear answer came.
pub(super) fn is_in_doubt(error: &GraphError) -> bool {
    match error {
        // An answer that cannot be read is an answer to something that was done.
        GraphError::Decode { .. } => true,
        GraphError::Refused(refusal) => refusal.status >= 500 || refusal.status == 408,
        GraphError::Transport(error) => error.attempts > 0 && !never_arrived(&error.kind),
        GraphError::SignIn(_)
        | GraphError::ForeignLink { .. }
        | GraphError::TooManyPages { .. }
        | GraphError::RepeatedLink { .. }
        | GraphError::SecretMissing { .. } => false,
    }
}

/// Faults of making the connection: the request was never sent.
fn never_arrived(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::HostRefused { .. }
            | ErrorKind::Unbuildable(_)
            | ErrorKind::NameNotFound { .. }
            | ErrorKind::ConnectRefused { .. }
            | ErrorKind::ConnectTimeout
            | ErrorKind::ProxyRefused { .. }
            | ErrorKind::ProxyAuth
            | ErrorKind::Tls(_)
    )
}

/// Whether it failed because the person cancelled.
pub(super) fn is_cancelled(error: &GraphError) -> bool {
    match error {
        GraphError::Transport(error) => error.kind == ErrorKind::Cancelled,
        GraphError::SignIn(fault) => fault.code == SignInFaultCode::Cancelled,
        _ => false,
    }
}

/// Whether an intent makes something that must not be made twice.
fn creates(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::CreateApplication { .. } | Intent::CreateJob { .. }
    )
}

/// How long the world is read back after a change.
pub(super) fn read_back(intent: &Intent) -> Window {
    if creates(intent) {
        Window::AFTER_CREATION
    } else {
        Window::AFTER_CHANGE
    }
}

/// How long the world is asked after a doubt: for something that must not be made twice, through the whole window.
pub(super) fn ask(intent: &Intent) -> Window {
    let window = if creates(intent) {
        Window::AFTER_CREATION
    } else {
        Window {
            budget: Duration::from_secs(60),
            ..Window::AFTER_CHANGE
        }
    };
    Window {
        agreeing: 1,
        ..window
    }
}
