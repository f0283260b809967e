//! A client of the practice Graph whose every request and answer is held against the contract.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::contract::Contract;
use crate::support::{Answer, Tenant};

/// Graph, as one caller sees it.
pub(crate) struct Graph<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) token: String,
}

impl Tenant {
    pub(crate) fn login(&self, path: &str) -> String {
        let details = self.practice.details();
        format!("{}/{}/{path}", details.endpoints.login, details.tenant_id)
    }

    /// Posts a form to the token endpoint.
    pub(crate) async fn token_request(&self, form: &[(&str, &str)]) -> Answer {
        let response = self
            .http
            .post(self.login("oauth2/v2.0/token"))
            .form(form)
            .send()
            .await
            .unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Answer {
            status,
            headers,
            text: response.text().await.unwrap(),
        }
    }

    /// Graph as the practice application sees it by itself.
    pub(crate) async fn graph(&self) -> Graph<'_> {
        let details = self.practice.details();
        let answer = self
            .token_request(&[
                ("grant_type", "client_credentials"),
                ("client_id", &details.client_id),
                ("client_secret", &details.client_secret),
                ("scope", "https://graph.microsoft.com/.default"),
            ])
            .await;
        Graph {
            tenant: self,
            token: answer.json()["access_token"].as_str().unwrap().to_owned(),
        }
    }
}

impl Graph<'_> {
    /// Sends a request and holds both ways against the contract.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let plain = path.split('?').next().unwrap();
        Contract::get().check_request(method.as_str(), plain, body.as_ref());
        let url = format!(
            "{}/v1.0{path}",
            self.tenant.practice.details().endpoints.graph
        );
        let answer = self.raw(method.clone(), &url, body).await;
        let kind = answer
            .headers
            .get("content-type")
            .map_or("", |kind| kind.to_str().unwrap());
        Contract::get().check_answer(
            method.as_str(),
            plain,
            answer.status.as_u16(),
            kind,
            &answer.text,
        );
        answer
    }

    /// Sends a request to an address as it stands, past the contract.
    pub(crate) async fn raw(&self, method: Method, url: &str, body: Option<Value>) -> Answer {
        let mut request = self
            .tenant
            .http
            .request(method, url)
            .bearer_auth(&self.token)
            .header("ConsistencyLevel", "eventual");
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Answer {
            status,
            headers,
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.call(Method::GET, path, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.json()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Every item of a list, page by page.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let mut page = self.get(path).await;
        let mut items = page["value"].as_array().unwrap().clone();
        while let Some(next) = page["@odata.nextLink"].as_str() {
            let target = next.split_once("/v1.0").unwrap().1.to_owned();
            page = self.get(&target).await;
            items.extend(page["value"].as_array().unwrap().clone());
        }
        items
    }

    /// The id of the connector of that name.
    pub(crate) async fn connector(&self) -> String {
        let found = self.get("/servicePrincipals?$filter=applicationTemplateId eq '9c9818d2-2900-49e8-8ba4-22688be7c675'").await;
        found["value"][0]["id"].as_str().unwrap().to_owned()
    }

    /// The connector and its job.
    pub(crate) async fn job(&self) -> (String, Value) {
        let id = self.connector().await;
        let jobs = self
            .get(&format!("/servicePrincipals/{id}/synchronization/jobs"))
            .await;
        (id, jobs["value"][0].clone())
    }

    /// `error.code` of an answer.
    pub(crate) fn code(answer: &Answer) -> String {
        answer.json()["error"]["code"].as_str().unwrap().to_owned()
    }
}
