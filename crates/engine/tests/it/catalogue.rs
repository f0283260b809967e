//! Every check has a practice scenario on which it speaks up, and one on which it is content.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt as _;
use jiff::Timestamp;
use serde_json::json;
use usher_core::checks::{CATALOGUE, judge};
use usher_core::finding::Status;
use usher_core::model::setup::Journey;
use usher_core::model::{DatabricksCloud, Secret};

use crate::tenant::Tenant;

/// How a scenario is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum As {
    /// The account connector, two workspaces named.
    Account,
    /// The same, with the groups of everyone and of the analysts wanted.
    Wanting,
    /// The same in a cloud without the gallery app.
    China,
    /// The first workspace's connector.
    Workspace,
    /// A move with all three workspaces.
    Migrate,
}

use As::{Account, China, Migrate, Wanting, Workspace};

/// A scenario, and how it is looked at.
pub(crate) type Day = (&'static str, As);

const FINE: Day = ("connected", Account);
const MOVE: Day = ("migrate-small", Migrate);
const SEAT: Day = ("workspace-runs", Workspace);

/// Check, a scenario where it speaks up, one where it is content.
pub(crate) const TABLE: &[(&str, Day, Day)] = &[
    ("aim-considered", FINE, MOVE),
    ("premium-plan", ("standard-plan", Account), FINE),
    ("databricks-admin", ("not-an-admin", Account), FINE),
    ("entra-role", ("no-consent", Account), FINE),
    ("group-licence", ("no-p1-licence", Wanting), FINE),
    ("cloud-supported", ("fresh", China), FINE),
    ("same-account", ("wrong-account", Account), FINE),
    ("same-tenant", ("wrong-account", Account), FINE),
    ("identity-federation", MOVE, FINE),
    ("connection-from-here", ("expired-token", Account), FINE),
    (
        "connection-from-entra",
        ("works-here-not-from-entra", Account),
        FINE,
    ),
    ("endpoint-matches", ("wrong-base-address", Account), FINE),
    ("secret-saved", ("half-finished", Account), FINE),
    ("token-age", ("token-expires-soon", Workspace), SEAT),
    ("pat-owner-admin", ("token-owner-no-admin", Workspace), SEAT),
    (
        "pat-owner-unmanaged",
        ("token-owner-in-scope", Workspace),
        SEAT,
    ),
    ("app-from-gallery", ("own-application", Account), FINE),
    ("app-unique", ("two-connectors", Account), FINE),
    ("provisioning-automatic", ("fresh", Account), FINE),
    ("provisioning-on", ("paused", Account), FINE),
    ("assignment-required", ("half-finished", Account), FINE),
    ("scope-assigned", ("sync-all", Account), FINE),
    ("notification-email", ("masked-secret-only", Account), FINE),
    ("delete-threshold", ("half-finished", Account), FINE),
    ("mapping-username", ("wrong-mapping", Account), FINE),
    ("mapping-external-id", ("wrong-mapping", Account), FINE),
    ("mapping-groups", ("half-finished", Account), FINE),
    ("someone-assigned", ("unassigned", Account), FINE),
    ("nested-groups", ("nested-groups", Account), FINE),
    ("service-principals", ("nested-groups", Account), FINE),
    ("group-provisionable", ("odd-groups", Account), FINE),
    ("reserved-names", ("odd-groups", Account), FINE),
    ("name-clash", ("leftovers", Wanting), FINE),
    ("guests", ("odd-groups", Account), FINE),
    ("missing-mail", ("wrong-mapping", Account), FINE),
    ("account-limits", ("ten-thousand-users", Account), FINE),
    ("own-admin-kept", ("every-admin-in-scope", Account), FINE),
    ("job-healthy", ("quarantine", Account), FINE),
    ("cycle-recent", ("never-ran", Account), FINE),
    ("cycle-errors", ("one-person-refused", Account), FINE),
    ("deletions-held", ("deletions-held", Account), FINE),
    ("users-arrived", ("changed-by-hand", Account), FINE),
    ("groups-arrived", ("never-ran", Account), FINE),
    ("inactive-users", ("changed-by-hand", Account), FINE),
    ("removed-by-hand", ("changed-by-hand", Account), FINE),
    ("outside-scim", ("leftovers", Account), FINE),
    ("case-clash", ("leftovers-in-the-way", Account), FINE),
    ("connectors-found", ("wrong-base-address", Migrate), MOVE),
    ("connectors-off", ("migrate-small", Account), FINE),
    ("coverage", ("migrate-gap", Migrate), MOVE),
    ("account-sync-proven", ("never-ran", Migrate), MOVE),
    ("local-groups", MOVE, ("connected", Migrate)),
    (
        "local-name-clash",
        ("local-twins", Migrate),
        ("connected", Migrate),
    ),
    ("workspace-access", ("migrate-gap", Migrate), MOVE),
    ("entitlements", ("local-twins", Migrate), MOVE),
];

pub(crate) fn arrange(tenant: &mut Tenant, way: As) {
    let details = tenant.practice.details().clone();
    let ids: &[&str] = match way {
        Workspace => &["1001"],
        Migrate => &["1001", "1002", "1003"],
        Account | Wanting | China => &["1001", "1002"],
    };
    let workspaces: Vec<_> = ids
        .iter()
        .map(|id| json!({ "id": id, "url": details.endpoints.workspaces[*id] }))
        .collect();
    let setup = &mut tenant.setup;
    setup.databricks.workspaces = serde_json::from_value(json!(workspaces)).unwrap();
    setup.want.notification_email = None;
    setup.entra.app.display_name = Some("Azure Databricks SCIM Provisioning Connector".to_owned());
    // A set-up that was gone through knows its application by id, whatever it was made from.
    setup.entra.app.service_principal_id = tenant.practice.entra().read(|directory| {
        let mut all = directory.service_principals.iter();
        let own = all.find(|one| Some(&one.display_name) == setup.entra.app.display_name.as_ref());
        own.map(|one| one.id.to_string())
    });
    match way {
        Account => {}
        China => setup.cloud = DatabricksCloud::AzureChina,
        Wanting => {
            let wanted = tenant.practice.entra().read(|directory| {
                let named = |name: &&str| {
                    let group = directory
                        .groups
                        .iter()
                        .find(|group| group.display_name == *name);
                    json!({ "type": "group", "id": group.unwrap().id.to_string(), "displayName": name })
                };
                ["databricks-users", "databricks-analysts"]
                    .iter()
                    .map(named)
                    .collect::<Vec<_>>()
            });
            setup.want.assign = serde_json::from_value(json!(wanted)).unwrap();
        }
        Workspace => {
            let origin = &details.endpoints.workspaces["1001"];
            setup.journey = Journey::Workspace;
            setup.databricks.scim_url = Some(format!("{origin}/api/2.0/preview/scim"));
            let name = tenant.practice.entra().read(|directory| {
                let named = directory.service_principals.iter();
                let mut named = named.filter(|one| one.display_name.starts_with("Databricks "));
                named.next().map(|one| one.display_name.clone())
            });
            setup.entra.app.display_name = name.or(Some("none yet".to_owned()));
            setup.entra.app.service_principal_id = None;
            tenant.secrets.scim_token = Some(Secret::new(details.pats["1001"].clone()));
        }
        Migrate => {
            setup.journey = Journey::Migrate;
            tenant.secrets.workspace_tokens = details
                .pats
                .iter()
                .map(|(id, pat)| (id.clone(), Secret::new(pat.clone())))
                .collect();
        }
    }
}

/// How every check comes out on a day.
async fn statuses((scenario, way): Day) -> BTreeMap<String, Status> {
    let mut tenant = Tenant::start(scenario).await;
    arrange(&mut tenant, way);
    let observed = tenant.observe().await;
    let report = judge(&tenant.setup, &observed.observation, Timestamp::now());
    report
        .findings
        .into_iter()
        .map(|finding| (finding.check, finding.status))
        .collect()
}

#[tokio::test]
async fn every_check_has_a_day_on_which_it_speaks_and_one_on_which_it_is_content() {
    let listed: Vec<&str> = TABLE.iter().map(|(check, ..)| *check).collect();
    let catalogue = CATALOGUE.iter().flat_map(|section| section.checks);
    let catalogue: Vec<&str> = catalogue.map(|check| check.id).collect();
    assert_eq!(listed, catalogue, "a check without a day to rehearse it");
    let days: BTreeSet<Day> = TABLE
        .iter()
        .flat_map(|(_, bad, good)| [*bad, *good])
        .collect();
    let seen: BTreeMap<Day, BTreeMap<String, Status>> = futures::stream::iter(days)
        .map(|day| async move { (day, statuses(day).await) })
        .buffer_unordered(4)
        .collect()
        .await;
    let mut wrong = Vec::new();
    for (check, bad, good) in TABLE {
        let (worse, better) = (seen[bad][*check], seen[good][*check]);
        // What cannot be read is all that this one may find wrong: it lists, and judges nothing.
        let speaks = match *check {
            "connectors-found" => worse == Status::Unknown,
            _ => matches!(worse, Status::Fail | Status::Warn),
        };
        if !speaks {
            wrong.push(format!("{check} is {worse:?} in {bad:?}"));
        }
        if better != Status::Pass {
            wrong.push(format!("{check} is {better:?} in {good:?}"));
        }
    }
    for (day, statuses) in &seen {
        let bad = statuses
            .iter()
            .filter(|(_, status)| matches!(status, Status::Fail | Status::Warn));
        let bad: Vec<&str> = bad.map(|(check, _)| check.as_str()).collect();
        if !wrong.is_empty() {
            println!("{day:?}: {}", bad.join(" "));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
