//! `provisionOnDemand`: an answer of two texts, each holding JSON (facts on Entra §1.11).

use futures::future::BoxFuture;
use serde_json::{Value, json};
use uuid::Uuid;

use super::GraphRequest;
use super::apps::resolve;
use super::error::{Answer, GraphError};
use super::validate;
use crate::entra::Entra;
use crate::entra::connector::ObjectKind;
use crate::entra::logs::{ProvisioningEvent, Status};
use crate::entra::schema::RULE_ID;
use crate::provisioning;

/// Members of a group in one call.
const MEMBERS: usize = 5;

/// `POST …/jobs/{id}/provisionOnDemand`.
pub(super) fn provision(
    entra: Entra,
    request: GraphRequest,
) -> BoxFuture<'static, Result<Answer, GraphError>> {
    Box::pin(async move {
        let principal = entra.read(|directory| {
            let principal = resolve(directory, request.id(0))
                .ok_or_else(|| GraphError::not_found(request.id(0)))?;
            let job = principal
                .synchronization
                .job(request.id(1))
                .ok_or_else(|| GraphError::not_found(request.id(1)))?;
            let rules = job
                .schema
                .get("synchronizationRules")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let rules: Vec<String> = rules
                .filter_map(|rule| rule.get("id")?.as_str().map(ToOwned::to_owned))
                .collect();
            Ok::<_, GraphError>((principal.id, rules))
        });
        let (principal, rules) = principal?;
        let asked = Asked::read(&request.body)?;
        if !rules.contains(&asked.rule) {
            return Err(GraphError::bad_request(format!(
                "The rule '{}' is not one of the job's schema.",
                asked.rule
            )));
        }
        let event = provisioning::on_demand::provision(
            &entra,
            principal,
            request.id(1),
            asked.kind,
            asked.id,
            &asked.members,
        )
        .await;
        match event {
            Ok(event) => Ok(Answer::json(shown(&event)).noting(
                "provision on demand",
                Value::Null,
                json!({ "objectId": asked.id }),
            )),
            Err(Some(failure)) => Err(validate::refused(&failure)),
            Err(None) => Err(GraphError::not_found(request.id(1))),
        }
    })
}

struct Asked {
    rule: String,
    kind: ObjectKind,
    id: Uuid,
    members: Vec<Uuid>,
}

impl Asked {
    fn read(body: &Value) -> Result<Self, GraphError> {
        let subjects = body
            .pointer("/parameters/0/subjects")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let [subject] = subjects else {
            return Err(GraphError::bad_request(
                "Exactly one subject may be provisioned on demand.",
            ));
        };
        let id = |object: &Value| {
            object
                .get("objectId")
                .and_then(Value::as_str)
                .and_then(|id| id.parse().ok())
        };
        let members: Vec<Uuid> = subject
            .pointer("/links/members")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(id)
            .collect();
        if members.len() > MEMBERS {
            return Err(GraphError::bad_request(
                "At most five members of a group can be provisioned on demand.",
            ));
        }
        Ok(Self {
            rule: body
                .pointer("/parameters/0/ruleId")
                .and_then(Value::as_str)
                .unwrap_or(RULE_ID)
                .to_owned(),
            kind: match subject.get("objectTypeName").and_then(Value::as_str) {
                Some("User") => ObjectKind::User,
                Some("Group") => ObjectKind::Group,
                other => {
                    return Err(GraphError::bad_request(format!(
                        "The object type '{}' is not supported.",
                        other.unwrap_or_default()
                    )));
                }
            },
            id: id(subject).ok_or_else(|| {
                GraphError::bad_request("The objectId of the subject is invalid.")
            })?,
            members,
        })
    }
}

fn shown(event: &ProvisioningEvent) -> Value {
    let result = match event.status {
        Status::Success | Status::Warning => "Success",
        Status::Failure => "Failure",
        Status::Skipped => "Skipped",
    };
    let details = event.error.as_ref().map_or(
        Value::Null,
        |error| json!({ "errorCode": error.code, "errorMessage": error.reason }),
    );
    let steps: Vec<Value> = event
        .steps()
        .as_array()
        .into_iter()
        .flatten()
        .map(|step| {
            json!({
                "name": step["name"],
                "type": step["provisioningStepType"],
                "status": step["status"],
                "description": step["description"],
                "timestamp": event.at,
                "details": step["details"],
            })
        })
        .collect();
    let modified: Vec<Value> = event
        .modified
        .iter()
        .map(|(name, old, new)| json!({ "displayName": name, "oldValue": old, "newValue": new }))
        .collect();
    let value = json!({
        "id": event.id,
        "action": event.action.name(),
        "sourceIdentity": { "id": event.source.0, "displayName": event.source.1, "identityType": event.kind.name() },
        "targetIdentity": event.target.as_ref().map(|(id, name)| json!({ "id": id, "displayName": name, "identityType": event.kind.name() })),
        "provisioningSteps": steps,
        "modifiedProperties": modified,
        "statusInfo": { "status": event.status.name(), "errorInformation": details },
    });
    json!({
        "key": json!({ "result": result, "details": details }).to_string(),
        "value": json!([value]).to_string(),
    })
}
