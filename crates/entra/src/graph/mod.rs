//! Microsoft Graph: one small type an endpoint, and the client that sends them.

mod assignments;
mod batch;
mod call;
mod consistency;
mod credentials;
mod directory;
mod error;
mod jobs;
mod lenient;
mod logs;
mod on_demand;
mod schema;
mod secrets;
mod service_principals;
mod templates;
mod tenant;
mod wire;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures::Stream;
use tokio_util::sync::CancellationToken;
use url::Url;
use usher_core::model::{Origin, Secret};
use usher_transport::{Client, EventSink};

pub use assignments::{AppRoleAssignment, Assign, ListAssignments, PrincipalType, Unassign};
pub use batch::{BATCH_SIZE, read};
pub use call::{
    Answer, Call, Endpoint, Exchange, Method, Outgoing, Page, Payload, RawAnswer,
    SECRET_PLACEHOLDER, odata_search, odata_text,
};
pub use consistency::{Look, Window};
pub use credentials::{Credentials, ValidateCredentials, Verdict, verdict};
pub use directory::{
    CountUsers, GetByIds, GetGroup, GetUser, Group, ListGroups, ListOtherMembers, ListUserMembers,
    ListUsers, Named, OtherMembers, User,
};
pub use error::{ApiError, DecodeError, GraphError};
pub use jobs::{
    ActOnJob, Count, CreateJob, DATABRICKS_TEMPLATE, Execution, ExecutionState, GetJob, JobAction,
    ListJobs, ListSynchronizationTemplates, Progress, Quarantine, RESTART_SCOPE, Schedule,
    ScheduleState, Status, StatusCode, SynchronizationError, SynchronizationJob,
    SynchronizationTemplate,
};
pub use logs::{ErrorInformation, Identity, ListProvisioningLogs, LogEntry, LogStatus, StatusInfo};
pub use on_demand::{OnDemandReport, OnDemandResult, ProvisionUser, Step};
pub use schema::{
    AttributeMapping, Filter, FilterClause, FilterGroup, FilterOperand, GetSchema, MappingState,
    ObjectMapping, PutSchema, RepairError, Schema, Source, SynchronizationRule,
};
pub use secrets::{
    GetSecrets, MASK, MaskedValue, NotificationSettings, Pair, PutSecrets, SecretSet,
};
pub use service_principals::{
    AppRole, Application, DEFAULT_ACCESS, FindServicePrincipals, GetServicePrincipal,
    ServicePrincipal, SetAssignmentRequired,
};
pub use templates::{
    ApplicationTemplate, CONNECTOR_NAME, CONNECTOR_TEMPLATE, CUSTOM_TEMPLATE, FindTemplates,
    GetTemplate, Instantiate, Instantiated,
};
pub use tenant::{
    DirectoryRole, GetMe, GetOrganization, ListMyRoles, ListSkus, Me, Organization,
    PLAN_GOVERNANCE, PLAN_P1, PLAN_P2, ServicePlan, SubscribedSku, VerifiedDomain,
};

use crate::signin::{SignInFault, SignedIn};

/// More pages than this are no real answer: at 999 rows each, five million rows.
const PAGE_CAP: usize = 5_000;

/// Microsoft Graph for one sign-in. Cheap to clone.
#[derive(Clone)]
pub struct Graph {
    exchange: Arc<dyn Exchange>,
    base: Url,
    wait_scale: f64,
}

impl Graph {
    /// Graph over HTTP, with the credential of a sign-in.
    ///
    /// # Errors
    /// Where the API's base is no URL; the hosts' table has none such.
    pub fn new(signed_in: SignedIn) -> Result<Self, SignInFault> {
        let client = signed_in.service().client().clone();
        Self::sent_by(client, signed_in)
    }

    /// The same, its waits told to `events` in place of the sign-in's own listener.
    ///
    /// # Errors
    /// As [`Graph::new`].
    pub fn telling(signed_in: SignedIn, events: EventSink) -> Result<Self, SignInFault> {
        let client = signed_in.service().client().clone().with_events(events);
        Self::sent_by(client, signed_in)
    }

    fn sent_by(client: Client, signed_in: SignedIn) -> Result<Self, SignInFault> {
        let base = Self::base_of(&signed_in.service().graph_origin())?;
        let wait_scale = client.wait_scale();
        Ok(Self {
            exchange: Arc::new(wire::Wire::new(signed_in, client)),
            base,
            wait_scale,
        })
    }

    /// Graph over any exchange, for instance one that answers from memory. `wait_scale` scales our own waits.
    pub fn over(exchange: Arc<dyn Exchange>, base: Url, wait_scale: f64) -> Self {
        Self {
            exchange,
            base,
            wait_scale,
        }
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

    /// The API's base on an origin: `https://graph.microsoft.com/v1.0`.
    ///
    /// # Errors
    /// Where origin and path make no URL.
    pub fn base_of(origin: &Origin) -> Result<Url, SignInFault> {
        let url = origin.join("/v1.0");
        url.map_err(|_| SignInFault::of(crate::signin::SignInFaultCode::UnexpectedAnswer))
    }

    /// The API's base.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// A wait of our own, scaled; the waits Graph asks for are never scaled.
    pub fn scaled(&self, wait: Duration) -> Duration {
        wait.mul_f64(self.wait_scale)
    }

    /// Waits, or ends at once when cancelled.
    ///
    /// # Errors
    /// When cancelled.
    pub async fn wait(&self, wait: Duration, cancel: &CancellationToken) -> Result<(), GraphError> {
        tokio::select! {
            () = tokio::time::sleep(wait) => Ok(()),
            () = cancel.cancelled() => Err(SignInFault::of(crate::signin::SignInFaultCode::Cancelled).into()),
        }
    }

    /// Sends an endpoint's call and reads its answer.
    ///
    /// # Errors
    /// [`GraphError`].
    pub async fn run<E: Endpoint>(
        &self,
        endpoint: &E,
        cancel: &CancellationToken,
    ) -> Result<E::Output, GraphError> {
        self.run_with(endpoint, None, cancel).await
    }

    /// The same with a secret for the place the call keeps for it.
    ///
    /// # Errors
    /// [`GraphError`].
    pub async fn run_with<E: Endpoint>(
        &self,
        endpoint: &E,
        secret: Option<&Secret>,
        cancel: &CancellationToken,
    ) -> Result<E::Output, GraphError> {
        let call = endpoint.call();
        let answer = self.answer(&call, secret, cancel).await?;
        endpoint
            .parse(&answer)
            .map_err(|source| GraphError::Decode {
                operation: call.name,
                source,
            })
    }

    /// Sends a call as it stands.
    ///
    /// # Errors
    /// [`GraphError`]; a call that keeps a place for a secret is not sent without one.
    pub async fn answer(
        &self,
        call: &Call,
        secret: Option<&Secret>,
        cancel: &CancellationToken,
    ) -> Result<Answer, GraphError> {
        if call.wants_secret() && secret.is_none() {
            return Err(GraphError::SecretMissing {
                operation: call.name,
            });
        }
        let body = call.filled(secret).map(Payload::new);
        let outgoing = Outgoing {
            call,
            url: call.url(&self.base),
            body,
        };
        let answer = self.exchange.exchange(outgoing, cancel).await?;
        let answer = match secret.map(Secret::expose) {
            None | Some("") => answer,
            Some(secret) => answer.hiding(|text| text.replace(secret, SECRET_PLACEHOLDER)),
        };
        answer.ok(call)
    }

    /// Reads a list page by page. An empty page is not the end; a link to another host, or to a page that was read already,
    /// is not followed.
    pub fn pages<'a, E, T>(
        &'a self,
        endpoint: &'a E,
        cancel: &'a CancellationToken,
    ) -> impl Stream<Item = Result<Page<T>, GraphError>> + Send + 'a
    where
        E: Endpoint<Output = Page<T>> + Sync,
        T: Send + 'a,
    {
        self.pages_from(endpoint, endpoint.call().url(&self.base), cancel)
    }

    /// The same from a page on that an earlier one named as the next.
    pub fn pages_from<'a, E, T>(
        &'a self,
        endpoint: &'a E,
        first: Url,
        cancel: &'a CancellationToken,
    ) -> impl Stream<Item = Result<Page<T>, GraphError>> + Send + 'a
    where
        E: Endpoint<Output = Page<T>> + Sync,
        T: Send + 'a,
    {
        async_stream::try_stream! {
            let call = endpoint.call();
            let mut url = Some(first);
            let mut followed = HashSet::new();
            while let Some(next) = url.take() {
                if followed.len() == PAGE_CAP {
                    Err(GraphError::TooManyPages { operation: call.name, pages: PAGE_CAP })?;
                }
                if !followed.insert(next.clone()) {
                    Err(GraphError::RepeatedLink { operation: call.name })?;
                }
                let page = self.page_at(endpoint, next, cancel).await?;
                url.clone_from(&page.next);
                yield page;
            }
        }
    }

    /// One page of a list, at the address that an earlier page named as the next.
    ///
    /// # Errors
    /// [`GraphError`]; a link to another host is not followed.
    pub async fn page_at<E: Endpoint>(
        &self,
        endpoint: &E,
        url: Url,
        cancel: &CancellationToken,
    ) -> Result<E::Output, GraphError> {
        let call = endpoint.call();
        if url.origin() != self.base.origin() {
            return Err(GraphError::ForeignLink {
                operation: call.name,
            });
        }
        let outgoing = Outgoing {
            call: &call,
            url,
            body: call.body.clone().map(Payload::new),
        };
        let answer = self.exchange.exchange(outgoing, cancel).await?.ok(&call)?;
        endpoint
            .parse(&answer)
            .map_err(|source| GraphError::Decode {
                operation: call.name,
                source,
            })
    }

    /// Reads a list to its end.
    ///
    /// # Errors
    /// [`GraphError`].
    pub async fn all<E, T>(
        &self,
        endpoint: &E,
        cancel: &CancellationToken,
    ) -> Result<Vec<T>, GraphError>
    where
        E: Endpoint<Output = Page<T>> + Sync,
        T: Send,
    {
        self.rest(
            endpoint,
            Page {
                value: Vec::new(),
                next: Some(endpoint.call().url(&self.base)),
                count: None,
            },
            cancel,
        )
        .await
    }

    /// The rows of a first page, and those of the pages after it.
    ///
    /// # Errors
    /// [`GraphError`].
    pub async fn rest<E, T>(
        &self,
        endpoint: &E,
        first: Page<T>,
        cancel: &CancellationToken,
    ) -> Result<Vec<T>, GraphError>
    where
        E: Endpoint<Output = Page<T>> + Sync,
        T: Send,
    {
        use futures::TryStreamExt as _;
        let Some(next) = first.next else {
            return Ok(first.value);
        };
        let pages = self.pages_from(endpoint, next, cancel);
        let append = async |mut rows: Vec<T>, mut page: Page<T>| {
            rows.append(&mut page.value);
            Ok(rows)
        };
        pages.try_fold(first.value, append).await
    }
}

impl std::fmt::Debug for Graph {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Graph")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}
