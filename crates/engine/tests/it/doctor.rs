//! The connection doctor against the practice tenant's scenarios, and against single answers that no scenario has.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use usher_core::connection::{ConnectionReport, FaultCode, PhaseId, PhaseStatus, Verdict};
use usher_core::model::{Endpoints, Secret, World};
use usher_engine::doctor::{Cancelled, DoctorInput, PhaseEvent, run};
use usher_practice::{Options, Practice};
use usher_transport::{CancellationToken, Client, ClientConfig};
use wiremock::matchers::{
    any, header, header_exists, path_regex, query_param, query_param_contains,
};
use wiremock::{Mock, MockServer, ResponseTemplate};

const ACCOUNT: &str = "f6e5d4c3-0a1b-4c2d-8e3f-0123456789ab";
const TOKEN: &str = "dsapi0123456789abcdef0123456789abcdef";

fn client(endpoints: &str) -> Client {
    let world = World::Mapped(Endpoints::parse(endpoints).unwrap());
    Client::new(ClientConfig {
        wait_scale: 0.001,
        ..ClientConfig::new(world)
    })
    .unwrap()
}

async fn examine(client: &Client, url: &str, token: &str) -> (ConnectionReport, Vec<PhaseEvent>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&events);
    let input = DoctorInput {
        url: url.to_owned(),
        token: Some(Secret::new(token)),
        timeout: Some(Duration::from_millis(1_500)),
    };
    let progress = Arc::new(move |event| sink.lock().unwrap().push(event));
    let report = run(client, input, progress, &CancellationToken::new())
        .await
        .unwrap();
    let events = events.lock().unwrap().clone();
    (report, events)
}

fn failing(report: &ConnectionReport) -> Option<PhaseId> {
    report
        .phases
        .iter()
        .find(|phase| phase.status == PhaseStatus::Fail)
        .map(|phase| phase.id)
}

/// Holds for every report: ten phases in order, a fault exactly with `fail`, and nothing tried after the failing phase.
fn is_sound(report: &ConnectionReport) {
    let ids: Vec<PhaseId> = report.phases.iter().map(|phase| phase.id).collect();
    assert_eq!(ids, PhaseId::ALL);
    assert_eq!(report.fault.is_some(), report.verdict == Verdict::Fail);
    assert_eq!(failing(report).is_some(), report.verdict == Verdict::Fail);
    if let Some(failed) = failing(report) {
        assert!(
            report
                .phases
                .iter()
                .filter(|phase| phase.id > failed)
                .all(|phase| phase.status == PhaseStatus::Skipped)
        );
    }
}

/// Phase and code of the fault in a scenario of the practice tenant.
pub(crate) async fn scenario(name: &str) -> (ConnectionReport, Practice) {
    let practice = Practice::start(Options {
        scenario: name.to_owned(),
        ..Options::default()
    })
    .await
    .unwrap();
    let details = practice.details();
    let client = client(&practice.endpoints_json());
    let (report, _) = examine(&client, &details.scim_url, &details.scim_token).await;
    is_sound(&report);
    assert!(
        practice.changes().is_empty(),
        "{name}: the doctor never writes"
    );
    assert!(
        practice
            .requests()
            .iter()
            .all(|request| request.method == "GET"),
        "{name}"
    );
    let printed = serde_json::to_string(&report).unwrap();
    assert!(!printed.contains(&details.scim_token), "{name}: {printed}");
    (report, practice)
}

/// The same once more, with the token as it is now.
pub(crate) async fn again(practice: &Practice) -> ConnectionReport {
    let details = practice.live_details();
    let client = client(&practice.endpoints_json());
    let (report, _) = examine(&client, &details.scim_url, &details.scim_token).await;
    is_sound(&report);
    report
}

#[tokio::test]
async fn a_good_connection_passes_in_every_phase() {
    let (report, practice) = scenario("fresh").await;
    assert_eq!(report.verdict, Verdict::Pass, "{report:#?}");
    for phase in report
        .phases
        .iter()
        .filter(|phase| phase.id != PhaseId::Tls)
    {
        assert_eq!(phase.status, PhaseStatus::Pass, "{phase:?}");
    }
    assert_eq!(practice.requests().len(), 5, "one request a phase of HTTP");
}

#[tokio::test]
async fn a_workspace_is_tested_the_same_way() {
    let practice = Practice::start(Options::default()).await.unwrap();
    let details = practice.details();
    let client = client(&practice.endpoints_json());
    let (id, origin) = details.endpoints.workspaces.iter().next().unwrap();
    let url = format!("{origin}/api/2.0/preview/scim");
    let (report, _) = examine(&client, &url, &details.pats[id]).await;
    assert_eq!(report.verdict, Verdict::Pass, "{report:#?}");
    let (report, _) = examine(&client, &url, &details.scim_token).await;
    assert_eq!(report.fault.unwrap().code, FaultCode::TokenKindMismatch);
}

#[tokio::test]
async fn every_scenario_is_named_by_phase_and_code() {
    use FaultCode as C;
    use PhaseId as P;
    let expected = [
        ("fault-private-link", P::Reach, C::PrivateLink),
        ("fault-login-page", P::Reach, C::LoginPage),
        ("fault-login-redirect", P::Reach, C::LoginPage),
        ("fault-connection-cut", P::Reach, C::ConnectionCut),
        ("fault-timeout", P::Reach, C::Timeout),
        ("fault-token-rejected", P::Authenticate, C::TokenRejected),
        ("fault-ip-blocked", P::Authenticate, C::IpBlocked),
        ("fault-not-admin", P::Authenticate, C::NotAdmin),
        ("fault-forbidden", P::Authenticate, C::Forbidden),
        ("fault-not-found", P::Authenticate, C::NotFound),
        ("fault-rate-limited", P::Authenticate, C::RateLimited),
        ("fault-server-error", P::Authenticate, C::ServerError),
        (
            "fault-unexpected-status",
            P::Authenticate,
            C::UnexpectedStatus,
        ),
        ("fault-not-scim", P::Users, C::NotScim),
        ("fault-garbage", P::Users, C::NotScim),
        ("fault-body-truncated", P::Users, C::BodyTruncated),
        ("fault-body-too-large", P::Users, C::BodyTooLarge),
        ("fault-groups-forbidden", P::Groups, C::Forbidden),
        ("fault-groups-server-error", P::Groups, C::ServerError),
        ("fault-groups-not-scim", P::Groups, C::NotScim),
        ("fault-groups-body-truncated", P::Groups, C::BodyTruncated),
        ("fault-filter-refused", P::Filter, C::FilterRefused),
        ("fault-filter-ignored", P::Filter, C::FilterIgnored),
        (
            "fault-token-not-checked",
            P::TokenControl,
            C::TokenNotChecked,
        ),
    ];
    let mut wrong = Vec::new();
    for (name, phase, code) in expected {
        let (report, _) = scenario(name).await;
        let found = (
            failing(&report),
            report.fault.as_ref().map(|fault| fault.code),
        );
        if found != (Some(phase), Some(code)) {
            wrong.push(format!("{name}: {found:?} {report:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn one_refusal_for_haste_is_waited_out_and_shown() {
    let practice = Practice::start(Options {
        scenario: "fault-rate-limited-once".to_owned(),
        ..Options::default()
    });
    let practice = practice.await.unwrap();
    let details = practice.details();
    let client = client(&practice.endpoints_json());
    let (report, events) = examine(&client, &details.scim_url, &details.scim_token).await;
    assert_eq!(report.verdict, Verdict::Pass, "{report:#?}");
    assert!(
        events.contains(&PhaseEvent::Waiting {
            seconds: 1.0,
            asked: true
        }),
        "{events:?}"
    );
}

#[tokio::test]
async fn the_blocked_address_is_shown() {
    let (report, _) = scenario("fault-ip-blocked").await;
    assert!(report.fault.unwrap().cause.contains("127.0.0.1"));
}

/// A server of single answers at the account's place.
struct Single {
    server: MockServer,
}

impl Single {
    async fn start() -> Self {
        Self {
            server: MockServer::start().await,
        }
    }

    fn endpoints(&self) -> String {
        let origin = self.server.uri();
        json!({"name": "t", "login": origin, "graph": origin, "databricksAccounts": origin})
            .to_string()
    }

    async fn answer(&self, mock: wiremock::MockBuilder, answer: ResponseTemplate) {
        mock.respond_with(answer).mount(&self.server).await;
    }

    async fn good(&self) {
        let token = format!("Bearer {TOKEN}");
        let own = || Mock::given(header("authorization", token.as_str()));
        let none = json!({"totalResults": 0, "Resources": []});
        let one = json!({"totalResults": 1, "Resources": [{"id": "1"}]});
        let filtered = own().and(query_param_contains("filter", "userName eq"));
        self.answer(filtered, ResponseTemplate::new(200).set_body_json(none))
            .await;
        self.answer(own(), ResponseTemplate::new(200).set_body_json(one))
            .await;
        self.answer(Mock::given(any()), ResponseTemplate::new(401))
            .await;
    }

    async fn examine(&self) -> ConnectionReport {
        let url = format!("{}/api/2.1/accounts/{ACCOUNT}/scim/v2", self.server.uri());
        let (report, _) = examine(&client(&self.endpoints()), &url, TOKEN).await;
        is_sound(&report);
        report
    }
}

#[tokio::test]
async fn a_redirect_that_only_the_token_meets_is_a_fault_of_reach_and_is_not_followed() {
    let single = Single::start().await;
    let to = "http://127.0.0.1:1/login.html?error=private-link-validation-error:1001";
    let redirect = ResponseTemplate::new(302).insert_header("location", to);
    single
        .answer(Mock::given(header_exists("authorization")), redirect)
        .await;
    single
        .answer(Mock::given(any()), ResponseTemplate::new(401))
        .await;
    let report = single.examine().await;
    assert_eq!(failing(&report), Some(PhaseId::Reach));
    assert_eq!(report.fault.unwrap().code, FaultCode::PrivateLink);
    assert_eq!(single.server.received_requests().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_token_control_that_cannot_tell_is_a_warning() {
    for status in [429, 500, 503, 400] {
        let single = Single::start().await;
        let token = format!("Bearer {TOKEN}");
        let own = || Mock::given(header("authorization", token.as_str()));
        let none = json!({"totalResults": 0});
        single
            .answer(own(), ResponseTemplate::new(200).set_body_json(none))
            .await;
        single
            .answer(
                Mock::given(header_exists("authorization")),
                ResponseTemplate::new(status),
            )
            .await;
        single
            .answer(Mock::given(any()), ResponseTemplate::new(401))
            .await;
        let report = single.examine().await;
        assert_eq!(report.verdict, Verdict::Pass, "{status}: {report:#?}");
        assert_eq!(report.phases[9].status, PhaseStatus::Warn, "{status}");
    }
}

#[tokio::test]
async fn a_spoiled_token_keeps_its_shape_and_is_not_the_token() {
    let single = Single::start().await;
    single.good().await;
    assert_eq!(single.examine().await.verdict, Verdict::Pass);
    let requests = single.server.received_requests().await.unwrap();
    let sent: Vec<String> = requests
        .iter()
        .filter_map(|request| {
            Some(
                request
                    .headers
                    .get("authorization")?
                    .to_str()
                    .unwrap()
                    .to_owned(),
            )
        })
        .collect();
    assert_eq!(
        sent[..3],
        [
            format!("Bearer {TOKEN}"),
            format!("Bearer {TOKEN}"),
            format!("Bearer {TOKEN}")
        ]
    );
    let spoiled = sent[3].strip_prefix("Bearer dsapi").unwrap();
    assert_ne!(sent[3], sent[0]);
    assert!(spoiled.len() == 32 && spoiled.bytes().all(|byte| byte.is_ascii_hexdigit()));
}

#[tokio::test]
async fn the_first_call_with_the_token_asks_for_one_user() {
    let single = Single::start().await;
    let users = Mock::given(path_regex("/scim/v2/Users$")).and(query_param("count", "1"));
    single
        .answer(
            users.and(header_exists("authorization")),
            ResponseTemplate::new(404),
        )
        .await;
    single
        .answer(Mock::given(any()), ResponseTemplate::new(401))
        .await;
    let report = single.examine().await;
    assert_eq!(
        (failing(&report), report.fault.unwrap().code),
        (Some(PhaseId::Authenticate), FaultCode::NotFound)
    );
}

#[tokio::test]
async fn a_server_that_repeats_the_token_does_not_get_it_into_the_report() {
    let single = Single::start().await;
    let echo =
        ResponseTemplate::new(403).set_body_string(format!("PERMISSION_DENIED: {TOKEN} may not"));
    single
        .answer(Mock::given(header_exists("authorization")), echo)
        .await;
    single
        .answer(Mock::given(any()), ResponseTemplate::new(401))
        .await;
    let report = single.examine().await;
    let printed = format!("{report:?}{}", serde_json::to_string(&report).unwrap());
    assert!(!printed.contains(TOKEN), "{printed}");
}

#[tokio::test]
async fn a_wait_longer_than_anybody_sits_through_is_the_fault_itself() {
    let single = Single::start().await;
    let later = ResponseTemplate::new(429).insert_header("retry-after", "86400");
    single.answer(Mock::given(any()), later).await;
    let report = single.examine().await;
    assert_eq!(
        (failing(&report), report.fault.unwrap().code),
        (Some(PhaseId::Authenticate), FaultCode::RateLimited)
    );
    assert_eq!(single.server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn input_faults_send_nothing() {
    let single = Single::start().await;
    let good = format!("{}/api/2.1/accounts/{ACCOUNT}/scim/v2", single.server.uri());
    let cases = [
        ("".to_owned(), TOKEN, FaultCode::UrlEmpty),
        (
            "https://evil.example/api/2.1/accounts/x/scim/v2".to_owned(),
            TOKEN,
            FaultCode::UrlForeignHost,
        ),
        (good.replace("/scim/v2", ""), TOKEN, FaultCode::UrlWrongPath),
        (good.clone(), "", FaultCode::TokenEmpty),
        (good.clone(), "dsapi 01", FaultCode::TokenMalformed),
        (
            good.clone(),
            "dapi0123456789abcdef0123456789abcdef",
            FaultCode::TokenKindMismatch,
        ),
    ];
    for (url, token, code) in cases {
        let (report, _) = examine(&client(&single.endpoints()), &url, token).await;
        is_sound(&report);
        assert_eq!(
            (failing(&report), report.fault.unwrap().code),
            (Some(PhaseId::Input), code),
            "{url}"
        );
    }
    assert!(single.server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn phases_are_told_as_they_begin_and_end() {
    let single = Single::start().await;
    single.good().await;
    let url = format!("{}/api/2.1/accounts/{ACCOUNT}/scim/v2", single.server.uri());
    let (report, events) = examine(&client(&single.endpoints()), &url, TOKEN).await;
    let finished: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            PhaseEvent::Finished { phase } => Some(phase.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(finished, report.phases);
}

#[tokio::test]
async fn a_cancelled_test_has_no_verdict() {
    let single = Single::start().await;
    single
        .answer(
            Mock::given(any()),
            ResponseTemplate::new(401).set_delay(Duration::from_secs(60)),
        )
        .await;
    let client = client(&single.endpoints());
    let url = format!("{}/api/2.1/accounts/{ACCOUNT}/scim/v2", single.server.uri());
    let cancel = CancellationToken::new();
    let trigger = cancel.clone();
    let progress = Arc::new(move |event| {
        if event
            == (PhaseEvent::Started {
                phase: PhaseId::Reach,
            })
        {
            trigger.cancel();
        }
    });
    let input = DoctorInput {
        url,
        token: Some(Secret::new(TOKEN)),
        timeout: None,
    };
    assert_eq!(
        run(&client, input, progress, &cancel).await.unwrap_err(),
        Cancelled
    );
}
