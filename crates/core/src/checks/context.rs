//! What a check may look at, and the few questions that many of them ask.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::sync::Arrival;
use super::verdict::Verdict;
use crate::coverage::Coverage;
use crate::model::Setup;
use crate::model::setup::{Journey, PrincipalKind, Scope as WantedScope, SignIn};
use crate::observation::connector::{Assignment, ConnectorSecrets, Job, JobSchema};
use crate::observation::principals::{EntraGroup, EntraUser};
use crate::observation::{Connector, Observation, Seen};
use crate::scope::{Scope, Undecided};

/// What a check may look at: what was decided, what was seen, what time it is.
pub(crate) struct Context<'a> {
    pub(crate) setup: &'a Setup,
    pub(crate) seen: &'a Observation,
    pub(crate) now: Timestamp,
    once: Once<'a>,
}

/// People in scope, by Entra object id.
type People<'a> = BTreeMap<&'a str, &'a EntraUser>;

/// What several checks ask and what costs the more the more people there are: found out once.
#[derive(Default)]
struct Once<'a> {
    people: OnceCell<Result<People<'a>, Verdict>>,
    scope: OnceCell<Result<Scope, Undecided>>,
    coverage: OnceCell<Result<Coverage, Undecided>>,
    arrival: OnceCell<Result<Arrival<'a>, Verdict>>,
}

/// Who is assigned or wanted.
#[derive(Default)]
pub(crate) struct InScope<'a> {
    /// Users: id and name.
    pub(crate) users: BTreeMap<&'a str, String>,
    /// Groups: id and name.
    pub(crate) groups: BTreeMap<&'a str, String>,
    /// Service principals: id and name.
    pub(crate) service_principals: BTreeMap<&'a str, String>,
    /// Why what is assigned could not be read, where that is so.
    pub(crate) gap: Option<Verdict>,
    /// When the assignments were seen.
    pub(crate) at: Option<Timestamp>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(setup: &'a Setup, seen: &'a Observation, now: Timestamp) -> Self {
        Self {
            setup,
            seen,
            now,
            once: Once::default(),
        }
    }

    /// Who the connector carries; or what is missing to tell.
    pub(crate) fn own_scope(&self) -> Result<&Scope, Verdict> {
        let connector = self.connector()?;
        self.once
            .scope
            .get_or_init(|| crate::scope::of(connector, &self.seen.entra.principals))
            .as_ref()
            .map_err(|gap| Verdict::unknown(gap.0.clone()))
    }

    /// Who is brought by which connector of a move, as it is now; or what is missing to tell.
    pub(crate) fn coverage(&self) -> Result<&Coverage, Verdict> {
        self.once
            .coverage
            .get_or_init(|| Coverage::now(self.setup, self.seen))
            .as_ref()
            .map_err(|gap| Verdict::unknown(gap.0.clone()))
    }

    /// Who is carried, and who is in Databricks; or what is missing to tell.
    pub(super) fn arrival(&self) -> Result<&Arrival<'a>, Verdict> {
        self.once
            .arrival
            .get_or_init(|| Arrival::of(self))
            .as_ref()
            .map_err(Clone::clone)
    }

    pub(crate) fn journey(&self) -> Journey {
        self.setup.journey
    }

    pub(crate) fn is_workspace(&self) -> bool {
        self.setup.journey == Journey::Workspace
    }

    /// The account id that is meant: the set-up's, or the one in the SCIM URL.
    pub(crate) fn account_id(&self) -> Option<String> {
        let given = self.setup.databricks.account_id.as_deref();
        let in_url = || {
            self.setup
                .databricks
                .scim_url
                .as_deref()?
                .split("/accounts/")
                .nth(1)?
                .split('/')
                .next()
        };
        given.or_else(in_url).map(str::to_ascii_lowercase)
    }

    /// The connector, or why there is none to look at.
    pub(crate) fn connector(&self) -> Result<&'a Connector, Verdict> {
        if let Some(connector) = self.seen.connector(self.setup) {
            return Ok(connector);
        }
        if self.setup.entra.sign_in == Some(SignIn::ByHand) {
            return Err(Verdict::unknown(
                "Entra is done by hand in this set-up, so Usher does not see it. What would tell: signing in to Entra, or somebody who has looked and attests it.",
            ));
        }
        match &self.seen.entra.connectors {
            Seen::Known { value, .. } => Err(Verdict::unknown(self.no_connector(value))),
            unknown => Err(Verdict::unseen(unknown)),
        }
    }

    /// Why there is no connector to look at, although the tenant's connectors are known.
    fn no_connector(&self, all: &[Connector]) -> String {
        let app = &self.setup.entra.app;
        match (&app.service_principal_id, &app.display_name) {
            (Some(id), _) => {
                format!("The enterprise application {id} was not found among the connectors.")
            }
            (None, None) => "No enterprise application is chosen yet.".to_owned(),
            (None, Some(name)) if all.iter().any(|connector| connector.display_name == *name) => {
                format!("Several enterprise applications are named {name}; choose the right one.")
            }
            (None, Some(name)) => {
                format!(
                    "There is no enterprise application named {name} yet; this can be told once it exists."
                )
            }
        }
    }

    /// Whether it is known that the connector does not exist yet.
    pub(crate) fn connector_is_missing(&self) -> bool {
        self.seen.entra.connectors.is_known()
            && self.seen.connector(self.setup).is_none()
            && self.setup.entra.sign_in != Some(SignIn::ByHand)
    }

    /// A fact of the connector, or why it cannot be told.
    pub(crate) fn fact<T>(
        &self,
        fact: impl FnOnce(&'a Connector) -> &'a Seen<T>,
    ) -> Result<(&'a T, &'a Seen<T>), Verdict> {
        let seen = fact(self.connector()?);
        seen.value()
            .map(|value| (value, seen))
            .ok_or_else(|| Verdict::unseen(seen))
    }

    /// What is saved in Entra.
    pub(crate) fn secrets(
        &self,
    ) -> Result<(&'a ConnectorSecrets, &'a Seen<ConnectorSecrets>), Verdict> {
        self.fact(|connector| &connector.secrets)
    }

    /// Whether the connector carries everyone in the tenant: as wanted, else as found.
    fn carries_everyone(&self) -> bool {
        match self.setup.want.scope {
            Some(scope) => scope == WantedScope::All,
            None => self
                .secrets()
                .is_ok_and(|(secrets, _)| secrets.sync_all == Some(true)),
        }
    }

    /// Whether the connector manages a person of Databricks, with who is assigned and who is to be.
    pub(crate) fn manages(
        &self,
        external_id: Option<&str>,
        user_name: &str,
    ) -> Result<bool, Verdict> {
        let goes_by = |user: &EntraUser| user.goes_by(user_name);
        let people = self.people()?;
        if !self.carries_everyone() {
            let assigned = external_id.is_some_and(|id| people.contains_key(id));
            return Ok(assigned || people.values().any(|user| goes_by(user)));
        }
        let principals = &self.seen.entra.principals;
        if external_id.is_some() || principals.users.values().any(goes_by) {
            return Ok(true);
        }
        match &principals.complete {
            complete if complete.is_known() => Ok(false),
            incomplete => Err(Verdict::unseen(incomplete)),
        }
    }

    /// The job, or why there is none to look at.
    pub(crate) fn job(&self) -> Result<(&'a Job, &'a Seen<Vec<Job>>), Verdict> {
        let (_, seen) = self.fact(|connector| &connector.jobs)?;
        let job = self.connector()?.job();
        job.map(|job| (job, seen)).ok_or_else(|| {
            Verdict::unknown(
                "There is no synchronization job yet; this can be told once it exists.",
            )
            .seen(seen)
        })
    }

    /// The job's attribute mappings.
    pub(crate) fn schema(&self) -> Result<(&'a JobSchema, &'a Seen<JobSchema>), Verdict> {
        let (job, _) = self.job()?;
        job.schema
            .value()
            .map(|schema| (schema, &job.schema))
            .ok_or_else(|| Verdict::unseen(&job.schema))
    }

    /// What is assigned.
    pub(crate) fn assignments(
        &self,
    ) -> Result<(&'a Vec<Assignment>, &'a Seen<Vec<Assignment>>), Verdict> {
        self.fact(|connector| &connector.assignments)
    }

    /// Who is assigned, and who is wanted and not assigned yet.
    pub(crate) fn in_scope(&self) -> InScope<'a> {
        let mut scope = InScope::default();
        match self.assignments() {
            Ok((assignments, seen)) => {
                scope.at = seen.at();
                for assignment in assignments {
                    scope.add(
                        assignment.kind,
                        &assignment.principal_id,
                        assignment.display_name.clone(),
                    );
                }
            }
            // Nothing can be assigned to what does not exist yet.
            Err(_) if self.connector_is_missing() => scope.at = self.seen.entra.connectors.at(),
            Err(verdict) => scope.gap = Some(verdict),
        }
        for wanted in &self.setup.want.assign {
            scope.add(
                wanted.kind,
                &wanted.id,
                wanted
                    .display_name
                    .clone()
                    .unwrap_or_else(|| wanted.id.clone()),
            );
        }
        for (id, name) in &mut scope.groups {
            *name = self.group_name(id, name).to_owned();
        }
        scope
    }

    /// An Entra group's facts.
    pub(crate) fn group(&self, id: &str) -> Option<&'a EntraGroup> {
        self.seen.entra.principals.groups.get(id)
    }

    /// What an Entra group is called now. An assignment may go on with the name its group had, and a set-up file with what
    /// somebody `wrote`; that is the name where the group was not read.
    pub(crate) fn group_name<'n>(&self, id: &str, wrote: &'n str) -> &'n str
    where
        'a: 'n,
    {
        let present = self.group(id).map(|group| &*group.display_name);
        present.filter(|name| !name.is_empty()).unwrap_or(wrote)
    }

    /// Users in scope: those assigned or wanted, and the direct members of such groups; or what is missing to tell.
    pub(crate) fn people(&self) -> Result<&People<'a>, Verdict> {
        self.once
            .people
            .get_or_init(|| self.gather_people())
            .as_ref()
            .map_err(Clone::clone)
    }

    fn gather_people(&self) -> Result<People<'a>, Verdict> {
        let scope = self.in_scope();
        if let Some(gap) = &scope.gap {
            return Err(gap.clone());
        }
        let principals = &self.seen.entra.principals;
        let assigned: Vec<(PrincipalKind, &'a str)> = scope
            .users
            .keys()
            .map(|id| (PrincipalKind::User, *id))
            .chain(scope.groups.keys().map(|id| (PrincipalKind::Group, *id)))
            .collect();
        if !assigned.is_empty() && !principals.complete.is_known() {
            return Err(Verdict::unseen(&principals.complete));
        }
        let ids =
            crate::scope::members(&assigned, principals).map_err(|gap| Verdict::unknown(gap.0))?;
        ids.into_iter()
            .map(|id| {
                principals
                    .users
                    .get(id)
                    .map(|user| (id, user))
                    .ok_or_else(|| {
                        Verdict::unknown(format!("The person with the id {id} could not be read."))
                    })
            })
            .collect()
    }
}

impl<'a> InScope<'a> {
    fn add(&mut self, kind: PrincipalKind, id: &'a str, name: String) {
        let list = match kind {
            PrincipalKind::User => &mut self.users,
            PrincipalKind::Group => &mut self.groups,
            PrincipalKind::ServicePrincipal => &mut self.service_principals,
        };
        list.entry(id).or_insert(name);
    }
}
