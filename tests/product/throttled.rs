//! 429 at every step of the account journey, from either side: it is waited out, a person is told who is waited for and how long,
//! and nothing is lost or made twice. A minute of it, on a virtual clock, is with the engine's tests.

use std::time::Duration;

use serde_json::json;
use usher_practice::{FaultKind, FaultRule};

use crate::journeys::{ACCOUNT, Undisturbed};
use crate::tenant::Tenant;

/// More often than any other fault is tried again.
const AGAIN: u32 = 6;

fn too_many(retry_after: Option<&str>) -> FaultKind {
    let headers = retry_after.map(|value| ("retry-after".to_owned(), value.to_owned()));
    FaultKind::Status {
        code: 429,
        headers: headers.into_iter().collect(),
        body: r#"{"error":{"code":"TooManyRequests","message":"Too many requests."}}"#.to_owned(),
    }
}

fn broken() -> FaultKind {
    FaultKind::Status {
        code: 500,
        headers: Vec::new(),
        body: r#"{"error":{"code":"InternalServerError","message":"Something broke."}}"#.to_owned(),
    }
}

/// One run comes to its end by itself, as an undisturbed one does.
async fn gets_through(tenant: &Tenant, calm: &Undisturbed, what: &str) {
    let ran = tenant.run(&["apply", "--yes", "--json"]).await;
    assert_eq!(ran.code, Some(0), "{what}: {ran:#?}");
    let left = tenant.practice.control().faults.rules();
    assert!(
        left.iter().all(|rule| rule.times == Some(0)),
        "{what}: {left:#?}"
    );
    ACCOUNT.finish(tenant, what).await;
    assert_eq!(tenant.connectors(), calm.end, "{what}");
}

#[tokio::test]
async fn at_every_write_whatever_the_429_says() {
    let calm = ACCOUNT.undisturbed().await;
    for (retry_after, breaks_then) in [(None, false), (Some("0.025"), true), (Some("soon"), true)] {
        let what = format!("{retry_after:?}, then 500: {breaks_then}");
        let tenant = ACCOUNT.begin().await;
        let faults = &tenant.practice.control().faults;
        for (mut rule, _) in calm.places(too_many(retry_after)) {
            rule.times = Some(AGAIN);
            faults.add(rule);
        }
        let then = breaks_then.then(|| calm.places(broken()));
        for (mut rule, _) in then.into_iter().flatten() {
            // The first of a place strikes before the second is asked.
            rule.skip = 0;
            faults.add(rule.after_handler());
        }
        gets_through(&tenant, &calm, &what).await;
    }
}

#[tokio::test]
async fn a_wait_says_who_is_waited_for_and_how_long() {
    let calm = ACCOUNT.undisturbed().await;
    let tenant = ACCOUNT.begin().await;
    let (first, _) = calm.places(too_many(Some("1"))).remove(0);
    tenant.practice.control().faults.add(first);
    let ran = tenant.run(&["apply", "--yes", "--json"]).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let told = "127.0.0.1 asked for a pause: waiting 1.0 s";
    assert!(ran.err.contains(told), "{}", ran.err);
    assert!(ran.err.contains("instantiate"), "for what: {}", ran.err);
}

#[tokio::test]
async fn while_it_looks_and_plans() {
    let tenant = ACCOUNT.begin().await;
    let calm = tenant.run(&["plan", "--json"]).await.json();
    for (origin, path, retry_after) in [
        ("graph", "/v1.0/*", Some("0.05")),
        ("graph", "/v1.0/*", None),
        ("account", "/api/2.1/accounts/*", Some("0.05")),
        ("account", "/api/2.1/accounts/*", None),
    ] {
        let rule = FaultRule::new(origin, path, too_many(retry_after));
        let rule = rule.user_agent("usher").times(AGAIN);
        tenant.practice.control().faults.add(rule);
        // Shorter waits than a second are told where more is asked for.
        let ran = tenant.run(&["plan", "--json", "-v"]).await;
        assert_eq!(ran.code, Some(0), "{origin} {retry_after:?}: {ran:#?}");
        assert_eq!(ran.json()["changes"], calm["changes"]);
        let told = match retry_after {
            Some(_) => "127.0.0.1 asked for a pause: waiting",
            None => "127.0.0.1 has too many requests: waiting",
        };
        assert!(ran.err.contains(told), "{origin}: {}", ran.err);
        tenant.practice.control().faults.clear();
    }
}

#[tokio::test]
async fn while_the_first_cycle_is_waited_for() {
    let tenant = ACCOUNT.begin().await;
    let ran = tenant.run(&["apply", "--yes"]).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    // A bad moment of another kind, longer than a single request is tried, ends the wait as little.
    for kind in [too_many(Some("0.05")), broken()] {
        let path = "/v1.0/servicePrincipals/*/synchronization/jobs/*";
        let rule = FaultRule::new("graph", path, kind).method("GET");
        let rule = rule.user_agent("usher").times(AGAIN);
        let faults = &tenant.practice.control().faults;
        faults.add(rule);
        let ran = tenant
            .run(&["apply", "--yes", "--json", "--wait", "1"])
            .await;
        assert_eq!(ran.code, Some(0), "{ran:#?}");
        assert_eq!(ran.json()["cycle"]["state"], "completed", "{ran:#?}");
        assert!(faults.rules().iter().all(|rule| rule.times == Some(0)));
        faults.clear();
    }
}

#[tokio::test]
async fn a_wait_that_nobody_would_sit_through_is_said_and_not_begun() {
    let calm = ACCOUNT.undisturbed().await;
    let tenant = ACCOUNT.begin().await;
    let (rule, _) = calm.places(too_many(Some("86400"))).remove(0);
    tenant.practice.control().faults.add(rule);
    let begun = std::time::Instant::now();
    let ran = tenant.run(&["apply", "--yes", "--json"]).await;
    assert!(begun.elapsed() < Duration::from_secs(60));
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    let outcome = ran.json();
    let first = &outcome["changes"][0];
    assert_eq!(first["state"], "failed", "{outcome:#}");
    let why = first["error"].as_str().unwrap_or_default();
    let told = "too many requests at the moment and asks for a pause of 24 hours";
    assert!(why.contains(told), "{why}");
    let rest = outcome["changes"].as_array().into_iter().flatten().skip(1);
    assert!(rest.into_iter().all(|one| one["state"] == "not-tried"));
    tenant.practice.control().faults.clear();
    ACCOUNT.finish(&tenant, "the next day").await;
    assert_eq!(tenant.connectors(), calm.end);
    assert_eq!(
        tenant.run(&["plan", "--json"]).await.json()["changes"],
        json!([])
    );
}
