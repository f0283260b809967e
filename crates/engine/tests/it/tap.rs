//! An exchange around Graph's own: holds every request and answer against the contract.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use usher_entra::graph::{Exchange, GraphError, Outgoing, RawAnswer};
use usher_transport::CancellationToken;

use crate::contract::Contract;

/// The exchange.
pub(crate) struct Tap {
    inner: Arc<dyn Exchange>,
}

impl Tap {
    pub(crate) fn checking(inner: Arc<dyn Exchange>) -> Self {
        Self { inner }
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
