//! The workspace journey by the command line: one workspace, one application, a personal access token.

use serde_json::{Value, json};
use usher_tests::Ran;

use crate::tenant::Tenant;

/// A tenant with a set-up for its first workspace, and the ids of a group of people and of the person who owns the token.
async fn workspace(assign: impl FnOnce(&Tenant) -> Value) -> Tenant {
    let tenant = Tenant::start("fresh", "workspace", json!({})).await;
    let mut setup = tenant.wanted(
        "workspace",
        json!({ "assignmentRequired": true, "scope": "assigned", "provisioning": "on",
                "notificationEmail": "iam@contoso.example", "assign": assign(&tenant) }),
    );
    let url = tenant.practice.details().endpoints.workspaces["1001"].clone();
    setup["databricks"]["scimUrl"] = json!(format!("{url}/api/2.0/preview/scim"));
    setup["databricks"]["workspaces"] = json!([{ "id": "1001", "url": url }]);
    tenant.save(&setup);
    // Such a workspace keeps its own people; one that uses the account's identities would not take members here.
    let mut world = tenant.practice.databricks().world();
    for workspace in world.workspaces.values_mut() {
        workspace.federated = false;
    }
    drop(world);
    tenant
}

fn group(tenant: &Tenant) -> Value {
    let id = tenant.practice.entra().read(|directory| {
        let mut groups = directory.groups.iter();
        let group = groups.find(|group| group.display_name == "databricks-analysts");
        group.map(|group| group.id)
    });
    json!([{ "type": "group", "id": id, "displayName": "databricks-analysts" }])
}

#[track_caller]
fn status_of(report: &Value, check: &str) -> String {
    let findings = report["findings"]
        .as_array()
        .expect("a report has findings");
    let found = findings.iter().find(|finding| finding["check"] == check);
    let found = found.unwrap_or_else(|| panic!("{check} is not in the report"));
    found["status"].as_str().unwrap_or_default().to_owned()
}

/// Pairs of a field of every change.
fn each(ran: &Ran, first: &str, second: &str) -> Vec<(String, String)> {
    let document = ran.json();
    let text = |change: &Value, field: &str| change[field].as_str().unwrap_or_default().to_owned();
    let changes = document["changes"].as_array().expect("it has changes");
    changes
        .iter()
        .map(|change| (text(change, first), text(change, second)))
        .collect()
}

#[tokio::test]
async fn from_nothing_to_green_and_back() {
    let tenant = workspace(group).await;
    let plan = tenant.run(&["plan", "--json"]).await;
    assert_eq!(plan.code, Some(0), "{plan:#?}");
    let again = tenant.run(&["plan", "--json"]).await;
    assert_eq!(
        each(&plan, "id", "kind"),
        each(&again, "id", "kind"),
        "ids do not change between two plans"
    );
    assert!(tenant.writes().is_empty(), "a plan changes nothing");

    let apply = tenant
        .run(&["apply", "--yes", "--json", "--wait", "1"])
        .await;
    assert_eq!(apply.code, Some(0), "{apply:#?}");
    assert!(
        each(&apply, "id", "state")
            .iter()
            .all(|(_, state)| state == "done"),
        "{apply:#?}"
    );
    assert_eq!(apply.json()["cycle"]["state"], "completed", "{apply:#?}");

    let check = tenant.run(&["check", "--json"]).await;
    assert_eq!(check.code, Some(0), "{check:#?}");
    let report = check.json();
    let green = [
        "connection-from-here",
        "connection-from-entra",
        "endpoint-matches",
        "secret-saved",
        "pat-owner-admin",
        "pat-owner-unmanaged",
        "provisioning-on",
        "assignment-required",
        "scope-assigned",
        "users-arrived",
        "groups-arrived",
    ];
    for check in green {
        assert_eq!(status_of(&report, check), "pass", "{check}");
    }
    let token = &tenant.practice.details().pats["1001"];
    let last = &token[token.len() - 4..];
    let entered = tenant.practice.requests();
    let mut here = entered
        .iter()
        .filter(|one| one.origin == "workspace-1001" && one.path.contains("/scim/"));
    assert!(
        here.any(|one| one.credential.as_deref() == Some(last)),
        "the workspace's own token is preferred"
    );
    let astray = entered.iter().filter(|one| one.origin != "workspace-1001");
    assert!(astray.clone().count() > 0);
    for request in astray {
        assert_ne!(
            request.credential.as_deref(),
            Some(last),
            "the token went elsewhere: {request:?}"
        );
    }

    let back = tenant.run(&["rollback", "--yes", "--json"]).await;
    assert_eq!(back.code, Some(0), "{back:#?}");
    let undone = each(&back, "kind", "state");
    assert_eq!(
        undone.first(),
        Some(&("start".to_owned(), "undone".to_owned())),
        "{undone:?}"
    );
    assert_eq!(
        undone.last(),
        Some(&("create-application".to_owned(), "manual".to_owned()))
    );
    // People were brought meanwhile, and nobody else covers them: the assignment stays.
    assert!(
        undone.contains(&("assign".to_owned(), "kept".to_owned())),
        "{undone:?}"
    );
    let off = tenant.run(&["check", "--json"]).await;
    assert_eq!(status_of(&off.json(), "provisioning-on"), "fail");
}

#[tokio::test]
async fn whoever_owns_the_token_is_not_to_be_managed_by_it() {
    for through_a_group in [false, true] {
        let tenant = workspace(|tenant| owner(tenant, through_a_group)).await;
        for command in [&["plan", "--json"][..], &["apply", "--yes", "--json"]] {
            let refused = tenant.run(command).await;
            assert_eq!(refused.code, Some(1), "{refused:#?}");
            let refusals = refused.json()["refusals"].clone();
            let checks: Vec<&Value> = refusals
                .as_array()
                .into_iter()
                .flatten()
                .map(|one| &one["check"])
                .collect();
            assert!(
                checks.contains(&&json!("pat-owner-unmanaged")),
                "{refusals:#}"
            );
        }
        assert!(tenant.writes().is_empty());
    }
}

/// The person who owns the workspace's token, made a person of Entra's: alone, or in a group.
fn owner(tenant: &Tenant, through_a_group: bool) -> Value {
    let id = tenant.practice.entra().change(|directory| {
        let person = directory
            .users
            .iter()
            .nth(4)
            .map(|user| user.id)
            .expect("there are people");
        let user = directory
            .users
            .get_mut(&person)
            .expect("the person is there");
        user.user_principal_name = OWNER.to_owned();
        person
    });
    let group = tenant.practice.entra().read(|directory| {
        let holds = |group: &&usher_practice::entra::directory::Group| {
            group.members.iter().any(|member| member.id() == id)
        };
        directory.groups.iter().find(holds).map(|group| group.id)
    });
    if through_a_group {
        json!([{ "type": "group", "id": group }])
    } else {
        json!([{ "type": "user", "id": id }])
    }
}

/// Who owns the practice workspaces' tokens.
const OWNER: &str = "platform.admin@meridian-harbour.example";
