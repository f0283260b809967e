//! `usher practice`: a tenant in a process of its own.

use std::path::Path;

use serde_json::Value;
use usher_tests::Home;
use usher_tests::process::{Serving, run};

#[tokio::test]
async fn it_tells_where_it_listens_and_serves_until_it_is_ended() {
    let home = Home::new();
    let file = home.path().join("ports.json");
    let mut command = home.usher(&["practice", "--port-file"]);
    command.arg(&file);
    let mut practice = Serving::start(command);
    let details = document(&mut practice).await;

    assert_eq!(details["schema"], "usher.practice/1");
    crate::schemas::holds(&details);
    let endpoints: Value = serde_json::from_str(&read(&file)).expect("the port file is JSON");
    assert_eq!(
        endpoints, details["endpoints"],
        "the port file is there when everything listens"
    );

    let url = details["scimUrl"].as_str().expect("it tells the SCIM URL");
    let mut test = home.usher(&["test-connection", "--url", url]);
    test.env("USHER_ENDPOINTS", &file).env(
        "USHER_SCIM_TOKEN",
        details["scimToken"].as_str().expect("it tells the token"),
    );
    let ran = run(test).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    practice.end().await;
}

/// The JSON document a server prints first, on one line or on several.
async fn document(serving: &mut Serving) -> Value {
    let mut text = String::new();
    loop {
        text.push_str(&serving.line().await);
        if let Ok(value) = serde_json::from_str(&text) {
            return value;
        }
        text.push('\n');
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("the file is there")
}
