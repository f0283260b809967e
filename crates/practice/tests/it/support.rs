//! A running practice tenant and a client that knows nothing of it.

use reqwest::{Client, Method, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use usher_practice::{Options, Practice};

pub(crate) struct Tenant {
    pub(crate) practice: Practice,
    pub(crate) http: Client,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

pub(crate) async fn start(scenario: &str) -> Tenant {
    start_with(Options {
        scenario: scenario.to_owned(),
        ..Options::default()
    })
    .await
}

pub(crate) async fn start_with(options: Options) -> Tenant {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    Tenant {
        practice: Practice::start(options).await.unwrap(),
        http,
    }
}

impl Tenant {
    /// The account SCIM address of that version.
    pub(crate) fn account(&self, version: &str) -> String {
        let details = self.practice.details();
        format!(
            "{}/api/{version}/accounts/{}/scim/v2",
            details.endpoints.databricks_accounts, details.account_id
        )
    }

    pub(crate) fn workspace(&self, id: &str) -> &str {
        &self.practice.details().endpoints.workspaces[id]
    }

    pub(crate) fn pat(&self, id: &str) -> &str {
        &self.practice.details().pats[id]
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        url: &str,
        token: &str,
        body: Option<Value>,
    ) -> reqwest::Result<Answer> {
        let mut request = self.http.request(method, url);
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer {
            status,
            headers,
            text: response.text().await?,
        })
    }

    pub(crate) async fn get(&self, url: &str, token: &str) -> Answer {
        self.send(Method::GET, url, token, None).await.unwrap()
    }

    /// A request to account SCIM with the SCIM token.
    pub(crate) async fn scim(
        &self,
        method: Method,
        version: &str,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let url = format!("{}/{path}", self.account(version));
        self.send(method, &url, &self.practice.details().scim_token, body)
            .await
            .unwrap()
    }

    pub(crate) async fn read(&self, version: &str, path: &str) -> Answer {
        self.scim(Method::GET, version, path, None).await
    }

    /// An access token of the Databricks service principal that administers the account.
    pub(crate) async fn oauth_token(&self) -> String {
        let details = self.practice.details();
        let url = format!(
            "{}/oidc/accounts/{}/v1/token",
            details.endpoints.databricks_accounts, details.account_id
        );
        let request = self.http.post(url).basic_auth(
            &details.databricks_client_id,
            Some(&details.databricks_client_secret),
        );
        let response = request
            .form(&[("grant_type", "client_credentials"), ("scope", "all-apis")])
            .send()
            .await
            .unwrap();
        response.json::<Value>().await.unwrap()["access_token"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The id of the first resource that a filter finds.
    pub(crate) async fn id_of(&self, endpoint: &str, filter: &str) -> String {
        let mut url = reqwest::Url::parse(&format!("{}/{endpoint}", self.account("2.0"))).unwrap();
        url.query_pairs_mut().append_pair("filter", filter);
        let answer = self
            .get(url.as_str(), &self.practice.details().scim_token)
            .await
            .json();
        answer["Resources"][0]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{filter}: {answer}"))
            .to_owned()
    }
}

/// A patch of one operation.
pub(crate) fn patch(operation: Value) -> Option<Value> {
    Some(
        json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation] }),
    )
}
