//! Wrong usage: exit 2, a document with `--json`, and no token repeated.

use crate::support::{json, printed, run, usher};

const TOKEN: &str = "dsapi0123456789abcdef0123456789canary";

#[test]
fn unknown_commands_options_and_missing_values_are_exit_2() {
    for arguments in [
        &["no-such-command"][..],
        &["test-connection"],
        &["test-connection", "--url", "x", "--no-such-option"],
        &["test-connection", "--url", "x", "--timeout", "0"],
        &["test-connection", "--url", "x", "--timeout", "soon"],
        &["practice", "--scenario", "no-such-scenario"],
        &[],
    ] {
        let plain = run(arguments);
        assert_eq!(plain.status.code(), Some(2), "{plain:?}");
        assert!(plain.stdout.is_empty(), "{plain:?}");
        assert!(!plain.stderr.is_empty());
        let with_json: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        let document = run(&with_json);
        assert_eq!(document.status.code(), Some(2), "{document:?}");
        let body = json(&document);
        assert_eq!(body["schema"], "usher.error/1");
        for field in ["code", "message", "hint", "generatedAt", "version"] {
            assert!(
                body[field].as_str().is_some_and(|text| !text.is_empty()),
                "{field}: {body}"
            );
        }
    }
}

#[test]
fn a_token_among_the_arguments_is_not_repeated() {
    let option = format!("--token={TOKEN}");
    for arguments in [
        &["test-connection", "--url", "x", TOKEN][..],
        &["test-connection", "--url", "x", "--token", TOKEN],
        &["test-connection", "--url", "x", &option],
        &[TOKEN],
        &["practice", "--scenario", TOKEN],
        &["--endpoints", TOKEN, "test-connection", "--url", "x"],
    ] {
        for json in [&[][..], &["--json"]] {
            let output = run(&[arguments, json].concat());
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            assert!(!printed(&output).contains("canary"), "{output:?}");
        }
    }
}

#[test]
fn an_endpoints_file_is_checked_before_anything_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("endpoints.json");
    let path = file.display().to_string();
    let arguments = [
        "--json",
        "--endpoints",
        &path,
        "test-connection",
        "--url",
        "x",
    ];
    assert_eq!(json(&run(&arguments))["code"], "endpoints", "it is missing");
    for text in [
        "{",
        r#"{"name":"t","login":"http://127.0.0.1:1","graph":"http://127.0.0.1:1","databricksAccounts":"https://accounts.azuredatabricks.net"}"#,
        r#"{"name":"t","login":"http://127.0.0.1:1/path","graph":"http://127.0.0.1:1","databricksAccounts":"http://127.0.0.1:1"}"#,
    ] {
        std::fs::write(&file, text).unwrap();
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert_eq!(json(&output)["code"], "endpoints");
    }
}

#[test]
fn an_empty_variable_names_no_endpoints_file_and_a_byte_order_mark_is_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let test = ["test-connection", "--url", "", "--json"];
    let mut unset = usher(&test);
    let output = unset.env("USHER_ENDPOINTS", "").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let endpoints = folder.path().join("endpoints.json");
    let text = r#"{"name":"t","login":"http://127.0.0.1:1","graph":"http://127.0.0.1:1","databricksAccounts":"http://127.0.0.1:1"}"#;
    std::fs::write(&endpoints, format!("\u{feff}{text}")).unwrap();
    let output = usher(&test)
        .env("USHER_ENDPOINTS", &endpoints)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let setup = folder.path().join("setup.json");
    let text = r#"{"schema":"usher.setup/1","name":"Marked","journey":"account","cloud":"azure"}"#;
    std::fs::write(&setup, format!("\u{feff}{text}")).unwrap();
    let output = usher(&["check", "--json", "--setup"])
        .arg(&setup)
        .output()
        .unwrap();
    assert_eq!(json(&output)["code"], "field-missing", "{output:?}");
}

#[test]
fn the_wait_scale_counts_with_an_endpoints_file_alone_and_has_a_range() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("endpoints.json");
    let text = r#"{"name":"t","login":"http://127.0.0.1:1","graph":"http://127.0.0.1:1","databricksAccounts":"http://127.0.0.1:1"}"#;
    std::fs::write(&file, text).unwrap();
    let path = file.display().to_string();
    for (scale, endpoints, status) in [
        ("0", true, 2),
        ("2", true, 2),
        ("x", true, 2),
        ("0.01", true, 1),
        ("0", false, 1),
    ] {
        let mut command = usher(&["test-connection", "--url", "", "--json"]);
        if endpoints {
            command.args(["--endpoints", &path]);
        }
        let output = command.env("USHER_WAIT_SCALE", scale).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{scale}: {output:?}");
    }
}

#[test]
fn help_and_version_are_answers() {
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["test-connection", "--help"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(output.stderr.is_empty() && !output.stdout.is_empty());
    }
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    let first = help.lines().next().unwrap();
    assert!(
        first.contains("SCIM") && first.contains("Databricks"),
        "it says what it is for: {first}"
    );
}

#[test]
fn a_missing_token_is_a_verdict_and_not_wrong_usage() {
    let url = "https://accounts.azuredatabricks.net/api/2.1/accounts/f6e5d4c3-0a1b-4c2d-8e3f-0123456789ab/scim/v2";
    let output = run(&["test-connection", "--json", "--url", url]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let report = json(&output);
    assert_eq!(
        (&report["schema"], &report["fault"]["code"]),
        (&"usher.connection/1".into(), &"token-empty".into())
    );
    let plain = run(&["test-connection", "--url", url]);
    let text = String::from_utf8_lossy(&plain.stdout).into_owned();
    assert!(
        text.contains("✗ input") && text.contains("1. ") && !text.contains("**"),
        "{text}"
    );
}
