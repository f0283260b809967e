//! Failures of the provisioning log, grouped by cause, with what to do and whom it concerns (facts/entra §1.12).

use serde::Serialize;
use ts_rs::TS;

use crate::checklist::csv_row;
use crate::checks::remedy;
use crate::observation::connector::{LogFailure, LogSummary};

/// So many names of a cause are shown; all of them are in the file.
const SHOWN: usize = 6;

/// A cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    /// Entra's error code.
    pub code: String,
    /// What Entra says.
    pub reason: String,
    /// What to do.
    pub remedy: String,
    /// How many people and groups.
    pub count: usize,
    /// Names of the first few.
    pub first: Vec<String>,
}

/// The causes, the most frequent first.
pub fn causes(log: &LogSummary) -> Vec<Cause> {
    log.failures
        .iter()
        .map(|failure| Cause {
            code: failure.code.clone(),
            reason: failure.reason.clone(),
            remedy: what_to_do(failure),
            count: failure.objects.len(),
            first: failure
                .objects
                .iter()
                .take(SHOWN)
                .map(|object| object.name.to_string())
                .collect(),
        })
        .collect()
}

/// Everybody the failures concern, as a table: a row a person or group and cause.
pub fn csv(log: &LogSummary) -> String {
    let head = [
        "name",
        "entra object id",
        "error code",
        "reason",
        "what to do",
    ];
    let mut text = csv_row(head.map(str::to_owned));
    for failure in &log.failures {
        for object in &failure.objects {
            text.push_str(&csv_row([
                object.name.to_string(),
                object.id.to_string(),
                failure.code.clone(),
                failure.reason.clone(),
                what_to_do(failure),
            ]));
        }
    }
    text
}

/// The remedy as a sentence.
fn what_to_do(failure: &LogFailure) -> String {
    let text = remedy(&failure.code);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), letters.as_str())
    })
}
