//! The command line and the world around it: real processes, foreign clients and servers, full disks and odd networks.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests: a panic is how a test fails"
)]

mod checklists;
mod connection;
mod contract;
mod deep;
mod disks;
mod exports;
mod faults;
mod foreign;
mod guards;
mod interrupted;
mod journeys;
mod killed;
mod large_group;
mod networks;
mod practice;
mod promises;
mod schemas;
mod scim2_server;
mod secrets;
mod tenant;
mod throttled;
mod workspace;

use serde_json::Value;
use usher_practice::{Options, Practice};
use usher_tests::Ran;

/// A practice tenant in this process.
async fn practice(scenario: &str) -> Practice {
    let options = Options {
        scenario: scenario.to_owned(),
        ..Options::default()
    };
    Practice::start(options)
        .await
        .expect("the practice tenant starts")
}

/// The fault code of a failed connection test.
#[track_caller]
fn fault_code(ran: &Ran) -> String {
    let report = ran.json();
    assert_eq!(report["verdict"], "fail", "{report:#}");
    report["fault"]["code"]
        .as_str()
        .expect("a fault has a code")
        .to_owned()
}

/// The statuses of the phases, by id, in order.
fn phases(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let phases = report["phases"].as_array().expect("a report has phases");
    phases
        .iter()
        .map(|phase| (text(&phase["id"]), text(&phase["status"])))
        .collect()
}
