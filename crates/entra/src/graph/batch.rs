//! `$batch`: up to twenty calls in one request, each judged and throttled alone (facts/entra §4).

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use usher_transport::{Event, Wait, WaitReason};

use super::Graph;
use super::call::{Answer, Call, Endpoint, Method, RawAnswer};
use super::error::{DecodeError, GraphError};

/// The most calls in one request.
pub const BATCH_SIZE: usize = 20;

/// How often calls that were throttled inside a batch are sent again at least.
const ROUNDS: u32 = 6;

/// For how long Graph is given its time, however many rounds that takes; as single requests are (`usher_transport::RetryPolicy`).
const PATIENCE: Duration = Duration::from_secs(90);

/// A wait that is too long to sit through is not begun: the calls stay refused.
const LONGEST: Duration = Duration::from_secs(600);

#[derive(Deserialize)]
struct Responses {
    responses: Vec<Inner>,
}

#[derive(Deserialize)]
struct Inner {
    id: String,
    status: u16,
    #[serde(default)]
    headers: Option<Map<String, Value>>,
    #[serde(default)]
    body: Option<Box<RawValue>>,
}

impl Inner {
    fn header(&self, name: &str) -> Option<String> {
        let headers = self.headers.as_ref()?;
        let found = headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))?
            .1;
        match found {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn raw(self) -> RawAnswer {
        let request_id = self.header("request-id");
        let retry_after = self
            .header("Retry-After")
            .and_then(|text| text.parse().ok());
        // The text as it came: it is read once, by whoever knows what it is.
        let body: Box<str> = self.body.map(Into::into).unwrap_or_default();
        let body = match body.as_bytes().first() {
            // A plain-text body, such as a count, comes as a JSON string.
            Some(b'"') => serde_json::from_str(&body).unwrap_or_default(),
            _ if &*body == "null" => String::new(),
            _ => String::from(body),
        };
        RawAnswer {
            status: self.status,
            body: Bytes::from(body),
            request_id,
            retry_after,
        }
    }
}

struct Batch<'a>(&'a [(usize, Call)]);

impl Batch<'_> {
    fn call(&self) -> Call {
        let requests: Vec<Value> = self.0.iter().map(|(id, call)| request(*id, call)).collect();
        let all_read = self.0.iter().all(|(_, call)| call.is_read);
        let call = Call::new("batch", &[], Method::Post, &["$batch"])
            .body(json!({ "requests": requests }));
        if all_read { call.reading() } else { call }
    }
}

fn request(id: usize, call: &Call) -> Value {
    let mut headers = Map::new();
    if call.eventual {
        headers.insert("ConsistencyLevel".to_owned(), json!("eventual"));
    }
    if call.body.is_some() {
        headers.insert("Content-Type".to_owned(), json!("application/json"));
    }
    let mut request =
        json!({ "id": id.to_string(), "method": call.method.as_str(), "url": call.relative_url() });
    if !headers.is_empty() {
        request["headers"] = Value::Object(headers);
    }
    if let Some(body) = &call.body {
        request["body"] = body.clone();
    }
    request
}

/// Reads one answer of a batch.
///
/// # Errors
/// The call's own failure, or an answer that does not fit.
pub fn read<E: Endpoint>(
    endpoint: &E,
    answer: Result<Answer, GraphError>,
) -> Result<E::Output, GraphError> {
    let operation = endpoint.call().name;
    endpoint
        .parse(&answer?)
        .map_err(|source| GraphError::Decode { operation, source })
}

impl Graph {
    /// Sends endpoints in batches of twenty and gives their results in the same order. Calls that were throttled inside an
    /// answer are sent again; each call's other failures are its own.
    ///
    /// # Errors
    /// When a batch as a whole got no answer.
    pub async fn batch<E: Endpoint>(
        &self,
        endpoints: &[E],
        cancel: &CancellationToken,
    ) -> Result<Vec<Result<E::Output, GraphError>>, GraphError> {
        let calls: Vec<Call> = endpoints.iter().map(Endpoint::call).collect();
        let answers = self.batch_calls(&calls, cancel).await?;
        Ok(endpoints
            .iter()
            .zip(answers)
            .map(|(endpoint, answer)| read(endpoint, answer))
            .collect())
    }

    /// The same for calls of several kinds; [`read`] reads each answer.
    ///
    /// # Errors
    /// When a batch as a whole got no answer.
    pub async fn batch_calls(
        &self,
        calls: &[Call],
        cancel: &CancellationToken,
    ) -> Result<Vec<Result<Answer, GraphError>>, GraphError> {
        let mut answers: Vec<Option<RawAnswer>> = vec![None; calls.len()];
        for chunk in (0..calls.len()).collect::<Vec<_>>().chunks(BATCH_SIZE) {
            let mut open: Vec<(usize, Call)> = chunk
                .iter()
                .filter_map(|&at| Some((at, calls.get(at)?.clone())))
                .collect();
            let begun = Instant::now();
            for round in 1.. {
                let asked = self
                    .batch_round(&mut open, &mut answers, round, cancel)
                    .await?;
                let Some(asked) = asked else { break };
                let patience = match asked.reason {
                    WaitReason::Asked => PATIENCE,
                    _ => self.scaled(PATIENCE),
                };
                let gone_on = round < ROUNDS || begun.elapsed() < patience;
                if !gone_on || asked.wait > LONGEST {
                    break;
                }
                self.exchange.tell(Event::Waiting {
                    operation: "batch",
                    host: self.base.host_str().unwrap_or_default().to_owned(),
                    wait: asked.wait,
                    reason: asked.reason,
                    next_attempt: round + 1,
                });
                self.wait(asked.wait, cancel).await?;
            }
        }
        let missing = || GraphError::Decode {
            operation: "batch",
            source: DecodeError {
                at: "responses".to_owned(),
                why: "an answer is missing".to_owned(),
            },
        };
        let each = answers.into_iter().zip(calls);
        each.map(|(answer, call)| Ok(answer.ok_or_else(missing)?.ok(call)))
            .collect()
    }

    /// Sends what is open; keeps the answers; leaves the throttled calls open and says how long to wait for them.
    async fn batch_round(
        &self,
        open: &mut Vec<(usize, Call)>,
        answers: &mut [Option<RawAnswer>],
        round: u32,
        cancel: &CancellationToken,
    ) -> Result<Option<Wait>, GraphError> {
        let call = Batch(open).call();
        let answer = self.answer(&call, None, cancel).await?;
        let responses: Responses = answer.json().map_err(|source| GraphError::Decode {
            operation: call.name,
            source,
        })?;
        let mut asked: Option<Wait> = None;
        let mut throttled = Vec::new();
        for inner in responses.responses {
            let Ok(at) = inner.id.parse::<usize>() else {
                continue;
            };
            let raw = inner.raw();
            if raw.status == 429 {
                let told = raw
                    .retry_after
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                // Without a time of Graph's, back off by ourselves.
                let own = || self.scaled(Duration::from_secs(1 << round.min(6)));
                let wait = match told {
                    Some(wait) => Wait {
                        wait,
                        reason: WaitReason::Asked,
                    },
                    None => Wait {
                        wait: own(),
                        reason: WaitReason::Throttled,
                    },
                };
                if asked.is_none_or(|longest| longest.wait < wait.wait) {
                    asked = Some(wait);
                }
                throttled.push(at);
            }
            if let Some(slot) = answers.get_mut(at) {
                *slot = Some(raw);
            }
        }
        open.retain(|(at, _)| throttled.contains(at));
        Ok(asked)
    }
}
