//! Ctrl-C.

use usher_transport::CancellationToken;

use crate::failure::Exit;

/// A token that Ctrl-C cancels: what is under way is seen through, and nothing further is begun. A second Ctrl-C ends the
/// process at once; what was begun is in the journal.
pub(crate) fn on_interrupt() -> CancellationToken {
    let token = CancellationToken::new();
    let trigger = token.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            trigger.cancel();
        }
        // From the first one on the system leaves them all to us.
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(i32::from(Exit::Interrupted.status()));
        }
    });
    token
}
