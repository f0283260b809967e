//! Reading account SCIM: paging, filters and attributes of both versions.

use std::collections::HashSet;

use serde_json::json;

use crate::support::start;

#[tokio::test]
async fn ten_thousand_users_are_listed_complete_in_pages_of_a_hundred() {
    let tenant = start("ten-thousand-users").await;
    let mut ids = HashSet::new();
    let mut start_index = 1;
    loop {
        let page = tenant
            .read(
                "2.1",
                &format!("Users?startIndex={start_index}&count=100&attributes=id"),
            )
            .await
            .json();
        assert_eq!(page["totalResults"], 10_000);
        let Some(users) = page["Resources"].as_array() else {
            break;
        };
        assert_eq!(page["itemsPerPage"], users.len());
        ids.extend(
            users
                .iter()
                .map(|user| user["id"].as_str().unwrap().to_owned()),
        );
        start_index += users.len();
    }
    assert_eq!(ids.len(), 10_000);
}

#[tokio::test]
async fn ten_thousand_users_come_in_one_page_at_2_0() {
    let tenant = start("ten-thousand-users").await;
    let all = tenant.read("2.0", "Users?count=10000").await.json();
    let users = all["Resources"].as_array().unwrap();
    let names: HashSet<_> = users
        .iter()
        .map(|user| user["userName"].as_str().unwrap())
        .collect();
    assert_eq!((users.len(), names.len()), (10_000, 10_000));
}

#[tokio::test]
async fn version_2_1_gives_at_most_a_hundred_and_refuses_more() {
    let tenant = start("ten-thousand-users").await;
    let default = tenant.read("2.1", "Users").await.json();
    assert_eq!(default["Resources"].as_array().unwrap().len(), 100);
    let refused = tenant.read("2.1", "Users?count=101").await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["error_code"]),
        (400, &json!("INVALID_PARAMETER_VALUE"))
    );
}

#[tokio::test]
async fn a_page_beyond_the_end_has_no_resources_key() {
    let tenant = start("people-in-databricks").await;
    for version in ["2.0", "2.1"] {
        let page = tenant
            .read(version, "Users?startIndex=1000&count=10")
            .await
            .json();
        assert_eq!(page["totalResults"], 27, "{version}");
        assert!(page.get("Resources").is_none(), "{version}");
        let none = tenant.read(version, "Users?count=0").await.json();
        assert!(
            none.get("Resources").is_none() && none["totalResults"] == 27,
            "{version}"
        );
    }
}

#[tokio::test]
async fn filters_of_2_0_combine_and_those_of_2_1_are_exact() {
    let tenant = start("people-in-databricks").await;
    let combined = tenant
        .read(
            "2.0",
            "Users?filter=userName%20sw%20%22platform%22%20or%20displayName%20co%20%22owner%22",
        )
        .await
        .json();
    assert_eq!(combined["totalResults"], 2);
    let exact = "Users?filter=userName%20eq%20%22Platform.Admin@meridian-harbour.example%22";
    assert_eq!(tenant.read("2.1", exact).await.json()["totalResults"], 1);
    for refused in [
        "Users?filter=userName%20sw%20%22p%22",
        "Users?filter=externalId%20eq%20%22p%22",
        "Groups?filter=id%20eq%20%221%22",
    ] {
        let answer = tenant.read("2.1", refused).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error_code"]),
            (400, &json!("INVALID_FILTER")),
            "{refused}"
        );
    }
    let unknown = tenant
        .read(
            "2.1",
            "Users?filter=userName%20eq%20%225e1c2a90-7f43-4d10-9a62-0c8b7f4e1d35%22",
        )
        .await;
    assert_eq!(
        (unknown.status.as_u16(), &unknown.json()["totalResults"]),
        (200, &json!(0))
    );
}

#[tokio::test]
async fn group_lists_never_show_members_and_the_group_does() {
    let tenant = start("people-in-databricks").await;
    for version in ["2.0", "2.1"] {
        let groups = tenant.read(version, "Groups").await.json();
        for group in groups["Resources"].as_array().unwrap() {
            assert!(group.get("members").is_none());
            assert_eq!(group["meta"]["resourceType"], "Group");
        }
        let everyone = tenant
            .read(
                version,
                "Groups?filter=displayName%20eq%20%22databricks-users%22",
            )
            .await
            .json();
        let id = everyone["Resources"][0]["id"].as_str().unwrap();
        let group = tenant.read(version, &format!("Groups/{id}")).await.json();
        assert_eq!(group["members"].as_array().unwrap().len(), 25);
        let without = tenant
            .read(version, &format!("Groups/{id}?excludedAttributes=members"))
            .await
            .json();
        assert!(without.get("members").is_none() && without["displayName"] == "databricks-users");
    }
}

#[tokio::test]
async fn attributes_are_what_was_asked_for_and_the_id() {
    let tenant = start("people-in-databricks").await;
    let page = tenant
        .read("2.1", "Users?attributes=userName,emails.value&count=3")
        .await
        .json();
    let keys: Vec<_> = page["Resources"][2]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(keys, ["schemas", "id", "userName", "emails"]);
    let sorted = tenant
        .read(
            "2.0",
            "Users?sortBy=userName&sortOrder=descending&attributes=userName",
        )
        .await
        .json();
    let names: Vec<_> = sorted["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["userName"].as_str().unwrap())
        .collect();
    assert!(names.is_sorted_by(|one, other| one >= other));
}

#[tokio::test]
async fn the_scim_token_opens_account_scim_and_other_tokens_do_not() {
    let tenant = start("fresh").await;
    let users = format!("{}/Users?count=1", tenant.account("2.1"));
    for refused in [
        "",
        "dsapi00000000000000000000000000000000",
        tenant.pat("1001"),
    ] {
        assert_eq!(tenant.get(&users, refused).await.status, 401, "{refused}");
    }
    assert_eq!(
        tenant.get(&users, &tenant.oauth_token().await).await.status,
        200
    );
    let elsewhere = users.replace("8e2d9c07", "00000000");
    assert_eq!(
        tenant
            .get(&elsewhere, &tenant.practice.details().scim_token)
            .await
            .status,
        404
    );
    assert_eq!(tenant.read("2.1", "Me").await.status, 404);
    assert_eq!(tenant.read("2.1", "Users/17").await.status, 404);
}

#[tokio::test]
async fn account_errors_are_written_in_the_shape_of_their_version() {
    let tenant = start("fresh").await;
    let new = tenant.read("2.1", "Groups/17").await.json();
    assert_eq!(new["error_code"], "RESOURCE_DOES_NOT_EXIST");
    let old = tenant.read("2.0", "Groups/17").await.json();
    assert_eq!(
        (&old["status"], &old["schemas"][0]),
        (
            &json!("404"),
            &json!("urn:ietf:params:scim:api:messages:2.0:Error")
        )
    );
}

#[tokio::test]
async fn leftovers_are_found_by_name_in_any_case() {
    let tenant = start("leftovers").await;
    let find = async |path: &str| tenant.read("2.1", path).await.json()["Resources"][0].clone();
    let analysts = find("Groups?filter=displayName%20eq%20%22databricks-analysts%22").await;
    assert_eq!(
        (&analysts["displayName"], analysts.get("externalId")),
        (&json!("Databricks-Analysts"), None)
    );
    let users = tenant.read("2.1", "Users").await.json();
    let users = users["Resources"].as_array().unwrap();
    assert_eq!(
        users.iter().filter(|user| user["active"] == false).count(),
        1
    );
    let shouted = users
        .iter()
        .find(|user| user["userName"].as_str().unwrap().starts_with("BILAL"))
        .unwrap();
    let lower = shouted["userName"].as_str().unwrap().to_lowercase();
    assert_eq!(
        find(&format!("Users?filter=userName%20eq%20%22{lower}%22")).await["id"],
        shouted["id"]
    );
}
