//! A token of our own invention goes in; it must come out nowhere.

use usher_tests::Home;
use usher_tests::process::run;

use crate::practice;

/// In the shape of an account SCIM token, and in no tenant.
const CANARY: &str = "dsapic0ffee00c0ffee00c0ffee00c0ffee00";

#[tokio::test]
async fn a_token_is_neither_printed_nor_written() {
    let practice = practice("fresh").await;
    let url = practice.details().scim_url.clone();
    let folder = url.replace("/scim/v2", "");
    let with_token = format!("{url}?token={CANARY}");
    let commands: &[&[&str]] = &[
        &["test-connection", "--url", &url],
        &["test-connection", "--url", &url, "--json"],
        &["-vv", "test-connection", "--url", &url],
        // What people paste into the wrong field.
        &["-vv", "test-connection", "--url", &folder],
        &["-vv", "test-connection", "--url", CANARY],
        &["-vv", "--json", "test-connection", "--url", &with_token],
    ];
    for arguments in commands {
        let home = Home::new();
        let mut command = home.usher_on(&practice, arguments);
        command
            .env("USHER_SCIM_TOKEN", CANARY)
            .env("RUST_LOG", "trace");
        let ran = run(command).await;
        assert_ne!(ran.code, Some(0), "nobody knows this token: {ran:#?}");
        assert!(!ran.printed().contains(CANARY), "{arguments:?}: {ran:#?}");
        assert_eq!(
            home.files_holding(CANARY),
            Vec::<std::path::PathBuf>::new(),
            "{arguments:?}"
        );
    }
}
