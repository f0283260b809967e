//! Sign-ins that cannot go well: each ends in words that name the way on, and nothing is changed anywhere.

use std::sync::{Arc, Mutex};

use url::Url;
use usher_core::checks::judge;
use usher_core::finding::Status;
use usher_core::model::{EntraCloud, Secret, World};
use usher_core::observation::Seen;
use usher_engine::observe::Entra;
use usher_entra::signin::{
    Access, Interaction, SignInFault, SignInFaultCode as Code, SignInService, SignedIn,
    admin_consent_url,
};
use usher_practice::entra::sample::accounts;
use usher_transport::{CancellationToken, Client, ClientConfig};

use crate::sign_in::{approve, browser, no_browser, service};
use crate::tenant::Tenant;

async fn in_browser(tenant: &Tenant) -> Result<SignedIn, SignInFault> {
    let interaction = browser(|back| vec![back]);
    let cancel = CancellationToken::new();
    SignedIn::with_browser(service(tenant), Access::Read, &interaction, &cancel).await
}

async fn with_secret(tenant: &Tenant, secret: &str) -> Result<SignedIn, SignInFault> {
    let cancel = CancellationToken::new();
    SignedIn::with_client_secret(service(tenant), Secret::new(secret), &cancel).await
}

fn is_explained(fault: &SignInFault) {
    assert!(
        fault.raw_code.is_some() && fault.trace_id.is_some(),
        "{fault:?}"
    );
    assert!(!fault.title.is_empty() && !fault.cause.is_empty() && !fault.fix.is_empty());
}

#[tokio::test]
async fn an_expired_secret_and_the_id_of_a_secret_are_told_apart() {
    let tenant = Tenant::start("fresh").await;
    tenant.practice.entra().change(|directory| {
        let mut secrets = directory
            .registrations
            .iter_mut()
            .flat_map(|registration| &mut registration.secrets);
        secrets.next().unwrap().expires = jiff::Timestamp::UNIX_EPOCH;
    });
    let secret = tenant.practice.details().client_secret.clone();
    let fault = with_secret(&tenant, &secret).await.unwrap_err();
    assert_eq!(fault.code, Code::SecretExpired);
    is_explained(&fault);

    // The portal shows the secret's id beside its value; the id is a GUID.
    let fault = with_secret(&tenant, "2f1c9c0e-6d0b-4f6b-9d7e-0a1b2c3d4e5f")
        .await
        .unwrap_err();
    assert_eq!(fault.code, Code::SecretWrong);
    assert!(fault.cause.contains("Secret ID") && fault.fix.contains("Value"));
    is_explained(&fault);
}

#[tokio::test]
async fn without_consent_a_person_is_refused_and_an_app_is_told_what_it_lacks() {
    let tenant = Tenant::start("no-consent").await;
    approve(&tenant, accounts::ADMIN);
    let fault = in_browser(&tenant).await.unwrap_err();
    assert_eq!(fault.code, Code::ConsentMissing);
    is_explained(&fault);

    let secret = tenant.practice.details().client_secret.clone();
    let signed_in = with_secret(&tenant, &secret).await.unwrap();
    let lacking = signed_in.lacks(Access::Read).await;
    let lacks = |name: &str| lacking.iter().any(|permission| permission.name == name);
    assert!(lacks("Application.Read.All") && lacks("Synchronization.Read.All"));
}

#[tokio::test]
async fn an_account_of_elsewhere_a_wrong_cloud_and_a_policy_have_words_of_their_own() {
    let tenant = Tenant::start("other-tenant").await;
    let fault = in_browser(&tenant).await.unwrap_err();
    assert_eq!(fault.code, Code::AccountNotInTenant);
    is_explained(&fault);
    let tenant = Tenant::start("fresh").await;
    let secret = tenant.practice.details().client_secret.clone();
    for (number, code) in [
        (53_003, Code::BlockedByPolicy),
        (90_038, Code::CloudMismatch),
        (900_432, Code::CloudMismatch),
        (50_105, Code::NotAssigned),
        (7_000_112, Code::AppDisabled),
    ] {
        tenant
            .practice
            .entra()
            .turn(|knobs| knobs.sign_in_fault = Some(number));
        let fault = with_secret(&tenant, &secret).await.unwrap_err();
        assert_eq!(fault.code, code, "AADSTS{number}");
        is_explained(&fault);
    }
}

#[tokio::test]
async fn a_blocked_device_code_says_that_the_browser_is_the_way() {
    let tenant = Tenant::start("device-code-blocked").await;
    let cancel = CancellationToken::new();
    let fault = SignedIn::with_device_code(service(&tenant), Access::Read, &no_browser(), &cancel)
        .await
        .unwrap_err();
    assert_eq!(fault.code, Code::BlockedByPolicy);
    assert!(fault.fix.contains("browser"), "{}", fault.fix);
    is_explained(&fault);
}

#[tokio::test]
async fn a_role_that_is_not_active_a_global_reader_and_a_guest_are_found_out() {
    for (scenario, who) in [
        ("role-not-active", accounts::ELIGIBLE),
        ("guest-account", accounts::GUEST),
        ("connected", accounts::READER),
        ("connected", accounts::NOBODY),
    ] {
        let tenant = Tenant::start(scenario).await;
        // Without an administrator's consent nobody else comes in at all.
        approve(&tenant, who);
        let fault = in_browser(&tenant).await.unwrap_err();
        assert_eq!(fault.code, Code::AdminConsentNeeded);
        approve(&tenant, accounts::ADMIN);
        in_browser(&tenant).await.unwrap();
        approve(&tenant, who);
        let signed_in = in_browser(&tenant).await.unwrap();
        let entra = Entra::new(signed_in).unwrap();
        let seen = tenant.observe_with(&entra).await.observation;
        let report = judge(&tenant.setup, &seen, jiff::Timestamp::now());
        let role = report
            .findings
            .iter()
            .find(|finding| finding.check == "entra-role")
            .unwrap();
        assert_eq!(role.status, Status::Fail, "{scenario} {who}");
        let fix = role.fix.as_deref().unwrap_or_default();
        assert!(fix.contains("Cloud Application Administrator"), "{fix}");
        if who == accounts::READER {
            // What the role hides is unknown with its reason, never empty.
            let connectors = seen.entra.connectors.value().unwrap();
            assert!(!connectors.is_empty());
            for connector in connectors {
                assert!(matches!(&connector.jobs, Seen::Unknown { .. }));
            }
        }
    }
}

/// The hosts and scopes of each cloud (facts/entra §2.5).
#[tokio::test]
async fn each_cloud_has_its_own_sign_in_its_own_graph_and_its_own_scopes() {
    let tenant = "11111111-2222-4333-8444-555555555555";
    let app = "66666666-7777-4888-8999-000000000000";
    for (cloud, login, graph) in [
        (
            EntraCloud::Global,
            "login.microsoftonline.com",
            "graph.microsoft.com",
        ),
        (
            EntraCloud::UsGovL4,
            "login.microsoftonline.us",
            "graph.microsoft.us",
        ),
        (
            EntraCloud::UsGovL5,
            "login.microsoftonline.us",
            "dod-graph.microsoft.us",
        ),
        (
            EntraCloud::China,
            "login.partner.microsoftonline.cn",
            "microsoftgraph.chinacloudapi.cn",
        ),
    ] {
        let client = Client::new(ClientConfig::new(World::Live)).unwrap();
        let service = SignInService::new(client, cloud, tenant, app).unwrap();
        assert_eq!(service.graph_origin().as_str(), format!("https://{graph}"));
        let consent = admin_consent_url(&service, "state").unwrap();
        assert_eq!(consent.host_str(), Some(login));

        // The browser is not opened, so nothing leaves this machine; where it would have gone is what counts.
        let seen: Arc<Mutex<Option<Url>>> = Arc::default();
        let kept = Arc::clone(&seen);
        let interaction = Interaction {
            open: Arc::new(move |url| {
                *kept.lock().unwrap() = Some(url.clone());
                Err("not here".to_owned())
            }),
            ..no_browser()
        };
        let cancel = CancellationToken::new();
        let fault = SignedIn::with_browser(service, Access::Write, &interaction, &cancel)
            .await
            .unwrap_err();
        assert_eq!(fault.code, Code::BrowserNotOpened);
        let url = seen.lock().unwrap().clone().unwrap();
        assert_eq!(url.host_str(), Some(login));
        assert_eq!(url.path(), format!("/{tenant}/oauth2/v2.0/authorize"));
        let (_, scopes) = url.query_pairs().find(|(name, _)| name == "scope").unwrap();
        let own = format!("https://{graph}/");
        for scope in scopes.split(' ') {
            let is_protocol = ["openid", "profile", "offline_access"].contains(&scope);
            assert!(is_protocol || scope.starts_with(&own), "{cloud:?}: {scope}");
        }
        assert!(scopes.contains(&format!("{own}Synchronization.ReadWrite.All")));
    }
}
