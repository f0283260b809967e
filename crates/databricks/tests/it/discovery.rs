//! What a host tells without a token.

use serde_json::json;
use usher_core::model::Secret;
use usher_databricks::discovery::{entra_tenant, host_metadata};
use usher_databricks::oauth::{Issuer, sign_in};
use usher_databricks::{ApiErrorKind, Error};
use usher_transport::CancellationToken;
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{client, origin};

#[tokio::test]
async fn a_workspace_tells_its_account_and_cloud() {
    let server = MockServer::start().await;
    let body = json!({"oidc_endpoint": "x", "account_id": "a-1", "workspace_id": 1001, "cloud": "Azure", "host_type": "WORKSPACE_HOST"});
    Mock::given(path("/.well-known/databricks-config"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(&server)
        .await;
    let cancel = CancellationToken::new();
    let metadata = host_metadata(&client(&server), &origin(&server), &cancel)
        .await
        .unwrap();
    assert_eq!(metadata.account_id.as_deref(), Some("a-1"));
    assert_eq!(metadata.workspace_id.as_deref(), Some("1001"));
    assert_eq!(metadata.cloud.as_deref(), Some("Azure"));
}

#[tokio::test]
async fn a_placeholder_is_no_account_id() {
    let server = MockServer::start().await;
    let body = json!({"account_id": "{account_id}"});
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(&server)
        .await;
    let cancel = CancellationToken::new();
    assert_eq!(
        host_metadata(&client(&server), &origin(&server), &cancel)
            .await
            .unwrap()
            .account_id,
        None
    );
}

#[tokio::test]
async fn the_tenant_is_the_first_segment_of_the_redirect_whatever_its_host() {
    for (place, tenant) in [
        (
            "https://login.microsoftonline.com/7c0f/oauth2/authorize?x=1",
            Some("7c0f"),
        ),
        (
            "http://127.0.0.1:9/7c0f/oauth2/v2.0/authorize",
            Some("7c0f"),
        ),
        (
            "https://login.microsoftonline.com/common/oauth2/authorize",
            None,
        ),
        ("/login.html", None),
    ] {
        let server = MockServer::start().await;
        Mock::given(path("/aad/auth"))
            .respond_with(ResponseTemplate::new(302).insert_header("location", place))
            .mount(&server)
            .await;
        let cancel = CancellationToken::new();
        let found = entra_tenant(&client(&server), &origin(&server), &cancel)
            .await
            .unwrap();
        assert_eq!(found.as_deref(), tenant, "{place}");
    }
}

#[tokio::test]
async fn a_host_without_that_redirect_is_told() {
    let server = MockServer::start().await;
    let cancel = CancellationToken::new();
    let error = entra_tenant(&client(&server), &origin(&server), &cancel)
        .await
        .unwrap_err();
    assert_eq!(error.api().unwrap().kind, ApiErrorKind::NotFound);
    Mock::given(path("/aad/auth"))
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let error = entra_tenant(&client(&server), &origin(&server), &cancel)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Unexpected { .. }));
}

#[tokio::test]
async fn a_service_principal_signs_in_for_the_account() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/oidc/accounts/a-1/v1/token"))
        .and(header("authorization", "Basic aWQ6ZG9zZWNhbmFyeQ=="))
        .and(body_string("grant_type=client_credentials&scope=all-apis"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(json!({"access_token": "eyJcanary", "expires_in": 3600})),
        )
        .mount(&server)
        .await;
    let issuer = Issuer::Account {
        origin: origin(&server),
        account_id: "a-1".to_owned(),
    };
    let (secret, cancel) = (Secret::new("dosecanary"), CancellationToken::new());
    let token = sign_in(&client(&server), &issuer, "id", &secret, &cancel)
        .await
        .unwrap();
    assert_eq!(token.valid_for.map(|time| time.as_secs()), Some(3600));
    assert_eq!(*token.credential.origin(), origin(&server));
    assert!(!format!("{token:?}").contains("canary"));
}

#[tokio::test]
async fn a_wrong_secret_is_an_api_error_in_the_oauth_shape() {
    let server = MockServer::start().await;
    let body = json!({"error": "invalid_client", "error_description": "dosecanary is wrong"});
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(401).set_body_json(body))
        .mount(&server)
        .await;
    let (secret, cancel) = (Secret::new("dosecanary"), CancellationToken::new());
    let issuer = Issuer::Workspace {
        origin: origin(&server),
    };
    let error = sign_in(&client(&server), &issuer, "id", &secret, &cancel)
        .await
        .unwrap_err();
    assert_eq!(error.api().unwrap().code.as_deref(), Some("invalid_client"));
    assert!(!format!("{error:?}").contains("canary"));
}
