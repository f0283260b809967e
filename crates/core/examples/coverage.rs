//! What coverage costs on a large tenant: `coverage MEMBERSHIPS`. Prints one JSON document; `cargo xtask bench` holds it to its
//! limits.
//!
//! 200 workspaces have an old connector each; there is a person for ten memberships, and a twentieth of the people come through
//! old connectors alone.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for the terminal, and a panic is how a measurement fails"
)]

use std::time::Instant;

use jiff::Timestamp;
use serde_json::json;
use usher_core::coverage::Coverage;
use usher_core::model::Setup;
use usher_core::model::setup::PrincipalKind;
use usher_core::observation::connector::Assignment;
use usher_core::observation::databricks::WorkspaceFacts;
use usher_core::observation::principals::{EntraGroup, EntraUser};
use usher_core::observation::{Connector, Observation, Principals, Seen};

const RUNS: usize = 5;
const WORKSPACES: usize = 200;
/// Memberships of a person.
const EACH: usize = 10;
/// Groups of a workspace.
const GROUPS: usize = 25;

fn main() {
    let memberships: usize = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .expect("coverage MEMBERSHIPS");
    let now: Timestamp = "2026-06-01T12:00:00Z".parse().expect("a time");
    let setup: Setup = serde_json::from_value(json!({
        "schema": "usher.setup/1", "name": "Large", "journey": "migrate", "cloud": "azure",
        "entra": { "app": { "displayName": "account" } },
    }))
    .expect("it is a set-up");
    let seen = world(memberships, now);
    let mut spent = Vec::new();
    let mut coverage = Coverage::default();
    for _ in 0..RUNS {
        let begun = Instant::now();
        coverage = Coverage::now(&setup, &seen).expect("it can be decided");
        spent.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    spent.sort_by(f64::total_cmp);
    let answer = json!({
        "memberships": memberships,
        "people": coverage.rows.len(),
        "counts": coverage.counts(),
        "coverageMillis": spent[RUNS / 2],
    });
    println!("{answer}");
}

fn person(number: usize) -> Box<str> {
    format!("10000000-0000-4000-8000-{number:012}").into()
}

fn team(number: usize) -> Box<str> {
    format!("20000000-0000-4000-8000-{number:012}").into()
}

fn world(memberships: usize, now: Timestamp) -> Observation {
    let (people, groups) = (memberships / EACH, WORKSPACES * GROUPS);
    let size = memberships / groups;
    let mut seen = Observation::default();
    seen.databricks.workspaces = (0..WORKSPACES)
        .map(|number| WorkspaceFacts {
            id: number.to_string(),
            url: url(number),
            name: format!("workspace-{number}"),
            federated: Seen::databricks(true, now),
            ..WorkspaceFacts::default()
        })
        .collect();
    let account = "https://accounts.azuredatabricks.net/api/2.1/accounts/0a1b2c3d-1111-4222-8333-444455556666/scim/v2";
    // Of ten groups a person is in, nine twentieths and more are the account's as well.
    let covered = 0..groups / EACH - groups / EACH / 20;
    let old = (0..WORKSPACES).map(|number| {
        let address = format!("{}/api/2.0/preview/scim", url(number));
        let name = format!("workspace-{number}");
        connector(&name, &address, number * GROUPS..(number + 1) * GROUPS, now)
    });
    let all = std::iter::once(connector("account", account, covered, now)).chain(old);
    seen.entra.connectors = Seen::entra(all.collect(), now);
    seen.entra.principals = Principals {
        users: (0..people)
            .map(|number| {
                let user = EntraUser {
                    display_name: format!("Person {number}").into(),
                    user_principal_name: format!("person{number:06}@contoso.example").into(),
                    enabled: true,
                    ..EntraUser::default()
                };
                (person(number), user)
            })
            .collect(),
        groups: (0..groups)
            .map(|number| {
                let members = number * size..(number + 1) * size;
                let group = EntraGroup {
                    display_name: format!("team-{number:04}").into(),
                    security_enabled: true,
                    users: Seen::entra(members.map(|at| person(at % people)).collect(), now),
                    nested: Seen::entra(Vec::new(), now),
                    service_principals: Seen::entra(Vec::new(), now),
                    ..EntraGroup::default()
                };
                (team(number), group)
            })
            .collect(),
        complete: Seen::entra((), now),
        ..Principals::default()
    };
    seen
}

fn url(number: usize) -> String {
    format!("https://adb-{number}.1.azuredatabricks.net")
}

/// A running connector to a SCIM URL with these groups assigned.
fn connector(name: &str, url: &str, groups: std::ops::Range<usize>, now: Timestamp) -> Connector {
    let known = |value| json!({ "seen": "known", "value": value, "at": now, "how": "entra" });
    let from = |target: &str, source: &str| json!({ "target": target, "source": source, "expression": null, "matchingPriority": 0 });
    let connector = json!({
        "servicePrincipalId": format!("sp-{name}"), "displayName": name,
        "secrets": known(json!({ "baseAddress": url, "tokenStored": true, "syncAll": false })),
        "jobs": known(json!([{
            "id": format!("job-{name}"), "templateId": "dataBricks", "state": { "state": "active" },
            "intervalSeconds": 2400, "code": { "code": "active" }, "quarantine": null, "inFlight": false,
            "last": null, "lastSuccess": null, "steadySince": now, "progress": null, "counts": [],
            "schema": known(json!({ "user": {
                "name": "Users", "enabled": true, "attributes": [from("userName", "userPrincipalName")], "scope": [],
            } })),
        }])),
    });
    let mut connector: Connector = serde_json::from_value(connector).expect("it is a connector");
    let assigned = groups.map(|number| Assignment {
        id: format!("{name}-{number}"),
        principal_id: team(number).into(),
        kind: PrincipalKind::Group,
        display_name: format!("team-{number:04}"),
        app_role_id: "role".to_owned(),
        created: None,
    });
    connector.assignments = Seen::entra(assigned.collect(), now);
    connector
}
