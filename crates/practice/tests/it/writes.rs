//! Writing account SCIM, and what the log says about it.

use reqwest::Method;
use serde_json::{Value, json};
use usher_practice::{Options, Side};

use crate::support::{patch, start, start_with};

fn person(name: &str) -> Option<Value> {
    Some(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "displayName": "New Person",
        "name": { "givenName": "New", "familyName": "Person" },
        "emails": [{ "type": "work", "primary": true, "value": name }],
        "externalId": "0b7a2f6e-91c4-4d53-8e0f-3a5d7c1b9e24",
        "active": true,
    }))
}

#[tokio::test]
async fn a_user_is_made_changed_and_deleted_and_the_log_says_so() {
    let tenant = start("fresh").await;
    let made = tenant
        .scim(
            Method::POST,
            "2.1",
            "Users",
            person("new@meridian-harbour.example"),
        )
        .await;
    assert_eq!(made.status, 201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("Users/{id}");
    let changed = tenant
        .scim(
            Method::PATCH,
            "2.1",
            &path,
            patch(json!({"op": "replace", "path": "active", "value": false})),
        )
        .await;
    assert_eq!(
        (changed.status.as_u16(), &changed.json()["active"]),
        (200, &json!(false))
    );
    assert_eq!(
        tenant.scim(Method::DELETE, "2.1", &path, None).await.status,
        204
    );
    assert_eq!(tenant.read("2.1", &path).await.status, 404);

    let log = tenant.practice.changes();
    let what: Vec<_> = log.iter().map(|change| change.what.as_str()).collect();
    assert_eq!(what, ["user created", "user changed", "user deleted"]);
    assert!(
        log.iter()
            .all(|change| change.side == Side::Databricks && change.actor == "scim-token")
    );
    assert_eq!(
        (&log[1].before["active"], &log[1].after["active"]),
        (&json!(true), &json!(false))
    );
    assert!(log[0].before.is_null() && log[2].after.is_null());
    assert_eq!(log[1].method, "PATCH");
}

#[tokio::test]
async fn reading_changes_nothing_and_is_in_the_request_log() {
    let tenant = start("people-in-databricks").await;
    tenant.read("2.1", "Users?count=1").await;
    tenant.read("2.0", "Groups").await;
    assert!(tenant.practice.changes().is_empty());
    let requests = tenant.practice.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        (
            requests[0].origin.as_str(),
            requests[0].status,
            requests[0].credential.as_deref()
        ),
        ("account", Some(200), Some("6853"))
    );
}

#[tokio::test]
async fn a_taken_name_is_a_conflict_in_any_case() {
    let tenant = start("fresh").await;
    let again = tenant
        .scim(
            Method::POST,
            "2.1",
            "Users",
            person("Platform.Admin@meridian-harbour.example"),
        )
        .await;
    assert_eq!(again.status, 409);
    assert!(
        again.json()["message"]
            .as_str()
            .unwrap()
            .contains("already exists in this account. Note: emails are case insensitive")
    );
    for name in ["Platform-Team", "account users"] {
        let group = tenant
            .scim(
                Method::POST,
                "2.0",
                "Groups",
                Some(json!({"displayName": name})),
            )
            .await;
        assert_eq!(
            (group.status.as_u16(), &group.json()["detail"]),
            (
                409,
                &json!(format!("Group with name {name} already exists."))
            )
        );
    }
    assert!(tenant.practice.changes().is_empty());
}

#[tokio::test]
async fn a_user_whose_address_differs_from_the_name_is_refused() {
    let tenant = start("fresh").await;
    let mut body = person("guest@meridian-harbour.example").unwrap();
    body["emails"][0]["value"] = json!("guest@elsewhere.example");
    assert_eq!(
        tenant
            .scim(Method::POST, "2.1", "Users", Some(body))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn active_as_a_string_is_the_cast_error_and_changes_nothing() {
    let tenant = start("people-in-databricks").await;
    let id = tenant.id_of("Users", "displayName sw \"Ada\"").await;
    let path = format!("Users/{id}");
    let refused = tenant
        .scim(
            Method::PATCH,
            "2.0",
            &path,
            patch(json!({"op": "Replace", "path": "active", "value": "False"})),
        )
        .await;
    assert_eq!(refused.status, 500);
    assert!(
        refused
            .text
            .contains("java.lang.String cannot be cast to class java.lang.Boolean")
    );
    assert_eq!(tenant.read("2.0", &path).await.json()["active"], true);
    let accepted = tenant
        .scim(
            Method::PATCH,
            "2.0",
            &path,
            patch(json!({"op": "replace", "path": "active", "value": [{"value": "false"}]})),
        )
        .await;
    assert_eq!(accepted.json()["active"], false);
}

#[tokio::test]
async fn a_new_user_name_is_passed_over_in_silence() {
    let tenant = start("people-in-databricks").await;
    let id = tenant.id_of("Users", "displayName sw \"Ada\"").await;
    let path = format!("Users/{id}");
    let before = tenant.read("2.1", &path).await.json();
    let patched = tenant
        .scim(
            Method::PATCH,
            "2.1",
            &path,
            patch(json!({"op": "replace", "value": {"userName": "other@x.example"}})),
        )
        .await;
    assert_eq!(patched.status, 200);
    let mut put = before.clone();
    put["userName"] = json!("other@x.example");
    put["emails"] = json!([{"type": "work", "value": "other@x.example"}]);
    assert_eq!(
        tenant
            .scim(Method::PUT, "2.0", &path, Some(put.clone()))
            .await
            .status,
        200
    );
    assert_eq!(tenant.read("2.1", &path).await.json(), before);
    assert_eq!(
        tenant
            .scim(Method::PUT, "2.1", &path, Some(put))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn members_are_added_with_or_without_path_and_removed_by_path() {
    let tenant = start("people-in-databricks").await;
    let group = tenant
        .scim(
            Method::POST,
            "2.1",
            "Groups",
            Some(json!({"displayName": "new-group"})),
        )
        .await
        .json();
    let path = format!("Groups/{}", group["id"].as_str().unwrap());
    let ada = tenant.id_of("Users", "displayName sw \"Ada\"").await;
    let bilal = tenant.id_of("Users", "displayName sw \"Bilal\"").await;
    tenant
        .scim(
            Method::PATCH,
            "2.1",
            &path,
            patch(json!({"op": "add", "path": "members", "value": [{"value": ada}]})),
        )
        .await;
    tenant
        .scim(
            Method::PATCH,
            "2.1",
            &path,
            patch(json!({"op": "Add", "value": {"members": [{"value": bilal}, {"value": ada}]}})),
        )
        .await;
    let both = tenant.read("2.1", &path).await.json();
    assert_eq!(both["members"].as_array().unwrap().len(), 2);
    let with_value = patch(json!({"op": "remove", "path": "members", "value": [{"value": ada}]}));
    assert_eq!(
        tenant
            .scim(Method::PATCH, "2.1", &path, with_value)
            .await
            .status,
        400
    );
    tenant
        .scim(
            Method::PATCH,
            "2.1",
            &path,
            patch(json!({"op": "remove", "path": format!("members[value eq \"{ada}\"]")})),
        )
        .await;
    let one = tenant.read("2.1", &path).await.json();
    assert_eq!(
        (
            one["members"].as_array().unwrap().len(),
            &one["members"][0]["value"]
        ),
        (1, &json!(bilal))
    );
    assert_eq!(one["members"][0]["$ref"], format!("Users/{bilal}"));
    let log = tenant.practice.changes();
    let last = &log[log.len() - 1];
    assert_eq!(
        (
            &last.before["members"][0]["value"],
            last.after.get("members")
        ),
        (&json!(ada), None),
        "the log has those that left"
    );
    let stranger = patch(json!({"op": "add", "path": "members", "value": [{"value": "17"}]}));
    assert_eq!(
        tenant
            .scim(Method::PATCH, "2.1", &path, stranger)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_group_from_the_identity_provider_is_changed_by_it_alone() {
    let tenant = start("people-in-databricks").await;
    let id = tenant
        .id_of("Groups", "displayName eq \"databricks-users\"")
        .await;
    let url = format!("{}/Groups/{id}", tenant.account("2.1"));
    let rename = patch(json!({"op": "replace", "path": "displayName", "value": "renamed"}));
    let refused = tenant
        .send(
            Method::PATCH,
            &url,
            &tenant.oauth_token().await,
            rename.clone(),
        )
        .await
        .unwrap();
    assert!(
        refused
            .text
            .contains("Error in performing the patch operation on group resource.")
    );
    assert_eq!(
        tenant
            .scim(Method::PATCH, "2.1", &format!("Groups/{id}"), rename)
            .await
            .json()["displayName"],
        "renamed"
    );
}

#[tokio::test]
async fn a_group_read_soon_after_a_change_may_be_stale_and_settles() {
    let tenant = start_with(Options {
        scenario: "fresh".to_owned(),
        stale_group_reads: 3,
        ..Options::default()
    })
    .await;
    let id = tenant
        .id_of("Groups", "displayName eq \"platform-team\"")
        .await;
    let path = format!("Groups/{id}");
    tenant
        .scim(
            Method::PATCH,
            "2.1",
            &path,
            patch(json!({"op": "replace", "path": "displayName", "value": "renamed"})),
        )
        .await;
    let mut names = Vec::new();
    for _ in 0..5 {
        names.push(
            tenant.read("2.1", &path).await.json()["displayName"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(
        names,
        [
            "platform-team",
            "renamed",
            "platform-team",
            "renamed",
            "renamed"
        ]
    );
}

#[tokio::test]
async fn a_group_is_made_with_at_most_five_thousand_members() {
    let tenant = start("ten-thousand-users").await;
    let all = tenant.read("2.0", "Users?attributes=id").await.json();
    let members: Vec<Value> = all["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| json!({"value": user["id"]}))
        .collect();
    let body = |count: usize| {
        Some(json!({"displayName": format!("group-of-{count}"), "members": members[..count]}))
    };
    assert_eq!(
        tenant
            .scim(Method::POST, "2.1", "Groups", body(5_001))
            .await
            .status,
        400
    );
    assert_eq!(
        tenant
            .scim(Method::POST, "2.1", "Groups", body(5_000))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn a_full_account_takes_nobody_more() {
    let tenant = start("fresh").await;
    tenant.practice.databricks().world().principal_limit = 3;
    let refused = tenant
        .scim(
            Method::POST,
            "2.1",
            "Users",
            person("new@meridian-harbour.example"),
        )
        .await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["error_code"]),
        (400, &json!("QUOTA_EXCEEDED"))
    );
}

#[tokio::test]
async fn nobody_is_in_more_groups_and_no_group_is_deeper_than_the_account_allows() {
    let tenant = start("people-in-databricks").await;
    let make = async |name: String, members: Value| {
        let body = Some(json!({ "displayName": name, "members": members }));
        tenant.scim(Method::POST, "2.1", "Groups", body).await
    };
    // The person is in the group of everyone, that of the department and now in a third.
    let ada = tenant.id_of("Users", "displayName sw \"Ada\"").await;
    let member = json!([{ "value": ada }]);
    tenant.practice.databricks().world().parent_limit = 3;
    assert_eq!(make("third".to_owned(), member.clone()).await.status, 201);
    assert_eq!(make("fourth".to_owned(), member).await.status, 400);

    let mut inner = json!([]);
    for level in 0..=10 {
        let made = make(format!("level {level}"), inner).await;
        assert_eq!(made.status, 201, "{level}");
        inner = json!([{ "value": made.json()["id"] }]);
    }
    let refused = make("too deep".to_owned(), inner).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("10 levels"), "{}", refused.text);
}
