//! The plan of the account journey, and of the workspace journey, which has the same shape: one application, one target.

use jiff::Timestamp;

use super::guards::{self, refusal};
use super::names::{field, from_change, slug};
use super::{
    ByHand, Change, ChangeKind, Intent, Plan, PlanOptions, Reference, Refusal, SettingsIntent, Undo,
};
use crate::checks::work_email;
use crate::connection::fault::numbered;
use crate::model::Setup;
use crate::model::setup::{PrincipalKind, Provisioning, Scope, WantedAssignment};
use crate::observation::connector::{Job, ScheduleState};
use crate::observation::{Connector, Observation, Seen};

/// The gallery's name of the connector, and the name a new application gets where the set-up gives none.
pub const GALLERY_NAME: &str = "Azure Databricks SCIM Provisioning Connector";

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
    let mut refusals = std::mem::take(&mut draft.refusals);
    refusals.extend(guards::second_connector(setup, seen));
    if draft.changes.iter().any(|change| {
        matches!(
            change.kind,
            ChangeKind::Assign
                | ChangeKind::Start
                | ChangeKind::Restart
                | ChangeKind::SaveSettings
                | ChangeKind::CreateJob
        )
    }) {
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
        let wanted = self
            .setup
            .entra
            .app
            .display_name
            .clone()
            .unwrap_or_else(|| GALLERY_NAME.to_owned());
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
                    "Provision with Databricks' SCIM API from scripts, or with a non-gallery application made by hand.",
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
        let Some(url) = self.setup.databricks.scim_url.as_deref() else {
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

    fn credentials(&self, target: &Target<'_>, url: &str, draft: &mut Draft) {
        let secrets = target
            .connector
            .and_then(|connector| connector.secrets.value());
        let found = secrets
            .and_then(|secrets| secrets.base_address.as_deref())
            .unwrap_or_default();
        let stored = secrets.is_some_and(|secrets| secrets.token_stored);
        let refused = target
            .connector
            .and_then(|connector| connector.saved_credentials.value())
            .is_some_and(|check| !check.accepted);
        if found.trim_end_matches('/') == url && stored && !refused {
            return;
        }
        if !self.options.token_held {
            draft.by_hand.push(by_hand(
                "secret-saved",
                "Usher holds no token that Entra could be given",
                &["Paste the token on the page **Enable** (command line: **USHER_SCIM_TOKEN**), and make the plan again.", "Or enter URL and token in Entra: **Enterprise apps**, the app, **Provisioning**, **Connectivity** (formerly **Admin credentials**)."],
            ));
            draft.refusals.push(refusal("secret-saved", "Entra has to be given a token, and Usher holds none", &["Paste the token on the page **Enable** (command line: **USHER_SCIM_TOKEN**), and make the plan again."]));
            return;
        }
        let before = match (found.is_empty(), stored) {
            (true, _) => "nothing is saved".to_owned(),
            (false, true) => format!("{found}, with a token"),
            (false, false) => format!("{found}, without a token"),
        };
        draft.changes.push(Change {
            id: target.id("save-credentials"),
            kind: ChangeKind::SaveCredentials,
            title: "Save SCIM URL and token in Entra".to_owned(),
            target: target.name.clone(),
            before,
            after: format!("{url}, with the token that was tested"),
            intent: Intent::SaveSecrets {
                service_principal: target.service_principal(),
                base_address: url.to_owned(),
                settings: SettingsIntent::default(),
            },
            undo: if stored { Undo::Manual } else { Undo::No },
            guard: Some(
                "Entra has tried this URL and this token, and they were accepted.".to_owned(),
            ),
        });
    }

    fn settings(&self, target: &Target<'_>, url: &str, draft: &mut Draft) {
        let (settings, before, after) = self.wanted_settings(target);
        if settings == SettingsIntent::default() {
            return;
        }
        if !self.options.token_held {
            draft.by_hand.push(by_hand(
                "notification-email",
                &format!("Settings to be changed by hand, because Usher holds no token to save them with: {after}"),
                &["In Entra open **Enterprise apps**, the app, **Provisioning**, **Settings**.", "Set what is named here and press **Save**."],
            ));
            return;
        }
        draft.changes.push(Change {
            id: target.id("save-settings"),
            kind: ChangeKind::SaveSettings,
            title: "Save scope, notification and deletion threshold".to_owned(),
            target: target.name.clone(),
            before,
            after,
            intent: Intent::SaveSecrets {
                service_principal: target.service_principal(),
                base_address: url.to_owned(),
                settings,
            },
            undo: Undo::Yes,
            guard: Some(
                "Entra has tried the token that is written along, and it was accepted.".to_owned(),
            ),
        });
    }

    /// The settings that differ, with what was found and what is wanted in words.
    fn wanted_settings(&self, target: &Target<'_>) -> (SettingsIntent, String, String) {
        let want = &self.setup.want;
        let secrets = target
            .connector
            .and_then(|connector| connector.secrets.value());
        let notification = secrets.and_then(|secrets| secrets.notification.as_ref());
        let mut intent = SettingsIntent::default();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let scope_word = |all: bool| {
            if all {
                "all users and groups"
            } else {
                "only assigned users and groups"
            }
        };
        let found = secrets.and_then(|secrets| secrets.sync_all);
        if let Some(scope) = want.scope
            && found != Some(scope == Scope::All)
        {
            intent.scope = Some(scope);
            before.push(format!("scope: {}", found.map_or("not set", scope_word)));
            after.push(format!("scope: {}", scope_word(scope == Scope::All)));
        }
        let told = notification
            .filter(|notification| notification.enabled)
            .map(|notification| notification.recipients.as_str());
        if let Some(email) = want
            .notification_email
            .as_deref()
            .filter(|email| told != Some(email))
        {
            intent.notification_email = Some(email.to_owned());
            before.push(format!("notified: {}", told.unwrap_or("nobody")));
            after.push(format!("notified: {email}"));
        }
        let held = notification
            .filter(|notification| notification.delete_threshold_enabled)
            .and_then(|notification| notification.delete_threshold);
        if let Some(threshold) = want
            .delete_threshold
            .filter(|threshold| held != Some(*threshold))
        {
            intent.delete_threshold = Some(threshold);
            before.push(held.map_or_else(
                || "deletions held: off".to_owned(),
                |held| format!("deletions held above {held}"),
            ));
            after.push(format!("deletions held above {threshold}"));
        }
        (intent, before.join("; "), after.join("; "))
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

    fn assignment_required(&self, target: &Target<'_>, draft: &mut Draft) {
        // A fresh application from the gallery asks for an assignment (facts/entra §1.2).
        let from = match target.connector {
            Some(connector) => connector.assignment_required.value().copied(),
            None => Some(true),
        };
        let (Some(to), Some(from)) = (self.setup.want.assignment_required, from) else {
            return;
        };
        if from == to {
            return;
        }
        let word = |value: bool| if value { "Yes" } else { "No" }.to_owned();
        draft.changes.push(Change {
            id: format!("{}:assignment-required", target.id("set-property")),
            kind: ChangeKind::SetProperty,
            title: format!("Set Assignment required to {}", word(to)),
            target: target.name.clone(),
            before: word(from),
            after: word(to),
            intent: Intent::SetAssignmentRequired {
                service_principal: target.service_principal(),
                from,
                to,
            },
            undo: Undo::Yes,
            guard: None,
        });
    }

    fn mappings(&self, target: &Target<'_>, draft: &mut Draft) {
        let Some(connector) = target.connector.filter(|_| self.setup.want.repair_mappings) else {
            return;
        };
        let Some(schema) = target.found_job().and_then(|job| job.schema.value()) else {
            return;
        };
        if let Some(user) = &schema.user {
            if !user.enabled {
                self.repair(target, "User", None, None, "off", draft);
            }
            if user
                .to("externalId")
                .and_then(|mapping| mapping.source.as_deref())
                != Some("objectId")
            {
                let before = user
                    .to("externalId")
                    .map_or_else(|| "nothing".to_owned(), |mapping| mapping.origin());
                self.repair(
                    target,
                    "User",
                    Some("externalId"),
                    Some("objectId"),
                    &before,
                    draft,
                );
            }
            let name = user.to("userName");
            let email = work_email(user);
            match (name.and_then(|name| name.source.as_deref()), email) {
                // The address follows the name: that renames nobody.
                (Some(source), Some(email)) if email.source.as_deref() != Some(source) => {
                    self.repair(
                        target,
                        "User",
                        Some(&email.target),
                        Some(source),
                        &email.origin(),
                        draft,
                    );
                }
                (None, Some(email))
                    if email.source.is_some()
                        && name.map(|name| name.origin()) != Some(email.origin()) =>
                {
                    draft
                        .refusals
                        .extend(guards::renaming(self.seen, connector));
                    let before = name.map_or_else(|| "nothing".to_owned(), |name| name.origin());
                    self.repair(
                        target,
                        "User",
                        Some("userName"),
                        email.source.as_deref(),
                        &before,
                        draft,
                    );
                }
                _ => {}
            }
        }
        let group_wanted = self.groups_in_scope(connector);
        if group_wanted && schema.group.as_ref().is_some_and(|group| !group.enabled) {
            self.repair(target, "Group", None, None, "off", draft);
        }
    }

    fn groups_in_scope(&self, connector: &Connector) -> bool {
        let assigned = connector
            .assignments
            .value()
            .into_iter()
            .flatten()
            .any(|assignment| assignment.kind == PrincipalKind::Group);
        assigned
            || self
                .setup
                .want
                .assign
                .iter()
                .any(|wanted| wanted.kind == PrincipalKind::Group)
    }

    fn repair(
        &self,
        target: &Target<'_>,
        object: &str,
        attribute: Option<&str>,
        source: Option<&str>,
        before: &str,
        draft: &mut Draft,
    ) {
        let title = match attribute {
            Some(attribute) => format!("Take {attribute} from {}", source.unwrap_or_default()),
            None => format!("Switch the mapping for {object} objects on"),
        };
        let part = attribute.map_or_else(|| "mapping".to_owned(), slug);
        draft.changes.push(Change {
            id: format!(
                "{}:{}:{part}",
                target.id("repair-mapping"),
                object.to_lowercase()
            ),
            kind: ChangeKind::RepairMapping,
            title,
            target: target.name.clone(),
            before: before.to_owned(),
            after: source.unwrap_or("on").to_owned(),
            intent: Intent::RepairMapping {
                service_principal: target.service_principal(),
                job: target.job(),
                object: object.to_owned(),
                target_attribute: attribute.map(str::to_owned),
                source_attribute: source.map(str::to_owned),
            },
            undo: Undo::Yes,
            guard: Some("Changing a mapping starts a new first cycle.".to_owned()),
        });
    }

    fn assignments(&self, target: &Target<'_>, draft: &mut Draft) {
        let found = target
            .connector
            .and_then(|connector| connector.assignments.value())
            .map_or(&[][..], Vec::as_slice);
        let mut wanted: Vec<&WantedAssignment> = self
            .setup
            .want
            .assign
            .iter()
            .filter(|wanted| {
                !found
                    .iter()
                    .any(|one| one.principal_id.eq_ignore_ascii_case(&wanted.id))
            })
            .collect();
        let mut seen = std::collections::BTreeSet::new();
        wanted.retain(|wanted| seen.insert(wanted.id.to_ascii_lowercase()));
        if wanted.is_empty() {
            return;
        }
        let role = match target.connector {
            None => Some(from_change(
                &target.id("create-application"),
                field::APP_ROLE,
            )),
            Some(connector) => connector.user_role().map(Reference::Existing),
        };
        let Some(role) = role else {
            draft.refusals.push(refusal("someone-assigned", format!("{} declares no enabled app role for users", target.name), &["In Entra open **App registrations**, the app, **App roles**, and enable the role **User**."]));
            return;
        };
        for wanted in wanted {
            self.assign(target, wanted, &role, draft);
        }
    }

    fn assign(
        &self,
        target: &Target<'_>,
        wanted: &WantedAssignment,
        role: &Reference,
        draft: &mut Draft,
    ) {
        let name = wanted
            .display_name
            .clone()
            .unwrap_or_else(|| wanted.id.clone());
        let kind = match wanted.kind {
            PrincipalKind::User => "user",
            PrincipalKind::Group => "group",
            PrincipalKind::ServicePrincipal => {
                draft.by_hand.push(by_hand(
                    "service-principals",
                    &format!("{name} is a service principal; the connector does not carry it"),
                    &["Add it in Databricks itself: in the account console under **User management**, or with Terraform."],
                ));
                return;
            }
        };
        draft.changes.push(Change {
            id: format!("assign:{kind}:{}", wanted.id),
            kind: ChangeKind::Assign,
            title: format!("Assign the {kind} {name}"),
            target: name,
            before: "not assigned".to_owned(),
            after: format!("assigned to {}", target.name),
            intent: Intent::Assign {
                service_principal: target.service_principal(),
                principal_id: wanted.id.clone(),
                principal_kind: wanted.kind,
                app_role: role.clone(),
            },
            undo: Undo::Yes,
            guard: None,
        });
    }

    /// Start, restart or pause, whichever is wanted.
    fn run(&self, target: &Target<'_>, draft: &mut Draft) {
        let job = target.found_job();
        let state = job.map(|job| &job.state);
        match self.setup.want.provisioning {
            None => {}
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
