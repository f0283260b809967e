//! `$batch`: up to 20 requests at once, each judged by itself (facts on Entra §4).

use std::collections::HashMap;

use futures::future::BoxFuture;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::GraphRequest;
use super::error::{Answer, Content, GraphError};
use crate::entra::Entra;

/// `POST /$batch`.
pub(super) fn run(
    entra: Entra,
    request: GraphRequest,
) -> BoxFuture<'static, Result<Answer, GraphError>> {
    Box::pin(async move {
        let steps = request
            .body
            .get("requests")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        if steps.is_empty() || steps.len() > 20 {
            let message = format!(
                "Number of batch request steps exceeds the maximum value of 20 or is 0. Actual: {}",
                steps.len()
            );
            return Err(GraphError::new(
                StatusCode::BAD_REQUEST,
                "BadRequest",
                message,
            ));
        }
        let mut statuses: HashMap<String, u16> = HashMap::new();
        let mut responses = Vec::with_capacity(steps.len());
        for step in &steps {
            let id = step
                .get("id")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            if id.is_empty() || statuses.contains_key(&id) {
                return Err(GraphError::new(
                    StatusCode::BAD_REQUEST,
                    "BadRequest",
                    "Each batch step needs an id of its own.",
                ));
            }
            let parents = step
                .get("dependsOn")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            let failed = parents
                .into_iter()
                .any(|parent| statuses.get(parent).is_none_or(|status| *status >= 400));
            let answer = if failed {
                Err(GraphError::new(
                    StatusCode::FAILED_DEPENDENCY,
                    "FailedDependency",
                    "A request this one depends on has failed.",
                ))
            } else {
                step_answer(&entra, &request, step).await
            };
            let response = shown(&entra, &id, answer);
            statuses.insert(
                id,
                u16::try_from(response["status"].as_u64().unwrap_or(500)).unwrap_or(500),
            );
            responses.push(response);
        }
        // Order is not kept: callers have to look at the ids.
        responses.reverse();
        Ok(Answer::json(json!({ "responses": responses })))
    })
}

async fn step_answer(
    entra: &Entra,
    outer: &GraphRequest,
    step: &Value,
) -> Result<Answer, GraphError> {
    let mut throttled = false;
    entra.turn(|knobs| {
        throttled = knobs.batch_throttled > 0;
        knobs.batch_throttled = knobs.batch_throttled.saturating_sub(1);
    });
    if throttled {
        return Err(entra.throttled(std::time::Duration::from_secs(1)));
    }
    let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default();
    let method: Method = text("method")
        .parse()
        .map_err(|_| GraphError::bad_request("The method of a batch step is invalid."))?;
    let headers: Vec<(String, String)> = step
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.to_lowercase(), value.as_str()?.to_owned())))
        .collect();
    let body = step.get("body").filter(|body| !body.is_null());
    let json_body = headers
        .iter()
        .any(|(name, value)| name == "content-type" && value.starts_with("application/json"));
    if body.is_some() && !json_body {
        return Err(GraphError::new(
            StatusCode::BAD_REQUEST,
            "BadRequest",
            "Write request in a batch needs a Content-Type header.",
        ));
    }
    let bytes = body.map(ToString::to_string).unwrap_or_default();
    let target = format!("/v1.0/{}", text("url").trim_start_matches('/'));
    let mut request =
        GraphRequest::read(&outer.origin, method, &target, headers, bytes.as_bytes())?;
    if request
        .segments
        .first()
        .is_some_and(|segment| segment == "$batch")
    {
        return Err(GraphError::new(
            StatusCode::BAD_REQUEST,
            "BadRequest",
            "A batch cannot hold a batch.",
        ));
    }
    request.caller.clone_from(&outer.caller);
    entra.dispatch(request).await
}

fn shown(entra: &Entra, id: &str, answer: Result<Answer, GraphError>) -> Value {
    let date = entra.now().strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let request_id = Uuid::new_v4().to_string();
    let answer = answer.unwrap_or_else(|error| error.into_answer(&date, &request_id, &request_id));
    let mut headers: Map<String, Value> = answer
        .headers
        .iter()
        .map(|(name, value)| {
            (
                if *name == "retry-after" {
                    "Retry-After"
                } else {
                    name
                }
                .to_owned(),
                json!(value),
            )
        })
        .collect();
    let body = match answer.content {
        Content::Nothing => None,
        Content::Json(value) => {
            headers.insert("Content-Type".to_owned(), json!("application/json"));
            Some(value)
        }
        Content::Text(text) => {
            headers.insert("Content-Type".to_owned(), json!("text/plain"));
            // A count comes as text, and as a number where it parses.
            Some(
                text.parse::<u64>()
                    .map_or(json!(text), |number| json!(number)),
            )
        }
    };
    let mut response = json!({ "id": id, "status": answer.status.as_u16(), "headers": headers });
    if let (Some(body), Some(fields)) = (body, response.as_object_mut()) {
        fields.insert("body".to_owned(), body);
    }
    response
}
