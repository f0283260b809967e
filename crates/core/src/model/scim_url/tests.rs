use proptest::prelude::*;

use super::*;
use crate::model::Endpoints;

const ID: &str = "0a1b2c3d-1111-4222-8333-444455556666";

fn offer(text: &str) -> (FaultCode, Option<String>) {
    match recognise(text, &World::Live) {
        UrlVerdict::Fault { code, offer } => (code, offer),
        other => panic!("{text} gave {other:?}"),
    }
}

fn account(version: &str) -> String {
    format!("https://accounts.azuredatabricks.net/api/{version}/accounts/{ID}/scim/v2")
}

#[test]
fn account_urls_of_every_cloud_are_good() {
    for cloud in DatabricksCloud::ALL {
        for (version, expected) in [("2.0", ApiVersion::V2_0), ("2.1", ApiVersion::V2_1)] {
            for host in cloud.account_hosts() {
                let text = format!("https://{host}/api/{version}/accounts/{ID}/scim/v2");
                let verdict = recognise(&text, &World::Live);
                let url = verdict
                    .good()
                    .unwrap_or_else(|| panic!("{text} gave {verdict:?}"));
                assert_eq!(
                    (url.cloud, url.version, url.account_id()),
                    (Some(cloud), expected, Some(ID))
                );
                assert_eq!(url.endpoint("Users").as_str(), format!("{text}/Users"));
            }
        }
    }
}

#[test]
fn workspace_urls_are_good_and_add_v2() {
    for host in [
        "adb-1001.1.azuredatabricks.net",
        "eastus2.azuredatabricks.net",
        "adb-1001.1.databricks.azure.us",
        "adb-1001.1.databricks.azure.cn",
        "dbc-1a2b3c4d-5e6f.cloud.databricks.com",
        "contoso-prod.cloud.databricks.us",
        "1001.7.gcp.databricks.com",
    ] {
        let text = format!("https://{host}/api/2.0/preview/scim");
        let verdict = recognise(&text, &World::Live);
        let url = verdict
            .good()
            .unwrap_or_else(|| panic!("{text} gave {verdict:?}"));
        assert_eq!(url.level, ScimLevel::Workspace);
        assert_eq!(url.endpoint("Users").as_str(), format!("{text}/v2/Users"));
        assert_eq!(
            url.endpoint("Groups/7").as_str(),
            format!("{text}/v2/Groups/7")
        );
    }
}

#[test]
fn a_unified_host_serves_both() {
    for path in [
        format!("/api/2.1/accounts/{ID}/scim/v2"),
        "/api/2.0/preview/scim".to_owned(),
    ] {
        assert!(
            recognise(
                &format!("https://contoso.cloud.databricks.com{path}"),
                &World::Live
            )
            .good()
            .is_some()
        );
    }
}

#[test]
fn a_closing_slash_is_dropped() {
    let verdict = recognise(&format!("{}/", account("2.1")), &World::Live);
    assert_eq!(verdict.good().unwrap().url.as_str(), account("2.1"));
}

#[test]
fn each_input_fault_has_its_code_and_offer() {
    let good = Some(account("2.1"));
    let workspace = Some("https://adb-1001.1.azuredatabricks.net/api/2.0/preview/scim".to_owned());
    let with_host = |rest: &str| format!("https://accounts.azuredatabricks.net{rest}");
    let on_workspace = |rest: &str| format!("https://adb-1001.1.azuredatabricks.net{rest}");
    let cases = [
        ("https://".into(), FaultCode::UrlUnparsable, None),
        ("not a url".into(), FaultCode::UrlUnparsable, None),
        (
            account("2.1").replace("https://", ""),
            FaultCode::UrlUnparsable,
            good.clone(),
        ),
        (
            account("2.1").replace("/scim", "/ scim"),
            FaultCode::UrlUnparsable,
            good.clone(),
        ),
        (
            account("2.1").replace("https", "http"),
            FaultCode::UrlNotHttps,
            good.clone(),
        ),
        (
            "http://127.0.0.1:8080/api/2.0/preview/scim".into(),
            FaultCode::UrlNotHttps,
            None,
        ),
        (
            "ftp://accounts.azuredatabricks.net/".into(),
            FaultCode::UrlNotHttps,
            None,
        ),
        ("mailto://someone".into(), FaultCode::UrlNotHttps, None),
        (
            account("2.1").replace("https://", "https://me:pw@"),
            FaultCode::UrlHasCredentials,
            good.clone(),
        ),
        (
            "https://portal.azure.com/#view/x".into(),
            FaultCode::UrlForeignHost,
            None,
        ),
        (
            account("2.1").replace(".net", ".net.evil.example"),
            FaultCode::UrlForeignHost,
            None,
        ),
        (with_host(""), FaultCode::UrlBrowserPage, None),
        (with_host("/login"), FaultCode::UrlBrowserPage, None),
        (
            with_host(&format!("/?account_id={ID}")),
            FaultCode::UrlBrowserPage,
            good.clone(),
        ),
        (
            with_host(&format!("/settings/user-provisioning?account_id={ID}")),
            FaultCode::UrlBrowserPage,
            good.clone(),
        ),
        (
            with_host(&format!("/#settings?account_id={ID}")),
            FaultCode::UrlBrowserPage,
            good.clone(),
        ),
        (
            format!("{}#x", account("2.1")),
            FaultCode::UrlBrowserPage,
            good.clone(),
        ),
        (
            on_workspace("/?o=1001"),
            FaultCode::UrlBrowserPage,
            workspace.clone(),
        ),
        (
            on_workspace("/settings/workspace/identity"),
            FaultCode::UrlBrowserPage,
            workspace.clone(),
        ),
        (
            on_workspace("/login.html?error=x"),
            FaultCode::UrlBrowserPage,
            workspace.clone(),
        ),
        (
            format!("{}/Users", account("2.1")),
            FaultCode::UrlWrongPath,
            good.clone(),
        ),
        (
            format!("{}/scim/v2", account("2.1")),
            FaultCode::UrlWrongPath,
            good.clone(),
        ),
        (
            account("2.1").replace("/scim", ""),
            FaultCode::UrlWrongPath,
            good.clone(),
        ),
        (account("3.0"), FaultCode::UrlWrongPath, good.clone()),
        (
            account("2.0") + "/Groups",
            FaultCode::UrlWrongPath,
            Some(account("2.0")),
        ),
        (
            account("2.1") + "?aadOptscim062020",
            FaultCode::UrlWrongPath,
            good.clone(),
        ),
        (
            account("2.1").to_uppercase().replace("HTTPS", "https"),
            FaultCode::UrlWrongPath,
            good.clone(),
        ),
        (
            on_workspace("/api/2.0/preview/scim/v2"),
            FaultCode::UrlWrongPath,
            workspace.clone(),
        ),
        (
            on_workspace("/api/2.0/preview/scim/v2/Users"),
            FaultCode::UrlWrongPath,
            workspace.clone(),
        ),
        (
            on_workspace("/api/2.1/preview/scim"),
            FaultCode::UrlWrongPath,
            workspace.clone(),
        ),
        (
            on_workspace("/scim/v2"),
            FaultCode::UrlWrongPath,
            workspace.clone(),
        ),
        (
            with_host("/api/2.0/preview/scim"),
            FaultCode::UrlKindMismatch,
            None,
        ),
        (
            on_workspace(&format!("/api/2.1/accounts/{ID}/scim/v2")),
            FaultCode::UrlKindMismatch,
            good.clone(),
        ),
        (
            with_host("/api/2.1/accounts/1234/scim/v2"),
            FaultCode::UrlAccountId,
            None,
        ),
        (
            with_host("/api/2.1/accounts/{account_id}/scim/v2"),
            FaultCode::UrlAccountId,
            None,
        ),
        (
            with_host("/api/2.1/accounts/scim/v2"),
            FaultCode::UrlAccountId,
            None,
        ),
    ];
    for (text, code, expected) in cases {
        assert_eq!(offer(&text), (code, expected), "{text}");
    }
    assert_eq!(
        recognise(" \n", &World::Live).fault(),
        Some(FaultCode::UrlEmpty)
    );
}

#[test]
fn several_faults_at_once_are_put_right_together() {
    let text = format!("accounts.azuredatabricks.net/api/2.1/accounts/{ID}/scim/v2/Users?x=1");
    assert_eq!(
        offer(&text),
        (FaultCode::UrlUnparsable, Some(account("2.1")))
    );
}

#[test]
fn with_an_endpoints_file_its_http_origins_are_good_and_nothing_else() {
    let file = r#"{"name":"p","login":"http://127.0.0.1:1","graph":"http://127.0.0.1:2","databricksAccounts":"http://127.0.0.1:3",
                   "workspaces":{"1001":"http://127.0.0.1:4"}}"#;
    let world = World::Mapped(Endpoints::parse(file).unwrap());
    let path = format!("/api/2.1/accounts/{ID}/scim/v2");
    assert!(
        recognise(&format!("http://127.0.0.1:3{path}"), &world)
            .good()
            .is_some()
    );
    assert!(
        recognise("http://127.0.0.1:4/api/2.0/preview/scim", &world)
            .good()
            .is_some()
    );
    assert_eq!(
        recognise(&format!("http://127.0.0.1:9{path}"), &world).fault(),
        Some(FaultCode::UrlNotHttps)
    );
    assert_eq!(
        recognise(&account("2.1"), &world).fault(),
        Some(FaultCode::UrlForeignHost)
    );
    let mismatch = recognise(&format!("http://127.0.0.1:4{path}"), &world);
    assert_eq!(
        mismatch,
        UrlVerdict::Fault {
            code: FaultCode::UrlKindMismatch,
            offer: Some(format!("http://127.0.0.1:3{path}"))
        }
    );
}

#[test]
fn sameness_ignores_closing_slashes_alone() {
    let url = recognise(&account("2.1"), &World::Live)
        .good()
        .unwrap()
        .clone();
    assert!(url.is_same_as(&account("2.1")));
    assert!(url.is_same_as(&format!("{}/", account("2.1"))));
    assert!(!url.is_same_as(&account("2.0")));
    assert!(!url.is_same_as(&format!("{}?x", account("2.1"))));
}

/// Texts that come near to a SCIM URL.
fn near() -> impl Strategy<Value = String> {
    let scheme = prop::sample::select(vec![
        "https://",
        "http://",
        "",
        "HTTPS://",
        "https://u:p@",
        "ftp://",
    ]);
    let host = prop::sample::select(vec![
        "accounts.azuredatabricks.net",
        "accounts-dod.cloud.databricks.us",
        "adb-1001.1.azuredatabricks.net",
        "contoso.cloud.databricks.com",
        "evil.example",
        "127.0.0.1:3",
    ]);
    let part = prop::sample::select(vec![
        "api", "2.0", "2.1", "3.0", "accounts", ID, "account", "scim", "SCIM", "v2", "preview",
        "Users", "settings", "login", "", "%20", "..", "x y",
    ]);
    let tail = prop::sample::select(vec![
        "",
        "/",
        "//",
        "?o=1",
        "#x",
        "?account_id=0a1b2c3d-1111-4222-8333-444455556666",
        "?x",
    ]);
    (scheme, host, prop::collection::vec(part, 0..9), tail)
        .prop_map(|(scheme, host, parts, tail)| format!("{scheme}{host}/{}{tail}", parts.join("/")))
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = recognise(&text, &World::Live);
    }

    #[test]
    fn every_offer_is_good_and_every_good_url_is_a_fixed_point(text in near()) {
        match recognise(&text, &World::Live) {
            UrlVerdict::Fault { offer: Some(offer), .. } => {
                let again = recognise(&offer, &World::Live);
                prop_assert_eq!(again.good().map(|url| url.url.to_string()), Some(offer));
            }
            UrlVerdict::Good(url) => prop_assert_eq!(recognise(url.url.as_str(), &World::Live), UrlVerdict::Good(url)),
            _ => {}
        }
    }

    #[test]
    fn blanks_and_quotes_around_do_not_matter(text in near(), blanks in "[ \t\n]{0,3}", quote in "[\"'<]?") {
        let around = format!("{blanks}{quote}{text}{quote}{blanks}");
        prop_assert_eq!(recognise(&around, &World::Live), recognise(&text, &World::Live));
    }
}
