//! The connection: from here, from Entra, and what Entra holds for it.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::verdict::{Verdict, subject};
use super::{Check, Context, journeys};
use crate::connection::{PhaseStatus, Verdict as Connection};
use crate::finding::{How, Status, Subject, Weight};
use crate::model::setup::{Journey, PrincipalKind};
use crate::observation::databricks::TokenOwner;
use crate::observation::principals::EntraUser;
use crate::observation::{Connector, Seen};
use crate::plan::of_another_side;
use crate::target::Target;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "connection-from-here",
        title: "The connection works from this machine",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: SCIM API",
        judge: connection_from_here,
    },
    Check {
        id: "connection-from-entra",
        title: "The connection works from Entra",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: validateCredentials",
        judge: connection_from_entra,
    },
    Check {
        id: "endpoint-matches",
        title: "Entra holds the right SCIM URL",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: synchronization secrets, BaseAddress",
        judge: endpoint_matches,
    },
    Check {
        id: "secret-saved",
        title: "Entra holds a token",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: synchronization secrets, SecretToken",
        judge: secret_saved,
    },
    Check {
        id: "token-age",
        title: "The token lasts for a while",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Databricks: SCIM token and personal access tokens",
        judge: token_age,
    },
    Check {
        id: "pat-owner-admin",
        title: "The token's owner is a workspace admin",
        weight: Weight::Blocks,
        journeys: journeys::WORKSPACE,
        source: "Databricks: workspace-level SCIM provisioning",
        judge: pat_owner_admin,
    },
    Check {
        id: "pat-owner-unmanaged",
        title: "The connector does not manage its own token's owner",
        weight: Weight::Blocks,
        journeys: journeys::WORKSPACE,
        source: "Databricks: workspace-level SCIM provisioning",
        judge: pat_owner_unmanaged,
    },
];

fn connection_from_here(context: &Context<'_>) -> Verdict {
    if let Some(target) = of_another_side(context.setup) {
        let wanted = if context.is_workspace() {
            "one workspace"
        } else {
            "the account"
        };
        return Verdict::fail(
            How::Input,
            &[
                "For the account: copy the **Account SCIM URL** from **Security**, then **User provisioning**, in the account console.",
                "For one workspace: take the workspace's own URL and add **/api/2.0/preview/scim**.",
            ],
        )
        .shows("SCIM URL leads to", target.label())
        .shows("This set-up is about", wanted);
    }
    let seen = &context.seen.databricks.connection;
    let Some(report) = seen.value() else {
        return Verdict::unseen(seen);
    };
    let verdict = match (&report.verdict, &report.fault) {
        (Connection::Pass, _) => {
            let warned = report
                .phases
                .iter()
                .filter(|phase| phase.status == PhaseStatus::Warn);
            warned.fold(Verdict::pass(How::Databricks), |verdict, phase| {
                verdict.shows("To know", phase.summary.clone())
            })
        }
        (Connection::Fail, Some(fault)) => {
            let mut verdict = Verdict::fail(How::Databricks, &[])
                .shows("Fault", fault.title.clone())
                .shows("Cause", fault.cause.clone());
            verdict.fix = Some(fault.fix.clone());
            verdict
        }
        (Connection::Fail, None) => Verdict::fail(
            How::Databricks,
            &["Press **Test again** on the page **Test the connection**."],
        ),
    };
    verdict.seen(seen).shows("Host", report.host.clone())
}

fn connection_from_entra(context: &Context<'_>) -> Verdict {
    let (check, seen) = match context.fact(|connector| &connector.saved_credentials) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    if check.accepted {
        return Verdict::pass(How::Entra)
            .seen(seen)
            .shows("Entra's test connection", "accepted");
    }
    let here = context
        .seen
        .databricks
        .connection
        .value()
        .map(|report| report.verdict);
    // Databricks answered and refused (facts/entra §5.1): the stored token is the first thing to look at, not the way there.
    let refused = check
        .code
        .as_deref()
        .is_some_and(|code| code.contains("CredentialValidationFailure"));
    let verdict = if here == Some(Connection::Pass) && refused {
        Verdict::fail(
            How::Entra,
            &[
                "Save URL and token in Entra anew: Entra most likely holds another token than the one tested here.",
                "If it is refused again, look whether the Databricks account (or workspace) has an IP access list or a private link: this machine gets through, Entra does not.",
            ],
        )
        .shows("From this machine", "works")
    } else if here == Some(Connection::Pass) {
        Verdict::fail(
            How::Entra,
            &[
                "Look whether the Databricks account (or workspace) has an IP access list or a private link: this machine gets through, Entra does not.",
                "Allow Entra's ranges: the service tag **AzureActiveDirectory**, not one of its subtags.",
                "If the list is not the cause, save URL and token in Entra anew: Entra may hold another token than the one tested here.",
            ],
        )
        .shows("From this machine", "works")
    } else {
        Verdict::fail(
            How::Entra,
            &[
                "Put the connection right from this machine first (**Test the connection**).",
                "Save URL and token in Entra anew, and test again.",
            ],
        )
    };
    let said = [check.code.as_deref(), check.message.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(": ");
    verdict.seen(seen).shows(
        "Entra's test connection",
        if said.is_empty() {
            "refused".to_owned()
        } else {
            said
        },
    )
}

fn endpoint_matches(context: &Context<'_>) -> Verdict {
    let Some(wanted) = context.setup.databricks.scim_url.as_deref() else {
        return Verdict::unknown("The set-up has no SCIM URL yet.");
    };
    let (secrets, seen) = match context.secrets() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let presses = [
        "In Entra open **Enterprise apps**, the app, **Provisioning**, then **Connectivity** (formerly **Admin credentials**).",
        "Put the SCIM URL into **Tenant URL**, exactly as shown here: no query, nothing after it.",
        "Press **Test connection**, then **Save**.",
    ];
    let found = secrets.base_address.as_deref().unwrap_or_default();
    let verdict = if found.trim().trim_end_matches('/') == wanted.trim().trim_end_matches('/') {
        Verdict::pass(How::Entra)
    } else {
        Verdict::fail(How::Entra, &presses)
    };
    let shown = if found.is_empty() {
        "no URL is saved"
    } else {
        found
    };
    verdict
        .seen(seen)
        .shows("Tenant URL in Entra", shown)
        .shows("SCIM URL", wanted)
}

fn secret_saved(context: &Context<'_>) -> Verdict {
    let (secrets, seen) = match context.secrets() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    if secrets.token_stored {
        return Verdict::pass(How::Entra)
            .seen(seen)
            .shows("Secret token in Entra", "stored; Entra shows it to nobody");
    }
    Verdict::fail(
        How::Entra,
        &[
            "In Entra open **Enterprise apps**, the app, **Provisioning**, then **Connectivity** (formerly **Admin credentials**).",
            "Paste the token into **Secret token**. Left blank, Entra sends a token of its own, which Databricks does not take.",
            "Press **Test connection**, then **Save**.",
        ],
    )
    .seen(seen)
    .shows("Secret token in Entra", "none is stored")
}

/// How long a token is taken to last when only its creation date is known.
const ASSUMED_DAYS: i64 = 365;

fn token_age(context: &Context<'_>) -> Verdict {
    let setup = &context.setup.databricks;
    let seen = &context.seen.databricks.token_expires;
    let told = seen.value().copied();
    if told == Some(None) {
        return Verdict::pass(How::Databricks)
            .seen(seen)
            .shows("Expires", "never, as Databricks lists it");
    }
    // What Databricks tells overrules what was entered.
    let told = told.flatten();
    let how = if told.is_some() {
        How::Databricks
    } else {
        How::Input
    };
    let assumed = || {
        setup
            .token_created_at?
            .checked_add(SignedDuration::from_hours(24 * ASSUMED_DAYS))
            .ok()
    };
    let (expires, note) = match (told.or(setup.token_expires_at), assumed()) {
        (Some(expires), _) => (expires, None),
        (None, Some(expires)) => (
            expires,
            Some("assumed: one year after it was made, because no expiry is known"),
        ),
        (None, None) => {
            return Verdict::unknown(
                "When the token was made is not known. What would tell: its creation date or its expiry, entered beside the token.",
            );
        }
    };
    let days = expires
        .duration_since(context.now)
        .as_hours()
        .div_euclid(24);
    let presses = if context.is_workspace() {
        [
            "Generate a new personal access token, as an admin whom this connector does not manage.",
            "Save it in Entra and test the connection.",
        ]
    } else {
        [
            "In the account console open **Security**, then **User provisioning** (formerly **Settings**), and press **Regenerate token**.",
            "Save it in Entra and test the connection.",
        ]
    };
    let verdict = match days {
        ..0 => Verdict::fail(how, &presses),
        0..=90 => Verdict::warn(how, &presses),
        _ => Verdict::pass(how),
    };
    let left = match days {
        ..0 => "over".to_owned(),
        0..=7 => format!("{days} days left: renew it now"),
        8..=30 => format!("{days} days left: renew it this month"),
        31..=90 => format!("{days} days left: plan its renewal"),
        _ => format!("{days} days left"),
    };
    let verdict = verdict.shows("Expires", date(expires)).shows("Left", left);
    note.map_or(verdict.clone(), |note| verdict.shows("Expiry", note))
}

fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// What the one workspace of a workspace set-up is called.
const THIS_WORKSPACE: &str = "this workspace";

/// The owner of each token that matters: the workspace's own, or in a move that of each workspace.
fn owners<'a>(context: &Context<'a>) -> Vec<(String, &'a Seen<TokenOwner>)> {
    let facts = &context.seen.databricks;
    if context.journey() == Journey::Migrate {
        return facts
            .workspaces
            .iter()
            .map(|workspace| (workspace.label(), &workspace.token_owner))
            .collect();
    }
    vec![(THIS_WORKSPACE.to_owned(), &facts.token_owner)]
}

fn each_owner(
    context: &Context<'_>,
    presses: &[&str],
    judge: impl Fn(&str, &TokenOwner) -> Subject,
) -> Verdict {
    let owners = owners(context);
    if owners.is_empty() {
        return Verdict::not_applicable("This set-up names no workspace.");
    }
    let subjects = owners
        .into_iter()
        .map(|(name, seen)| match seen.value() {
            Some(owner) => judge(&name, owner),
            None => subject(
                name,
                Status::Unknown,
                Verdict::unseen(seen).reason.unwrap_or_default(),
            ),
        })
        .collect();
    Verdict::worst(How::Databricks, subjects, presses)
}

fn pat_owner_admin(context: &Context<'_>) -> Verdict {
    let presses = [
        "Sign in to the workspace as a workspace admin whom the connector does not manage.",
        "Generate a new personal access token under **Settings**, **Developer**, **Access tokens**.",
        "Save it in Entra and test the connection.",
    ];
    each_owner(context, &presses, |name, owner| {
        match (owner.active, owner.is_admin) {
            (true, true) => subject(
                name,
                Status::Pass,
                format!("{} is an active admin", owner.user_name),
            ),
            (false, _) => subject(
                name,
                Status::Fail,
                format!("{} is not active", owner.user_name),
            ),
            (true, false) => subject(
                name,
                Status::Fail,
                format!("{} is not in the group admins", owner.user_name),
            ),
        }
    })
}

fn pat_owner_unmanaged(context: &Context<'_>) -> Verdict {
    let presses = [
        "Let a workspace admin who is not in the app's scope, or a service principal, own the token.",
        "Or take the owner out of the assigned groups before the sync starts. While it runs, that would deactivate the owner in Databricks.",
    ];
    let connectors = connectors_by_owner(context);
    each_owner(context, &presses, |name, owner| {
        if owner.is_service_principal {
            return subject(
                name,
                Status::Pass,
                "a service principal owns the token; the connector does not carry those",
            );
        }
        let managed = if context.journey() == Journey::Migrate {
            let connectors = connectors.get(name).map_or(&[][..], Vec::as_slice);
            managed_by(context, connectors, owner)
        } else {
            managed_here(context, owner)
        };
        match managed {
            Err(gap) => subject(name, Status::Unknown, gap.reason.unwrap_or_default()),
            Ok(Some(by)) => subject(
                name,
                Status::Fail,
                format!("{} is managed by {by}", owner.user_name),
            ),
            Ok(None) => subject(
                name,
                Status::Pass,
                format!("{} is outside the connector's scope", owner.user_name),
            ),
        }
    })
}

/// The one of a workspace's connectors that manages the owner of its token.
fn managed_by(
    context: &Context<'_>,
    connectors: &[&Connector],
    owner: &TokenOwner,
) -> Result<Option<String>, Verdict> {
    if connectors.is_empty() {
        let why = "No connector to this workspace was found.";
        return Err(Verdict::unknown(why));
    }
    for connector in connectors {
        if manages(context, connector, owner)? {
            return Ok(Some(connector.display_name.clone()));
        }
    }
    Ok(None)
}

/// Whether the set-up's own application manages the token's owner, with what is assigned and what is to be.
fn managed_here(context: &Context<'_>, owner: &TokenOwner) -> Result<Option<String>, Verdict> {
    let people = context.people()?;
    let everyone = context
        .secrets()
        .is_ok_and(|(secrets, _)| secrets.sync_all == Some(true));
    let external = owner.external_id.as_deref();
    let managed = external.is_some_and(|id| everyone || people.contains_key(id))
        || people.values().any(|user| goes_by(user, &owner.user_name));
    Ok(managed.then(|| context.setup.entra.app.name().to_owned()))
}

fn goes_by(user: &EntraUser, name: &str) -> bool {
    let same = |own: &str| own.eq_ignore_ascii_case(name);
    same(&user.user_principal_name) || user.mail.as_deref().is_some_and(same)
}

/// The connectors that each token belongs to, by the name its owner goes by in [`owners`].
fn connectors_by_owner<'a>(context: &Context<'a>) -> HashMap<String, Vec<&'a Connector>> {
    if context.journey() != Journey::Migrate {
        return HashMap::new();
    }
    let mut by_target: HashMap<Target, Vec<&Connector>> = HashMap::new();
    for connector in context.seen.entra.connectors.value().into_iter().flatten() {
        let secrets = connector.secrets.value();
        let target = secrets.and_then(|secrets| Target::of(secrets.base_address.as_deref()?));
        if let Some(target) = target {
            by_target.entry(target).or_default().push(connector);
        }
    }
    let workspaces = context.seen.databricks.workspaces.iter();
    workspaces
        .filter_map(|facts| {
            let base = facts.url.trim_end_matches('/');
            let target = Target::of(&format!("{base}/api/2.0/preview/scim"))?;
            Some((facts.label(), by_target.get(&target)?.clone()))
        })
        .collect()
}

/// Whether a person is assigned to a connector, directly or by a group.
fn manages(
    context: &Context<'_>,
    connector: &Connector,
    owner: &TokenOwner,
) -> Result<bool, Verdict> {
    let assignments = connector
        .assignments
        .value()
        .ok_or_else(|| Verdict::unseen(&connector.assignments))?;
    let assigned: Vec<(PrincipalKind, &str)> = assignments
        .iter()
        .map(|assignment| (assignment.kind, assignment.principal_id.as_str()))
        .collect();
    let principals = &context.seen.entra.principals;
    let people =
        crate::scope::members(&assigned, principals).map_err(|gap| Verdict::unknown(gap.0))?;
    Ok(people.into_iter().any(|id| {
        let same_id = owner.external_id.as_deref() == Some(id);
        same_id
            || principals
                .users
                .get(id)
                .is_some_and(|user| goes_by(user, &owner.user_name))
    }))
}
