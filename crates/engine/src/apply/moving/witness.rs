//! Who looks at the world for a move. The product looks over HTTP; a test may look without a network.

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use usher_core::model::Setup;
use usher_core::observation::databricks::WorkspaceFacts;

use crate::observe::{
    Cancelled, Entra, ObserveContext, Observed, ProgressSink, Secrets, What, observe,
    observe_workspace,
};

/// Looks at the world for a move.
pub trait Witness: Send + Sync {
    /// Looks at both sides anew.
    fn look<'a>(&'a self, setup: &'a Setup) -> BoxFuture<'a, Result<Observed, Cancelled>>;

    /// Looks at one workspace anew.
    fn workspace<'a>(
        &'a self,
        setup: &'a Setup,
        known: &'a WorkspaceFacts,
    ) -> BoxFuture<'a, Result<WorkspaceFacts, Cancelled>>;
}

/// The product's own eyes.
pub struct LiveWitness<'a> {
    /// Microsoft Graph.
    pub entra: &'a Entra,
    /// The client for the Databricks side.
    pub http: &'a usher_transport::Client,
    /// The secrets of the Databricks side.
    pub secrets: &'a Secrets,
    /// Where progress goes.
    pub progress: ProgressSink<'a>,
    /// Cancels.
    pub cancel: &'a CancellationToken,
}

impl LiveWitness<'_> {
    fn context<'a>(&'a self, setup: &'a Setup) -> ObserveContext<'a> {
        ObserveContext {
            setup,
            entra: Some(self.entra),
            http: self.http,
            secrets: self.secrets,
            what: What::EVERYTHING,
        }
    }
}

impl Witness for LiveWitness<'_> {
    fn look<'a>(&'a self, setup: &'a Setup) -> BoxFuture<'a, Result<Observed, Cancelled>> {
        async move { observe(&self.context(setup), self.progress, self.cancel).await }.boxed()
    }

    fn workspace<'a>(
        &'a self,
        setup: &'a Setup,
        known: &'a WorkspaceFacts,
    ) -> BoxFuture<'a, Result<WorkspaceFacts, Cancelled>> {
        async move { observe_workspace(&self.context(setup), known, self.cancel).await }.boxed()
    }
}
