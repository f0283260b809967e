//! Provisioning one person at once (facts/entra §1.11).

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Answer, Call, Endpoint, Method};
use super::error::DecodeError;
use super::jobs::WRITE;

/// `POST …/jobs/{id}/provisionOnDemand` for one user.
#[derive(Debug, Clone)]
pub struct ProvisionUser {
    /// The enterprise application.
    pub service_principal: String,
    /// The job.
    pub job: String,
    /// The synchronization rule.
    pub rule: String,
    /// The person.
    pub user: String,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnDemandResult {
    /// Provisioned.
    Success,
    /// Not to be provisioned.
    Skipped {
        /// The reason's code.
        code: String,
        /// The reason, in the service's words.
        reason: String,
    },
    /// Did not go, with code and words.
    Failure {
        /// The error's code.
        code: String,
        /// Its words.
        message: String,
    },
    /// An answer of a shape that is not documented.
    Unclear,
}

impl OnDemandResult {
    /// Whether the service does not see an assignment of this person: it was never made, or a moment ago and takes minutes to
    /// be honoured (facts/entra §1.11).
    pub fn is_not_assigned(&self) -> bool {
        let Self::Skipped { code, reason } = self else {
            return false;
        };
        let reason = reason.to_lowercase();
        code.eq_ignore_ascii_case("NotEffectivelyEntitled")
            || reason.contains("not assigned")
            || reason.contains("not effectively entitled")
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct OnDemandReport {
    /// How it went.
    pub result: OnDemandResult,
    /// The steps, for people: name, status, words.
    pub steps: Vec<Step>,
    /// Attributes written: name and value.
    pub written: Vec<(String, String)>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Step {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// How it went.
    #[serde(default)]
    pub status: String,
    /// In words.
    #[serde(default)]
    pub description: String,
}

#[derive(Deserialize)]
struct KeyValue {
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    value: Option<String>,
}

impl ProvisionUser {
    /// Reads an answer; `None` where it is not one.
    pub fn read(answer: &Answer) -> Option<OnDemandReport> {
        let pair: KeyValue = answer.json().ok()?;
        Some(read(
            pair.key.as_deref().unwrap_or_default(),
            pair.value.as_deref().unwrap_or_default(),
        ))
    }
}

impl Endpoint for ProvisionUser {
    type Output = OnDemandReport;

    fn call(&self) -> Call {
        let path = [
            "servicePrincipals",
            self.service_principal.as_str(),
            "synchronization",
            "jobs",
            self.job.as_str(),
            "provisionOnDemand",
        ];
        let subject = json!({ "objectId": self.user, "objectTypeName": "User" });
        Call::new(
            "synchronization.provisionOnDemand",
            WRITE,
            Method::Post,
            &path,
        )
        .body(json!({ "parameters": [{ "ruleId": self.rule, "subjects": [subject] }] }))
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        let pair: KeyValue = answer.json()?;
        Ok(read(
            pair.key.as_deref().unwrap_or_default(),
            pair.value.as_deref().unwrap_or_default(),
        ))
    }
}

/// Both strings hold JSON, or `key` is the name of a type and `value` a list of one.
fn read(key: &str, value: &str) -> OnDemandReport {
    let details = match serde_json::from_str::<Value>(value).unwrap_or(Value::Null) {
        Value::Array(mut items) if !items.is_empty() => items.swap_remove(0),
        other => other,
    };
    let steps: Vec<Step> = details
        .get("provisioningSteps")
        .and_then(Value::as_array)
        .map(|steps| {
            steps
                .iter()
                .filter_map(|step| Step::deserialize(step).ok())
                .collect()
        })
        .unwrap_or_default();
    let head = serde_json::from_str::<Value>(key).unwrap_or(Value::Null);
    let told = head.get("result").and_then(Value::as_str).or_else(|| {
        details
            .pointer("/statusInfo/status")
            .and_then(Value::as_str)
    });
    let error = |name: &str, other: &str| {
        let found = head
            .pointer(&format!("/details/{name}"))
            .or_else(|| details.pointer(&format!("/statusInfo/{other}")));
        found.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let code = error("errorCode", "errorCode");
    let message = error("errorMessage", "reason");
    let result = match told.map(str::to_ascii_lowercase).as_deref() {
        Some("success") => OnDemandResult::Success,
        Some("skipped") => OnDemandResult::Skipped {
            code,
            reason: skip_reason(&steps, message),
        },
        Some("failure") => OnDemandResult::Failure { code, message },
        _ => OnDemandResult::Unclear,
    };
    OnDemandReport {
        result,
        steps,
        written: written(&details),
    }
}

fn skip_reason(steps: &[Step], message: String) -> String {
    let skipped = steps
        .iter()
        .find(|step| step.status.eq_ignore_ascii_case("skipped"));
    if message.is_empty() {
        skipped
            .map(|step| step.description.clone())
            .unwrap_or_default()
    } else {
        message
    }
}

fn written(details: &Value) -> Vec<(String, String)> {
    let properties = details.get("modifiedProperties").and_then(Value::as_array);
    let text = |property: &Value, name: &str| {
        property
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    properties
        .map(|properties| {
            let pair = |property: &Value| {
                Some((text(property, "displayName")?, text(property, "newValue")?))
            };
            properties.iter().filter_map(pair).collect()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_documented_shapes_are_read() {
        let steps = r#"{"provisioningSteps":[{"name":"EntryExport","status":"Success","description":"done"}]}"#;
        let first = read(
            r#"{"result":"Success","details":{"errorCode":"","errorMessage":""}}"#,
            steps,
        );
        assert_eq!(first.result, OnDemandResult::Success);
        assert_eq!(first.steps.len(), 1);
        let second = read(
            "Microsoft.Identity.Health.CPP.X",
            r#"[{"statusInfo":{"status":"Success"},"provisioningSteps":null}]"#,
        );
        assert_eq!(second.result, OnDemandResult::Success);
    }

    #[test]
    fn an_assignment_that_is_not_seen_is_told_from_other_reasons_to_skip() {
        let skipped = |code: &str, words: &str| {
            let key = json!({ "result": "Skipped", "details": { "errorCode": code, "errorMessage": words } });
            read(&key.to_string(), "").result.is_not_assigned()
        };
        assert!(skipped("NotEffectivelyEntitled", ""));
        assert!(skipped("", "This user is not assigned to the application."));
        assert!(!skipped(
            "RedundantExport",
            "The person is as wanted already."
        ));
    }

    #[test]
    fn a_failure_carries_its_words_and_nonsense_is_unclear() {
        let failed = read(
            r#"{"result":"Failure","details":{"errorCode":"X","errorMessage":"why"}}"#,
            "",
        );
        assert_eq!(
            failed.result,
            OnDemandResult::Failure {
                code: "X".into(),
                message: "why".into()
            }
        );
        assert_eq!(read("", "").result, OnDemandResult::Unclear);
    }
}
