//! Where a request may go at all.

use usher_core::model::{Origin, Secret, World};
use usher_transport::{
    CancellationToken, Client, ClientConfig, Credential, ErrorKind, HostRefusal, Request, Retry,
};
use wiremock::matchers::{header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{client, get, url};

fn refusal(kind: ErrorKind) -> HostRefusal {
    match kind {
        ErrorKind::HostRefused { reason, .. } => reason,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[tokio::test]
async fn a_host_outside_the_world_is_refused_before_a_byte_is_sent() {
    let known = MockServer::start().await;
    let foreign = MockServer::start().await;
    let error = get(&client(&known.uri()), url(&foreign.uri(), "/"))
        .await
        .unwrap_err();
    assert_eq!(refusal(error.kind), HostRefusal::Unknown);
    assert_eq!(error.attempts, 0);
    assert!(foreign.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_credential_goes_to_its_own_origin_alone() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(header("authorization", "Bearer dsapi-canary"))
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let client = client(&server.uri());
    let own: Origin = server.uri().parse().unwrap();
    let send = |origin: Origin| {
        let credential = Credential::new(Secret::new("dsapi-canary"), origin);
        let request = Request::get("test", url(&server.uri(), "/")).bearer(&credential);
        let client = client.clone();
        async move { client.send(request, &CancellationToken::new()).await }
    };
    assert_eq!(send(own).await.unwrap().status, 200);
    let error = send("http://127.0.0.1:1".parse().unwrap())
        .await
        .unwrap_err();
    assert_eq!(refusal(error.kind), HostRefusal::OtherOrigin);
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn live_refuses_plain_http_loopback_and_look_alikes() {
    let client = Client::new(ClientConfig::new(World::Live)).unwrap();
    let reason = async |text: &str| {
        let request = Request::get("test", text.parse().unwrap()).retry(Retry::Never);
        refusal(
            client
                .send(request, &CancellationToken::new())
                .await
                .unwrap_err()
                .kind,
        )
    };
    assert_eq!(
        reason("http://accounts.azuredatabricks.net/").await,
        HostRefusal::NotHttps
    );
    assert_eq!(reason("https://127.0.0.1/").await, HostRefusal::Unknown);
    assert_eq!(
        reason("https://accounts.azuredatabricks.net.evil.example/").await,
        HostRefusal::Unknown
    );
    assert_eq!(
        reason("https://evilazuredatabricks.net/").await,
        HostRefusal::Unknown
    );
}

#[tokio::test]
async fn a_redirect_is_never_followed_and_its_place_is_told() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(302).insert_header(
            "location",
            "/login.html?error=private-link-validation-error:1",
        ))
        .mount(&server)
        .await;
    let error = get(&client(&server.uri()), url(&server.uri(), "/api"))
        .await
        .unwrap_err();
    let ErrorKind::Redirected {
        status: 302,
        location: Some(place),
    } = error.kind.clone()
    else {
        panic!("{error:?}");
    };
    assert_eq!(place.path(), "/login.html");
    assert!(
        !error.to_string().contains("private-link"),
        "a location's query is not printed: {error}"
    );
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_token_no_header_can_hold_is_refused_without_showing_it() {
    let server = MockServer::start().await;
    let credential = Credential::new(Secret::new("canary\nx"), server.uri().parse().unwrap());
    let request = Request::get("test", url(&server.uri(), "/")).bearer(&credential);
    let error = client(&server.uri())
        .send(request, &CancellationToken::new())
        .await
        .unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Unbuildable(_)));
    assert!(!format!("{error} {error:?} {credential:?}").contains("canary"));
}
