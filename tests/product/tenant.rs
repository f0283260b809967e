//! A practice tenant with a set-up file on it, worked on by the real command.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;
use usher_practice::{LoggedRequest, Options, Practice, TimeScale};
use usher_tests::process::run;
use usher_tests::{Home, Ran};

/// The name the set-up gives its application.
pub(crate) const NAME: &str = "Azure Databricks SCIM Provisioning Connector";

/// A practice tenant, and a person's home with a set-up for it.
pub(crate) struct Tenant {
    pub(crate) practice: Practice,
    pub(crate) home: Home,
    setup: PathBuf,
}

impl Tenant {
    /// A tenant whose cycles run by themselves, and a set-up of this journey that wants this.
    pub(crate) async fn start(scenario: &str, journey: &str, want: Value) -> Self {
        let options = Options {
            scenario: scenario.to_owned(),
            time: TimeScale::Every(Duration::from_millis(300)),
            ..Options::default()
        };
        let practice = Practice::start(options).await.expect("the tenant starts");
        Self::on(practice, journey, want)
    }

    /// A set-up of this journey, that wants this, on a tenant that is there.
    pub(crate) fn on(practice: Practice, journey: &str, want: Value) -> Self {
        let home = Home::new();
        let setup = home.path().join("contoso.json");
        let tenant = Self {
            practice,
            home,
            setup,
        };
        let wanted = tenant.wanted(journey, want);
        tenant.save(&wanted);
        tenant
    }

    /// The set-up file's text for a journey.
    pub(crate) fn wanted(&self, journey: &str, want: Value) -> Value {
        let details = self.practice.details();
        json!({
            "schema": "usher.setup/1", "name": "Contoso", "journey": journey, "cloud": "azure",
            "entra": { "tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id,
                       "app": { "displayName": NAME } },
            "databricks": { "accountId": details.account_id, "scimUrl": details.scim_url,
                            "servicePrincipalClientId": details.databricks_client_id, "workspaces": [] },
            "want": want,
        })
    }

    /// Where the set-up lies.
    pub(crate) fn setup_path(&self) -> &std::path::Path {
        &self.setup
    }

    /// The set-up file as it is.
    pub(crate) fn setup(&self) -> Value {
        let text = std::fs::read_to_string(&self.setup).expect("the set-up is there");
        serde_json::from_str(&text).expect("the set-up is JSON")
    }

    pub(crate) fn save(&self, setup: &Value) {
        std::fs::write(&self.setup, setup.to_string()).expect("the set-up can be written");
    }

    /// Every secret of the tenant, by the variable it is handed over in.
    pub(crate) fn secrets(&self) -> Vec<(String, String)> {
        let details = self.practice.details();
        let mut secrets = vec![
            ("USHER_SCIM_TOKEN".to_owned(), details.scim_token.clone()),
            (
                "USHER_ENTRA_CLIENT_SECRET".to_owned(),
                details.client_secret.clone(),
            ),
            (
                "USHER_DATABRICKS_CLIENT_SECRET".to_owned(),
                details.databricks_client_secret.clone(),
            ),
        ];
        let pats = details.pats.iter();
        secrets.extend(pats.map(|(id, pat)| (format!("USHER_PAT_{id}"), pat.clone())));
        secrets
    }

    /// The command on this set-up, with every secret in the environment.
    pub(crate) fn usher(&self, arguments: &[&str]) -> Command {
        let mut command = self.home.usher_on(&self.practice, arguments);
        command.arg("--no-keyring").arg("--setup").arg(&self.setup);
        command.envs(self.secrets());
        command
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        run(self.usher(arguments)).await
    }

    /// The requests that Usher made, oldest first; the tenant's own provisioning asks as well.
    pub(crate) fn asked(&self) -> Vec<LoggedRequest> {
        let requests = self.practice.requests().into_iter();
        requests
            .filter(|request| !request.user_agent.starts_with("practice-"))
            .collect()
    }

    /// The requests to Graph that change something, oldest first.
    pub(crate) fn writes(&self) -> Vec<LoggedRequest> {
        let reads = ["validateCredentials", "$batch", "getByIds"];
        let requests = self.practice.requests().into_iter();
        requests
            .filter(|request| {
                request.origin == "graph"
                    && request.method != "GET"
                    && !reads.iter().any(|read| request.path.ends_with(read))
            })
            .collect()
    }

    /// How often anybody was made inactive so far, anywhere.
    pub(crate) fn deactivations(&self) -> usize {
        let is_active = |value: &Value, active: bool| {
            value.to_string().contains(&format!(r#""active":{active}"#))
        };
        let changes = self.practice.changes();
        let mut off = changes.iter();
        off.by_ref()
            .filter(|change| is_active(&change.before, true) && is_active(&change.after, false))
            .count()
    }

    /// Every connector as it stands, without what differs from run to run: ids and ports.
    pub(crate) fn connectors(&self) -> Value {
        let account = &self.practice.details().endpoints.databricks_accounts;
        self.practice.entra().read(|directory| {
            let all = directory.service_principals.iter();
            let provisioning =
                all.filter(|one| one.display_name == NAME || !one.synchronization.jobs.is_empty());
            let mut shown: Vec<Value> = provisioning
                .map(|one| {
                    let mut assigned: Vec<String> = one
                        .assignments
                        .iter()
                        .map(|row| row.principal_id.to_string())
                        .collect();
                    assigned.sort();
                    let jobs = one.synchronization.jobs.iter();
                    let mut settings = one.synchronization.secrets.clone();
                    for value in settings.values_mut() {
                        *value = value.replace(account, "");
                    }
                    // A workspace's own port differs from run to run, and no run writes it.
                    if one.display_name.starts_with("Databricks harbour") {
                        settings.remove("BaseAddress");
                    }
                    json!({
                        "name": one.display_name,
                        "assignmentRequired": one.assignment_required,
                        "assigned": assigned,
                        "settings": settings,
                        "jobs": jobs.map(|job| job.schedule.name()).collect::<Vec<_>>(),
                    })
                })
                .collect();
            shown.sort_by_key(Value::to_string);
            Value::Array(shown)
        })
    }
}

/// A path of one run as a fault's pattern for another: what stands in place of ids differs from run to run.
pub(crate) fn pattern(path: &str) -> String {
    let known = [
        "v1.0",
        "applicationTemplates",
        "instantiate",
        "servicePrincipals",
        "synchronization",
        "jobs",
        "secrets",
        "start",
        "pause",
        "appRoleAssignedTo",
        "",
    ];
    let segments = path.split('/').map(|segment| {
        if known.contains(&segment) {
            segment
        } else {
            "*"
        }
    });
    segments.collect::<Vec<_>>().join("/")
}
