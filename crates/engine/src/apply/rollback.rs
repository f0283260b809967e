//! Taking back what the journal says was done, newest first. What is taken back, kept or left to a person is decided by
//! `usher_core::plan::undo`; here it is carried out, with the same care as a change (`contracts/cli.md`, rules 2, 3 and 9).

use std::collections::{BTreeMap, BTreeSet};

use usher_core::model::Setup;
use usher_core::model::setup::{PrincipalKind, WantedAssignment};
use usher_core::observation::Observation;
use usher_core::outcome::{ChangeOutcome, ChangeState, Outcome};
use usher_core::plan::undo::{self, DoneChange, Undoing};
use usher_core::plan::{Change, ChangeKind, Intent, Reference};
use usher_entra::graph::{
    Call, Endpoint as _, GetSchema, GetSecrets, GetServicePrincipal, GraphError, Look as Seen,
    MappingState, PutSchema, PutSecrets, Window,
};
use usher_entra::render;

use super::conditions::{self, Unmet};
use super::doubt::is_cancelled;
use super::event::{ApplyEvent, Doing};
use super::executor::{Applied, ApplyError, Course, Executor, outcome, sentence};
use super::gate::{Gate, Held, Open};
use super::journal::{Before, Begun, Brought, Event, Line, begun};
use super::sending::{End, Sending};
use super::stand::{Goal, Look, Stand, has_arrived, id};
use super::target::{APP_ROLE, ASSIGNMENT, JOB, SERVICE_PRINCIPAL};
use crate::observe::Observed;

/// What a rollback would do with each change that stands, newest first.
pub fn planned_rollback(lines: &[Line], seen: &Observation) -> Vec<(Change, Undoing)> {
    let standing: Vec<Begun> = begun(lines).into_iter().filter(Begun::stands).collect();
    let done: Vec<DoneChange> = standing.iter().map(Begun::done).collect();
    let decided = undo::rollback(&done, seen);
    decided
        .into_iter()
        .zip(standing.into_iter().rev())
        .map(|((_, undoing), begun)| (begun.change, undoing))
        .collect()
}

/// The set-up as a rollback looks at the world by it: people and groups whose assignments the journal's changes took off, and those
/// whom a paused connector carried, are looked at as well, for whether they were brought and whom they hold.
pub fn looking_back(setup: &Setup, lines: &[Line]) -> Setup {
    let mut setup = setup.clone();
    for begun in begun(lines).iter().filter(|begun| begun.stands()) {
        if let Intent::Unassign {
            principal_id,
            principal_kind,
            ..
        } = &begun.change.intent
        {
            setup.want.assign.push(WantedAssignment {
                kind: *principal_kind,
                id: principal_id.clone(),
                display_name: Some(begun.change.target.clone()),
            });
        }
        for id in begun.before.carried.iter().flatten() {
            setup.want.assign.push(WantedAssignment {
                kind: PrincipalKind::User,
                id: id.to_string(),
                display_name: None,
            });
        }
    }
    setup
}

/// Whom connectors carried that are paused by the journal's changes, by service principal.
pub(super) fn carried(lines: &[Line]) -> BTreeMap<String, Vec<Box<str>>> {
    let standing = begun(lines).into_iter().filter(Begun::stands);
    let of = |begun: Begun| {
        let id = begun.ids.get(SERVICE_PRINCIPAL)?.clone();
        Some((id, begun.before.carried?))
    };
    standing.filter_map(of).collect()
}

/// How a change is taken back.
struct Inverse {
    intent: Intent,
    call: Call,
    goal: Goal,
}

/// Why a change is not taken back.
enum Not {
    /// Left as it is, and why.
    Kept(String),
    /// It could not be done.
    Failed(String),
    /// Cancelled.
    Interrupted,
}

impl From<GraphError> for Not {
    fn from(error: GraphError) -> Self {
        if is_cancelled(&error) {
            Self::Interrupted
        } else {
            Self::Failed(sentence(&error))
        }
    }
}

impl Executor<'_> {
    /// Takes back what the journal says was done, newest first. Stops at the first change that cannot be taken back
    /// although it should be.
    ///
    /// `observed` is a fresh observation; call [`Executor::recover`] before.
    ///
    /// # Errors
    /// [`ApplyError::Journal`].
    pub async fn rollback(&mut self, observed: &Observed) -> Result<Applied, ApplyError> {
        self.rollback_through(observed, &mut Open).await
    }

    /// The same with a gate around each change that is taken back.
    ///
    /// # Errors
    /// [`ApplyError::Journal`].
    pub async fn rollback_through(
        &mut self,
        observed: &Observed,
        gate: &mut dyn Gate,
    ) -> Result<Applied, ApplyError> {
        let standing: Vec<Begun> = begun(&self.journal.lines())
            .into_iter()
            .filter(Begun::stands)
            .collect();
        let done: Vec<DoneChange> = standing.iter().map(Begun::done).collect();
        let decided = undo::rollback(&done, &observed.observation);
        (self.events)(ApplyEvent::Begun {
            total: decided.len(),
        });
        let gone = self.gone(&done, &observed.observation).await;
        let mut outcomes = Vec::new();
        let mut course = Course::default();
        for ((_, mut undoing), begun) in decided.into_iter().zip(standing.iter().rev()) {
            let application = begun
                .ids
                .get(SERVICE_PRINCIPAL)
                .or_else(|| begun.brought.get(SERVICE_PRINCIPAL));
            if application.is_some_and(|id| gone.contains(id))
                && (matches!(undoing, Undoing::TakeBack { .. })
                    || begun.change.kind == ChangeKind::CreateApplication)
            {
                undoing = Undoing::Keep("Somebody has deleted the enterprise application: there is nothing left to take back.".to_owned());
            }
            course.interrupted |= self.cancel.is_cancelled();
            if course.is_over() {
                outcomes.push(course.not_tried(&begun.change));
                continue;
            }
            let Some(taken) = self.take_back(begun, undoing, gate).await? else {
                course.interrupted = true;
                outcomes.push(course.not_tried(&begun.change));
                continue;
            };
            course.stopped = taken.state == ChangeState::Failed;
            self.journal
                .append(Event::Undo {
                    outcome: taken.clone(),
                })
                .await?;
            (self.events)(ApplyEvent::Settled {
                outcome: taken.clone(),
            });
            outcomes.push(taken);
        }
        Ok(Applied {
            outcome: Outcome { changes: outcomes },
            interrupted: course.interrupted,
            troubled: course.troubled,
        })
    }

    /// The applications that are neither listed nor there when they are asked for by id.
    async fn gone(&self, done: &[DoneChange], seen: &Observation) -> BTreeSet<String> {
        let Some(listed) = seen.entra.connectors.value() else {
            return BTreeSet::new();
        };
        let ids = done
            .iter()
            .filter_map(|done| done.ids.get(SERVICE_PRINCIPAL));
        let mut gone: BTreeSet<String> = ids.cloned().collect();
        for connector in listed {
            gone.remove(&connector.service_principal_id);
        }
        let unlisted: Vec<String> = gone.iter().cloned().collect();
        for id in unlisted {
            let get = GetServicePrincipal { id: id.clone() };
            let found = self.graph.run(&get, self.cancel).await;
            if !found.is_err_and(|error| error.is_not_found()) {
                gone.remove(&id);
            }
        }
        gone
    }

    /// One change; `None` when cancelled.
    async fn take_back(
        &mut self,
        begun: &Begun,
        undoing: Undoing,
        gate: &mut dyn Gate,
    ) -> Result<Option<ChangeOutcome>, ApplyError> {
        let change = &begun.change;
        let with = |state, reason| ChangeOutcome {
            reason,
            ..outcome(change, state)
        };
        Ok(Some(match undoing {
            Undoing::Keep(reason) => with(ChangeState::Kept, Some(reason)),
            Undoing::Manual(reason) => with(ChangeState::Manual, Some(reason)),
            Undoing::TakeBack { reason, .. } => match self.undo(begun, gate).await? {
                Ok(()) => with(ChangeState::Undone, reason),
                Err(Not::Kept(why)) => with(ChangeState::Kept, Some(why)),
                Err(Not::Failed(error)) => ChangeOutcome {
                    error: Some(error),
                    ..outcome(change, ChangeState::Failed)
                },
                Err(Not::Interrupted) => return Ok(None),
            },
        }))
    }

    /// Looks, checks, sends the inverse, reads back.
    async fn undo(
        &mut self,
        begun: &Begun,
        gate: &mut dyn Gate,
    ) -> Result<Result<(), Not>, ApplyError> {
        self.tell(&begun.change, Doing::Looking);
        let ids: Brought = begun
            .ids
            .iter()
            .chain(&begun.brought)
            .map(|(name, id)| (name.clone(), id.clone()))
            .collect();
        let look = Look {
            graph: self.graph,
            cancel: self.cancel,
            known: None,
            sent: true,
        };
        let inverse = match inverse(&look, begun, &ids).await {
            Ok(inverse) => inverse,
            Err(not) => return Ok(Err(not)),
        };
        match gate.before(&inverse.intent).await {
            Ok(()) => {}
            Err(Held::Against(why) | Held::Later(why)) => return Ok(Err(Not::Failed(why))),
            Err(Held::Cancelled) => return Ok(Err(Not::Interrupted)),
        }
        match has_arrived(&look, &inverse.goal, &ids).await {
            Ok(Stand::Wanted(_)) => return Ok(Ok(())),
            Ok(Stand::Moved(what)) => return Ok(Err(Not::Failed(what))),
            Ok(Stand::Open(_)) => {}
            Err(error) => return Ok(Err(error.into())),
        }
        self.tell(&begun.change, Doing::Testing);
        if let Err(not) = self.allowed(&look, &inverse.intent, &ids).await {
            return Ok(Err(not));
        }
        let entry = Event::Undoing {
            id: begun.change.id.clone(),
            intent: Box::new(inverse.intent.clone()),
        };
        let sending = Sending {
            change: &begun.change,
            intent: &inverse.intent,
            goal: &inverse.goal,
            ids: &ids,
            call: &inverse.call,
            entry: &entry,
            is_fresh: false,
        };
        Ok(match self.send(&sending).await? {
            End::Done(_) | End::Skipped(_) => {
                // It was taken back, whatever is seen after it; what that forbids, the next change's look says.
                gate.after(&inverse.intent, &ids).await;
                Ok(())
            }
            End::Failed(error) | End::Unseen(_, error) => Err(Not::Failed(error)),
            End::Interrupted { .. } => Err(Not::Interrupted),
        })
    }

    /// The conditions of the inverse. What rule 2 forbids is kept; a cycle that still runs after a pause is waited for.
    async fn allowed(&self, look: &Look<'_>, intent: &Intent, ids: &Brought) -> Result<(), Not> {
        if matches!(intent, Intent::Unassign { .. }) {
            let window = Window {
                agreeing: 1,
                ..Window::AFTER_CHANGE
            };
            let quiet = self
                .graph
                .settle(window, self.cancel, async || {
                    match conditions::check(look, intent, ids, None, false).await {
                        Ok(()) => Ok(Seen::There(())),
                        Err(Unmet::Words(_)) => Ok(Seen::NotYet),
                        Err(Unmet::Graph(error)) => Err(error),
                    }
                })
                .await?;
            return quiet.ok_or_else(|| {
                Not::Kept("It stays assigned: a cycle of the connector still runs, and would deactivate people.".to_owned())
            });
        }
        conditions::check(look, intent, ids, self.token, false)
            .await
            .map_err(|unmet| match unmet {
                Unmet::Words(words) => Not::Failed(words),
                Unmet::Graph(error) => error.into(),
            })
    }
}

/// The inverse of a change that was done.
async fn inverse(look: &Look<'_>, begun: &Begun, ids: &Brought) -> Result<Inverse, Not> {
    let intent = inverse_intent(&begun.change, ids)
        .ok_or_else(|| Not::Kept("It has no way back.".to_owned()))?;
    match &intent {
        Intent::SaveSecrets { .. } => stored(look, intent, &begun.before, ids).await,
        Intent::RepairMapping { .. } => mapping(look, intent, &begun.before, ids).await,
        _ => {
            let exists = |reference: &Reference| match reference {
                Reference::Existing(id) => Ok(id.clone()),
                Reference::FromChange { change, .. } => {
                    Err(render::RenderError::Unresolved(change.clone()))
                }
            };
            let call = render::call(&intent, &render::Material::default(), &exists)
                .map_err(|error| Not::Failed(sentence(&error)))?;
            Ok(Inverse {
                goal: Goal::Intent(intent.clone()),
                intent,
                call,
            })
        }
    }
}

/// What is done to take a change back; `None` where nothing is.
fn inverse_intent(change: &Change, ids: &Brought) -> Option<Intent> {
    let existing = |name: &str| Reference::Existing(id(ids, name).to_owned());
    let service_principal = existing(SERVICE_PRINCIPAL);
    let job = existing(JOB);
    Some(match &change.intent {
        Intent::SetAssignmentRequired { from, to, .. } => Intent::SetAssignmentRequired {
            service_principal,
            from: *to,
            to: *from,
        },
        Intent::SaveSecrets { base_address, .. } if change.kind == ChangeKind::SaveSettings => {
            Intent::SaveSecrets {
                service_principal,
                base_address: base_address.clone(),
                settings: Default::default(),
            }
        }
        Intent::RepairMapping {
            object,
            target_attribute,
            ..
        } => Intent::RepairMapping {
            service_principal,
            job,
            object: object.clone(),
            target_attribute: target_attribute.clone(),
            source_attribute: None,
        },
        Intent::Assign {
            principal_id,
            principal_kind,
            ..
        } => Intent::Unassign {
            service_principal,
            assignment_id: ids.get(ASSIGNMENT)?.clone(),
            principal_id: principal_id.clone(),
            principal_kind: *principal_kind,
            app_role_id: id(ids, APP_ROLE).to_owned(),
        },
        Intent::Unassign {
            principal_id,
            principal_kind,
            app_role_id,
            ..
        } => Intent::Assign {
            service_principal,
            principal_id: principal_id.clone(),
            principal_kind: *principal_kind,
            app_role: Reference::Existing(app_role_id.clone()),
        },
        Intent::Start { .. } => Intent::Pause {
            service_principal,
            job,
            retires: false,
        },
        Intent::Pause { .. } => Intent::Start {
            service_principal,
            job,
        },
        Intent::CreateApplication { .. }
        | Intent::SaveSecrets { .. }
        | Intent::CreateJob { .. }
        | Intent::Restart { .. }
        | Intent::ProvisionOne { .. } => return None,
    })
}

/// The stored settings as they were, with address and token as they are.
async fn stored(
    look: &Look<'_>,
    intent: Intent,
    before: &Before,
    ids: &Brought,
) -> Result<Inverse, Not> {
    let service_principal = id(ids, SERVICE_PRINCIPAL).to_owned();
    let get = GetSecrets {
        service_principal: service_principal.clone(),
    };
    let found = look.graph.run(&get, look.cancel).await?;
    let set = found
        .restored(&before.settings)
        .map_err(|masked| Not::Kept(sentence(&masked)))?;
    let call = PutSecrets {
        service_principal,
        set: set.clone(),
    }
    .call();
    Ok(Inverse {
        intent,
        call,
        goal: Goal::Stored(set),
    })
}

/// The mapping as it was, in the schema as it is.
async fn mapping(
    look: &Look<'_>,
    intent: Intent,
    before: &Before,
    ids: &Brought,
) -> Result<Inverse, Not> {
    let Intent::RepairMapping {
        object,
        target_attribute,
        ..
    } = &intent
    else {
        return Err(Not::Kept("It has no way back.".to_owned()));
    };
    let state = match (&before.mapping, before.mapping_enabled) {
        (Some(source), _) => MappingState::Source(source.clone()),
        (None, Some(enabled)) => MappingState::Enabled(enabled),
        (None, None) => {
            return Err(Not::Kept(
                "The journal does not say how it was before.".to_owned(),
            ));
        }
    };
    let (service_principal, job) = (
        id(ids, SERVICE_PRINCIPAL).to_owned(),
        id(ids, JOB).to_owned(),
    );
    let get = GetSchema {
        service_principal: service_principal.clone(),
        job: job.clone(),
    };
    let schema = look.graph.run(&get, look.cancel).await?;
    let document = schema
        .put_back(object, target_attribute.as_deref(), &state)
        .map_err(|error| Not::Failed(sentence(&error)))?;
    let call = PutSchema {
        service_principal,
        job,
        document,
    }
    .call();
    let goal = Goal::Mapping {
        object: object.clone(),
        attribute: target_attribute.clone(),
        state,
    };
    Ok(Inverse { intent, call, goal })
}
