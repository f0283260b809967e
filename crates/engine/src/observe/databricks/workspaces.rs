//! The workspaces: those the set-up names, and those the account names where an account admin signed in.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt as _};
use usher_core::finding::How;
use usher_core::model::scim_url;
use usher_core::model::{Origin, World};
use usher_core::observation::Seen;
use usher_core::observation::databricks::{WorkspaceAssignment, WorkspaceFacts};
use usher_databricks::account::Assignment;
use usher_databricks::{Account, ApiErrorKind, Scim, discovery};

use super::super::Eyes;
use super::super::estimate::Side;
use super::super::kept::without;
use super::{Admin, admins, directory, pat, person, same, unknown, usable};

/// Workspaces that are looked at at the same time; each has a host and limits of its own.
const AT_ONCE: usize = 8;

/// A workspace to look at.
struct Place {
    id: String,
    url: String,
    listed: Option<usher_databricks::account::Workspace>,
    /// What the set-up says of its federation.
    said: Option<bool>,
}

pub(super) async fn look(eyes: &Eyes<'_>, admin: Admin) -> (Vec<WorkspaceFacts>, bool) {
    let (account, listed) = match admin {
        Ok((account, listed)) => (Ok(account), Some(listed)),
        Err(reason) => (Err(reason), None),
    };
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for named in &eyes.context.setup.databricks.workspaces {
        let place = Place {
            id: named.id.clone(),
            url: named.url.clone(),
            listed: None,
            said: named.federated,
        };
        places.insert(named.id.clone(), place);
    }
    let complete = listed.is_some();
    for workspace in listed.into_iter().flatten() {
        let url = url_of(eyes, &workspace);
        let place = places.entry(workspace.id.clone()).or_insert_with(|| Place {
            id: workspace.id.clone(),
            url,
            listed: None,
            said: None,
        });
        place.listed = Some(workspace);
    }
    let total = places.len();
    let mut facts = Vec::with_capacity(total);
    let kept = |place: &Place| eyes.kept?.workspace(&place.id, &place.url, eyes.at);
    places.retain(|_, place| match kept(place) {
        Some(known) => {
            facts.push(known);
            false
        }
        None => true,
    });
    let what = without("Reading workspaces", facts.len());
    let count = |done: usize| {
        let side = Side::Databricks(None);
        eyes.count_at(side, &what, done, Some(total));
    };
    if !places.is_empty() {
        count(facts.len());
    }
    let mut read = stream::iter(places.into_values())
        .map(|place| one(eyes, account.as_ref(), place))
        .buffer_unordered(AT_ONCE);
    while let Some(one) = read.next().await {
        if let Some(kept) = eyes.kept {
            kept.keep_workspace(&one);
        }
        facts.push(one);
        count(facts.len());
    }
    drop(read);
    facts.sort_by(|left, right| (left.id.len(), &left.id).cmp(&(right.id.len(), &right.id)));
    (facts, complete)
}

/// The URL of a workspace that only the account names: by the endpoints file, else by its deployment's name.
fn url_of(eyes: &Eyes<'_>, workspace: &usher_databricks::account::Workspace) -> String {
    match eyes.context.http.world() {
        World::Mapped(file) => file
            .workspaces
            .get(&workspace.id)
            .map(|origin| origin.as_str().to_owned())
            .unwrap_or_default(),
        World::Live => {
            let suffix = eyes.context.setup.cloud.workspace_suffixes().first();
            match (&workspace.deployment_name, suffix) {
                (Some(name), Some(suffix)) => format!("https://{name}.{suffix}"),
                _ => String::new(),
            }
        }
    }
}

/// One workspace anew; what its place in the account tells (federation, plan) is not asked again.
pub(super) async fn again(
    eyes: &Eyes<'_>,
    admin: &Admin,
    known: &WorkspaceFacts,
) -> WorkspaceFacts {
    let place = Place {
        id: known.id.clone(),
        url: known.url.clone(),
        listed: None,
        said: None,
    };
    let account = admin.as_ref().map(|(account, _)| account);
    let facts = one(eyes, account, place).await;
    WorkspaceFacts {
        name: known.name.clone(),
        federated: known.federated.clone(),
        pricing_tier: known.pricing_tier.clone(),
        ..facts
    }
}

async fn one(
    eyes: &Eyes<'_>,
    account: Result<&Account, &Seen<()>>,
    place: Place,
) -> WorkspaceFacts {
    let mut facts = WorkspaceFacts {
        id: place.id.clone(),
        url: place.url.clone(),
        name: place
            .listed
            .as_ref()
            .and_then(|listed| listed.name.clone())
            .unwrap_or_default(),
        ..WorkspaceFacts::default()
    };
    let not_listed = Seen::unknown("The account does not list this workspace.");
    let unseen = account.err().unwrap_or(&not_listed);
    (facts.federated, facts.pricing_tier) = match &place.listed {
        Some(listed) => (
            listed.is_identity_federated().map_or_else(
                || {
                    Seen::unknown(
                        "The account does not say whether this workspace is identity-federated.",
                    )
                },
                |federated| Seen::databricks(federated, eyes.at),
            ),
            listed.pricing_tier.clone().map_or_else(
                || Seen::unknown("The account does not name this workspace's pricing tier."),
                |tier| Seen::databricks(tier, eyes.at),
            ),
        ),
        None => (same(unseen), same(unseen)),
    };
    if let (false, Some(value)) = (facts.federated.is_known(), place.said) {
        facts.federated = Seen::Known {
            value,
            at: eyes.at,
            how: How::Attested,
        };
    }
    facts.assignments = match account {
        Ok(account) => assignments(eyes, account, &place.id).await,
        Err(reason) => same(reason),
    };
    let origin = place
        .url
        .parse::<url::Url>()
        .ok()
        .and_then(|url| Origin::of(&url));
    match origin.filter(|origin| eyes.context.http.world().knows_databricks(origin)) {
        Some(origin) => inside(eyes, &origin, &mut facts).await,
        None => outside(&mut facts),
    }
    facts
}

/// What the workspace's own host tells.
async fn inside(eyes: &Eyes<'_>, origin: &Origin, facts: &mut WorkspaceFacts) {
    let http = eyes.context.http;
    let (config, tenant) = tokio::join!(
        discovery::host_metadata(http, origin, eyes.cancel),
        discovery::entra_tenant(http, origin, eyes.cancel)
    );
    facts.account_id = match config.map(|config| config.account_id) {
        Ok(Some(id)) => Seen::databricks(id, eyes.at),
        Ok(None) => Seen::unknown("The workspace does not say which account it belongs to."),
        Err(error) => unknown(&error),
    };
    facts.tenant = match tenant {
        Ok(Some(tenant)) => Seen::databricks(tenant, eyes.at),
        Ok(None) => Seen::unknown("The workspace does not say which tenant signs in to it."),
        Err(error) => unknown(&error),
    };
    match scim(eyes, origin, &facts.id).await {
        Ok((scim, whose)) => {
            let label = facts.label();
            let owner = async {
                match whose {
                    Whose::Token => {
                        tokio::join!(admins::owner(eyes, &scim), pat::expiry(eyes, &scim, None))
                    }
                    Whose::Person => (same(&no_token()), same(&no_token())),
                }
            };
            let mut read = directory::Read::default();
            let ((), owner) = tokio::join!(
                directory::look(eyes, &scim, &label, directory::Counted::Inside, &mut read),
                owner
            );
            facts.directory = read.directory;
            directory::local_members(eyes, &scim, &label, &mut facts.directory).await;
            (facts.token_owner, facts.token_expires) = owner;
        }
        Err(reason) => {
            facts.directory = directory::unseen(&reason);
            facts.token_owner = same(&reason);
            facts.token_expires = same(&reason);
        }
    }
}

/// Whose credential it is.
enum Whose {
    /// A personal access token, kept for the workspace.
    Token,
    /// The signed-in person's own.
    Person,
}

fn no_token() -> Seen<()> {
    Seen::needing(
        "There is no personal access token for this workspace.",
        "a personal access token of a workspace admin",
    )
}

/// SCIM of one workspace: with its own personal access token; in a move, without one, as the signed-in person.
async fn scim(eyes: &Eyes<'_>, origin: &Origin, id: &str) -> Result<(Scim, Whose), Seen<()>> {
    let verdict = scim_url::recognise(
        &format!("{origin}/api/2.0/preview/scim"),
        eyes.context.http.world(),
    );
    let url = verdict
        .good()
        .ok_or_else(|| Seen::unknown("The workspace's URL is not one that can be asked."))?;
    let (http, url) = (eyes.context.http.clone(), url.clone());
    if let Some(secret) = eyes.context.secrets.workspace_tokens.get(id) {
        let secret = usable(secret, &url)?;
        return Ok((Scim::new(http, url, secret), Whose::Token));
    }
    let person = match eyes.is_move() {
        true => person::credential(eyes, origin).await,
        false => None,
    };
    let credential = person.ok_or_else(no_token)??;
    Ok((Scim::with_credential(http, url, credential), Whose::Person))
}

/// A workspace whose host is not known: nothing is sent there (`contracts/cli.md`, rule 12).
fn outside(facts: &mut WorkspaceFacts) {
    let reason: Seen<()> = Seen::unknown(
        "The workspace's address is not a known Databricks host, so nothing was sent there.",
    );
    facts.account_id = same(&reason);
    facts.tenant = same(&reason);
    facts.directory = directory::unseen(&reason);
    facts.token_owner = same(&reason);
    facts.token_expires = same(&reason);
}

async fn assignments(
    eyes: &Eyes<'_>,
    account: &Account,
    id: &str,
) -> Seen<Vec<WorkspaceAssignment>> {
    match account.assignments(id, eyes.cancel).await {
        Ok(rows) => Seen::databricks(
            rows.into_iter()
                .filter(|row| row.error.is_none())
                .map(assignment)
                .collect(),
            eyes.at,
        ),
        Err(error)
            if matches!(
                error.api().map(|api| &api.kind),
                Some(ApiErrorKind::NoWorkspaceAssignments)
            ) =>
        {
            Seen::unknown(
                "The workspace is not identity-federated, so nobody is assigned to it from the account.",
            )
        }
        Err(error) => unknown(&error),
    }
}

fn assignment(row: Assignment) -> WorkspaceAssignment {
    let who = row.principal;
    let is_group = who.group_name.is_some();
    let name = who
        .user_name
        .or(who.group_name)
        .or(who.service_principal_name)
        .or(who.display_name);
    WorkspaceAssignment {
        principal_id: who.id,
        name: name.unwrap_or_default(),
        is_group,
        is_admin: row
            .permissions
            .iter()
            .any(|permission| permission.eq_ignore_ascii_case("ADMIN")),
    }
}
