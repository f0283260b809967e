//! The inventory of a move: every Databricks connector of the tenant and what a move makes of it, every workspace and what
//! could be seen of it (facts/databricks §5.1, D28; facts/entra §1.3, §1.9).

use serde::Serialize;
use ts_rs::TS;

use crate::checks::{retiring, workspace_of};
use crate::finding::How;
use crate::model::{Origin, Setup};
use crate::observation::databricks::{DatabricksGroup, GroupKind, WorkspaceFacts};
use crate::observation::{Connector, Observation, Seen};
use crate::scope;
use crate::target::Target;

/// What a move makes of a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectorPart {
    /// It is the account connector, which takes over.
    TakesOver,
    /// It is paused.
    Retires,
    /// It goes on as it is; `why` says why.
    Stays,
    /// Not known; `why` says what would tell.
    Unknown,
}

/// A connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InventoryConnector {
    /// Object id of its service principal.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it provisions to, for people; `None`: not known.
    pub target: Option<String>,
    /// Whether it runs; `None`: not known.
    pub running: Option<bool>,
    /// Whether it is in quarantine.
    pub quarantined: bool,
    /// How many users and groups are assigned.
    #[ts(type = "number | null")]
    pub assigned: Option<usize>,
    /// How many people it carries: assigned ones and direct members of assigned groups, after its rules.
    #[ts(type = "number | null")]
    pub people: Option<usize>,
    /// What the move makes of it.
    pub part: ConnectorPart,
    /// Why it stays, or what is not known of it.
    pub why: Option<String>,
}

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InventoryWorkspace {
    /// Its id.
    pub id: String,
    /// Its name and id, for people.
    pub label: String,
    /// Its URL.
    pub url: String,
    /// Whether the set-up names it: only then its token can be kept.
    pub named: bool,
    /// Whether it is identity-federated; `None`: not known.
    pub federated: Option<bool>,
    /// Whether that is a person's word.
    pub said: bool,
    /// How many users it has.
    #[ts(type = "number | null")]
    pub users: Option<u64>,
    /// How many workspace-local groups.
    #[ts(type = "number | null")]
    pub local_groups: Option<usize>,
    /// How many account groups are in it.
    #[ts(type = "number | null")]
    pub account_groups: Option<usize>,
    /// How many users and groups are assigned to it from the account.
    #[ts(type = "number | null")]
    pub assigned: Option<usize>,
    /// Its plan, as Databricks writes it.
    pub plan: Option<String>,
    /// What could not be seen, and what would tell; each once.
    pub unseen: Vec<String>,
}

/// Connectors and workspaces.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Inventory {
    /// Every connector that was found, the account connector first.
    pub connectors: Vec<InventoryConnector>,
    /// Why connectors could not be read, or may be missing.
    pub connectors_unseen: Option<String>,
    /// Every workspace that was seen.
    pub workspaces: Vec<InventoryWorkspace>,
    /// Whether those are all workspaces of the account.
    pub workspaces_complete: bool,
    /// Addresses that connectors provision to and whose workspace is not among these.
    pub unnamed: Vec<String>,
    /// Whether the second Databricks credential is an account admin's; `None`: not known.
    pub second_is_admin: Option<bool>,
    /// Why that is not known.
    pub second_unseen: Option<String>,
}

/// What was seen of connectors and workspaces, and what a move makes of each.
pub fn inventory(setup: &Setup, seen: &Observation) -> Inventory {
    let connectors = &seen.entra.connectors;
    let own = seen.connector(setup).map(|own| &*own.service_principal_id);
    let retired: Vec<&str> = retiring(setup, seen)
        .unwrap_or_default()
        .into_iter()
        .map(|connector| &*connector.service_principal_id)
        .collect();
    let all = || connectors.value().into_iter().flatten();
    let mut found: Vec<InventoryConnector> = all()
        .map(|connector| {
            let id = &*connector.service_principal_id;
            one(seen, connector, own == Some(id), retired.contains(&id))
        })
        .collect();
    found.sort_by_key(|connector| connector.part != ConnectorPart::TakesOver);
    let mut unnamed: Vec<String> = all()
        .filter(|connector| workspace_of(seen, connector).is_none())
        .filter_map(workspace_address)
        .map(|origin| origin.to_string())
        .collect();
    unnamed.sort();
    unnamed.dedup();
    let facts = &seen.databricks;
    let gallery = "Only applications of the gallery's Databricks connector were looked for; one made from another template would not be seen.";
    Inventory {
        connectors: found,
        connectors_unseen: connectors.gap().or_else(|| {
            seen.entra
                .connectors_from_gallery_only
                .then(|| gallery.to_owned())
        }),
        workspaces: facts
            .workspaces
            .iter()
            .map(|workspace| place(setup, workspace))
            .collect(),
        workspaces_complete: facts.workspaces_complete,
        unnamed,
        second_is_admin: facts.second_credential_is_admin.value().copied(),
        second_unseen: facts.second_credential_is_admin.gap(),
    }
}

fn target(connector: &Connector) -> Option<Target> {
    Target::of(connector.secrets.value()?.base_address.as_deref()?)
}

fn workspace_address(connector: &Connector) -> Option<Origin> {
    match target(connector)? {
        Target::Workspace(origin) => Some(origin),
        Target::Account(_) => None,
    }
}

fn one(seen: &Observation, connector: &Connector, own: bool, retires: bool) -> InventoryConnector {
    let to = target(connector);
    let workspace = workspace_of(seen, connector);
    let (part, why) = if own {
        (ConnectorPart::TakesOver, None)
    } else if retires {
        (ConnectorPart::Retires, None)
    } else {
        part(connector, to.as_ref(), workspace)
    };
    InventoryConnector {
        id: connector.service_principal_id.clone(),
        name: connector.display_name.clone(),
        target: match workspace {
            Some(workspace) => Some(workspace.label()),
            None => to.map(|target| target.label()),
        },
        running: connector.is_running(),
        quarantined: connector.job().is_some_and(|job| job.quarantine.is_some()),
        assigned: connector.assignments.value().map(Vec::len),
        people: scope::of(connector, &seen.entra.principals)
            .ok()
            .map(|scope| scope.people.len()),
        part,
        why,
    }
}

/// What becomes of a connector that is neither the account connector nor retired.
fn part(
    connector: &Connector,
    target: Option<&Target>,
    workspace: Option<&WorkspaceFacts>,
) -> (ConnectorPart, Option<String>) {
    let unknown = |why: String| (ConnectorPart::Unknown, Some(why));
    let stays = |why: &str| (ConnectorPart::Stays, Some(why.to_owned()));
    match (target, workspace) {
        (Some(Target::Account(_)), _) => stays("It provisions to an account, not to a workspace."),
        (Some(Target::Workspace(_)), Some(workspace)) => match workspace.federated.value() {
            Some(false) => stays(
                "Its workspace is not identity-federated: the account connector does not reach it.",
            ),
            Some(true) => stays("It is left out of this move."),
            None => unknown(workspace.federated.gap().unwrap_or_default()),
        },
        (Some(Target::Workspace(_)), None) => {
            unknown("Its workspace is not among those of this set-up yet.".to_owned())
        }
        (None, _) => unknown(
            connector
                .secrets
                .gap()
                .unwrap_or_else(|| "Its address is not one that Usher knows.".to_owned()),
        ),
    }
}

fn place(setup: &Setup, facts: &WorkspaceFacts) -> InventoryWorkspace {
    let groups = facts.directory.groups.value();
    let of_kind = |kind: GroupKind| {
        groups.map(|groups| {
            let is = |group: &&DatabricksGroup| group.kind == kind;
            groups.iter().filter(is).count()
        })
    };
    let mut unseen: Vec<String> = [
        facts.federated.gap(),
        facts.assignments.gap(),
        facts.directory.users.gap(),
        facts.directory.groups.gap(),
    ]
    .into_iter()
    .flatten()
    .collect();
    unseen.sort();
    unseen.dedup();
    InventoryWorkspace {
        id: facts.id.clone(),
        label: facts.label(),
        url: facts.url.clone(),
        named: setup
            .databricks
            .workspaces
            .iter()
            .any(|named| named.id == facts.id),
        federated: facts.federated.value().copied(),
        said: matches!(
            facts.federated,
            Seen::Known {
                how: How::Attested,
                ..
            }
        ),
        users: facts
            .directory
            .users
            .value()
            .and_then(|users| u64::try_from(users.len()).ok())
            .or_else(|| facts.directory.user_total.value().copied()),
        local_groups: of_kind(GroupKind::WorkspaceLocal),
        account_groups: of_kind(GroupKind::Account),
        assigned: facts.assignments.value().map(Vec::len),
        plan: facts.pricing_tier.value().cloned(),
        unseen,
    }
}
