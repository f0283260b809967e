//! A bound on how many calls are in flight at once.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::Graph;
use super::call::{Exchange, Outgoing, RawAnswer};
use super::error::GraphError;

struct Gated {
    inner: Arc<dyn Exchange>,
    gate: Arc<Semaphore>,
}

impl Exchange for Gated {
    fn exchange<'a>(
        &'a self,
        call: Outgoing<'a>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<RawAnswer, GraphError>> {
        async move {
            // The gate is never closed; without a permit the call would merely not be bounded.
            let _permit = self.gate.acquire().await.ok();
            self.inner.exchange(call, cancel).await
        }
        .boxed()
    }

    fn tell(&self, event: usher_transport::Event) {
        self.inner.tell(event);
    }
}

impl Graph {
    /// The same Graph, with as many calls in flight as the gate has permits; the rest wait their turn.
    #[must_use]
    pub fn gated(&self, gate: Arc<Semaphore>) -> Self {
        self.through(|inner| Arc::new(Gated { inner, gate }))
    }

    /// The same Graph through another exchange that is laid around its own.
    #[must_use]
    pub fn through(&self, around: impl FnOnce(Arc<dyn Exchange>) -> Arc<dyn Exchange>) -> Self {
        let exchange = around(Arc::clone(&self.exchange));
        Self {
            exchange,
            base: self.base.clone(),
            wait_scale: self.wait_scale,
        }
    }
}
