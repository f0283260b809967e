//! Workspace hosts.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Tenant, patch, start};

async fn at(
    tenant: &Tenant,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> crate::support::Answer {
    let url = format!("{}{path}", tenant.workspace("1001"));
    tenant
        .send(method, &url, tenant.pat("1001"), body)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_same_users_answer_with_and_without_v2() {
    let tenant = start("people-in-databricks").await;
    let with = at(&tenant, Method::GET, "/api/2.0/preview/scim/v2/Users", None)
        .await
        .json();
    let without = at(&tenant, Method::GET, "/api/2.0/preview/scim/Users", None)
        .await
        .json();
    assert_eq!(with, without);
    assert_eq!(
        with["totalResults"], 26,
        "everyone through the assigned group, and the platform admin"
    );
    let sps = at(
        &tenant,
        Method::GET,
        "/api/2.0/preview/scim/v2/ServicePrincipals",
        None,
    )
    .await
    .json();
    assert_eq!(sps["totalResults"], 1);
}

#[tokio::test]
async fn local_groups_and_account_groups_are_told_apart() {
    let tenant = start("people-in-databricks").await;
    let groups = at(
        &tenant,
        Method::GET,
        "/api/2.0/preview/scim/v2/Groups?attributes=id,displayName,meta",
        None,
    )
    .await
    .json();
    let kinds: Vec<_> = groups["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            (
                group["displayName"].as_str().unwrap(),
                group["meta"]["resourceType"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("admins", "WorkspaceGroup"),
            ("users", "WorkspaceGroup"),
            ("databricks-users", "Group")
        ]
    );
}

#[tokio::test]
async fn me_is_the_owner_of_the_token_and_shows_the_group_admins() {
    let tenant = start("fresh").await;
    let me = at(&tenant, Method::GET, "/api/2.0/preview/scim/v2/Me", None)
        .await
        .json();
    assert_eq!(me["userName"], "platform.admin@meridian-harbour.example");
    assert!(
        me["groups"]
            .as_array()
            .unwrap()
            .iter()
            .any(|group| group["display"] == "admins")
    );
}

#[tokio::test]
async fn an_owner_who_is_no_admin_sees_me_and_nothing_else() {
    let tenant = start("fresh").await;
    let owner = {
        let mut world = tenant.practice.databricks().world();
        let id = world
            .named(
                usher_practice::databricks::Kind::User,
                "platform.admin@meridian-harbour.example",
            )
            .unwrap()
            .id;
        world.seat(1001, id, false);
        id
    };
    let refused = at(
        &tenant,
        Method::GET,
        "/api/2.0/preview/scim/v2/Groups",
        None,
    )
    .await;
    assert_eq!(refused.status, 403);
    assert!(
        refused
            .text
            .contains("/scim/v2/Groups is only accessible by admins")
    );
    assert_eq!(
        at(&tenant, Method::GET, "/api/2.0/preview/scim/v2/Me", None)
            .await
            .json()["id"],
        owner.to_string()
    );
}

#[tokio::test]
async fn a_token_belongs_to_its_workspace_and_runs_out() {
    let tenant = start("fresh").await;
    let users = format!("{}/api/2.0/preview/scim/v2/Users", tenant.workspace("1002"));
    assert_eq!(tenant.get(&users, tenant.pat("1001")).await.status, 401);
    assert_eq!(
        tenant
            .get(&users, &tenant.practice.details().scim_token)
            .await
            .status,
        401
    );
    assert_eq!(tenant.get(&users, tenant.pat("1002")).await.status, 200);
    let tokens = tenant
        .get(
            &format!("{}/api/2.0/token/list", tenant.workspace("1002")),
            tenant.pat("1002"),
        )
        .await
        .json();
    let token = &tokens["token_infos"][0];
    assert_eq!(
        token["expiry_time"].as_i64().unwrap() - token["creation_time"].as_i64().unwrap(),
        365 * 24 * 3600 * 1000
    );
    let days = |days: u64| {
        let clock = &tenant.practice.control().clock;
        clock.advance(std::time::Duration::from_secs(days * 24 * 3600));
    };
    // One that is used lasts to its end, one that nobody uses for 90 days does not.
    for _ in 0..4 {
        days(89);
        assert_eq!(tenant.get(&users, tenant.pat("1002")).await.status, 200);
    }
    let others = format!("{}/api/2.0/preview/scim/v2/Users", tenant.workspace("1001"));
    assert_eq!(tenant.get(&others, tenant.pat("1001")).await.status, 401);
    days(10);
    assert_eq!(tenant.get(&users, tenant.pat("1002")).await.status, 401);
}

#[tokio::test]
async fn a_federated_workspace_refuses_members() {
    let tenant = start("fresh").await;
    let body = Some(json!({"displayName": "local", "members": [{"value": "17"}]}));
    let refused = at(
        &tenant,
        Method::POST,
        "/api/2.0/preview/scim/v2/Groups",
        body,
    )
    .await;
    let answer = refused.json();
    assert_eq!(
        (refused.status.as_u16(), &answer["scimType"]),
        (
            400,
            &json!("Members attribute not supported for current workspace.")
        )
    );
    assert_eq!(answer["status"], "400");
}

#[tokio::test]
async fn a_workspace_that_is_not_federated_takes_members() {
    let tenant = start("fresh").await;
    tenant
        .practice
        .databricks()
        .world()
        .workspaces
        .get_mut(&1001)
        .unwrap()
        .federated = false;
    let made = at(
        &tenant,
        Method::POST,
        "/api/2.0/preview/scim/v2/Users",
        Some(json!({"userName": "new@meridian-harbour.example"})),
    )
    .await;
    assert_eq!(made.status, 201);
    let user = made.json()["id"].as_str().unwrap().to_owned();
    let group = at(
        &tenant,
        Method::POST,
        "/api/2.0/preview/scim/v2/Groups",
        Some(json!({"displayName": "local"})),
    )
    .await
    .json();
    let path = format!(
        "/api/2.0/preview/scim/v2/Groups/{}",
        group["id"].as_str().unwrap()
    );
    let changed = at(
        &tenant,
        Method::PATCH,
        &path,
        patch(json!({"op": "add", "path": "members", "value": [{"value": user}]})),
    )
    .await
    .json();
    assert_eq!(changed["members"][0]["value"], json!(user));
    let again = at(
        &tenant,
        Method::POST,
        "/api/2.0/preview/scim/v2/Users",
        Some(json!({"userName": "new@meridian-harbour.example"})),
    )
    .await;
    assert_eq!(
        (again.status.as_u16(), &again.json()["detail"]),
        (
            409,
            &json!("User with username new@meridian-harbour.example already exists.")
        )
    );
}

#[tokio::test]
async fn who_is_deactivated_in_the_account_is_inactive_in_the_workspaces() {
    let tenant = start("people-in-databricks").await;
    let ada = tenant.id_of("Users", "displayName sw \"Ada\"").await;
    tenant
        .scim(
            Method::PATCH,
            "2.1",
            &format!("Users/{ada}"),
            patch(json!({"op": "replace", "path": "active", "value": false})),
        )
        .await;
    let path = format!("/api/2.0/preview/scim/v2/Users/{ada}");
    assert_eq!(
        at(&tenant, Method::GET, &path, None).await.json()["active"],
        false
    );
    // Active in the workspace alone is not active.
    let reactivated = at(
        &tenant,
        Method::PATCH,
        &path,
        patch(json!({"op": "replace", "path": "active", "value": true})),
    )
    .await;
    assert_eq!(
        (reactivated.status.as_u16(), &reactivated.json()["active"]),
        (200, &json!(false))
    );
}

#[tokio::test]
async fn entitlements_are_given_to_an_assigned_group() {
    let tenant = start("people-in-databricks").await;
    let id = tenant
        .id_of("Groups", "displayName eq \"databricks-users\"")
        .await;
    let path = format!("/api/2.0/preview/scim/v2/Groups/{id}");
    let changed = at(&tenant, Method::PATCH, &path, patch(json!({"op": "add", "path": "entitlements", "value": [{"value": "allow-cluster-create"}]}))).await;
    assert!(
        changed.json()["entitlements"]
            .as_array()
            .unwrap()
            .contains(&json!({"value": "allow-cluster-create"}))
    );
}

#[tokio::test]
async fn a_workspace_host_tells_its_account_and_its_tenant_to_anyone() {
    let tenant = start("fresh").await;
    let details = tenant.practice.details();
    let config = tenant
        .get(
            &format!("{}/.well-known/databricks-config", tenant.workspace("1001")),
            "",
        )
        .await
        .json();
    assert_eq!(
        (
            &config["account_id"],
            &config["workspace_id"],
            &config["host_type"]
        ),
        (
            &json!(details.account_id),
            &json!("1001"),
            &json!("WORKSPACE_HOST")
        )
    );
    let away = tenant
        .get(&format!("{}/aad/auth", tenant.workspace("1001")), "")
        .await;
    let location = away.headers["location"].to_str().unwrap();
    assert!(
        away.status.is_redirection()
            && location.starts_with(&format!(
                "https://login.microsoftonline.com/{}/",
                details.tenant_id
            )),
        "{location}"
    );
}

#[tokio::test]
async fn the_accounts_path_on_a_workspace_host_leads_to_the_sign_in_page() {
    let tenant = start("fresh").await;
    let path = format!(
        "/api/2.1/accounts/{}/scim/v2/Users",
        tenant.practice.details().account_id
    );
    let away = at(&tenant, Method::GET, &path, None).await;
    assert_eq!(
        (
            away.status.as_u16(),
            away.headers["location"].to_str().unwrap()
        ),
        (302, "/login.html")
    );
    let missing = at(&tenant, Method::GET, "/api/2.0/preview/nothing", None).await;
    assert_eq!(
        (missing.status.as_u16(), &missing.json()["message"]),
        (404, &json!("Endpoint not found for /2.0/preview/nothing"))
    );
    let account = at(
        &tenant,
        Method::GET,
        "/api/2.0/account/scim/v2/Users?count=2",
        None,
    )
    .await
    .json();
    assert_eq!(account["itemsPerPage"], 2);
}

#[tokio::test]
async fn heavy_groups_are_listed_without_their_members_alone() {
    let tenant = start("heavy-groups").await;
    let groups = "/api/2.0/preview/scim/v2/Groups";
    assert_eq!(at(&tenant, Method::GET, groups, None).await.status, 504);
    let light = at(
        &tenant,
        Method::GET,
        &format!("{groups}?attributes=id,displayName,meta"),
        None,
    )
    .await;
    assert_eq!(light.status, 200);
    assert_eq!(light.headers["x-databricks-org-id"], "1001");
}
