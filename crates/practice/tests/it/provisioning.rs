//! What the provisioning service does to the Databricks side, cycle by cycle.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use usher_practice::entra::directory::Member;
use usher_practice::provisioning;
use uuid::Uuid;

use crate::graph_client::Graph;
use crate::support::{Tenant, start};

impl Tenant {
    /// Every user of the account that came by SCIM, with its user name.
    async fn arrived(&self) -> Vec<Value> {
        let mut found = Vec::new();
        loop {
            let page = self
                .read(
                    "2.0",
                    &format!("Users?startIndex={}&count=100", found.len() + 1),
                )
                .await
                .json();
            let rows = page["Resources"].as_array().cloned().unwrap_or_default();
            if rows.is_empty() {
                found.retain(|user: &Value| user["externalId"].is_string());
                return found;
            }
            found.extend(rows);
        }
    }

    async fn user(&self, id: Uuid) -> Option<Value> {
        let id = id.to_string();
        self.arrived()
            .await
            .into_iter()
            .find(|user| user["externalId"] == id.as_str())
    }

    /// Runs a cycle of every connector through the control API.
    async fn cycle(&self) -> Value {
        let url = format!("{}/control/cycle", self.practice.details().control);
        self.send(Method::POST, &url, "", None)
            .await
            .unwrap()
            .json()
    }

    fn person(&self, place: usize) -> Uuid {
        self.practice
            .entra()
            .read(|directory| directory.users.iter().nth(place).unwrap().id)
    }

    fn group(&self, name: &str) -> Uuid {
        self.practice.entra().read(|directory| {
            directory
                .groups
                .iter()
                .find(|group| group.display_name == name)
                .unwrap()
                .id
        })
    }

    /// Takes a person out of every group: the person leaves the scope.
    fn unassign(&self, person: Uuid) {
        self.practice.entra().change(|directory| {
            for group in directory.groups.iter_mut() {
                group.members.retain(|member| member.id() != person);
            }
        });
    }
}

fn active(user: &Value) -> bool {
    user["active"] != false
}

#[tokio::test]
async fn assigned_people_arrive_and_those_who_leave_go_inactive() {
    let tenant = start("connected").await;
    let users = tenant.arrived().await;
    assert_eq!(users.len(), 25);
    assert!(users.iter().all(active));
    let graph = tenant.graph().await;
    let (_, job) = graph.job().await;
    assert_eq!(job["status"]["lastExecution"]["countExported"], 31);

    let person = tenant.person(7);
    tenant.unassign(person);
    let cycle = tenant.cycle().await;
    assert_eq!(cycle["executions"][0]["state"], "Succeeded");
    assert!(!active(&tenant.user(person).await.unwrap()));
    assert_eq!(
        tenant
            .arrived()
            .await
            .iter()
            .filter(|user| active(user))
            .count(),
        24
    );

    // Back in a group: the same account is switched on again.
    let group = tenant.group("databricks-users");
    tenant.practice.entra().change(|directory| {
        directory
            .groups
            .get_mut(&group)
            .unwrap()
            .members
            .push(Member::User(person))
    });
    tenant.cycle().await;
    assert!(active(&tenant.user(person).await.unwrap()));
    assert_eq!(tenant.arrived().await.len(), 25);
}

#[tokio::test]
async fn a_quiet_cycle_writes_nothing() {
    let tenant = start("connected").await;
    let before = tenant.practice.requests().len();
    let cycle = tenant.cycle().await;
    assert_eq!(cycle["executions"][0]["exports"], 0);
    let asked = tenant.practice.requests().split_off(before);
    assert!(
        asked.iter().all(|request| request.method == "GET"),
        "{asked:#?}"
    );
}

#[tokio::test]
async fn a_blocked_account_is_switched_off_and_a_deleted_one_deleted_thirty_days_later() {
    let tenant = start("connected").await;
    let (blocked, deleted) = (tenant.person(3), tenant.person(4));
    let unassigned = tenant.person(6);
    let now = tenant.practice.control().clock.now();
    tenant.practice.entra().change(|directory| {
        directory.users.get_mut(&blocked).unwrap().account_enabled = false;
        directory.remove_user(&deleted, now);
    });
    tenant.cycle().await;
    assert!(!active(&tenant.user(blocked).await.unwrap()));
    assert!(!active(&tenant.user(deleted).await.unwrap()));
    tenant
        .practice
        .entra()
        .change(|directory| directory.users.get_mut(&blocked).unwrap().account_enabled = true);
    tenant.cycle().await;
    assert!(active(&tenant.user(blocked).await.unwrap()));

    // Whoever was taken out of scope first is forgotten: no deletion follows (facts on Entra §5.4).
    tenant.practice.entra().change(|directory| {
        for group in directory.groups.iter_mut() {
            group.members.retain(|member| member.id() != unassigned);
        }
    });
    tenant.cycle().await;
    let clock = tenant.practice.control().clock.clone();
    let later = clock.now();
    tenant
        .practice
        .entra()
        .change(|directory| drop(directory.remove_user(&unassigned, later)));
    clock.advance(Duration::from_secs(29 * 86_400));
    let quiet = tenant.cycle().await;
    assert_eq!(quiet["executions"][0]["exports"], 0);
    assert!(tenant.user(deleted).await.is_some());
    clock.advance(Duration::from_secs(2 * 86_400));
    tenant.cycle().await;
    assert!(tenant.user(deleted).await.is_none());
    assert!(!active(&tenant.user(unassigned).await.unwrap()));
}

#[tokio::test]
async fn whoever_is_restored_in_time_is_active_again_once_back_in_scope() {
    let tenant = start("connected").await;
    let person = tenant.person(4);
    let entra = tenant.practice.entra();
    let now = tenant.practice.control().clock.now();
    let group = entra.change(|directory| {
        let mut groups = directory.groups.iter();
        let holds = |member: &Member| member.id() == person;
        let group = groups.find(|group| group.members.iter().any(holds));
        let group = group.unwrap().id;
        directory.remove_user(&person, now);
        group
    });
    tenant.cycle().await;
    assert!(!active(&tenant.user(person).await.unwrap()));
    assert!(entra.change(|directory| directory.restore_user(&person, now)));
    entra.change(|directory| {
        let group = directory.groups.get_mut(&group).unwrap();
        group.members.push(Member::User(person));
    });
    tenant.cycle().await;
    assert!(active(&tenant.user(person).await.unwrap()));
}

#[tokio::test]
async fn a_person_removed_by_hand_comes_back_after_a_restart_alone() {
    let tenant = start("connected").await;
    let person = tenant.person(5);
    let id = tenant.user(person).await.unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    tenant
        .scim(Method::DELETE, "2.1", &format!("Users/{id}"), None)
        .await;
    let gone = |user: &Option<Value>| user.as_ref().is_none_or(|user| !active(user));
    tenant.cycle().await;
    assert!(gone(&tenant.user(person).await));
    // A change of the person is refused by the target, and logged.
    tenant.practice.entra().change(|directory| {
        "Renamed".clone_into(&mut directory.users.get_mut(&person).unwrap().display_name)
    });
    tenant.cycle().await;
    assert!(gone(&tenant.user(person).await));
    let graph = tenant.graph().await;
    let failures = graph
        .all("/auditLogs/provisioning?$filter=provisioningStatusInfo/status eq 'failure'")
        .await;
    assert_eq!(
        failures[0]["provisioningStatusInfo"]["errorInformation"]["errorCode"],
        "InvalidAnchor"
    );

    let (sp, job) = graph.job().await;
    let path = format!(
        "/servicePrincipals/{sp}/synchronization/jobs/{}/restart",
        job["id"].as_str().unwrap()
    );
    graph
        .post(&path, json!({ "criteria": { "resetScope": "" } }))
        .await;
    tenant.cycle().await;
    assert_eq!(tenant.user(person).await.unwrap()["displayName"], "Renamed");
}

#[tokio::test]
async fn nested_groups_and_service_principals_do_not_travel() {
    let tenant = start("nested-groups").await;
    assert_eq!(tenant.arrived().await.len(), 20);
    let groups = tenant.read("2.0", "Groups").await.json();
    let names: Vec<&str> = groups["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|group| group["displayName"].as_str())
        .collect();
    assert!(
        names.contains(&"databricks-users") && !names.contains(&"databricks-contractors"),
        "{names:?}"
    );
}

#[tokio::test]
async fn refused_credentials_quarantine_the_job_at_once() {
    let tenant = start("quarantine").await;
    let graph = tenant.graph().await;
    let (id, job) = graph.job().await;
    assert_eq!(job["status"]["code"], "Quarantine");
    let quarantine = &job["status"]["quarantine"];
    assert_eq!(quarantine["reason"], "EncounteredQuarantineException");
    assert_eq!(quarantine["seriesCount"], 3);
    assert_eq!(
        quarantine["error"]["code"],
        "SystemForCrossDomainIdentityManagementInvalidCredentials"
    );

    let base = format!("/servicePrincipals/{id}/synchronization");
    let path = format!("{base}/jobs/{}", job["id"].as_str().unwrap());
    let tested = graph
        .post(
            &format!("{path}/validateCredentials"),
            json!({ "useSavedCredentials": true }),
        )
        .await;
    assert_eq!(
        (tested.status, Graph::code(&tested).as_str()),
        (StatusCode::BAD_REQUEST, "CredentialValidationUnavailable")
    );
    let details = tenant.practice.details();
    let secrets = json!({ "value": [{ "key": "BaseAddress", "value": details.scim_url }, { "key": "SecretToken", "value": details.scim_token }] });
    graph
        .call(Method::PUT, &format!("{base}/secrets"), Some(secrets))
        .await;
    graph
        .post(
            &format!("{path}/restart"),
            json!({ "criteria": { "resetScope": "Full" } }),
        )
        .await;
    tenant.cycle().await;
    assert_eq!(graph.get(&path).await["status"]["code"], "Active");
}

#[tokio::test]
async fn too_many_deletions_are_held_until_a_person_decides() {
    let tenant = start("deletions-held").await;
    let graph = tenant.graph().await;
    let (id, job) = graph.job().await;
    assert_eq!(job["status"]["quarantine"]["reason"], "TooManyDeletes");
    assert!(tenant.arrived().await.iter().all(active));
    let staged = graph
        .all("/auditLogs/provisioning?$filter=provisioningAction eq 'stagedDelete'")
        .await;
    assert_eq!(staged.len(), 20);
    let path = format!(
        "/servicePrincipals/{id}/synchronization/jobs/{}/restart",
        job["id"].as_str().unwrap()
    );
    graph
        .post(
            &path,
            json!({ "criteria": { "resetScope": "ForceDeletes" } }),
        )
        .await;
    tenant.cycle().await;
    assert_eq!(
        tenant
            .arrived()
            .await
            .iter()
            .filter(|user| active(user))
            .count(),
        5
    );
}

#[tokio::test]
async fn leavers_keep_their_accounts_when_the_connector_says_so() {
    let tenant = start("connected").await;
    tenant.practice.entra().change(|directory| {
        let connector = directory.service_principals.iter_mut().next().unwrap();
        connector
            .synchronization
            .secrets
            .insert("SkipOutOfScopeDeletions".to_owned(), "True".to_owned());
    });
    let person = tenant.person(9);
    tenant.unassign(person);
    tenant.cycle().await;
    assert!(active(&tenant.user(person).await.unwrap()));
}

#[tokio::test]
async fn a_pause_stops_the_cycles_and_a_start_resumes() {
    let tenant = start("paused").await;
    let person = tenant.person(2);
    tenant.unassign(person);
    assert_eq!(tenant.cycle().await["executions"], json!([]));
    assert!(active(&tenant.user(person).await.unwrap()));
    let graph = tenant.graph().await;
    let (id, job) = graph.job().await;
    let path = format!(
        "/servicePrincipals/{id}/synchronization/jobs/{}/start",
        job["id"].as_str().unwrap()
    );
    graph.call(Method::POST, &path, None).await;
    tenant.cycle().await;
    drop(provisioning::run_due(tenant.practice.entra()).await);
    assert!(!active(&tenant.user(person).await.unwrap()));
}

#[tokio::test]
async fn entries_that_fail_are_escrowed_and_tried_again() {
    let tenant = start("connected").await;
    let person = tenant.person(6);
    tenant.practice.entra().change(|directory| {
        "Other name".clone_into(&mut directory.users.get_mut(&person).unwrap().display_name)
    });
    let url = format!("{}/control/faults", tenant.practice.details().control);
    let fault = json!({ "origin": "account", "method": "PATCH", "kind": "status", "code": 500, "times": 1 });
    tenant
        .send(Method::POST, &url, "", Some(fault))
        .await
        .unwrap();
    assert_eq!(
        tenant.cycle().await["executions"][0]["state"],
        "EntryLevelErrors"
    );
    tenant.cycle().await;
    assert_eq!(
        tenant.user(person).await.unwrap()["displayName"],
        "Other name"
    );
}

#[tokio::test]
async fn a_masked_secret_sent_back_breaks_the_connector() {
    let tenant = start("connected").await;
    let graph = tenant.graph().await;
    let id = graph.connector().await;
    let path = format!("/servicePrincipals/{id}/synchronization/secrets");
    let read = graph.get(&path).await;
    let same = json!({ "value": read["value"] });
    assert_eq!(
        graph.call(Method::PUT, &path, Some(same)).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(tenant.cycle().await["executions"][0]["state"], "Failed");
    let url = format!("{}/v1.0{path}", tenant.practice.details().endpoints.graph);
    let unknown = graph
        .raw(
            Method::PUT,
            &url,
            Some(json!({ "value": [{ "key": "Colour", "value": "red" }] })),
        )
        .await;
    assert_eq!(
        unknown.json()["error"]["message"],
        "Requested value 'Colour' was not found."
    );
}

#[tokio::test]
async fn nothing_off_this_machine_is_called() {
    let tenant = start("fresh").await;
    let graph = tenant.graph().await;
    let made = graph
        .post(
            "/applicationTemplates/9c9818d2-2900-49e8-8ba4-22688be7c675/instantiate",
            json!({ "displayName": "X" }),
        )
        .await
        .json();
    let path = format!(
        "/servicePrincipals/{}/synchronization/jobs/validateCredentials",
        made["servicePrincipal"]["id"].as_str().unwrap()
    );
    let credentials = json!([{ "key": "BaseAddress", "value": "https://192.0.2.1/scim" }, { "key": "SecretToken", "value": "x" }]);
    let answer = graph
        .post(
            &path,
            json!({ "templateId": "dataBricks", "credentials": credentials }),
        )
        .await;
    let nested = answer.json()["error"]["details"][0].clone();
    assert_eq!(
        nested["code"],
        "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable"
    );
    assert!(
        nested["message"]
            .as_str()
            .unwrap()
            .starts_with("An error occurred while sending the request")
    );
}

#[tokio::test]
async fn the_log_keeps_thirty_days() {
    let tenant = start("paused").await;
    let entries = async || {
        tenant
            .graph()
            .await
            .all("/auditLogs/provisioning")
            .await
            .len()
    };
    assert!(entries().await > 0);
    let month = std::time::Duration::from_secs(31 * 24 * 3_600);
    tenant.practice.control().clock.advance(month);
    assert_eq!(entries().await, 0);
}
