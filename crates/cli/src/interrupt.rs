//! Ctrl-C.

use usher_transport::CancellationToken;

/// A token that Ctrl-C cancels. A second Ctrl-C does what the system does with it.
pub(crate) fn on_interrupt() -> CancellationToken {
    let token = CancellationToken::new();
    let trigger = token.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            trigger.cancel();
        }
    });
    token
}
