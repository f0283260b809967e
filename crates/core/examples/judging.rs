//! What judging and writing cost on a large tenant: `judging USERS`. Prints one JSON document; `cargo xtask bench` holds it to its
//! limits.
//!
//! The tenant has a group for 20 people and a workspace with its old connector for 500, and nobody has a work address: each check
//! that looks at people has something to say of everyone.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for the terminal, and a panic is how a measurement fails"
)]

use std::time::Instant;

use jiff::Timestamp;
use serde_json::json;
use usher_core::checklist::{Checklist, Format};
use usher_core::checks;
use usher_core::document::Document;
use usher_core::finding::Report;
use usher_core::model::Setup;
use usher_core::model::setup::PrincipalKind;
use usher_core::observation::connector::Assignment;
use usher_core::observation::databricks::{
    DatabricksGroup, DatabricksUser, Directory, WorkspaceFacts,
};
use usher_core::observation::entra::Tenant;
use usher_core::observation::principals::{EntraGroup, EntraUser};
use usher_core::observation::{Connector, Observation, Principals, Seen};

const RUNS: usize = 5;
const GROUP: usize = 20;
const WORKSPACE: usize = 500;
const ACCOUNT: &str = "0a1b2c3d-1111-4222-8333-444455556666";
const TENANT: &str = "11111111-2222-4333-8444-555566667777";
const ACCOUNT_APP: &str = "Contoso Databricks";

fn main() {
    let users: usize = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .expect("judging USERS");
    let now: Timestamp = "2026-06-01T12:00:00Z".parse().expect("a time");
    let setup = setup();
    let before = memory("VmRSS");
    let seen = world(users, now);
    let observation = memory("VmRSS") - before;

    let mut judging = Vec::new();
    let mut writing = Vec::new();
    let mut bytes = 0;
    let mut report = None;
    for _ in 0..RUNS {
        let begun = Instant::now();
        let judged = checks::judge(&setup, &seen, now);
        judging.push(begun.elapsed().as_secs_f64() * 1000.0);
        let begun = Instant::now();
        bytes = written(&setup, &seen, &judged, now);
        writing.push(begun.elapsed().as_secs_f64() * 1000.0);
        report = Some(judged);
    }
    let peak = memory("VmHWM") - before;
    let report = report.expect("it was judged");
    let answer = json!({
        "users": users,
        "groups": users / GROUP,
        "workspaces": users / WORKSPACE,
        "checks": report.findings.len(),
        "summary": report.summary,
        "judgeMillis": median(judging),
        "writeMillis": median(writing),
        "writtenBytes": bytes,
        "observationKib": observation,
        "peakKib": peak,
    });
    println!("{answer}");
}

/// The report and the checklist in every format; how long they are together.
fn written(setup: &Setup, seen: &Observation, report: &Report, now: Timestamp) -> usize {
    let checklists = [Format::Markdown, Format::Html, Format::Json, Format::Csv];
    let checklists =
        checklists.map(|format| Checklist::of(setup, seen, report).text(format, now).len());
    let document = Document::new(report.clone(), now);
    let report = serde_json::to_string_pretty(&document).expect("a report is JSON");
    report.len() + checklists.iter().sum::<usize>()
}

fn setup() -> Setup {
    let setup = json!({
        "schema": "usher.setup/1", "name": "Large", "journey": "migrate", "cloud": "azure",
        "entra": { "tenantId": TENANT, "app": { "displayName": ACCOUNT_APP } },
        "databricks": { "accountId": ACCOUNT, "scimUrl": account_url() },
        "want": { "assignmentRequired": false, "scope": "assigned", "provisioning": "on" }
    });
    serde_json::from_value(setup).expect("it is a set-up")
}

fn account_url() -> String {
    format!("https://accounts.azuredatabricks.net/api/2.1/accounts/{ACCOUNT}/scim/v2")
}

fn world(users: usize, now: Timestamp) -> Observation {
    let groups = users / GROUP;
    let workspaces = users / WORKSPACE;
    let mut seen = Observation::default();
    seen.databricks.directory = directory(0..users, 0..groups, now);
    seen.databricks.workspaces = (0..workspaces)
        .map(|number| WorkspaceFacts {
            id: format!("{number}"),
            url: workspace_url(number),
            name: format!("workspace-{number}"),
            account_id: Seen::databricks(ACCOUNT.to_owned(), now),
            tenant: Seen::databricks(TENANT.to_owned(), now),
            federated: Seen::databricks(true, now),
            pricing_tier: Seen::databricks("PREMIUM".to_owned(), now),
            directory: directory(
                number * WORKSPACE..(number + 1) * WORKSPACE,
                groups_of(number),
                now,
            ),
            ..WorkspaceFacts::default()
        })
        .collect();
    seen.databricks.workspaces_complete = true;
    seen.entra.tenant = Seen::entra(
        Tenant {
            id: TENANT.to_owned(),
            display_name: "Contoso".to_owned(),
            tenant_type: None,
            verified_domains: Vec::new(),
        },
        now,
    );
    let connectors = std::iter::once(connector(ACCOUNT_APP, &account_url(), 0..groups, now)).chain(
        (0..workspaces).map(|number| {
            let url = format!("{}/api/2.0/preview/scim", workspace_url(number));
            connector(&format!("workspace-{number}"), &url, groups_of(number), now)
        }),
    );
    seen.entra.connectors = Seen::entra(connectors.collect(), now);
    seen.entra.principals = principals(users, groups, now);
    seen
}

fn groups_of(workspace: usize) -> std::ops::Range<usize> {
    let each = WORKSPACE / GROUP;
    workspace * each..(workspace + 1) * each
}

fn workspace_url(number: usize) -> String {
    format!("https://adb-{number}.1.azuredatabricks.net")
}

fn person(number: usize) -> Box<str> {
    format!("10000000-0000-4000-8000-{number:012}").into()
}

fn team(number: usize) -> Box<str> {
    format!("20000000-0000-4000-8000-{number:012}").into()
}

fn address(number: usize) -> Box<str> {
    format!("person{number:06}@contoso.example").into()
}

fn directory(
    users: std::ops::Range<usize>,
    groups: std::ops::Range<usize>,
    now: Timestamp,
) -> Directory {
    Directory {
        user_total: Seen::databricks(users.len() as u64, now),
        group_total: Seen::databricks(groups.len() as u64, now),
        service_principal_total: Seen::databricks(0, now),
        groups: Seen::databricks(
            groups
                .map(|number| DatabricksGroup {
                    id: format!("9{number}").into(),
                    display_name: format!("team-{number:04}").into(),
                    external_id: Some(team(number)),
                    members: Some(
                        (number * GROUP..(number + 1) * GROUP)
                            .map(|person| format!("{person}").into())
                            .collect(),
                    ),
                    ..DatabricksGroup::default()
                })
                .collect(),
            now,
        ),
        users: Seen::databricks(
            users
                .map(|number| DatabricksUser {
                    id: format!("{number}").into(),
                    user_name: address(number),
                    display_name: Some(format!("Person {number}").into()),
                    external_id: Some(person(number)),
                    email: None,
                    active: true,
                })
                .collect(),
            now,
        ),
    }
}

fn principals(users: usize, groups: usize, now: Timestamp) -> Principals {
    Principals {
        users: (0..users)
            .map(|number| {
                let user = EntraUser {
                    display_name: format!("Person {number}").into(),
                    user_principal_name: address(number),
                    mail: None,
                    enabled: true,
                    ..EntraUser::default()
                };
                (person(number), user)
            })
            .collect(),
        groups: (0..groups)
            .map(|number| {
                let group = EntraGroup {
                    display_name: format!("team-{number:04}").into(),
                    security_enabled: true,
                    users: Seen::entra(
                        (number * GROUP..(number + 1) * GROUP).map(person).collect(),
                        now,
                    ),
                    nested: Seen::entra(Vec::new(), now),
                    service_principals: Seen::entra(Vec::new(), now),
                    direct_users: Seen::entra(GROUP as u64, now),
                    transitive_users: Seen::entra(GROUP as u64, now),
                    ..EntraGroup::default()
                };
                (team(number), group)
            })
            .collect(),
        complete: Seen::entra((), now),
        absent: Seen::entra(std::collections::BTreeSet::new(), now),
        ..Principals::default()
    }
}

/// A running connector to a SCIM URL with these groups assigned.
fn connector(name: &str, url: &str, groups: std::ops::Range<usize>, now: Timestamp) -> Connector {
    let known = |value| json!({ "seen": "known", "value": value, "at": now, "how": "entra" });
    let connector = json!({
        "servicePrincipalId": format!("sp-{name}"), "appId": format!("app-{name}"), "displayName": name,
        "accountEnabled": true, "assignmentRequired": known(json!(false)),
        "appRoles": [{ "id": "role", "displayName": "User", "enabled": true, "forUsers": true }],
        "secrets": known(json!({ "baseAddress": url, "tokenStored": true, "syncAll": false })),
        "savedCredentials": known(json!({ "accepted": true, "code": null, "message": null })),
        "jobs": known(json!([{
            "id": format!("job-{name}"), "templateId": "dataBricks", "state": { "state": "active" },
            "intervalSeconds": 2400, "code": { "code": "active" }, "quarantine": null, "inFlight": false,
            "last": null, "lastSuccess": null, "steadySince": now, "progress": null, "counts": [],
            "schema": known(json!({})),
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

/// A line of this process's memory figures, in KiB (Linux).
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let found = status.lines().find_map(|text| {
        let rest = text.strip_prefix(line)?.strip_prefix(':')?;
        rest.split_whitespace().next()?.parse().ok()
    });
    found.expect("it is told")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
