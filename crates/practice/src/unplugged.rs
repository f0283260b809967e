//! A practice tenant without a network: the same hosts, asked in process. For tests that live through many worlds.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, RETRY_AFTER};
use serde_json::Value;
use tower_service::Service;

use crate::databricks::{Addresses, Databricks, account, workspace};
use crate::entra::Entra;
use crate::ids;
use crate::practice::{Endpoints, details};
use crate::provisioning::scim::{Wire, WireRequest, WireResponse};
use crate::scenario::{Stage, Tenant};

/// An answer.
#[derive(Debug, Clone)]
pub struct Said {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

/// Asks Graph: `target` is path and query, below `/v1.0`. The host's faults and request log belong to the network and are
/// left out.
///
/// # Errors
/// A request that is none.
pub async fn ask_graph(
    entra: &Entra,
    method: &str,
    target: &str,
    bearer: &str,
    body: Option<&Value>,
) -> http::Result<Said> {
    let request = http::Request::builder()
        .method(method)
        .uri(target)
        .header(HOST, "127.0.0.1:2")
        .header(AUTHORIZATION, format!("Bearer {bearer}"))
        .header("consistencylevel", "eventual")
        .header(CONTENT_TYPE, "application/json")
        .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))?;
    Ok(said(ask(entra.graph_router(), request).await).await)
}

/// An access token for Graph, as the practice client gets it with its secret.
///
/// # Errors
/// A request that is none.
pub async fn graph_token(entra: &Entra) -> http::Result<String> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", ids::CLIENT_ID)
        .append_pair("client_secret", ids::CLIENT_SECRET)
        .append_pair("scope", "https://graph.microsoft.com/.default")
        .finish();
    let request = http::Request::builder()
        .method(Method::POST)
        .uri(format!("/{}/oauth2/v2.0/token", ids::TENANT_ID))
        .header(HOST, "127.0.0.1:1")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))?;
    let said = said(ask(entra.login_router(), request).await).await;
    let answer: Value = serde_json::from_slice(&said.body).unwrap_or_default();
    let token = answer.get("access_token").and_then(Value::as_str);
    Ok(token.unwrap_or_default().to_owned())
}

async fn ask(mut router: Router, request: Request) -> Response {
    let answer: Result<Response, Infallible> = router.call(request).await;
    answer.unwrap_or_else(|never| match never {})
}

async fn said(answer: Response) -> Said {
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), usize::MAX).await;
    Said {
        status,
        body: body.unwrap_or_default(),
    }
}

/// Both sides of a tenant, without a network. Nothing runs by itself: cycles run when asked for.
pub fn unplugged(tenant: Tenant) -> Stage {
    let host = |name: &str| format!("http://127.0.0.1:{}", port(name));
    let of_workspaces = || ids::WORKSPACES.iter().map(|workspace| workspace.id);
    let at = |id: u64| host(&format!("workspace-{id}"));
    let addresses = Addresses {
        account: host("account"),
        workspaces: of_workspaces().map(|id| (id, at(id))).collect(),
    };
    let endpoints = Endpoints {
        name: "practice".to_owned(),
        login: host("login"),
        graph: host("graph"),
        databricks_accounts: host("account"),
        workspaces: of_workspaces().map(|id| (id.to_string(), at(id))).collect(),
    };
    let harness = tenant.harness;
    let databricks = Databricks::new(tenant.world, harness.clone(), addresses);
    let mut routers = BTreeMap::from([(host("account"), account::router(databricks.clone()))]);
    for id in of_workspaces() {
        routers.insert(at(id), workspace::router(databricks.clone(), id));
    }
    let wire = Arc::new(Within {
        routers,
        latency: harness.latency,
    });
    let entra = Entra::new(tenant.directory, tenant.knobs, harness.clone(), wire);
    Stage {
        entra,
        databricks,
        people: tenant.people,
        harness,
        details: details("unplugged", endpoints, host("control")),
    }
}

/// A port that is another for each host; nothing listens there.
fn port(name: &str) -> u16 {
    match name {
        "login" => 1,
        "graph" => 2,
        "account" => 3,
        "control" => 4,
        other => other
            .trim_start_matches("workspace-")
            .parse()
            .unwrap_or(u16::MAX),
    }
}

/// Reaches the SCIM endpoints of this process.
struct Within {
    routers: BTreeMap<String, Router>,
    /// How long each answer waits, so that a cycle takes time.
    latency: Duration,
}

impl Wire for Within {
    fn send(&self, request: WireRequest) -> BoxFuture<'_, Result<WireResponse, String>> {
        Box::pin(async move {
            let no_host = || "An error occurred while sending the request. No such host is known.";
            let mut routers = self.routers.iter();
            let (origin, router) = routers
                .find(|(origin, _)| request.url.starts_with(&format!("{origin}/")))
                .ok_or_else(no_host)?;
            let target = request.url.get(origin.len()..).unwrap_or("/");
            let body = request.body.as_ref().map(Value::to_string);
            let asked = http::Request::builder()
                .method(request.method)
                .uri(target)
                .header(HOST, origin.trim_start_matches("http://"))
                .header(AUTHORIZATION, format!("Bearer {}", request.bearer))
                .header(CONTENT_TYPE, "application/scim+json")
                .body(body.map_or_else(Body::empty, Body::from))
                .map_err(|_| "Invalid URI: The format of the URI could not be determined.")?;
            if !self.latency.is_zero() {
                tokio::time::sleep(self.latency).await;
            }
            let answer = ask(router.clone(), asked).await;
            let retry_after = answer
                .headers()
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.parse().ok());
            let Said { status, body } = said(answer).await;
            Ok(WireResponse {
                status,
                retry_after,
                body,
            })
        })
    }
}
