//! The accessibility rules a machine can check, run inside the page.

use fantoccini::Client;
use serde::Deserialize;
use serde_json::json;

use crate::place;

/// A rule and where it is broken.
#[derive(Debug, Deserialize)]
pub struct Violation {
    /// The rule's id.
    pub id: String,
    /// What it asks for.
    pub help: String,
    /// The elements, as selectors and what is wrong with each.
    pub nodes: Vec<String>,
}

const RUN: &str = "const done = arguments[arguments.length - 1];
    // Experimental, so it has to be asked for: who speaks to the window says what is written on it.
    const rules = { 'label-content-name-mismatch': { enabled: true } };
    axe.run(document, { resultTypes: ['violations'], rules }).then(
        result => done(result.violations.map(rule => ({
            id: rule.id,
            help: rule.help,
            nodes: rule.nodes.map(node => node.target.join(' ') + ': ' + node.failureSummary),
        }))),
        error => done(String(error)),
    );";

/// Brings axe-core into the page, past its content policy, and runs every rule.
pub(super) async fn violations(client: &Client) -> Vec<Violation> {
    let there = client
        .execute("return typeof axe === 'object'", Vec::new())
        .await;
    if there.ok() != Some(json!(true)) {
        // Axe declares a variable of its own; a script run by the driver is a function's body.
        let script = format!("{}; window.axe = window.axe || axe;", place::axe());
        client
            .execute(&script, Vec::new())
            .await
            .expect("axe-core can be brought in");
    }
    let answer = client
        .execute_async(RUN, Vec::new())
        .await
        .expect("the rules can be run");
    serde_json::from_value(answer.clone()).unwrap_or_else(|_| panic!("axe-core failed: {answer}"))
}
