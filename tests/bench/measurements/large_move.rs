//! Planning a move of 200 workspaces: inventory of both sides, coverage and plan. Against what requests, limits and the number in
//! flight cost at least, and against a Python script doing the same reads.
//!
//! Both read: the account's workspaces, users, groups with members; of each workspace users, groups and who is assigned to it; of
//! each connector settings, jobs and assignments (six in a batch) and its schema; of the account's connector also log and test of the
//! saved credentials; of each assigned group its members (five in a batch). The script, with databricks-sdk, asks the account for
//! 10,000 users at a time; ours goes by the set-up's URL, of version 2.1, which gives a hundred. Ours alone asks each workspace for its
//! account and tenant, counts service principals, tests the connection, and then gathers coverage, judges, plans and writes the plan.

use std::collections::BTreeMap;
use std::fs::File;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;
use usher_practice::{LoggedRequest, Options, Practice, RateLimits};
use usher_tests::measure::{cost, cost_into};
use usher_tests::{Home, python};

use super::{Figure, figure};

const ANSWER: Duration = Duration::from_millis(50);
/// Requests in flight to the account host and to Graph; and to workspaces, of which eight are read at a time, two requests to each.
const IN_FLIGHT: usize = 4;
const IN_FLIGHT_TO_WORKSPACES: usize = 16;
/// The published limits would make it last five minutes; the bound is made from the limits as scaled.
const FACTOR: f64 = 5.0;
/// Single resources a second and lists a minute that an account answers (facts/databricks §3.6).
const GETS_PER_SECOND: f64 = 20.0;
const LISTS_PER_MINUTE: f64 = 240.0;
/// Pages of logs that Graph answers in ten seconds (facts/entra §4).
const LOGS_PER_TEN_SECONDS: f64 = 5.0;

pub(super) async fn measure() -> Vec<Figure> {
    let practice = tenant().await;
    let home = Home::new();
    let answer = home.write("plan.json", "");
    let file = File::create(&answer).expect("a file can be made");
    let ours = cost_into(usher(&home, &practice), file.into()).await;
    planned(&std::fs::read_to_string(answer).expect("a plan was written"));
    let bound = bound(&practice.requests());
    // A fresh tenant for the other: its limits' buckets are full.
    let practice = tenant().await;
    let theirs = cost(script(&home, &practice)).await;
    let (wall, cpu) = (ours.wall.as_secs_f64(), ours.cpu.as_secs_f64());
    let their_cpu = theirs.cpu.as_secs_f64();
    vec![
        figure(
            "move-wall",
            wall / bound.seconds,
            format!("{wall:.1} s and {:.1} s: {}", bound.seconds, bound.from),
        ),
        figure(
            "move-cpu",
            cpu / their_cpu,
            format!("{cpu:.2} s and {their_cpu:.2} s"),
        ),
        figure(
            "move-memory",
            ours.peak_kib as f64 / 1024.0,
            "200 workspaces, 100,000 people, 5,000 groups",
        ),
    ]
}

async fn tenant() -> Practice {
    let options = Options {
        scenario: "migrate-large".to_owned(),
        latency: ANSWER,
        rate_limits: Some(RateLimits {
            factor: FACTOR,
            ..RateLimits::default()
        }),
        ..Options::default()
    };
    Practice::start(options)
        .await
        .expect("the practice tenant starts")
}

/// `usher plan` on a set-up of the move, with every secret in the environment.
fn usher(home: &Home, practice: &Practice) -> Command {
    let details = practice.details();
    let setup = json!({
        "schema": "usher.setup/1", "name": "Measured", "journey": "migrate", "cloud": "azure",
        "entra": {
            "tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id,
            "app": { "displayName": "Azure Databricks SCIM Provisioning Connector" }
        },
        "databricks": {
            "accountId": details.account_id, "scimUrl": details.scim_url,
            "servicePrincipalClientId": details.databricks_client_id
        },
        "want": { "provisioning": "on" }
    });
    let setup = home.write("move.json", &setup.to_string());
    let arguments = ["--no-keyring", "--json", "plan", "--setup"];
    let mut command = home.usher_on(practice, &arguments);
    command
        .arg(setup)
        .env("USHER_ENTRA_CLIENT_SECRET", &details.client_secret)
        .env(
            "USHER_DATABRICKS_CLIENT_SECRET",
            &details.databricks_client_secret,
        );
    for (id, pat) in &details.pats {
        command.env(format!("USHER_PAT_{id}"), pat);
    }
    command
}

/// The gap is closed, then every old connector is paused.
fn planned(plan: &str) {
    let plan: Value = serde_json::from_str(plan).expect("a plan is JSON");
    let of = |kind: &str| {
        let changes = plan["changes"].as_array().into_iter().flatten();
        changes.filter(|change| change["kind"] == kind).count()
    };
    assert_eq!((of("assign"), of("pause")), (3, 200), "another plan");
}

fn script(home: &Home, practice: &Practice) -> Command {
    let details = serde_json::to_string(practice.details()).expect("details are JSON");
    let mut command = python::script(home, "databricks_sdk_move.py");
    command.arg(home.write("practice.json", &details));
    command
}

/// The least time that what was asked takes, and what it was made from.
struct Bound {
    seconds: f64,
    from: String,
}

/// Three services answer side by side; the slowest of them is the bound. What was refused with 429 counts for nothing: a limit is in the
/// bound by itself, and running into it is our loss.
fn bound(requests: &[LoggedRequest]) -> Bound {
    let mut asked = BTreeMap::<&str, usize>::new();
    let (mut gets, mut lists, mut logs, mut refused) = (0.0, 0.0, 0.0, 0_usize);
    let ours = |request: &&LoggedRequest| request.user_agent.starts_with("usher/");
    for request in requests.iter().filter(ours) {
        if request.status == Some(429) {
            refused += 1;
            continue;
        }
        let host = match request.origin.split_once('-') {
            Some(_) => "workspaces",
            None => request.origin.as_str(),
        };
        *asked.entry(host).or_default() += 1;
        if host == "account" && request.path.contains("/scim/v2/") {
            match request.path.contains('?') {
                true => lists += 1.0,
                false => gets += 1.0,
            }
        }
        if request.path.contains("/auditLogs/") {
            logs += 1.0;
        }
    }
    let flights = |host: &str, at_once: usize| {
        let rounds = asked
            .get(host)
            .copied()
            .unwrap_or_default()
            .div_ceil(at_once);
        rounds as f64 * ANSWER.as_secs_f64()
    };
    // A full bucket answers a second of gets, a minute of lists and ten seconds of logs at once.
    let limited = |count: f64, bucket: f64, seconds: f64| {
        let bucket = bucket * FACTOR;
        (count - bucket).max(0.0) / bucket * seconds
    };
    let account = flights("account", IN_FLIGHT)
        .max(limited(gets, GETS_PER_SECOND, 1.0))
        .max(limited(lists, LISTS_PER_MINUTE, 60.0));
    let graph = flights("graph", IN_FLIGHT).max(limited(logs, LOGS_PER_TEN_SECONDS, 10.0));
    let workspaces = flights("workspaces", IN_FLIGHT_TO_WORKSPACES);
    Bound {
        seconds: account.max(graph).max(workspaces),
        from: format!("{asked:?}, {refused} refused with 429, limits × {FACTOR}"),
    }
}
