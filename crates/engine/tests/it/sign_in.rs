//! The three ways to sign in, and what goes wrong with them, on the practice tenant.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;
use usher_core::model::{EntraCloud, Secret};
use usher_core::observation::entra::IdentityKind;
use usher_engine::observe::Entra;
use usher_entra::signin::{
    Access, DevicePrompt, Interaction, SYNCHRONIZATION_WRITE, SignInFaultCode, SignInService,
    SignedIn, admin_consent_url,
};
use usher_practice::entra::sample::{account_name, accounts};
use usher_practice::{FaultKind, FaultRule};
use usher_transport::CancellationToken;

use crate::tenant::Tenant;

pub(crate) fn service(tenant: &Tenant) -> SignInService {
    let details = tenant.practice.details();
    service_with(tenant, &details.tenant_id, &details.client_id).unwrap()
}

pub(crate) fn service_with(
    tenant: &Tenant,
    tenant_id: &str,
    client_id: &str,
) -> Result<SignInService, usher_entra::signin::SignInFault> {
    SignInService::new(
        tenant.client.clone(),
        EntraCloud::Global,
        tenant_id,
        client_id,
    )
}

pub(crate) fn approve(tenant: &Tenant, who: &str) {
    let name = account_name(who);
    tenant
        .practice
        .entra()
        .turn(|knobs| knobs.auto_approve = Some(name));
}

/// One GET over plain TCP, as the browser does it; the status line and headers, and the body.
async fn get(url: &Url) -> String {
    let port = url.port().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let target = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

fn location(answer: &str) -> Url {
    let line = answer
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("location:"))
        .expect("a redirect");
    Url::parse(line.split_once(':').unwrap().1.trim()).unwrap()
}

/// A browser that goes where the sign-in page sends it.
pub(crate) async fn follow(url: Url) {
    get(&location(&get(&url).await)).await;
}

/// A browser that follows the sign-in page's redirect after `first` has looked at where it leads.
pub(crate) fn browser(first: impl Fn(Url) -> Vec<Url> + Send + Sync + 'static) -> Interaction {
    let first = Arc::new(first);
    Interaction {
        open: Arc::new(move |url: &Url| {
            let (url, first) = (url.clone(), Arc::clone(&first));
            tokio::spawn(async move {
                let back = location(&get(&url).await);
                for place in first(back) {
                    get(&place).await;
                }
            });
            Ok(())
        }),
        show_code: Arc::new(|_| {}),
        patience: Duration::from_secs(20),
    }
}

pub(crate) fn no_browser() -> Interaction {
    Interaction {
        open: Arc::new(|_| Ok(())),
        show_code: Arc::new(|_| {}),
        patience: Duration::from_millis(50),
    }
}

#[tokio::test]
async fn the_browser_brings_read_permissions_first_and_write_permissions_when_asked() {
    let tenant = Tenant::start("fresh").await;
    approve(&tenant, accounts::ADMIN);
    let cancel = CancellationToken::new();
    let interaction = browser(|back| vec![back]);
    let signed_in = SignedIn::with_browser(service(&tenant), Access::Read, &interaction, &cancel)
        .await
        .unwrap();

    assert!(
        !signed_in
            .granted()
            .await
            .permissions
            .iter()
            .any(|name| name.contains("Write"))
    );
    assert!(
        signed_in
            .lacks(Access::Write)
            .await
            .iter()
            .any(|permission| permission.name == SYNCHRONIZATION_WRITE)
    );
    let entra = Entra::new(signed_in.clone()).unwrap();
    let observed = tenant.observe_with(&entra).await;
    let who = observed.observation.entra.signed_in.value().unwrap();
    assert_eq!(who.kind, IdentityKind::Delegated);
    assert_eq!(who.name, account_name(accounts::ADMIN));
    assert!(
        who.directory_roles
            .value()
            .unwrap()
            .contains(&"158c047a-c907-4556-b7ef-446551a6b5f7".to_owned())
    );

    signed_in.raise(&interaction, &cancel).await.unwrap();
    assert!(
        signed_in
            .granted()
            .await
            .permissions
            .contains(SYNCHRONIZATION_WRITE)
    );
}

#[tokio::test]
async fn strays_second_tabs_and_repeated_answers_do_not_disturb() {
    let tenant = Tenant::start("fresh").await;
    approve(&tenant, accounts::ADMIN);
    let interaction = browser(|back| {
        let mut icon = back.clone();
        icon.set_path("/favicon.ico");
        icon.set_query(None);
        let mut other = back.clone();
        other.set_query(Some("code=stolen&state=another"));
        vec![icon, other, back.clone(), back]
    });
    let signed_in = SignedIn::with_browser(
        service(&tenant),
        Access::Read,
        &interaction,
        &CancellationToken::new(),
    )
    .await
    .unwrap();
    assert!(signed_in.granted().await.permissions.contains("User.Read"));
}

#[tokio::test]
async fn a_browser_that_never_comes_back_ends_in_words() {
    let tenant = Tenant::start("fresh").await;
    let cancel = CancellationToken::new();
    let fault = SignedIn::with_browser(service(&tenant), Access::Read, &no_browser(), &cancel)
        .await
        .unwrap_err();
    assert_eq!(fault.code, SignInFaultCode::BrowserNoReturn);

    let closed = Interaction {
        open: Arc::new(|_| Err("no browser".to_owned())),
        ..no_browser()
    };
    let fault = SignedIn::with_browser(service(&tenant), Access::Read, &closed, &cancel)
        .await
        .unwrap_err();
    assert_eq!(fault.code, SignInFaultCode::BrowserNotOpened);
    assert!(fault.cause.contains("no browser"));
}

#[tokio::test]
async fn a_sign_in_can_be_cancelled() {
    let tenant = Tenant::start("fresh").await;
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let interaction = Interaction {
        open: Arc::new(move |_| {
            stop.cancel();
            Ok(())
        }),
        patience: Duration::from_secs(600),
        ..no_browser()
    };
    let fault = SignedIn::with_browser(service(&tenant), Access::Read, &interaction, &cancel)
        .await
        .unwrap_err();
    assert_eq!(fault.code, SignInFaultCode::Cancelled);
}

#[tokio::test]
async fn what_the_sign_in_page_refuses_is_explained_with_its_ids() {
    let tenant = Tenant::start("fresh").await;
    approve(&tenant, accounts::ADMIN);
    for (number, code) in [
        (65004, SignInFaultCode::ConsentDeclined),
        (53003, SignInFaultCode::BlockedByPolicy),
    ] {
        tenant
            .practice
            .entra()
            .turn(|knobs| knobs.sign_in_fault = Some(number));
        let interaction = browser(|back| vec![back]);
        let fault = SignedIn::with_browser(
            service(&tenant),
            Access::Read,
            &interaction,
            &CancellationToken::new(),
        )
        .await
        .unwrap_err();
        assert_eq!(fault.code, code);
        assert_eq!(
            fault.raw_code.as_deref(),
            Some(format!("AADSTS{number}").as_str())
        );
        assert!(fault.trace_id.is_some(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_device_code_is_shown_polled_and_slowed_down() {
    let tenant = Tenant::start("fresh").await;
    approve(&tenant, accounts::ADMIN);
    tenant.practice.entra().turn(|knobs| {
        knobs.device_code_polls = 2;
        knobs.device_code_slow_downs = 1;
    });
    let shown: Arc<Mutex<Option<DevicePrompt>>> = Arc::default();
    let seen = Arc::clone(&shown);
    let interaction = Interaction {
        show_code: Arc::new(move |prompt| *seen.lock().unwrap() = Some(prompt.clone())),
        ..no_browser()
    };
    let cancel = CancellationToken::new();
    let signed_in =
        SignedIn::with_device_code(service(&tenant), Access::Read, &interaction, &cancel)
            .await
            .unwrap();
    let prompt = shown.lock().unwrap().clone().unwrap();
    assert!(!prompt.user_code.is_empty());
    assert!(prompt.expires_in_seconds > 0);
    assert!(signed_in.granted().await.permissions.contains("User.Read"));
}

#[tokio::test]
async fn a_blocked_device_code_names_the_policy() {
    let tenant = Tenant::start("fresh").await;
    approve(&tenant, accounts::ADMIN);
    tenant
        .practice
        .entra()
        .turn(|knobs| knobs.device_code_fault = Some(53003));
    let fault = SignedIn::with_device_code(
        service(&tenant),
        Access::Read,
        &no_browser(),
        &CancellationToken::new(),
    )
    .await
    .unwrap_err();
    assert_eq!(fault.code, SignInFaultCode::BlockedByPolicy);
}

#[tokio::test]
async fn what_was_entered_wrongly_is_told_before_or_after_asking() {
    let tenant = Tenant::start("fresh").await;
    let details = tenant.practice.details().clone();
    let code = |tenant_id: &str, client_id: &str| {
        service_with(&tenant, tenant_id, client_id)
            .unwrap_err()
            .code
    };
    assert_eq!(code("", &details.client_id), SignInFaultCode::TenantMissing);
    assert_eq!(
        code("common", &details.client_id),
        SignInFaultCode::TenantMalformed
    );
    assert_eq!(
        code("a/../b.example", &details.client_id),
        SignInFaultCode::TenantMalformed
    );
    assert_eq!(
        code(&details.tenant_id, "my app"),
        SignInFaultCode::ClientIdMalformed
    );
    assert!(
        tenant
            .practice
            .requests()
            .iter()
            .filter(|request| request.origin == "login")
            .count()
            <= 1
    );

    let sign_in = async |tenant_id: &str, client_id: &str, secret: &str| {
        let service = service_with(&tenant, tenant_id, client_id).unwrap();
        SignedIn::with_client_secret(service, Secret::new(secret), &CancellationToken::new())
            .await
            .unwrap_err()
    };
    let nobody = "7b0e2f6e-0d3c-4f0a-9d5f-0f8d6b0f1a2b";
    let fault = sign_in(&details.tenant_id, &details.client_id, "wrong").await;
    assert_eq!(fault.code, SignInFaultCode::SecretWrong);
    assert!(fault.trace_id.is_some() && fault.lookup_page().is_some());
    assert!(fault.cause.contains("Secret ID"));
    assert_eq!(
        sign_in(&details.tenant_id, nobody, "x").await.code,
        SignInFaultCode::AppNotFound
    );
    assert_eq!(
        sign_in(nobody, &details.client_id, "x").await.code,
        SignInFaultCode::TenantNotFound
    );
    assert_eq!(
        sign_in(&details.tenant_id, &details.client_id, " ")
            .await
            .code,
        SignInFaultCode::SecretMissing
    );
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let tenant = Tenant::start("fresh").await;
    approve(&tenant, accounts::ADMIN);
    tenant
        .practice
        .entra()
        .turn(|knobs| knobs.token_lifetime = 0);
    let cancel = CancellationToken::new();
    let interaction = browser(|back| vec![back]);
    let signed_in = SignedIn::with_browser(service(&tenant), Access::Read, &interaction, &cancel)
        .await
        .unwrap();
    let asked = || {
        tenant
            .practice
            .requests()
            .iter()
            .filter(|request| request.path.ends_with("/token"))
            .count()
    };
    let before = asked();
    signed_in.credential(&cancel).await.unwrap();
    assert_eq!(asked(), before + 1);
    signed_in.renew(&cancel).await.unwrap();
    assert_eq!(asked(), before + 2);
}

#[tokio::test]
async fn the_consent_link_asks_for_nothing_but_consent() {
    let tenant = Tenant::start("fresh").await;
    let url = admin_consent_url(&service(&tenant), "state-1").unwrap();
    assert!(url.path().ends_with("/adminconsent"));
    let names: Vec<String> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(names, ["client_id", "redirect_uri", "state"]);
}

#[tokio::test]
async fn a_passing_fault_of_the_sign_in_service_is_passed_over() {
    let busy = || FaultKind::Status {
        code: 503,
        headers: Vec::new(),
        body: r#"{"error":"temporarily_unavailable","error_codes":[90033]}"#.to_owned(),
    };
    for kind in [busy(), FaultKind::Cut] {
        let tenant = Tenant::start("fresh").await;
        let faults = &tenant.practice.control().faults;
        faults.add(FaultRule::new("login", "*", kind.clone()).times(1));
        let secret = Secret::new(tenant.practice.details().client_secret.clone());
        let signed_in =
            SignedIn::with_client_secret(service(&tenant), secret, &CancellationToken::new())
                .await
                .unwrap();
        // A renewal is as safe to repeat.
        faults.add(FaultRule::new("login", "*", kind).times(1));
        signed_in.renew(&CancellationToken::new()).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_never_shows_in_debug_output() {
    let tenant = Tenant::start("fresh").await;
    let cancel = CancellationToken::new();
    let secret = tenant.practice.details().client_secret.clone();
    let signed_in =
        SignedIn::with_client_secret(service(&tenant), Secret::new(secret.clone()), &cancel)
            .await
            .unwrap();
    let text = format!(
        "{signed_in:?} {:?}",
        signed_in.credential(&cancel).await.unwrap()
    );
    assert!(!text.contains(&secret) && !text.contains("eyJ"), "{text}");
}
