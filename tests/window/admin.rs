//! An admin at work in Entra's portal: what the portal asks of Microsoft Graph for each thing pressed there.

use serde_json::{Value, json};
use tokio::process::Command;
use usher_practice::Practice;
use usher_tests::process::run_with_input;

/// The application in the gallery, and what it is called by who makes it.
pub(crate) const GALLERY: &str = "Azure Databricks SCIM Provisioning Connector";
/// The group with everybody in it.
const EVERYONE: &str = "databricks-users";

/// Somebody who is signed in to the portal.
pub(crate) struct Admin {
    graph: String,
    token: String,
    /// The path of the enterprise application that was made.
    application: String,
}

impl Admin {
    /// Signs in to the practice tenant.
    pub(crate) async fn sign_in(practice: &Practice) -> Self {
        let details = practice.details();
        let (login, tenant) = (&details.endpoints.login, &details.tenant_id);
        let form = format!(
            "grant_type=client_credentials&scope=https://graph.microsoft.com/.default&client_id={}&client_secret={}",
            details.client_id, details.client_secret
        );
        let address = format!("{login}/{tenant}/oauth2/v2.0/token");
        let answer = curl(&["--data", "@-", &address], &form).await;
        Self {
            graph: format!("{}/v1.0", details.endpoints.graph),
            token: answer["access_token"].as_str().unwrap().to_owned(),
            application: String::new(),
        }
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> Value {
        let bearer = format!("authorization: Bearer {}", self.token);
        let address = format!("{}/{path}", self.graph);
        let mut words = vec!["-X", method, "-H", &bearer];
        if !body.is_null() {
            words.extend(["-H", "content-type: application/json", "--data", "@-"]);
        }
        words.push(&address);
        curl(&words, &body.to_string()).await
    }

    /// The first of what a search finds.
    async fn first(&self, what: &str, name: &str) -> Value {
        let name = name.replace(' ', "%20");
        let path = format!("{what}?$filter=displayName%20eq%20'{name}'");
        self.ask("GET", &path, Value::Null).await["value"][0].take()
    }

    /// **New application**, from the gallery.
    pub(crate) async fn create_application(&mut self) {
        let template = self.first("applicationTemplates", GALLERY).await;
        let path = format!("applicationTemplates/{}/instantiate", text(&template["id"]));
        let made = self
            .ask("POST", &path, json!({ "displayName": GALLERY }))
            .await;
        let id = text(&made["servicePrincipal"]["id"]);
        self.application = format!("servicePrincipals/{id}");
    }

    /// **Connectivity**: tenant URL and secret token, **Test connection**, **Save**.
    pub(crate) async fn connect(&self, practice: &Practice) {
        let details = practice.details();
        self.synchronize("POST", "jobs", json!({ "templateId": "dataBricks" }))
            .await;
        let secret = |key: &str, value: &str| json!({ "key": key, "value": value });
        let secrets = json!({ "value": [
            secret("BaseAddress", &details.scim_url), secret("SecretToken", &details.scim_token), secret("SyncAll", "false")
        ] });
        self.synchronize("PUT", "secrets", secrets).await;
        self.of_the_job(
            "validateCredentials",
            json!({ "useSavedCredentials": true }),
        )
        .await;
    }

    /// **Properties**: **Assignment required?** at **No**.
    pub(crate) async fn let_everybody_sign_in(&self) {
        let settings = json!({ "appRoleAssignmentRequired": false });
        self.ask("PATCH", &self.application, settings).await;
    }

    /// **Users and groups**, **Add user/group**.
    pub(crate) async fn assign_everyone(&self) {
        let group = self.first("groups", EVERYONE).await;
        let application = self.ask("GET", &self.application, Value::Null).await;
        let assignment = json!({
            "principalId": group["id"], "resourceId": application["id"], "appRoleId": application["appRoles"][0]["id"]
        });
        let path = format!("{}/appRoleAssignedTo", self.application);
        self.ask("POST", &path, assignment).await;
    }

    /// **Start provisioning**.
    pub(crate) async fn start(&self) {
        self.of_the_job("start", Value::Null).await;
    }

    async fn of_the_job(&self, what: &str, body: Value) {
        let jobs = self.synchronize("GET", "jobs", Value::Null).await;
        let path = format!("jobs/{}/{what}", text(&jobs["value"][0]["id"]));
        self.synchronize("POST", &path, body).await;
    }

    async fn synchronize(&self, method: &str, path: &str, body: Value) -> Value {
        let path = format!("{}/synchronization/{path}", self.application);
        self.ask(method, &path, body).await
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// Asks, with `body` on the standard input, and gives the answer; `null` where it is empty.
async fn curl(words: &[&str], body: &str) -> Value {
    let mut command = Command::new("curl");
    command
        .args([
            "--silent",
            "--show-error",
            "--fail-with-body",
            "--noproxy",
            "*",
        ])
        .args(words);
    let ran = run_with_input(command, body).await;
    assert_eq!(ran.code, Some(0), "{words:?} {ran:#?}");
    serde_json::from_str(&ran.out).unwrap_or_default()
}
