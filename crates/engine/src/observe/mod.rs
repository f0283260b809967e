//! Looking at both sides: the only place that makes an observation.
//!
//! Nothing here writes. What a permission or a fault hides is [`Seen::Unknown`] with the reason and what would tell, and
//! the rest is observed all the same.

mod connector;
mod connectors;
mod convert;
mod databricks;
mod deep;
mod estimate;
mod groups;
mod identity;
mod kept;
mod linked;
mod log;
mod parts;
mod principals;
mod refusal;
mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use estimate::{Estimate, Side};
use jiff::Timestamp;
use tokio::sync::SetOnce;
use tokio_util::sync::CancellationToken;
use usher_core::model::setup::Journey;
use usher_core::model::{Secret, Setup};
use usher_core::observation::databricks::WorkspaceFacts;
use usher_core::observation::{DatabricksFacts, EntraFacts, Observation, Principals, Seen};
use usher_entra::graph::Graph;
use usher_entra::render::Material;
use usher_entra::signin::SignedIn;
use usher_transport::EventSink;

pub use deep::Scan;
use kept::Hold;
pub use kept::Kept;
pub use standing::Standing;
pub(crate) use standing::{key, standings};

/// How many requests are under way at once, to each side.
const IN_FLIGHT: usize = 4;

/// A sign-in to Microsoft Graph, and what is asked with it.
#[derive(Debug, Clone)]
pub struct Entra {
    /// The sign-in.
    pub signed_in: SignedIn,
    /// Microsoft Graph.
    pub graph: Graph,
}

impl Entra {
    /// Graph over HTTP for a sign-in.
    ///
    /// # Errors
    /// Where Graph's address is none; the hosts' table has none such.
    pub fn new(signed_in: SignedIn) -> Result<Self, usher_entra::signin::SignInFault> {
        Ok(Self {
            graph: Graph::new(signed_in.clone())?,
            signed_in,
        })
    }

    /// The same sign-in, with Graph's waits told to `events`.
    #[must_use]
    pub fn telling(&self, events: EventSink) -> Self {
        let graph = Graph::telling(self.signed_in.clone(), events);
        Self {
            graph: graph.unwrap_or_else(|_| self.graph.clone()),
            signed_in: self.signed_in.clone(),
        }
    }
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct What {
    /// The Databricks side.
    pub databricks: bool,
    /// The Entra side.
    pub entra: bool,
    /// People and groups that are assigned or wanted.
    pub principals: bool,
    /// The provisioning log.
    pub log: bool,
    /// Entra's own test of the saved credentials.
    pub saved_credentials: bool,
}

impl What {
    /// Everything.
    pub const EVERYTHING: Self = Self {
        databricks: true,
        entra: true,
        principals: true,
        log: true,
        saved_credentials: true,
    };
}

/// What an observation needs.
pub struct ObserveContext<'a> {
    /// The set-up.
    pub setup: &'a Setup,
    /// Microsoft Graph; `None`: nobody is signed in, or Entra is done by hand.
    pub entra: Option<&'a Entra>,
    /// The client for the Databricks side.
    pub http: &'a usher_transport::Client,
    /// The secrets of the Databricks side.
    pub secrets: &'a Secrets,
    /// What is looked at.
    pub what: What,
}

/// The secrets of the Databricks side that are there.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// The token beside the SCIM URL: the account SCIM token, or a workspace's personal access token.
    pub scim_token: Option<Secret>,
    /// The OAuth secret of the Databricks service principal.
    pub databricks_client: Option<Secret>,
    /// Personal access tokens by workspace id.
    pub workspace_tokens: BTreeMap<String, Secret>,
}

/// What observing tells while it works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is being looked at, for people.
    pub what: String,
    /// How many came so far, where it is counted.
    pub done: Option<u64>,
    /// How many there are, where it is known.
    pub total: Option<u64>,
    /// How long it still takes, in words, where that can be told.
    pub left: Option<String>,
}

/// Where progress goes. Called from the observing task: it must return at once.
pub type ProgressSink<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// A side, as far as it has been seen while the look goes on.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// The Databricks side.
    Databricks(&'a DatabricksFacts),
    /// The Entra side.
    Entra(&'a EntraFacts),
}

/// Where parts go. Called from the observing task.
pub type PartSink<'a> = &'a (dyn Fn(Part<'_>) + Send + Sync);

/// What was seen, and what a plan's requests are rendered from.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// The facts.
    pub observation: Observation,
    /// Stored settings and schemas as Graph gave them, by service principal.
    pub material: BTreeMap<String, Material>,
}

impl Observed {
    /// What the requests of a connector are rendered from.
    pub fn material_of(&self, service_principal: &str) -> Material {
        self.material
            .get(service_principal)
            .cloned()
            .unwrap_or_default()
    }
}

/// The observing was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the observation was cancelled")]
pub struct Cancelled;

/// Looks at both sides, as far as `context.what` asks.
///
/// # Errors
/// [`Cancelled`]. Everything else that fails is an unknown fact with its reason.
pub async fn observe(
    context: &ObserveContext<'_>,
    progress: ProgressSink<'_>,
    cancel: &CancellationToken,
) -> Result<Observed, Cancelled> {
    observe_in_parts(context, progress, &|_| {}, None, cancel).await
}

/// The same, handing out each side as soon as it has been seen. With `kept`, a look that is broken off leaves there what it has read,
/// and the next one goes on from it.
///
/// # Errors
/// [`Cancelled`].
pub async fn observe_in_parts(
    context: &ObserveContext<'_>,
    progress: ProgressSink<'_>,
    parts: PartSink<'_>,
    kept: Option<&Kept>,
    cancel: &CancellationToken,
) -> Result<Observed, Cancelled> {
    let eyes = Eyes {
        parts,
        kept,
        ..Eyes::new(context, progress, cancel)
    };
    let observed = tokio::select! {
        // First: requests that are cancelled answer at once, and a look that went on with that would seem to come to its end.
        biased;
        () = cancel.cancelled() => return Err(Cancelled),
        observed = look(&eyes) => observed,
    };
    if cancel.is_cancelled() {
        return Err(Cancelled);
    }
    if let Some(kept) = kept {
        let wanted = principals::Wanted::of(context.setup, &observed.observation);
        kept.settle(&observed.observation, eyes.url(), &wanted.key());
    }
    Ok(observed)
}

/// Looks at one workspace anew, as far as it can be seen. `known` names it.
///
/// # Errors
/// [`Cancelled`].
pub async fn observe_workspace(
    context: &ObserveContext<'_>,
    known: &WorkspaceFacts,
    cancel: &CancellationToken,
) -> Result<WorkspaceFacts, Cancelled> {
    let eyes = Eyes::new(context, &|_| {}, cancel);
    tokio::select! {
        facts = databricks::workspace(&eyes, known) => Ok(facts),
        () = cancel.cancelled() => Err(Cancelled),
    }
}

/// Looks at the connectors and their people alone, through any Graph.
///
/// # Errors
/// [`Cancelled`].
pub async fn observe_connectors(
    context: &ObserveContext<'_>,
    graph: &Graph,
    cancel: &CancellationToken,
) -> Result<Observed, Cancelled> {
    let eyes = Eyes::new(context, &|_| {}, cancel);
    let mut observed = Observed::default();
    let people = tokio::select! {
        people = eyes.connectors(graph, &mut observed) => people,
        () = cancel.cancelled() => return Err(Cancelled),
    };
    observed.observation.entra.principals = people.map(Hold::end).unwrap_or_default();
    Ok(observed)
}

async fn look(eyes: &Eyes<'_>) -> Observed {
    let context = eyes.context;
    let mut observed = Observed::default();
    let url = eyes.url();
    let mut read = Hold::begin(eyes.kept, |kept| &mut kept.directory, url, eyes.at);
    let mut members = Hold::begin(eyes.kept, |kept| &mut kept.members, url, eyes.at);
    let (facts, (), people) = tokio::join!(
        async {
            let facts = match context.what.databricks {
                true => Some(eyes.databricks(&mut read).await),
                false => None,
            };
            let _ = eyes.groups.set(Vec::new());
            facts
        },
        // Which groups are compared is known long before each side has told everybody.
        databricks::members_of_compared(eyes, &mut members),
        async {
            let people = match context.what.entra {
                true => eyes.entra(&mut observed).await,
                false => None,
            };
            let _ = eyes.compared.set(BTreeSet::new());
            people
        },
    );
    let mut people = people.unwrap_or_else(Hold::nothing);
    if let Some(mut facts) = facts {
        // A workspace's own groups have told of further ones.
        let compared = databricks::compared(&people, &facts.workspaces);
        databricks::members(eyes, &read.directory, &compared, &mut members).await;
        linked::look(eyes, &read.directory, &mut people).await;
        facts.directory = read.end().directory;
        databricks::put(&mut facts.directory, members.end());
        observed.observation.databricks = facts;
    }
    observed.observation.entra.principals = people.end();
    observed
}

/// What the parts of an observation share.
struct Eyes<'a> {
    context: &'a ObserveContext<'a>,
    progress: ProgressSink<'a>,
    parts: PartSink<'a>,
    cancel: &'a CancellationToken,
    kept: Option<&'a Kept>,
    /// Names and ids of the groups that are read on both sides, once the connectors are known; none where nobody looks.
    compared: SetOnce<BTreeSet<String>>,
    /// What groups there are where the SCIM URL leads, once they are listed; none where nobody looks.
    groups: SetOnce<Vec<databricks::GroupName>>,
    at: Timestamp,
    began: Instant,
    estimate: Mutex<Estimate>,
}

impl<'a> Eyes<'a> {
    fn new(
        context: &'a ObserveContext<'a>,
        progress: ProgressSink<'a>,
        cancel: &'a CancellationToken,
    ) -> Self {
        Self {
            context,
            progress,
            parts: &|_| {},
            cancel,
            kept: None,
            compared: SetOnce::new(),
            groups: SetOnce::new(),
            at: Timestamp::now(),
            began: Instant::now(),
            estimate: Mutex::default(),
        }
    }

    fn tell(&self, what: impl Into<String>) {
        (self.progress)(Progress {
            what: what.into(),
            done: None,
            total: None,
            left: self.left(),
        });
    }

    /// Counts on the Entra side.
    fn count<N: TryInto<u64>, M: TryInto<u64>>(&self, what: &str, done: N, total: Option<M>) {
        self.count_at(Side::Entra, what, done, total);
    }

    fn count_at<N: TryInto<u64>, M: TryInto<u64>>(
        &self,
        side: Side,
        what: &str,
        done: N,
        total: Option<M>,
    ) {
        let done = done.try_into().ok();
        let total = total.and_then(|total| total.try_into().ok());
        if let (Some(done), Some(total)) = (done, total) {
            let now = self.began.elapsed();
            self.estimate().note(now, side, what, done, total);
        }
        (self.progress)(Progress {
            what: what.to_owned(),
            done,
            total,
            left: self.left(),
        });
    }

    fn left(&self) -> Option<String> {
        let left = self.estimate().left(self.began.elapsed());
        left.map(estimate::Left::words)
    }

    fn estimate(&self) -> std::sync::MutexGuard<'_, Estimate> {
        self.estimate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The Databricks side, told as far as it is seen by then.
    async fn databricks(&self, read: &mut databricks::Read) -> DatabricksFacts {
        let mut facts = databricks::look(self, read).await;
        facts.directory = std::mem::take(&mut read.directory);
        (self.parts)(Part::Databricks(&facts));
        read.directory = std::mem::take(&mut facts.directory);
        facts
    }

    /// The Entra side: who is signed in, the connectors, then the people and groups they carry.
    async fn entra(&self, observed: &mut Observed) -> Option<Hold<'a, Principals>> {
        let Some(entra) = self.context.entra else {
            refusal::nobody_signed_in(&mut observed.observation.entra);
            return None;
        };
        let graph = &entra.graph;
        self.tell("Reading who is signed in and what the tenant has");
        let (identity, mut people) = tokio::join!(
            identity::look(self, entra, graph),
            self.connectors(graph, observed)
        );
        let facts = &mut observed.observation.entra;
        (facts.signed_in, facts.tenant, facts.licences) = identity;
        if let Some(people) = &mut people {
            facts.principals = std::mem::take(people);
        }
        (self.parts)(Part::Entra(facts));
        if let Some(people) = &mut people {
            **people = std::mem::take(&mut facts.principals);
        }
        people
    }

    /// The connectors, then the people and groups they carry.
    async fn connectors(
        &self,
        graph: &Graph,
        observed: &mut Observed,
    ) -> Option<Hold<'a, Principals>> {
        let found = connectors::look(self, graph).await;
        let facts = &mut observed.observation.entra;
        facts.template = found.template;
        facts.same_named = found.same_named;
        facts.connectors = found.connectors;
        let scan = self.context.setup.entra.deep_scan.as_ref();
        facts.connectors_from_gallery_only = scan.is_none_or(|scan| scan.unreadable > 0);
        observed.material = found.material;
        (self.parts)(Part::Entra(facts));
        if !self.context.what.principals {
            return None;
        }
        let wanted = principals::Wanted::of(self.context.setup, &observed.observation);
        let _ = self.compared.set(wanted.called.clone());
        Some(principals::look(self, graph, &wanted).await)
    }

    /// Where users and groups of Databricks are read.
    fn url(&self) -> &'a str {
        let url = self.context.setup.databricks.scim_url.as_deref();
        url.unwrap_or_default()
    }

    /// Whether the journey is about more connectors than the set-up's own.
    fn is_move(&self) -> bool {
        self.context.setup.journey == Journey::Migrate
    }

    fn seen<T>(&self, value: T) -> Seen<T> {
        Seen::entra(value, self.at)
    }
}
