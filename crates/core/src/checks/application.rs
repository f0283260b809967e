//! The enterprise application: where it comes from, whether it provisions, its settings and attribute mappings.

mod mappings;

pub(crate) use mappings::work_email;

use super::verdict::{Verdict, subject};
use super::{Check, Context, journeys};
use crate::finding::{How, Status, Weight};
use crate::model::setup::Scope;
use crate::observation::connector::ScheduleState;
use crate::target::Target;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "app-from-gallery",
        title: "The application comes from the Databricks gallery template",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Microsoft Entra: Databricks provisioning tutorial",
        judge: app_from_gallery,
    },
    Check {
        id: "app-unique",
        title: "No second connector provisions to the same target",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Entra: several applications with one target",
        judge: app_unique,
    },
    Check {
        id: "provisioning-automatic",
        title: "Provisioning is automatic",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: synchronization jobs",
        judge: provisioning_automatic,
    },
    Check {
        id: "provisioning-on",
        title: "Provisioning is on",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: schedule of the synchronization job",
        judge: provisioning_on,
    },
    Check {
        id: "assignment-required",
        title: "Assignment required is set as Databricks recommends",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Databricks: SCIM provisioning with Microsoft Entra ID, step 3",
        judge: assignment_required,
    },
    Check {
        id: "scope-assigned",
        title: "Only assigned users and groups are provisioned",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: synchronization secrets, SyncAll",
        judge: scope_assigned,
    },
    Check {
        id: "notification-email",
        title: "Somebody is told when provisioning fails",
        weight: Weight::Advises,
        journeys: journeys::ALL,
        source: "Microsoft Graph: synchronization secrets, SyncNotificationSettings",
        judge: notification_email,
    },
    Check {
        id: "delete-threshold",
        title: "Accidental deletions are held",
        weight: Weight::Risks,
        journeys: journeys::ACCOUNT,
        source: "Microsoft Entra: accidental deletions",
        judge: delete_threshold,
    },
    Check {
        id: "mapping-username",
        title: "User name and work address come from the same attribute",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Entra: Databricks provisioning tutorial, attribute mappings",
        judge: mappings::mapping_username,
    },
    Check {
        id: "mapping-external-id",
        title: "The external id is the object id of Entra",
        weight: Weight::Risks,
        journeys: journeys::ACCOUNT,
        source: "Databricks: automatic identity management, matching by externalId",
        judge: mappings::mapping_external_id,
    },
    Check {
        id: "mapping-groups",
        title: "Groups are provisioned when groups are assigned",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: synchronization schema, object mappings",
        judge: mappings::mapping_groups,
    },
];

/// The gallery template's id, where the gallery itself was not asked (facts/entra §0).
const GALLERY_TEMPLATE: &str = "9c9818d2-2900-49e8-8ba4-22688be7c675";

const SETTINGS: &str =
    "In Entra open **Enterprise apps**, the app, **Provisioning**, then **Settings**.";

fn app_from_gallery(context: &Context<'_>) -> Verdict {
    let connector = match context.connector() {
        Ok(connector) => connector,
        Err(verdict) => return verdict,
    };
    let expected = context
        .seen
        .entra
        .template
        .value()
        .and_then(Option::as_ref)
        .map_or(GALLERY_TEMPLATE, |template| &template.id);
    let verdict = if connector
        .template_id
        .as_deref()
        .is_some_and(|id| id.eq_ignore_ascii_case(expected))
    {
        Verdict::pass(How::Entra).shows("Template", "Azure Databricks SCIM Provisioning Connector")
    } else {
        Verdict::warn(
            How::Entra,
            &[
                "If the app works and its mappings are right, leave it. Databricks' guidance is written for the gallery app.",
                "Otherwise create a new app: **Enterprise apps**, **New application**, search for **Azure Databricks SCIM Provisioning Connector**.",
            ],
        )
        .shows("Template", connector.template_id.clone().unwrap_or_else(|| "none: the app was not made from the gallery".to_owned()))
    };
    verdict
        .seen(&context.seen.entra.connectors)
        .shows("Application", connector.display_name.clone())
}

fn app_unique(context: &Context<'_>) -> Verdict {
    let connectors = &context.seen.entra.connectors;
    let Some(all) = connectors.value() else {
        return context
            .connector()
            .err()
            .unwrap_or_else(|| Verdict::unseen(connectors));
    };
    let Some(target) = context
        .setup
        .databricks
        .scim_url
        .as_deref()
        .and_then(Target::of)
    else {
        return Verdict::unknown(
            "The set-up has no SCIM URL yet, so there is no target to compare with.",
        );
    };
    let own = context
        .seen
        .connector(context.setup)
        .map(|connector| connector.service_principal_id.as_str());
    let mut subjects = Vec::new();
    for other in all
        .iter()
        .filter(|other| Some(other.service_principal_id.as_str()) != own)
    {
        let name = format!("{} ({})", other.display_name, other.service_principal_id);
        let running = other.is_running();
        let Some(secrets) = other.secrets.value() else {
            if running != Some(false) {
                subjects.push(subject(
                    name,
                    Status::Unknown,
                    Verdict::unseen(&other.secrets).reason.unwrap_or_default(),
                ));
            }
            continue;
        };
        if secrets
            .base_address
            .as_deref()
            .and_then(Target::of)
            .as_ref()
            != Some(&target)
        {
            continue;
        }
        subjects.push(match running {
            Some(true) => subject(
                name,
                Status::Fail,
                "runs and has the same target: the two change each other's people",
            ),
            Some(false) => subject(
                name,
                Status::Pass,
                "has the same target and does not run: do not start it",
            ),
            None => subject(
                name,
                Status::Unknown,
                Verdict::unseen(&other.jobs).reason.unwrap_or_default(),
            ),
        });
    }
    let found = all.len();
    let presses = [
        "Decide which of the connectors named here is to stay.",
        "Pause the other one: **Enterprise apps**, the app, **Provisioning**, **Pause provisioning** (formerly **Provisioning status** Off). Take no assignment off it.",
    ];
    let verdict = Verdict::worst(How::Entra, subjects, &presses)
        .seen(connectors)
        .shows("Target", target.label());
    let verdict = verdict.shows("Databricks connectors in the tenant", found.to_string());
    if context.seen.entra.connectors_from_gallery_only {
        verdict.shows("Looked at", "apps from the gallery template; a connector made from another template would not be seen")
    } else {
        verdict
    }
}

fn missing_application(context: &Context<'_>) -> Verdict {
    Verdict::fail(
        How::Entra,
        &[
            "In Entra open **Enterprise apps**, **New application**, and search for **Azure Databricks SCIM Provisioning Connector**.",
            "Give it a name and press **Create** (formerly **Add**).",
        ],
    )
    .seen(&context.seen.entra.connectors)
    .shows("Application", "there is none yet")
}

fn provisioning_automatic(context: &Context<'_>) -> Verdict {
    if context.connector_is_missing() {
        return missing_application(context);
    }
    let (jobs, seen) = match context.fact(|connector| &connector.jobs) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    if let Some(job) = jobs.first() {
        return Verdict::pass(How::Entra)
            .seen(seen)
            .shows("Synchronization job", job.id.clone());
    }
    Verdict::fail(
        How::Entra,
        &[
            "In Entra open **Enterprise apps**, the app, **Provisioning**, and press **New configuration** or **Connect your application** (formerly **Provisioning mode**: Automatic).",
            "Enter SCIM URL and token, press **Test connection**, then **Create** (formerly **Save**).",
        ],
    )
    .seen(seen)
    .shows("Synchronization job", "there is none")
}

fn provisioning_on(context: &Context<'_>) -> Verdict {
    if context.connector_is_missing() {
        return missing_application(context);
    }
    let presses = [
        "Make sure that the connection is tested and the right people are assigned.",
        "In Entra open **Enterprise apps**, the app, **Provisioning**, and press **Start provisioning** (formerly **Provisioning status** On, then **Save**).",
    ];
    let (jobs, all) = match context.fact(|connector| &connector.jobs) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let Some(job) = jobs.first().and_then(|_| context.connector().ok()?.job()) else {
        return Verdict::fail(How::Entra, &presses)
            .seen(all)
            .shows("Provisioning status", "there is no synchronization job yet");
    };
    match &job.state {
        ScheduleState::Active => Verdict::pass(How::Entra).shows("Provisioning status", "On"),
        ScheduleState::Paused => {
            Verdict::fail(How::Entra, &presses).shows("Provisioning status", "Off: paused")
        }
        ScheduleState::Disabled => Verdict::fail(How::Entra, &presses).shows(
            "Provisioning status",
            "Off: never started, or switched off by Entra",
        ),
        ScheduleState::Other(text) => Verdict::unknown(format!(
            "Entra calls the schedule's state {text}, which Usher does not know."
        )),
    }
    .seen(all)
}

fn assignment_required(context: &Context<'_>) -> Verdict {
    let (found, seen) = match context.fact(|connector| &connector.assignment_required) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let recommended = context.is_workspace();
    let word = |value: bool| if value { "Yes" } else { "No" };
    let open = "In Entra open **Enterprise apps**, the app, **Properties**.";
    let set = format!(
        "Set **Assignment required?** to **{}** and press **Save**.",
        word(recommended)
    );
    let why = if recommended {
        "Databricks recommends Yes for a workspace app: only assigned users and groups are synced."
    } else {
        "Databricks recommends No for the account app, so that everyone may sign in to the account. If the app also serves sign-in and you want to limit who may, Yes keeps the others out."
    };
    let verdict = if *found == recommended {
        Verdict::pass(How::Entra)
    } else if context.setup.want.assignment_required == Some(*found) {
        Verdict::warn(How::Entra, &[why, open, &set]).shows("Chosen", "on purpose, in this set-up")
    } else {
        Verdict::fail(How::Entra, &[open, &set, why])
    };
    verdict
        .seen(seen)
        .shows("Assignment required?", word(*found))
        .shows("Recommended", word(recommended))
}

fn scope_assigned(context: &Context<'_>) -> Verdict {
    let (secrets, seen) = match context.secrets() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let presses = [
        SETTINGS,
        "First make sure that everyone who is to keep Databricks is assigned: who leaves the scope is deactivated.",
        "Set **Scope** to **Sync only assigned users and groups**, save, and restart provisioning.",
    ];
    let verdict = match secrets.sync_all {
        Some(false) => Verdict::pass(How::Entra).shows("Scope", "only assigned users and groups"),
        Some(true) if context.setup.want.scope == Some(Scope::All) => {
            Verdict::warn(How::Entra, &presses)
                .shows("Scope", "all users and groups, chosen in this set-up")
        }
        Some(true) => {
            Verdict::fail(How::Entra, &presses).shows("Scope", "all users and groups of the tenant")
        }
        None => Verdict::warn(
            How::Entra,
            &[
                SETTINGS,
                "Set **Scope** to **Sync only assigned users and groups** and press **Save**.",
            ],
        )
        .shows("Scope", "not saved"),
    };
    verdict.seen(seen)
}

fn notification_email(context: &Context<'_>) -> Verdict {
    let (secrets, seen) = match context.secrets() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let presses = [
        SETTINGS,
        "Tick **Send an email notification when a failure occurs**, enter an address that somebody reads, and press **Save**.",
    ];
    let found = secrets
        .notification
        .as_ref()
        .filter(|notification| notification.enabled && !notification.recipients.trim().is_empty());
    match found {
        Some(notification) => {
            let wanted = context.setup.want.notification_email.as_deref();
            let other =
                wanted.is_some_and(|wanted| !notification.recipients.eq_ignore_ascii_case(wanted));
            let verdict = if other {
                Verdict::warn(How::Entra, &presses)
            } else {
                Verdict::pass(How::Entra)
            };
            let verdict = verdict
                .seen(seen)
                .shows("Notified", notification.recipients.clone());
            if other {
                verdict.shows("Wanted", wanted.unwrap_or_default())
            } else {
                verdict
            }
        }
        None => Verdict::warn(How::Entra, &presses)
            .seen(seen)
            .shows("Notified", "nobody"),
    }
}

/// Entra's own default, below which no number is called too large.
const USUAL_THRESHOLD: u32 = 500;

fn delete_threshold(context: &Context<'_>) -> Verdict {
    let (secrets, seen) = match context.secrets() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let presses = [
        SETTINGS,
        "Tick **Prevent accidental deletion** and enter a number that a normal day does not reach.",
        "Press **Save**. Above that number, Entra holds the deletions and asks you.",
    ];
    let notification = secrets
        .notification
        .as_ref()
        .filter(|notification| notification.delete_threshold_enabled);
    let Some(threshold) = notification
        .and_then(|notification| notification.delete_threshold)
        .filter(|threshold| *threshold > 0)
    else {
        return Verdict::fail(How::Entra, &presses)
            .seen(seen)
            .shows("Prevent accidental deletion", "off");
    };
    let usual = threshold <= USUAL_THRESHOLD;
    let people = match context.people() {
        Ok(people) => people.len(),
        Err(_) if usual => 0,
        // Whether a large number fits is not known without those it is to fit.
        Err(verdict) => return verdict,
    };
    let fits = usual || usize::try_from(threshold).is_ok_and(|threshold| threshold < people);
    let verdict = if fits {
        Verdict::pass(How::Entra)
    } else {
        Verdict::warn(How::Entra, &presses)
    };
    let verdict = verdict
        .seen(seen)
        .shows("Deletions held above", threshold.to_string());
    if fits {
        verdict
    } else {
        verdict.shows(
            "People in scope",
            format!("{people}: that number would never be reached"),
        )
    }
}
