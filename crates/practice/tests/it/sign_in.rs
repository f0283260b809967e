//! Sign-in: the three flows, and the refusals of the facts.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{StatusCode, Url};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::graph_client::Graph;
use crate::support::{Answer, Tenant, start};

const READ: &str = "openid profile offline_access https://graph.microsoft.com/Application.Read.All https://graph.microsoft.com/Synchronization.Read.All https://graph.microsoft.com/User.Read";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123456789";

pub(crate) fn account(name: &str) -> String {
    format!("{name}@{}", usher_practice::ids::DOMAIN)
}

/// Goes to the authorize page as that account and gives the parameters of the redirect.
async fn authorize(
    tenant: &Tenant,
    who: &str,
    extra: &[(&str, &str)],
) -> Result<HashMap<String, String>, Answer> {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let mut url = Url::parse(&tenant.login("oauth2/v2.0/authorize")).unwrap();
    let client = &tenant.practice.details().client_id;
    let mut parameters = vec![
        ("client_id", client.as_str()),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:51234/"),
        ("scope", READ),
        ("state", "a state"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    if !who.is_empty() {
        parameters.push(("login_hint", who));
    }
    parameters.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
    url.query_pairs_mut()
        .extend_pairs(parameters)
        .extend_pairs(extra);
    let answer = tenant.get(url.as_str(), "").await;
    if answer.status != StatusCode::FOUND {
        return Err(answer);
    }
    let back = Url::parse(answer.headers["location"].to_str().unwrap()).unwrap();
    assert_eq!(back.port(), Some(51234));
    let parameters: HashMap<String, String> = back.query_pairs().into_owned().collect();
    assert_eq!(parameters["state"], "a state");
    Ok(parameters)
}

async fn redeem(tenant: &Tenant, code: &str, verifier: &str) -> Answer {
    let client = &tenant.practice.details().client_id;
    tenant
        .token_request(&[
            ("grant_type", "authorization_code"),
            ("client_id", client),
            ("code", code),
            ("redirect_uri", "http://localhost:51234/"),
            ("code_verifier", verifier),
        ])
        .await
}

/// Graph as a person sees it.
pub(crate) async fn signed_in<'a>(tenant: &'a Tenant, name: &str) -> Graph<'a> {
    let code = authorize(tenant, &account(name), &[]).await.unwrap()["code"].clone();
    let token = redeem(tenant, &code, VERIFIER).await.json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    Graph { tenant, token }
}

fn claims(token: &str) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap()
}

/// The AADSTS number of a refusal, whose body has every field of the facts.
fn number(answer: &Answer) -> u64 {
    let body = answer.json();
    for field in [
        "error",
        "error_description",
        "timestamp",
        "trace_id",
        "correlation_id",
        "error_uri",
    ] {
        assert!(body[field].is_string(), "{field}: {body}");
    }
    let number = body["error_codes"][0].as_u64().unwrap();
    assert!(
        body["error_description"]
            .as_str()
            .unwrap()
            .starts_with(&format!("AADSTS{number}: "))
    );
    number
}

#[tokio::test]
async fn a_person_signs_in_with_a_code_and_pkce_and_stays_signed_in() {
    let tenant = start("fresh").await;
    let page = authorize(&tenant, "", &[]).await.unwrap_err();
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("Pick an account")
            && page
                .text
                .contains("Cloud Application Administrator, not activated")
    );

    let back = authorize(&tenant, &account("cloud.admin"), &[])
        .await
        .unwrap();
    let answer = redeem(&tenant, &back["code"], VERIFIER).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let body = answer.json();
    let token = claims(body["access_token"].as_str().unwrap());
    assert_eq!(token["tid"], tenant.practice.details().tenant_id);
    assert_eq!(
        token["scp"],
        "Application.Read.All Synchronization.Read.All User.Read openid profile"
    );
    assert_eq!(
        token["wids"],
        json!(["158c047a-c907-4556-b7ef-446551a6b5f7"])
    );
    assert_eq!(
        number(&redeem(&tenant, &back["code"], VERIFIER).await),
        70008
    );

    let graph = Graph {
        tenant: &tenant,
        token: body["access_token"].as_str().unwrap().to_owned(),
    };
    assert_eq!(
        graph.get("/me").await["userPrincipalName"],
        account("cloud.admin")
    );
    let roles = graph
        .get("/me/transitiveMemberOf/microsoft.graph.directoryRole?$count=true")
        .await;
    assert_eq!(
        roles["value"][0]["displayName"],
        "Cloud Application Administrator"
    );

    let client = tenant.practice.details().client_id.clone();
    let write = "offline_access https://graph.microsoft.com/Application.ReadWrite.All";
    let again = [
        ("grant_type", "refresh_token"),
        ("client_id", client.as_str()),
        ("refresh_token", body["refresh_token"].as_str().unwrap()),
        ("scope", write),
    ];
    let wider = tenant.token_request(&again).await.json();
    // Nobody is there to be asked: what was not consented to takes a person.
    assert_eq!(wider["error_codes"][0], 65001, "{wider:#}");
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_in_is_told_where_it_belongs() {
    let tenant = start("fresh").await;
    let refused = |back: &HashMap<String, String>| {
        back["error_description"]
            .split(':')
            .next()
            .unwrap()
            .to_owned()
    };
    let cancelled = authorize(&tenant, "", &[("decision", "cancel")])
        .await
        .unwrap();
    assert_eq!(
        (cancelled["error"].as_str(), refused(&cancelled).as_str()),
        ("access_denied", "AADSTS65004")
    );
    let no_right = authorize(&tenant, &account("plain.user"), &[])
        .await
        .unwrap();
    assert_eq!(refused(&no_right), "AADSTS90094");
    let elsewhere = authorize(&tenant, "somebody@other-company.example", &[])
        .await
        .unwrap();
    assert_eq!(refused(&elsewhere), "AADSTS50020");
    tenant
        .practice
        .entra()
        .turn(|knobs| knobs.consent_missing = true);
    let no_consent = authorize(&tenant, &account("cloud.admin"), &[])
        .await
        .unwrap();
    assert_eq!(refused(&no_consent), "AADSTS65001");
    tenant
        .practice
        .entra()
        .turn(|knobs| knobs.consent_missing = false);

    for (extra, text) in [
        (
            ("redirect_uri", "http://localhost:51234/other"),
            "AADSTS50011",
        ),
        (
            ("redirect_uri", "https://elsewhere.example/"),
            "AADSTS50011",
        ),
        (
            ("client_id", "00000000-0000-4000-8000-000000000000"),
            "AADSTS700016",
        ),
    ] {
        let page = authorize(&tenant, "", &[extra]).await.unwrap_err();
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text.contains(text), "{}", page.text);
    }
    let code = authorize(&tenant, &account("cloud.admin"), &[])
        .await
        .unwrap()["code"]
        .clone();
    assert_eq!(
        number(&redeem(&tenant, &code, "another verifier").await),
        501_481
    );
}

#[tokio::test]
async fn an_application_signs_in_with_its_secret_alone() {
    let tenant = start("fresh").await;
    let details = tenant.practice.details().clone();
    let ask = async |tenant: &Tenant, secret: &str, scope: &str| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", details.client_id.as_str()),
            ("client_secret", secret),
            ("scope", scope),
        ];
        tenant.token_request(&form).await
    };
    let graph = "https://graph.microsoft.com/.default";
    let body = ask(&tenant, &details.client_secret, graph).await.json();
    let token = claims(body["access_token"].as_str().unwrap());
    assert!(
        token["roles"]
            .as_array()
            .unwrap()
            .contains(&json!("Synchronization.ReadWrite.All"))
    );
    assert!(body.get("refresh_token").is_none() && body.get("scope").is_none());
    let wrong = ask(&tenant, "the id of the secret", graph).await;
    assert_eq!(
        (wrong.status, number(&wrong)),
        (StatusCode::UNAUTHORIZED, 7_000_215)
    );
    assert_eq!(
        number(
            &ask(
                &tenant,
                &details.client_secret,
                "https://graph.microsoft.com/User.Read"
            )
            .await
        ),
        1_002_012
    );
    tenant
        .practice
        .control()
        .clock
        .advance(std::time::Duration::from_secs(181 * 86_400));
    assert_eq!(
        number(&ask(&tenant, &details.client_secret, graph).await),
        7_000_222
    );

    let elsewhere = format!(
        "{}/contoso.example/oauth2/v2.0/token",
        details.endpoints.login
    );
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", details.client_id.as_str()),
    ];
    let response = tenant
        .http
        .post(elsewhere)
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(
        response.json::<Value>().await.unwrap()["error_codes"],
        json!([90002])
    );
}

#[tokio::test]
async fn a_device_code_is_polled_until_somebody_decides() {
    let tenant = start("fresh").await;
    tenant
        .practice
        .entra()
        .turn(|knobs| knobs.device_code_slow_downs = 1);
    let client = tenant.practice.details().client_id.clone();
    let begin = async || -> Value {
        let form = [("client_id", client.as_str()), ("scope", READ)];
        tenant
            .http
            .post(tenant.login("oauth2/v2.0/devicecode"))
            .form(&form)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    };
    let poll = async |code: &str| {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", client.as_str()),
            ("device_code", code),
        ];
        tenant.token_request(&form).await
    };
    let begun = begin().await;
    let code = begun["device_code"].as_str().unwrap();
    assert_eq!(poll(code).await.json()["error"], "slow_down");
    assert_eq!(poll(code).await.json()["error"], "authorization_pending");
    let page = begun["verification_uri"].as_str().unwrap();
    let admin = account("cloud.admin");
    let typed = [
        ("user_code", begun["user_code"].as_str().unwrap()),
        ("account", admin.as_str()),
    ];
    let done = tenant
        .http
        .post(page)
        .form(&typed)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(done.contains("Done"), "{done}");
    assert!(poll(code).await.json()["refresh_token"].is_string());
    assert_eq!(poll(code).await.json()["error"], "bad_verification_code");

    let late = begin().await;
    tenant
        .practice
        .control()
        .clock
        .advance(std::time::Duration::from_secs(901));
    assert_eq!(
        poll(late["device_code"].as_str().unwrap()).await.json()["error"],
        "expired_token"
    );
    tenant
        .practice
        .entra()
        .turn(|knobs| knobs.device_code_fault = Some(530_033));
    assert_eq!(
        number(&poll(begin().await["device_code"].as_str().unwrap()).await),
        530_033
    );
}

#[tokio::test]
async fn each_scenario_of_sign_in_refuses_as_it_says() {
    let ask = async |tenant: &Tenant| {
        let details = tenant.practice.details().clone();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", details.client_id.as_str()),
            ("client_secret", details.client_secret.as_str()),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        tenant.token_request(&form).await
    };
    let expired = start("secret-expired").await;
    assert_eq!(number(&ask(&expired).await), 7_000_222);
    let unconsented = start("no-consent").await;
    let token = ask(&unconsented).await.json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(claims(&token).get("roles").is_none());

    for (scenario, text) in [
        ("conditional-access", "AADSTS53003"),
        ("other-tenant", "AADSTS50020"),
    ] {
        let tenant = start(scenario).await;
        let back = authorize(&tenant, "", &[]).await.unwrap();
        assert!(back["error_description"].starts_with(text), "{back:?}");
    }
    for (scenario, name) in [
        ("role-not-active", "eligible.admin"),
        ("guest-account", "partner_elsewhere.example#EXT#"),
    ] {
        let tenant = start(scenario).await;
        let code = authorize(&tenant, "", &[]).await.unwrap()["code"].clone();
        let token = redeem(&tenant, &code, VERIFIER).await.json()["access_token"]
            .as_str()
            .unwrap()
            .to_owned();
        let graph = Graph {
            tenant: &tenant,
            token,
        };
        assert_eq!(graph.get("/me").await["userPrincipalName"], account(name));
        let roles = graph
            .get("/me/transitiveMemberOf/graph.directoryRole?$count=true")
            .await;
        assert_eq!(roles["value"], json!([]));
    }
}
