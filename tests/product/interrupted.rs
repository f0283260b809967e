//! Ctrl-C while a write is under way: it is seen through, nothing further is begun, and the outcome is told. The next run goes on
//! where this one ended. A run is interrupted at its first write, the next one at its own, until one has nothing left to do.

#![cfg(unix)]

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;
use usher_practice::{FaultKind, FaultRule};
use usher_tests::process::LIMIT;

use crate::journeys::ACCOUNT;
use crate::schemas;
use crate::tenant::Tenant;

/// How long a write takes, so that the interruption comes while it is under way.
const SLOWLY: FaultKind = FaultKind::Slow { millis: 400 };

/// Runs a command, interrupted at its first write where it has one. Its exit status, and what it answered.
async fn interrupted(tenant: &Tenant, command: &str) -> (Option<i32>, Value) {
    let faults = &tenant.practice.control().faults;
    faults.clear();
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for path in [
            "/v1.0/applicationTemplates/*",
            "/v1.0/servicePrincipals/*/synchronization/secrets",
            "/v1.0/servicePrincipals/*/synchronization/jobs",
            "/v1.0/servicePrincipals/*/synchronization/jobs/*/start",
            "/v1.0/servicePrincipals/*/synchronization/jobs/*/pause",
            "/v1.0/servicePrincipals/*/appRoleAssignedTo*",
            "/v1.0/servicePrincipals/????????-????-????-????-????????????",
        ] {
            let path = path.replace("????????-????-????-????-????????????", "*");
            if path.ends_with("servicePrincipals/*") && method != "PATCH" {
                continue;
            }
            faults.add(
                FaultRule::new("graph", &path, SLOWLY)
                    .method(method)
                    .times(1),
            );
        }
    }
    let mut usher = tenant.usher(&[command, "--yes", "--json"]);
    usher
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let child = usher.kill_on_drop(true).spawn().expect("usher starts");
    let id = child.id().expect("it runs").to_string();
    let struck = || faults.rules().iter().any(|rule| rule.times == Some(0));
    let output = child.wait_with_output();
    tokio::pin!(output);
    let ended = loop {
        tokio::select! {
            output = &mut output => break output,
            () = tokio::time::sleep(Duration::from_millis(5)), if !struck() => {}
            () = std::future::ready(()), if struck() => {
                faults.clear();
                let sent = Command::new("kill").args(["-INT", &id]).status().await;
                assert!(sent.expect("kill runs").success());
                break tokio::time::timeout(LIMIT, &mut output).await.expect("it ends");
            }
        }
    };
    faults.clear();
    let output = ended.expect("its output can be read");
    let answer: Value = serde_json::from_slice(&output.stdout).expect("it answers in one document");
    schemas::holds(&answer);
    (output.status.code(), answer)
}

/// Interrupts run after run, until one has nothing to do that could be interrupted. How many were.
async fn until_done(tenant: &Tenant, command: &str) -> usize {
    for interruptions in 0..30 {
        let (code, answer) = interrupted(tenant, command).await;
        if code == Some(0) {
            return interruptions;
        }
        assert_eq!(code, Some(130), "{answer:#}");
        let open = answer["changes"].as_array().into_iter().flatten();
        let mut open = open.filter(|one| one["state"] == "not-tried");
        assert!(open.next().is_some(), "what was left is told: {answer:#}");
    }
    panic!("it never ends");
}

#[tokio::test]
async fn the_account_journey_and_its_rollback_at_each_write() {
    let calm = ACCOUNT.begin().await;
    let done = calm.run(&["apply", "--yes", "--json"]).await;
    assert_eq!(done.code, Some(0), "{done:#?}");
    let set_up = calm.connectors();
    let back = calm.run(&["rollback", "--yes", "--json"]).await;
    assert_eq!(back.code, Some(0), "{back:#?}");

    let tenant = ACCOUNT.begin().await;
    let interruptions = until_done(&tenant, "apply").await;
    assert!(interruptions >= 7, "only {interruptions} interruptions");
    assert_eq!(tenant.connectors(), set_up);
    let plan = tenant.run(&["plan", "--json"]).await.json();
    assert_eq!(plan["changes"], json!([]), "{plan:#}");

    let interruptions = until_done(&tenant, "rollback").await;
    assert!(interruptions >= 3, "only {interruptions} interruptions");
    assert_eq!(tenant.connectors(), calm.connectors());
}

#[tokio::test]
async fn whoever_presses_again_does_not_wait_and_the_next_run_goes_on() {
    let calm = ACCOUNT.undisturbed().await;
    let tenant = ACCOUNT.begin().await;
    let (rule, _) = calm.places(FaultKind::Never).remove(0);
    let faults = &tenant.practice.control().faults;
    faults.add(rule);
    let mut usher = tenant.usher(&["apply", "--yes", "--json"]);
    usher
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let child = usher.kill_on_drop(true).spawn().expect("usher starts");
    let id = child.id().expect("it runs").to_string();
    let output = child.wait_with_output();
    tokio::pin!(output);
    let pressed = async {
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if faults.rules().iter().any(|rule| rule.times == Some(0)) {
                let kill = Command::new("kill").args(["-INT", &id]).status().await;
                kill.expect("kill runs");
            }
        }
    };
    let ended = tokio::select! {
        output = &mut output => output.expect("its output can be read"),
        () = pressed => unreachable!("somebody presses on and on"),
    };
    assert_eq!(ended.status.code(), Some(130));
    // One that is interrupted once says what it has done; this one was not given the time.
    assert_eq!(String::from_utf8_lossy(&ended.stdout), "");
    faults.clear();
    ACCOUNT.finish(&tenant, "pressed again and again").await;
    assert_eq!(tenant.connectors(), calm.end);
}
