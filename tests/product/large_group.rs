//! A group of 40,000 people: read in few pages, in bounded memory, and said to be more than the account takes.

use std::process::Stdio;

use serde_json::{Value, json};
use usher_practice::{Options, Practice};
use usher_tests::measure::cost_of;

use crate::schemas;
use crate::tenant::Tenant;

const PEOPLE: usize = 40_000;

/// Graph gives at most so many rows on a page.
const PAGE: usize = 999;

/// What a group takes besides its pages.
const ONCE: usize = 5;

/// The most memory a run may hold, in KiB.
const MEMORY: u64 = 150 * 1024;

/// A set-up that wants the group, on a tenant whose cycles run when they are asked to.
async fn tenant() -> Tenant {
    let options = Options {
        scenario: "large-group".to_owned(),
        ..Options::default()
    };
    let practice = Practice::start(options).await.expect("the tenant starts");
    let group = practice.entra().read(|directory| {
        let mut groups = directory.groups.iter();
        let group = groups.find(|group| group.members.len() == PEOPLE);
        group.expect("the large group is there").id
    });
    let want = json!({
        "assignmentRequired": false, "scope": "assigned", "provisioning": "on", "notificationEmail": "iam@contoso.example",
        "deleteThreshold": 500, "assign": [{ "type": "group", "id": group }],
    });
    Tenant::on(practice, "account", want)
}

fn finding<'a>(report: &'a Value, check: &str) -> &'a Value {
    let mut findings = report["findings"].as_array().into_iter().flatten();
    findings
        .find(|finding| finding["check"] == check)
        .expect("the check is in the report")
}

#[tokio::test]
async fn it_is_read_in_few_pages_and_said_to_be_too_large() {
    let tenant = tenant().await;
    let wanted = tenant.setup();
    let mut without = wanted.clone();
    without["want"]["assign"] = json!([]);
    for command in ["plan", "check"] {
        let begun = tenant.asked().len();
        tenant.save(&without);
        tenant.run(&[command]).await;
        tenant.save(&wanted);
        let before = tenant.asked().len();
        let answer = tenant.home.path().join("answer.json");
        let file = std::fs::File::create(&answer).expect("a file can be made");
        let mut usher = tenant.usher(&[command, "--json"]);
        usher.stderr(Stdio::null());
        let (cost, status) = cost_of(usher, Stdio::from(file)).await;
        assert!(matches!(status.code(), Some(0 | 1)), "{command}: {status}");
        let text = std::fs::read_to_string(&answer).expect("the answer is there");
        let document: Value = serde_json::from_str(&text).expect("it is one document");
        schemas::holds(&document);
        let pages = PEOPLE.div_ceil(PAGE);
        let asked = tenant.asked().len() - before;
        let more = asked - (before - begun);
        assert!(more <= pages + ONCE, "{command}: {more} requests more");
        assert!(cost.peak_kib <= MEMORY, "{command}: {cost:?}");
        if command == "plan" {
            assert_eq!(document["refusals"], json!([]));
            continue;
        }
        let limits = finding(&document, "account-limits");
        assert_eq!(limits["status"], "fail", "{limits:#}");
        let told = limits["subjects"].to_string();
        assert!(told.contains("40000 to come, of 10000"), "{told}");
        assert!(
            limits["fix"]
                .as_str()
                .is_some_and(|fix| fix.contains("raise"))
        );
    }
}

#[tokio::test]
async fn it_is_assigned_and_nothing_is_lost() {
    let tenant = tenant().await;
    let ran = tenant.run(&["apply", "--yes", "--json"]).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let outcome = ran.json();
    let changes = outcome["changes"].as_array().expect("it has changes");
    assert!(
        changes.iter().all(|one| one["state"] == "done"),
        "{outcome:#}"
    );
    let again = tenant.run(&["plan", "--json"]).await.json();
    assert_eq!(
        (&again["changes"], &again["refusals"]),
        (&json!([]), &json!([]))
    );
    // Nobody has arrived yet: a report names a few of them, and counts the rest.
    let words = tenant.run(&["check"]).await;
    assert!(words.out.len() < 100_000, "{} characters", words.out.len());
}
