//! The Databricks side: the connection, who is where the SCIM URL leads, the admins, the workspaces.

mod admins;
mod directory;
mod pat;
mod person;
mod workspaces;

use std::collections::BTreeSet;
use std::sync::Arc;

use usher_core::connection::ConnectionReport;
use usher_core::model::scim_url::{self, ScimUrl};
use usher_core::model::token::{self, TokenVerdict};
use usher_core::model::{Origin, Secret};
use usher_core::observation::databricks::{Directory, WorkspaceFacts};
use usher_core::observation::{DatabricksFacts, Seen};
use usher_databricks::account::Workspace;
use usher_databricks::oauth::{self, Issuer};
use usher_databricks::{Account, ApiErrorKind, Error, Scim};

use super::Eyes;
use super::kept::Members;
use crate::doctor::{self, DoctorInput};
pub(super) use directory::{GroupName, Read, compared, put};

/// Why a fact of Databricks' could not be seen.
pub(super) fn unknown<T>(error: &Error) -> Seen<T> {
    let words = format!("{}.", error.to_string().trim_end_matches('.'));
    match error.api().map(|api| &api.kind) {
        Some(ApiErrorKind::NotAdmin | ApiErrorKind::Forbidden) => {
            Seen::needing(words, "a sign-in that is admin in Databricks")
        }
        Some(ApiErrorKind::Unauthenticated) => {
            Seen::needing(words, "a token that Databricks accepts")
        }
        _ => Seen::unknown(words),
    }
}

/// SCIM where the set-up's URL leads, or why it cannot be asked.
fn scim(eyes: &Eyes<'_>) -> Result<Scim, Seen<()>> {
    let context = eyes.context;
    let text = context
        .setup
        .databricks
        .scim_url
        .as_deref()
        .unwrap_or_default();
    let verdict = scim_url::recognise(text, context.http.world());
    let Some(url) = verdict.good() else {
        return Err(Seen::needing(
            "The set-up has no SCIM URL that can be asked.",
            "the SCIM URL",
        ));
    };
    let Some(secret) = &context.secrets.scim_token else {
        return Err(Seen::needing("There is no SCIM token.", "the SCIM token"));
    };
    usable(secret, url).map(|secret| Scim::new(context.http.clone(), url.clone(), secret))
}

/// The token as it may be sent to a URL; a token that is certainly of another kind is not sent at all.
fn usable(secret: &Secret, url: &ScimUrl) -> Result<Secret, Seen<()>> {
    match token::recognise(secret.expose(), Some(url)) {
        TokenVerdict::Good(token) => Ok(token.secret),
        TokenVerdict::Empty | TokenVerdict::Fault { .. } => Err(Seen::needing(
            "The token is not one for this SCIM URL, so it was not sent.",
            "a token for the SCIM URL",
        )),
    }
}

/// What a failure to ask at all leaves of a fact.
fn same<T>(reason: &Seen<()>) -> Seen<T> {
    match reason {
        Seen::Unknown { reason, needs } => Seen::Unknown {
            reason: reason.clone(),
            needs: needs.clone(),
        },
        Seen::Known { .. } => Seen::default(),
    }
}

/// Reads the Databricks side; users and groups where the SCIM URL leads into `read`.
pub(super) async fn look(eyes: &Eyes<'_>, read: &mut Read) -> DatabricksFacts {
    let mut facts = DatabricksFacts::default();
    let scim = scim(eyes);
    // Workspaces are hosts of their own, with limits of their own; what one host gets at a time is the client's care.
    let (connection, (second, workspaces), ()) = tokio::join!(
        connection(eyes),
        async {
            let (admin, second) = admin(eyes).await;
            (second, workspaces::look(eyes, admin).await)
        },
        beside_the_url(eyes, scim.as_ref(), &mut facts, read)
    );
    facts.connection = connection;
    facts.second_credential_is_admin = second;
    (facts.workspaces, facts.workspaces_complete) = workspaces;
    facts
}

/// Who is where the SCIM URL leads, and what is known of the token.
async fn beside_the_url(
    eyes: &Eyes<'_>,
    scim: Result<&Scim, &Seen<()>>,
    facts: &mut DatabricksFacts,
    read: &mut Read,
) {
    let scim = match scim {
        Ok(scim) => scim,
        Err(reason) => {
            read.directory = directory::unseen(reason);
            facts.token_owner = same(reason);
            facts.token_expires = same(reason);
            facts.admins = same(reason);
            return;
        }
    };
    let is_account = scim.url().account_id().is_some();
    let place = match is_account {
        true => "the account",
        false => "the workspace",
    };
    let ((), owner, admins, expires) = tokio::join!(
        directory::look(eyes, scim, place, directory::Counted::Alone, read),
        async {
            if is_account {
                Seen::unknown("An account's SCIM token has no owner.")
            } else {
                admins::owner(eyes, scim).await
            }
        },
        async {
            if is_account {
                None
            } else {
                Some(admins::of_workspace(eyes, scim).await)
            }
        },
        pat::expiry(eyes, scim, eyes.context.setup.databricks.token_created_at),
    );
    facts.token_expires = expires;
    facts.token_owner = owner;
    facts.admins = admins.unwrap_or_else(|| read.admins.clone());
}

/// Looks at one workspace that is known from an earlier look.
pub(super) async fn workspace(eyes: &Eyes<'_>, known: &WorkspaceFacts) -> WorkspaceFacts {
    let (admin, _) = admin(eyes).await;
    workspaces::again(eyes, &admin, known).await
}

/// What the connection doctor says, from this machine.
async fn connection(eyes: &Eyes<'_>) -> Seen<ConnectionReport> {
    let context = eyes.context;
    let Some(url) = &context.setup.databricks.scim_url else {
        return Seen::needing("The set-up has no SCIM URL yet.", "the SCIM URL");
    };
    let Some(token) = &context.secrets.scim_token else {
        return Seen::needing("There is no SCIM token to test with.", "the SCIM token");
    };
    eyes.tell("Testing the connection from this machine");
    let input = DoctorInput {
        url: url.clone(),
        token: Some(token.clone()),
        timeout: None,
    };
    match doctor::run(context.http, input, Arc::new(|_| {}), eyes.cancel).await {
        Ok(report) => Seen::databricks(report, eyes.at),
        Err(doctor::Cancelled) => Seen::default(),
    }
}

/// Reads the members of the groups that are compared, as soon as both sides have told which those are.
pub(super) async fn members_of_compared(eyes: &Eyes<'_>, found: &mut Members) {
    let (groups, compared) = tokio::join!(eyes.groups.wait(), eyes.compared.wait());
    if let Ok(scim) = scim(eyes) {
        directory::members_of(eyes, &scim, groups, compared, found).await;
    }
}

/// Reads the members of the groups that checks compare, by name or external id, as far as they were not read.
pub(super) async fn members(
    eyes: &Eyes<'_>,
    directory: &Directory,
    compared: &BTreeSet<String>,
    found: &mut Members,
) {
    if let Ok(scim) = scim(eyes) {
        directory::members(eyes, &scim, directory, compared, found).await;
    }
}

/// The account as one of its admins sees it, with its workspaces; or why nobody looks at it so.
type Admin = Result<(Account, Vec<Workspace>), Seen<()>>;

/// What only an account admin sees, with the second credential; and whether that is one.
async fn admin(eyes: &Eyes<'_>) -> (Admin, Seen<bool>) {
    match account(eyes).await {
        Ok(found) => (Ok(found), Seen::databricks(true, eyes.at)),
        Err(is_admin @ Seen::Known { .. }) => {
            let reason = Seen::needing(
                "Only an account admin sees this, and the second Databricks credential is none.",
                person::wanted(eyes.context.setup.cloud),
            );
            (Err(reason), is_admin)
        }
        Err(Seen::Unknown { reason, needs }) => {
            let of_the_account = Seen::Unknown {
                reason: format!("Only an account admin sees this. {reason}"),
                needs: needs.clone(),
            };
            (Err(of_the_account), Seen::Unknown { reason, needs })
        }
    }
}

/// The account and its workspaces; else whether the second credential is an account admin, or why that is not known.
async fn account(eyes: &Eyes<'_>) -> Result<(Account, Vec<Workspace>), Seen<bool>> {
    let context = eyes.context;
    let setup = &context.setup.databricks;
    let robot = setup
        .service_principal_client_id
        .as_ref()
        .zip(context.secrets.databricks_client.as_ref());
    let host = account_host(eyes);
    let (origin, account_id, credential) = match (robot, host) {
        (Some((client_id, secret)), Some((origin, account_id))) => {
            let issuer = Issuer::Account {
                origin: origin.clone(),
                account_id: account_id.clone(),
            };
            let token = oauth::sign_in(context.http, &issuer, client_id, secret, eyes.cancel).await;
            let token = token.map_err(|error| unknown(&error))?;
            (origin, account_id, token.credential)
        }
        (None, Some((origin, account_id))) => match person::credential(eyes, &origin).await {
            Some(credential) => (origin, account_id, credential?),
            None => return Err(person::nobody(context.setup.cloud)),
        },
        (Some(_), None) => {
            let why = "The account id is not known.";
            return Err(Seen::needing(why, "the account id"));
        }
        (None, None) => return Err(person::nobody(context.setup.cloud)),
    };
    let account = Account::new(context.http.clone(), origin, account_id, credential);
    match account.workspaces(eyes.cancel).await {
        Ok(workspaces) => Ok((account, workspaces)),
        Err(error)
            if matches!(
                error.api().map(|api| &api.kind),
                Some(ApiErrorKind::NotAdmin | ApiErrorKind::Forbidden)
            ) =>
        {
            Err(Seen::databricks(false, eyes.at))
        }
        Err(error) => Err(unknown(&error)),
    }
}

/// The account's host and id: those of an account SCIM URL, else the cloud's host and the id the set-up names.
fn account_host(eyes: &Eyes<'_>) -> Option<(Origin, String)> {
    let setup = eyes.context.setup;
    let world = eyes.context.http.world();
    let verdict = scim_url::recognise(
        setup.databricks.scim_url.as_deref().unwrap_or_default(),
        world,
    );
    if let Some(url) = verdict.good()
        && let Some(id) = url.account_id()
    {
        return Some((url.origin.clone(), id.to_owned()));
    }
    Some((
        world.account_origin(setup.cloud),
        setup.databricks.account_id.clone()?,
    ))
}
