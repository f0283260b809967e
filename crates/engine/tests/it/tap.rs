//! An exchange around Graph's own: holds every request and answer against the contract, and stops a run at a chosen write.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Notify;
use usher_entra::graph::{Exchange, GraphError, Outgoing, RawAnswer};
use usher_transport::CancellationToken;

use crate::contract::Contract;

/// When a run is stopped, seen from one of its writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Before the write is sent.
    Before,
    /// After it was carried out, before its answer is seen.
    After,
}

/// The exchange.
pub(crate) struct Tap {
    inner: Arc<dyn Exchange>,
    stop: Option<(usize, When)>,
    writes: Arc<AtomicUsize>,
    reached: Arc<Notify>,
}

impl Tap {
    /// Checks only.
    pub(crate) fn checking(inner: Arc<dyn Exchange>) -> Self {
        Self {
            inner,
            stop: None,
            writes: Arc::default(),
            reached: Arc::default(),
        }
    }

    /// Hangs for ever at the write of this number, and tells `reached`.
    pub(crate) fn stopping(
        inner: Arc<dyn Exchange>,
        at: usize,
        when: When,
        reached: Arc<Notify>,
    ) -> Self {
        Self {
            inner,
            stop: Some((at, when)),
            writes: Arc::default(),
            reached,
        }
    }

    async fn hang(&self) {
        self.reached.notify_one();
        std::future::pending::<()>().await;
    }

    async fn send(
        &self,
        call: Outgoing<'_>,
        cancel: &CancellationToken,
    ) -> Result<RawAnswer, GraphError> {
        let method = call.call.method.as_str();
        let path = call.url.path().trim_start_matches("/v1.0").to_owned();
        let body = call.body.as_ref().map(|body| body.expose().clone());
        assert!(
            !body
                .as_ref()
                .is_some_and(|body| body.to_string().contains("\"*\"")),
            "a masked value was sent: {method} {path}"
        );
        Contract::get().check_request(method, &path, body.as_ref());
        let number = if call.call.is_read {
            usize::MAX
        } else {
            self.writes.fetch_add(1, Ordering::SeqCst)
        };
        let stops = |when| self.stop == Some((number, when));
        if stops(When::Before) {
            self.hang().await;
        }
        let answer = self.inner.exchange(call, cancel).await?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        // Faults of a test answer with what no service would.
        if text.is_empty() || serde_json::from_str::<serde_json::Value>(&text).is_ok() {
            let kind = if path.ends_with("$count") {
                "text/plain"
            } else {
                "application/json"
            };
            Contract::get().check_answer(method, &path, answer.status, kind, &text);
        }
        if stops(When::After) {
            self.hang().await;
        }
        Ok(answer)
    }
}

impl Exchange for Tap {
    fn exchange<'a>(
        &'a self,
        call: Outgoing<'a>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<RawAnswer, GraphError>> {
        self.send(call, cancel).boxed()
    }
}
