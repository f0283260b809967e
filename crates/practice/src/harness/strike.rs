//! Carrying a fault out.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::{StreamExt, stream};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use http::{HeaderName, HeaderValue, StatusCode};

use super::faults::{FaultKind, FaultRule};
use super::server::Connection;

/// A page as a browser would get it in place of an API's answer.
pub const SIGN_IN_PAGE: &str = "<!doctype html><html lang=\"en\"><head><title>Databricks - Sign In</title></head>\
<body><div id=\"login-page\"><h1>Sign in to Databricks</h1></div></body></html>";

const JSON: &str = "application/json";

/// Whether the request has to be carried out before the fault can strike.
pub(super) fn needs_answer(rule: &FaultRule) -> bool {
    rule.after_handler || matches!(rule.kind, FaultKind::Slow { .. } | FaultKind::Truncate)
}

/// What the client gets; `None` when its connection is to be cut.
pub(super) async fn answer(
    kind: FaultKind,
    connection: &Connection,
    real: Option<Response>,
) -> Option<Response> {
    match kind {
        FaultKind::Status {
            code,
            headers,
            body,
        } => Some(status(code, headers, body)),
        FaultKind::Cut => None,
        FaultKind::Slow { millis } => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            real
        }
        FaultKind::Garbage => Some(
            (
                [(CONTENT_TYPE, JSON)],
                &b"\x1f\x8b{]\xff\xfe not json at all"[..],
            )
                .into_response(),
        ),
        FaultKind::Html => {
            Some(([(CONTENT_TYPE, "text/html; charset=utf-8")], SIGN_IN_PAGE).into_response())
        }
        FaultKind::Never => {
            connection.closed().await;
            None
        }
        FaultKind::Huge { bytes } => Some(huge(bytes)),
        FaultKind::Truncate => truncate(connection, real?).await,
        FaultKind::Redirect { code, location } => Some(status(
            code,
            vec![(LOCATION.to_string(), location)],
            String::new(),
        )),
    }
}

fn status(code: u16, headers: Vec<(String, String)>, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A list that goes on and on: well formed as far as it is read.
fn huge(bytes: Option<u64>) -> Response {
    const ITEM: &[u8] = br#"{"id":"1","userName":"someone@example.invalid","active":true},"#;
    let piece = Bytes::from(ITEM.repeat(1024));
    let head = Bytes::from_static(br#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"Resources":["#);
    let pieces = bytes.map_or(usize::MAX, |bytes| {
        usize::try_from(bytes / piece.len() as u64).unwrap_or(usize::MAX) + 1
    });
    let body = stream::iter([head])
        .chain(stream::repeat(piece).take(pieces))
        .map(Ok::<_, Infallible>);
    ([(CONTENT_TYPE, JSON)], Body::from_stream(body)).into_response()
}

/// Half of the answer under the length of the whole; then the connection is cut.
async fn truncate(connection: &Connection, real: Response) -> Option<Response> {
    let (mut parts, body) = real.into_parts();
    let whole = to_bytes(body, usize::MAX).await.ok()?;
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    let connection = connection.clone();
    let cut = stream::once(async move {
        // Lets the first half reach the client before the connection goes.
        tokio::task::yield_now().await;
        connection.cut();
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Some(Response::from_parts(
        parts,
        Body::from_stream(stream::iter([Ok(half)]).chain(cut)),
    ))
}
