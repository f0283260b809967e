//! Who may do what: permissions of applications, roles of people.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::graph_client::Graph;
use crate::sign_in::{account, signed_in};
use crate::support::start;

#[tokio::test]
async fn permissions_and_roles_decide_who_may_do_what() {
    let tenant = start("connected").await;
    let graph = tenant.graph().await;
    let (id, job) = graph.job().await;
    let jobs = format!("/servicePrincipals/{id}/synchronization/jobs");
    let start_job = format!("{jobs}/{}/start", job["id"].as_str().unwrap());
    let nobody = Graph {
        tenant: &tenant,
        token: "x".to_owned(),
    };
    assert_eq!(
        Graph::code(&nobody.call(Method::GET, "/organization", None).await),
        "InvalidAuthenticationToken"
    );

    let with = async |permissions: &[&str]| {
        let permissions: Vec<String> = permissions.iter().map(|name| (*name).to_owned()).collect();
        tenant
            .practice
            .entra()
            .change(|directory| directory.registrations[0].application_permissions = permissions);
        tenant.graph().await
    };
    let none = with(&["Application.Read.All"]).await;
    let refused = none.call(Method::GET, &jobs, None).await;
    assert_eq!(
        (refused.status, Graph::code(&refused).as_str()),
        (StatusCode::UNAUTHORIZED, "UnknownError")
    );
    assert_eq!(refused.json()["error"]["message"], "");
    let refused = none.call(Method::GET, "/subscribedSkus", None).await;
    assert_eq!(
        (refused.status, Graph::code(&refused).as_str()),
        (StatusCode::FORBIDDEN, "Authorization_RequestDenied")
    );
    let read = with(&["Synchronization.Read.All"]).await;
    read.get(&jobs).await;
    assert_eq!(
        read.call(Method::POST, &start_job, None).await.status,
        StatusCode::FORBIDDEN
    );
    let owner = with(&["Application.ReadWrite.OwnedBy"]).await;
    assert_eq!(
        owner.call(Method::GET, &jobs, None).await.status,
        StatusCode::UNAUTHORIZED
    );
    let made = owner
        .post(
            "/applicationTemplates/9c9818d2-2900-49e8-8ba4-22688be7c675/instantiate",
            json!({ "displayName": "Own" }),
        )
        .await
        .json();
    let own = made["servicePrincipal"]["id"].as_str().unwrap();
    owner
        .get(&format!("/servicePrincipals/{own}/synchronization/jobs"))
        .await;
    let narrow = with(&["AppRoleAssignment.ReadWrite.All"]).await;
    let body = json!({ "principalId": id, "resourceId": id, "appRoleId": id });
    assert_eq!(
        narrow
            .post(&format!("/servicePrincipals/{id}/appRoleAssignedTo"), body)
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        narrow.call(Method::GET, "/me", None).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_global_reader_and_an_inactive_role_do_not_see_the_configuration() {
    let tenant = start("global-reader").await;
    let app = tenant.graph().await;
    let id = app.connector().await;
    let jobs = format!("/servicePrincipals/{id}/synchronization/jobs");
    assert_eq!(
        app.call(Method::GET, &jobs, None).await.status,
        StatusCode::UNAUTHORIZED
    );
    for name in ["global.reader", "eligible.admin"] {
        let graph = signed_in(&tenant, name).await;
        assert_eq!(
            graph.call(Method::GET, &jobs, None).await.status,
            StatusCode::FORBIDDEN,
            "{name}"
        );
    }
    let control = format!("{}/control/entra/roles", tenant.practice.details().control);
    let body = json!({ "account": account("eligible.admin"), "activate": true });
    tenant
        .send(Method::POST, &control, "", Some(body))
        .await
        .unwrap();
    // The role takes effect in a new token.
    signed_in(&tenant, "eligible.admin").await.get(&jobs).await;
}
