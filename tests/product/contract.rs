//! Exit codes and what stands on which output.

use usher_tests::Home;
use usher_tests::process::run;

use crate::practice;
use crate::tenant::Tenant;

#[tokio::test]
async fn an_unknown_option_is_wrong_usage_and_nothing_is_sent() {
    let practice = practice("fresh").await;
    let home = Home::new();
    let url = practice.details().scim_url.clone();
    let arguments = ["test-connection", "--url", &url, "--no-such-option"];
    let ran = run(home.usher_on(&practice, &arguments)).await;
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert_eq!(practice.requests(), []);
}

#[tokio::test]
async fn endpoints_off_loopback_are_refused() {
    let practice = practice("fresh").await;
    let home = Home::new();
    let text = practice
        .endpoints_json()
        .replacen("127.0.0.1", "192.0.2.1", 1);
    let file = home.write("elsewhere.json", &text).display().to_string();
    let url = practice.details().scim_url.clone();
    let arguments = [
        "--endpoints",
        &file,
        "test-connection",
        "--url",
        &url,
        "--json",
    ];
    let mut command = home.usher(&arguments);
    command.env("USHER_SCIM_TOKEN", &practice.details().scim_token);
    let ran = run(command).await;
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert_eq!(ran.json()["schema"], "usher.error/1");
    assert_eq!(practice.requests(), []);
}

#[tokio::test]
async fn global_options_stand_before_or_after_the_command() {
    let practice = practice("fresh").await;
    let home = Home::new();
    let url = practice.details().scim_url.clone();
    let endpoints = home.endpoints(&practice).display().to_string();
    for arguments in [
        [
            "--endpoints",
            &endpoints,
            "--json",
            "test-connection",
            "--url",
            &url,
        ],
        [
            "test-connection",
            "--url",
            &url,
            "--json",
            "--endpoints",
            &endpoints,
        ],
    ] {
        let mut command = home.usher(&arguments);
        command.env("USHER_SCIM_TOKEN", &practice.details().scim_token);
        let ran = run(command).await;
        assert_eq!(ran.code, Some(0), "{ran:#?}");
        assert_eq!(ran.json()["verdict"], "pass");
    }
}

#[tokio::test]
async fn help_names_every_command() {
    let home = Home::new();
    let ran = run(home.usher(&["--help"])).await;
    assert_eq!(ran.code, Some(0));
    for command in ["test-connection", "checklist", "practice"] {
        assert!(
            ran.out.contains(command),
            "{command} is missing:\n{}",
            ran.out
        );
    }
}

#[tokio::test]
async fn a_setup_file_of_a_newer_usher_is_left_alone() {
    let practice = practice("fresh").await;
    let home = Home::new();
    let text = r#"{"schema":"usher.setup/99","name":"From tomorrow","journey":"account"}"#;
    let file = home.write("setup.json", text);
    let setup = file.display().to_string();
    let arguments = ["--setup", &setup, "--json", "checklist", "--format", "md"];
    let ran = run(home.usher_on(&practice, &arguments)).await;
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert_eq!(ran.json()["schema"], "usher.error/1");
    assert_eq!(
        std::fs::read_to_string(file).expect("the file is still there"),
        text
    );
    assert_eq!(practice.requests(), []);
}

#[tokio::test]
async fn a_refused_sign_in_names_the_raw_code() {
    let tenant = Tenant::start("fresh", "account", serde_json::json!({})).await;
    let mut command = tenant.usher(&["check", "--json"]);
    command.env("USHER_ENTRA_CLIENT_SECRET", "the id of the secret");
    let ran = run(command).await;
    assert_eq!(ran.code, Some(3), "{ran:#?}");
    let hint = ran.json()["hint"].to_string();
    assert!(hint.contains("AADSTS7000215"), "{hint}");
    assert!(hint.contains("trace id"), "{hint}");
}
