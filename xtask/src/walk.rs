//! The account journey in the terminal, for a machine without a display.
//!
//! The same engine as the window's, on the same practice tenant: real HTTP on loopback, nothing
//! leaves this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::http;
use crate::process::{Failure, Outcome, Step, end_tree};
use crate::project;
use crate::setup;

/// A practice tenant in a process of its own; it ends with this value.
struct Practice {
    process: Child,
    details: Value,
    endpoints: PathBuf,
}

/// Sets up, starts the practice tenant and walks.
pub(crate) fn run() -> Outcome {
    println!("The account journey follows in the terminal, on the practice tenant.");
    setup::for_terminal()?;
    let root = project::root();
    let build = ["build", "--workspace", "--bin", "usher"];
    Step::new("Building usher", &root, 30, &project::cargo(), &build).run()?;

    let folder = root.join("build").join("practice");
    if folder.exists() {
        // Another practice tenant begins: what the last one's journal says is not true of it.
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let practice = Practice::start(&folder)?;
    walk(&practice, &folder)
}

/// The journey: connection, what would change, the change, the proof, the checklist.
fn walk(practice: &Practice, folder: &Path) -> Outcome {
    let setup = folder.join("setup.json");
    fs::write(
        &setup,
        format!("{:#}\n", practice.setup_file(&practice.group()?)),
    )?;
    let checklist = folder.join("checklist.md");
    let (setup, checklist) = (setup.display().to_string(), checklist.display().to_string());
    let scim_url = practice.text("scimUrl")?;
    let on_setup = |arguments: &[&'static str]| {
        [
            &["--no-keyring", "--setup"],
            &[setup.as_str()][..],
            arguments,
        ]
        .concat()
    };

    say(
        "1. The connection",
        "Databricks' account console showed a SCIM URL and a token, once. Usher asks the same\n   \
         questions Entra will ask. Nothing is changed.",
    );
    practice.usher(
        "Testing the connection",
        &["--no-keyring", "test-connection", "--url", &scim_url],
    )?;

    say(
        "2. The plan",
        "What would make the setup right, each change with its exact request. Nothing is changed.",
    );
    practice.usher("Planning", &on_setup(&["plan"]))?;

    say(
        "3. The change",
        "In the window you confirm this; here the practice tenant takes it without asking.",
    );
    practice.usher(
        "Applying, and waiting for the first cycle",
        &on_setup(&["apply", "--yes", "--wait", "5"]),
    )?;

    say(
        "4. The checklist",
        "Usher looks at both sides anew: what is set, what is wanted, what was seen.",
    );
    let mut arguments = on_setup(&["checklist", "--format", "md", "-o"]);
    arguments.push(&checklist);
    practice.usher("Writing the checklist", &arguments)?;
    let text = fs::read_to_string(&checklist)?;
    for line in text.lines().filter(|line| line.starts_with("### ")) {
        println!("   {}", line.trim_start_matches("### "));
    }
    println!("\n✓ The checklist is in build/practice/checklist.md.");
    println!("  The same on your own tenants: target/debug/usher --help");
    Ok(())
}

fn say(title: &str, what: &str) {
    println!("\n{title}\n   {what}");
}

impl Practice {
    /// Starts `usher practice` and waits until it says where it listens.
    fn start(folder: &Path) -> Outcome<Self> {
        let endpoints = folder.join("endpoints.json");
        let mut process = Command::new(project::built("usher"))
            .arg("practice")
            .arg("--port-file")
            .arg(&endpoints)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let details = process.stdout.take().and_then(|out| {
            serde_json::Deserializer::from_reader(out)
                .into_iter::<Value>()
                .next()?
                .ok()
        });
        match details {
            Some(details) => Ok(Self {
                process,
                details,
                endpoints,
            }),
            None => {
                end_tree(&mut process)?;
                Err(Failure::new(
                    "✕ The practice tenant did not start.\n  To run it alone: target/debug/usher practice",
                ))
            }
        }
    }

    /// Runs `usher` on this tenant, its output on the terminal.
    fn usher(&self, title: &str, arguments: &[&str]) -> Outcome {
        let program = project::built("usher").display().to_string();
        Step::new(title, &project::root(), 10, &program, arguments)
            .env("USHER_ENDPOINTS", &self.endpoints)
            .env("USHER_WAIT_SCALE", "0.01")
            .secret("USHER_SCIM_TOKEN", self.text("scimToken")?)
            .secret("USHER_ENTRA_CLIENT_SECRET", self.text("clientSecret")?)
            .run()
    }

    fn text(&self, name: &str) -> Outcome<String> {
        let found = self.details[name].as_str();
        found
            .map(str::to_owned)
            .ok_or_else(|| Failure::new(format!("✕ The practice tenant did not tell its {name}.")))
    }

    /// The group whose people are to arrive, as Graph knows it.
    fn group(&self) -> Outcome<Value> {
        let endpoint = |name: &str| self.details["endpoints"][name].as_str().unwrap_or_default();
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&scope={}",
            self.text("clientId")?,
            http::form_value(&self.text("clientSecret")?),
            http::form_value("https://graph.microsoft.com/.default"),
        );
        let head = format!("POST /{}/oauth2/v2.0/token", self.text("tenantId")?);
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        let token = http::json(endpoint("login"), &head, kind, &form)?;
        let bearer = format!(
            "Authorization: Bearer {}\r\n",
            token["access_token"].as_str().unwrap_or_default()
        );
        let groups = http::json(endpoint("graph"), "GET /v1.0/groups", &bearer, "")?;
        Ok(groups["value"][0].clone())
    }

    /// A set-up of the account journey on this tenant.
    fn setup_file(&self, group: &Value) -> Value {
        json!({
            "schema": "usher.setup/1",
            "name": "Practice",
            "journey": "account",
            "cloud": "azure",
            "entra": {
                "tenantId": self.details["tenantId"],
                "signIn": "client-secret",
                "clientId": self.details["clientId"],
                "app": {
                    "displayName": "Azure Databricks SCIM Provisioning Connector",
                    "servicePrincipalId": null
                }
            },
            "databricks": {
                "accountId": self.details["accountId"],
                "scimUrl": self.details["scimUrl"],
                "servicePrincipalClientId": null,
                "workspaces": []
            },
            "want": {
                "assignmentRequired": false,
                "scope": "assigned",
                "provisioning": "on",
                "notificationEmail": "iam@meridian-harbour.example",
                "deleteThreshold": 500,
                "assign": [
                    { "type": "group", "id": group["id"], "displayName": group["displayName"] }
                ]
            },
            "attested": {}
        })
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        // The run is over; what cannot be ended any more has ended by itself.
        let _ = end_tree(&mut self.process);
    }
}
