//! Microsoft Graph v1.0, the part of the contract.
//!
//! One table of operations ([`operations::OPERATIONS`]) has the path, the permissions and the handler of each. A request on the wire
//! and one inside `$batch` go the same way: find the operation, weigh the permissions, call the handler.

pub mod access;
mod apps;
mod assignments;
mod batch;
mod directory;
pub mod error;
pub mod filter;
mod filter_parser;
mod job_view;
mod jobs;
mod on_demand;
pub mod operations;
mod people;
mod permissions;
pub mod query;
mod render;
mod reports;
mod secrets;
mod validate;

pub(crate) use assignments::put as assign;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use futures::future::BoxFuture;
use http::{Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use self::error::{Answer, Content, GraphError};
use self::operations::{Handler, Operation};
use super::Entra;
use super::knobs::RetryAfter;
use super::tokens::{Caller, Refused};
use crate::harness::{Change, Side};

/// A body larger than this is refused; the largest real one is a schema.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// A request to Graph, on the wire or inside a batch.
#[derive(Debug, Clone)]
pub struct GraphRequest {
    /// The method.
    pub method: Method,
    /// The origin the caller used, for links to the next page.
    pub origin: String,
    /// Path segments after `/v1.0`, percent-decoded, casts as `graph.user`.
    pub segments: Vec<String>,
    /// Query options, decoded.
    pub options: Vec<(String, String)>,
    /// Headers in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; null when there is none.
    pub body: Value,
    /// Who calls.
    pub caller: Option<Caller>,
    /// Values of the path's placeholders, in order.
    pub ids: Vec<String>,
}

impl GraphRequest {
    /// Reads method, target, headers and body.
    ///
    /// # Errors
    /// 400 when the target is not below `/v1.0` or the body is no JSON.
    pub fn read(
        origin: &str,
        method: Method,
        target: &str,
        headers: Vec<(String, String)>,
        body: &[u8],
    ) -> Result<Self, GraphError> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let Some(path) = path.strip_prefix("/v1.0") else {
            let message = format!(
                "Invalid version: {}",
                path.trim_start_matches('/')
                    .split('/')
                    .next()
                    .unwrap_or_default()
            );
            return Err(GraphError::new(
                StatusCode::BAD_REQUEST,
                "BadRequest",
                message,
            ));
        };
        let segments = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .flat_map(segment)
            .collect();
        let options = url::form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let body = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(body).map_err(|_| {
                GraphError::new(
                    StatusCode::BAD_REQUEST,
                    "BadRequest",
                    "Unable to read JSON request payload.",
                )
            })?
        };
        Ok(Self {
            method,
            origin: origin.to_owned(),
            segments,
            options,
            headers,
            body,
            caller: None,
            ids: Vec::new(),
        })
    }

    /// A query option, with or without its dollar sign.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&str> {
        let bare = name.trim_start_matches('$');
        let found = self
            .options
            .iter()
            .find(|(option, _)| option == name || option == bare);
        found.map(|(_, value)| value.as_str())
    }

    /// A header; the name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of a placeholder of the path.
    #[must_use]
    pub fn id(&self, place: usize) -> &str {
        self.ids.get(place).map_or("", String::as_str)
    }

    /// The path after `/v1.0`, as it is matched.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/{}", self.segments.join("/"))
    }

    /// `@odata.context` of the answer.
    #[must_use]
    pub fn context(&self) -> String {
        format!("{}/v1.0/$metadata#{}", self.origin, self.segments.join("/"))
    }

    /// The address of the next page: this request with a skip token.
    #[must_use]
    pub fn next_link(&self, token: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.options {
            if name != "$skiptoken" && name != "$skip" {
                query.append_pair(name, value);
            }
        }
        query.append_pair("$skiptoken", token);
        format!("{}/v1.0{}?{}", self.origin, self.path(), query.finish())
    }
}

/// A segment as it is matched: decoded, casts shortened, an alternate key as a segment of its own.
fn segment(text: &str) -> Vec<String> {
    let decoded = decode(text);
    if let Some((collection, key)) = decoded.split_once('(')
        && let Some(key) = key.strip_suffix(')')
    {
        return vec![collection.to_owned(), key.replace(['\'', '"'], "")];
    }
    vec![decoded.replace("microsoft.graph.", "graph.")]
}

fn decode(text: &str) -> String {
    // A plus is a plus in a path.
    url::form_urlencoded::parse(
        format!("x={}", text.replace('+', "%2B").replace('&', "%26")).as_bytes(),
    )
    .map(|(_, value)| value.into_owned())
    .collect()
}

/// The routes of Graph's origin.
pub(crate) fn router(entra: Entra) -> Router {
    Router::new().fallback(serve).with_state(entra)
}

async fn serve(State(entra): State<Entra>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect();
    let header = |name: &str| {
        headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.clone())
    };
    let client_request_id = header("client-request-id");
    let host = header("host").unwrap_or_else(|| "graph.invalid".to_owned());
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    let answer = match to_bytes(body, BODY_LIMIT).await {
        Ok(bytes) => {
            let bearer = header("authorization")
                .and_then(|value| value.strip_prefix("Bearer ").map(ToOwned::to_owned));
            match GraphRequest::read(
                &format!("http://{host}"),
                parts.method,
                &target,
                headers,
                &bytes,
            ) {
                Ok(request) => entra.answer(request, bearer.as_deref()).await,
                Err(error) => Err(error),
            }
        }
        Err(_) => Err(GraphError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            "The request is too large.",
        )),
    };
    let request_id = Uuid::new_v4().to_string();
    let client_request_id = client_request_id.unwrap_or_else(|| request_id.clone());
    let date = entra.now().strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let answer =
        answer.unwrap_or_else(|error| error.into_answer(&date, &request_id, &client_request_id));
    wire(answer, &request_id, &client_request_id)
}

fn wire(answer: Answer, request_id: &str, client_request_id: &str) -> Response {
    let mut response = Response::builder()
        .status(answer.status)
        .header("request-id", request_id)
        .header("client-request-id", client_request_id);
    for (name, value) in &answer.headers {
        response = response.header(*name, value);
    }
    let (kind, body) = match answer.content {
        Content::Nothing => (None, Body::empty()),
        Content::Json(value) => (
            Some(
                "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
            ),
            Body::from(value.to_string()),
        ),
        Content::Text(text) => (Some("text/plain"), Body::from(text)),
    };
    if let Some(kind) = kind {
        response = response.header("content-type", kind);
    }
    // Headers and status are valid: a builder error cannot happen, and an empty 500 would tell it.
    response.body(body).unwrap_or_else(|_| {
        let mut broken = Response::new(Body::empty());
        *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        broken
    })
}

impl Entra {
    /// Answers a request to Graph, without the wire. The change log is kept here.
    ///
    /// # Errors
    /// What Graph refuses.
    pub async fn answer(
        &self,
        mut request: GraphRequest,
        bearer: Option<&str>,
    ) -> Result<Answer, GraphError> {
        let caller = self.caller(bearer).map_err(refused)?;
        request.caller = Some(caller);
        self.dispatch(request).await
    }

    /// Answers a request whose caller is known: that of the wire, or one inside a batch.
    pub(crate) fn dispatch(
        &self,
        mut request: GraphRequest,
    ) -> BoxFuture<'static, Result<Answer, GraphError>> {
        let entra = self.clone();
        Box::pin(async move {
            let (operation, ids) = operations::find(&request)?;
            request.ids = ids;
            let caller = request.caller.clone().ok_or_else(GraphError::denied)?;
            access::weigh(&entra, operation, &request, &caller)?;
            entra.meter(operation, &request)?;
            let note = (
                request.method.to_string(),
                format!("/v1.0{}", request.path()),
            );
            let cost = operation.cost(&request);
            let mut answer = match operation.handler {
                Handler::Now(handler) => handler(&entra, &request)?,
                Handler::Later(handler) => handler(entra.clone(), request).await?,
            };
            if operation.path != "/$batch" {
                answer
                    .headers
                    .push(("x-ms-resource-unit", cost.to_string()));
            }
            entra.record(&answer, &caller, &note);
            Ok(answer)
        })
    }

    fn record(&self, answer: &Answer, caller: &Caller, (method, path): &(String, String)) {
        for note in &answer.notes {
            self.harness().changes.record(Change {
                at: self.now(),
                side: Side::Entra,
                actor: caller.actor(),
                method: method.clone(),
                path: path.clone(),
                what: note.what.clone(),
                before: note.before.clone(),
                after: note.after.clone(),
            });
        }
    }

    /// Takes the request's cost out of the tenant's budget (facts on Entra §4).
    fn meter(&self, operation: &Operation, request: &GraphRequest) -> Result<(), GraphError> {
        if operation.path == "/$batch" {
            return Ok(());
        }
        let taken = match operation.path {
            "/auditLogs/provisioning" => self.reports_bucket().map(|bucket| bucket.take()),
            path if path.ends_with("/provisionOnDemand") => {
                self.on_demand_bucket().map(|bucket| bucket.take())
            }
            _ => self
                .units_bucket()
                .map(|bucket| (0..operation.cost(request)).try_for_each(|_| bucket.take())),
        };
        match taken {
            Some(Err(wait)) => Err(self.throttled(wait)),
            _ => Ok(()),
        }
    }

    /// 429 with the wait in the style that is turned on.
    pub(crate) fn throttled(&self, wait: std::time::Duration) -> GraphError {
        let told = self
            .harness()
            .rate_limits
            .is_none_or(|limits| limits.retry_after);
        GraphError::throttled(match self.knobs().retry_after {
            RetryAfter::Integer if told => Some(wait.as_secs_f64().ceil().to_string()),
            RetryAfter::Decimal if told => Some(format!("{:.3}", wait.as_secs_f64())),
            _ => None,
        })
    }
}

fn refused(why: Refused) -> GraphError {
    let message = match why {
        Refused::Missing => "Access token is empty.",
        Refused::Unknown => "Access token validation failure. Invalid audience.",
        Refused::Expired => "Lifetime validation failed, the token is expired.",
    };
    GraphError::new(
        StatusCode::UNAUTHORIZED,
        "InvalidAuthenticationToken",
        message,
    )
}
