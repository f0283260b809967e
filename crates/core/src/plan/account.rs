//! The plan of the account journey, and of the workspace journey, which has the same shape: one application, one target.

pub mod fix;
mod people;
mod settings;

use jiff::Timestamp;

use super::address;
use super::guards::{self, refusal};
use super::names::{field, from_change, slug};
use super::{ByHand, Change, ChangeKind, Intent, Plan, PlanOptions, Reference, Refusal, Undo};
use crate::connection::fault::numbered;
use crate::model::Setup;
use crate::model::setup::{Provisioning, Scope};
use crate::observation::connector::{Job, ScheduleState};
use crate::observation::{Connector, Observation, Seen};

/// The synchronization template (facts/entra §0).
const SYNC_TEMPLATE: &str = "dataBricks";

/// The scope of a restart after a credential quarantine: what the portal's "Restart provisioning" does, spelled out.
const RESTART: &str = "Watermark, Escrows, QuarantineState";

/// The changes that would bring the world to what the set-up asks, in order, or why there are none. `now` is for judging only.
pub fn plan(setup: &Setup, seen: &Observation, options: PlanOptions, now: Timestamp) -> Plan {
    let planner = Planner {
        setup,
        seen,
        options,
    };
    let target = match planner.target() {
        Ok(target) => target,
        Err(refusals) => return Plan::refused(refusals),
    };
    let mut draft = Draft::default();
    planner.write(&target, &mut draft);
    finished(draft, &planner, now)
}

/// The plan of a draft, unless a guard forbids it.
fn finished(mut draft: Draft, planner: &Planner<'_>, now: Timestamp) -> Plan {
    let Planner {
        setup,
        seen,
        options,
    } = *planner;
    let mut refusals = std::mem::take(&mut draft.refusals);
    refusals.extend(address::unusable(setup, options.address_fault));
    // What only pauses is how a second connector is got rid of.
    let pauses = |change: &Change| change.kind == ChangeKind::Pause;
    if draft.changes.is_empty() || !draft.changes.iter().all(pauses) {
        refusals.extend(guards::second_connector(setup, seen));
    }
    // Without the token little of Databricks is seen: that it is missing is said once, and the admins are judged with it.
    let token_awaited = refusals.iter().any(|one| one.check == "secret-saved");
    if !token_awaited
        && draft.changes.iter().any(|change| {
            matches!(
                change.kind,
                ChangeKind::Assign
                    | ChangeKind::Start
                    | ChangeKind::Restart
                    | ChangeKind::SaveSettings
                    | ChangeKind::CreateJob
            )
        })
    {
        refusals.extend(guards::admin_kept(setup, seen, options, now));
    }
    if refusals.is_empty() {
        Plan {
            changes: draft.changes,
            refusals,
            by_hand: draft.by_hand,
        }
    } else {
        Plan::refused(refusals)
    }
}

#[derive(Default)]
struct Draft {
    changes: Vec<Change>,
    refusals: Vec<Refusal>,
    by_hand: Vec<ByHand>,
}

/// What the plan is about: a connector that exists, or one that is to be created.
struct Target<'a> {
    name: String,
    key: String,
    connector: Option<&'a Connector>,
    template: Option<String>,
}

impl Target<'_> {
    fn id(&self, kind: &str) -> String {
        format!("{kind}:{}", self.key)
    }

    fn service_principal(&self) -> Reference {
        match self.connector {
            Some(connector) => Reference::Existing(connector.service_principal_id.clone()),
            None => from_change(&self.id("create-application"), field::SERVICE_PRINCIPAL),
        }
    }

    fn found_job(&self) -> Option<&Job> {
        self.connector.and_then(Connector::job)
    }

    fn job(&self) -> Reference {
        match self.found_job() {
            Some(job) => Reference::Existing(job.id.clone()),
            None => from_change(&self.id("create-job"), field::JOB),
        }
    }
}

struct Planner<'a> {
    setup: &'a Setup,
    seen: &'a Observation,
    options: PlanOptions,
}

impl<'a> Planner<'a> {
    /// The connector to take, or the name to create one under.
    fn target(&self) -> Result<Target<'a>, Vec<Refusal>> {
        let look_again = [
            "Sign in to Entra with a permission that reads enterprise applications and their provisioning.",
            "Look again, then make the plan again.",
        ];
        let one = |refusal| Err(vec![refusal]);
        let Some(all) = self.seen.entra.connectors.value() else {
            let why = unseen(&self.seen.entra.connectors);
            return one(refusal(
                "app-unique",
                format!("Which connectors exist is not known, so nothing is planned. {why}"),
                &look_again,
            ));
        };
        let wanted = self.setup.entra.app.name().to_owned();
        if let Some(connector) = self.seen.connector(self.setup) {
            let gaps = unread(connector);
            if !gaps.is_empty() {
                return Err(gaps
                    .into_iter()
                    .map(|(check, why)| {
                        refusal(
                            check,
                            format!("{} cannot be planned for: {why}", connector.display_name),
                            &look_again,
                        )
                    })
                    .collect());
            }
            return Ok(Target {
                name: connector.display_name.clone(),
                key: slug(&connector.display_name),
                connector: Some(connector),
                template: None,
            });
        }
        if let Some(id) = &self.setup.entra.app.service_principal_id {
            return one(refusal(
                "app-unique",
                format!(
                    "The enterprise application {id} that the set-up names was not found among the connectors"
                ),
                &[
                    "If it was made by Usher and deleted since, roll back first: what the journal tells of it is settled then.",
                    "Choose the application anew, or take **entra.app.servicePrincipalId** out of the set-up.",
                ],
            ));
        }
        if all
            .iter()
            .filter(|connector| connector.display_name == wanted)
            .count()
            > 1
        {
            return one(refusal(
                "app-unique",
                format!("Several enterprise applications are named {wanted}"),
                &[
                    "Choose the right one on the page **Application** (in the set-up file: **entra.app.servicePrincipalId**).",
                ],
            ));
        }
        match &self.seen.entra.template {
            Seen::Known {
                value: Some(template),
                ..
            } if template.can_provision => Ok(Target {
                key: slug(&wanted),
                name: wanted,
                connector: None,
                template: Some(template.id.clone()),
            }),
            Seen::Known { .. } => one(refusal(
                "cloud-supported",
                "The gallery of this cloud has no Databricks connector that can provision",
                &[
                    "Provision with Databricks' SCIM API from scripts.",
                    "Or try a non-gallery application made by hand: it may do as well, and is not documented for this.",
                ],
            )),
            unknown @ Seen::Unknown { .. } => one(refusal(
                "cloud-supported",
                format!(
                    "Whether the gallery has the connector is not known. {}",
                    unseen(unknown)
                ),
                &look_again,
            )),
        }
    }

    fn write(&self, target: &Target<'_>, draft: &mut Draft) {
        let Some(url) = self.setup.databricks.scim_url.as_deref().map(str::trim) else {
            draft.refusals.push(refusal(
                "endpoint-matches",
                "The set-up has no SCIM URL",
                &["Enter the SCIM URL on the page **Enable**."],
            ));
            return;
        };
        if let Some(connector) = target.connector {
            draft
                .refusals
                .extend(guards::other_target(self.setup, connector));
        }
        self.create_application(target, draft);
        self.credentials(target, url.trim_end_matches('/'), draft);
        self.settings(target, url.trim_end_matches('/'), draft);
        self.create_job(target, draft);
        self.assignment_required(target, draft);
        self.mappings(target, draft);
        self.assignments(target, draft);
        self.run(target, draft);
        self.narrowing(target, draft);
    }

    fn create_application(&self, target: &Target<'_>, draft: &mut Draft) {
        let Some(template_id) = &target.template else {
            return;
        };
        draft.changes.push(Change {
            id: target.id("create-application"),
            kind: ChangeKind::CreateApplication,
            title: format!("Create the enterprise application {}", target.name),
            target: target.name.clone(),
            before: "there is none".to_owned(),
            after: "made from the gallery template".to_owned(),
            intent: Intent::CreateApplication {
                template_id: template_id.clone(),
                display_name: target.name.clone(),
                seen_before: self
                    .seen
                    .entra
                    .same_named
                    .value()
                    .cloned()
                    .unwrap_or_default(),
            },
            undo: Undo::Manual,
            guard: Some(format!(
                "No new application named {} has appeared.",
                target.name
            )),
        });
    }

    fn create_job(&self, target: &Target<'_>, draft: &mut Draft) {
        if target.found_job().is_some() {
            return;
        }
        draft.changes.push(Change {
            id: target.id("create-job"),
            kind: ChangeKind::CreateJob,
            title: "Create the synchronization job".to_owned(),
            target: target.name.clone(),
            before: "there is none".to_owned(),
            after: "provisioning is automatic, and off".to_owned(),
            intent: Intent::CreateJob { service_principal: target.service_principal(), template_id: SYNC_TEMPLATE.to_owned() },
            undo: Undo::No,
            guard: Some("Entra has accepted the saved URL and token: a job with wrong ones goes into quarantine at once.".to_owned()),
        });
    }

    /// Start, restart or pause, whichever is wanted.
    fn run(&self, target: &Target<'_>, draft: &mut Draft) {
        let job = target.found_job();
        let state = job.map(|job| &job.state);
        match self.setup.want.provisioning {
            None => {}
            // Rules 1 and 3: what cannot be told to be off is not started, and not said to be off.
            Some(_) if let Some(ScheduleState::Other(state)) = state => {
                draft.refusals.push(refusal(
                    "provisioning-on",
                    if state.is_empty() {
                        format!("Entra does not tell whether the schedule of {} is on, so it is neither started nor paused", target.name)
                    } else {
                        format!("Entra calls the state of {}'s schedule \u{201c}{state}\u{201d}, which this version does not know, so it is neither started nor paused", target.name)
                    },
                    &[
                        "Look at the app's **Provisioning** page in Entra.",
                        "Start or pause provisioning there, or use a newer version of Usher.",
                    ],
                ));
            }
            Some(Provisioning::Off) if state == Some(&ScheduleState::Active) => {
                draft.changes.push(self.act(target, ChangeKind::Pause))
            }
            Some(Provisioning::Off) => {}
            Some(Provisioning::On) => {
                if let Some(refused) = job.and_then(guards::deletions_held) {
                    draft.refusals.push(refused);
                } else if state != Some(&ScheduleState::Active) {
                    // A start clears a quarantine as well (facts/entra §1.6).
                    draft.changes.push(self.act(target, ChangeKind::Start));
                } else if job.is_some_and(|job| job.quarantine.is_some()) {
                    draft.changes.push(self.act(target, ChangeKind::Restart));
                }
            }
        }
    }

    fn act(&self, target: &Target<'_>, kind: ChangeKind) -> Change {
        let (service_principal, job) = (target.service_principal(), target.job());
        let (word, title, before, after, intent, undo, guard) = match kind {
            ChangeKind::Pause => (
                "pause",
                "Pause provisioning",
                "on",
                "off; assignments stay",
                Intent::Pause {
                    service_principal,
                    job,
                    retires: false,
                },
                Undo::Yes,
                None,
            ),
            ChangeKind::Restart => (
                "restart",
                "Restart provisioning after its quarantine",
                "in quarantine: Entra could not sign in",
                "on",
                Intent::Restart {
                    service_principal,
                    job,
                    reset_scope: RESTART.to_owned(),
                },
                Undo::No,
                Some("Entra accepts the saved credentials."),
            ),
            _ => (
                "start",
                "Start provisioning",
                "off",
                "on",
                Intent::Start {
                    service_principal,
                    job,
                },
                Undo::Yes,
                Some("Entra accepts the saved credentials, and the job does not run yet."),
            ),
        };
        Change {
            id: target.id(word),
            kind,
            title: title.to_owned(),
            target: target.name.clone(),
            before: before.to_owned(),
            after: after.to_owned(),
            intent,
            undo,
            guard: guard.map(str::to_owned),
        }
    }

    /// Whoever the connector brought must not leave by what this plan does.
    fn narrowing(&self, target: &Target<'_>, draft: &mut Draft) {
        let narrows = draft.changes.iter().any(|change| match &change.intent {
            Intent::SaveSecrets { settings, .. } => settings.scope == Some(Scope::Assigned),
            Intent::Start { .. } | Intent::Restart { .. } => true,
            _ => false,
        });
        if let Some(connector) = target.connector.filter(|_| narrows) {
            draft
                .refusals
                .extend(guards::scope_narrowing(self.setup, self.seen, connector));
        }
    }
}

fn by_hand(check: &str, title: &str, presses: &[&str]) -> ByHand {
    let presses: Vec<String> = presses.iter().map(|press| (*press).to_owned()).collect();
    ByHand {
        check: check.to_owned(),
        title: title.to_owned(),
        fix: numbered(&presses),
    }
}

fn unseen<T>(seen: &Seen<T>) -> String {
    crate::checks::Verdict::unseen(seen)
        .reason
        .unwrap_or_default()
}

/// What of a connector has to be known before anything is planned for it.
fn unread(connector: &Connector) -> Vec<(&'static str, String)> {
    let mut gaps = Vec::new();
    if !connector.secrets.is_known() {
        gaps.push(("endpoint-matches", unseen(&connector.secrets)));
    }
    if !connector.jobs.is_known() {
        gaps.push(("provisioning-automatic", unseen(&connector.jobs)));
    }
    if !connector.assignments.is_known() {
        gaps.push(("someone-assigned", unseen(&connector.assignments)));
    }
    gaps
}
