//! The account journey in the terminal, for a machine without a display.
//!
//! The same engine as the window's, on the same practice tenant: real HTTP on loopback, nothing
//! leaves this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

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
    let build = ["build", "--package", "usher-cli"];
    Step::new("Building usher", &root, 30, &project::cargo(), &build).run()?;

    let folder = root.join("build").join("practice");
    fs::create_dir_all(&folder)?;
    let practice = Practice::start(&folder)?;
    walk(&practice, &folder)
}

/// The journey: connection, what is there, what would change, the change, the proof, the checklist.
fn walk(practice: &Practice, folder: &Path) -> Outcome {
    let setup = folder.join("setup.json");
    fs::write(&setup, format!("{:#}\n", practice.setup_file()))?;
    let checklist = folder.join("checklist.md");
    let (setup, checklist) = (setup.display().to_string(), checklist.display().to_string());
    let scim_url = practice.text("scimUrl")?;

    say(
        "1. Databricks",
        "In the account console, provisioning has been enabled: it shows a SCIM URL and a token, once.",
    );
    println!(
        "   SCIM URL  {scim_url}\n   Token     the practice tenant's, worth nothing elsewhere"
    );

    say(
        "2. The connection",
        "Usher asks Databricks the same question Entra will ask. Nothing is changed.",
    );
    practice.usher(
        "Testing the connection",
        &["test-connection", "--url", &scim_url],
    )?;

    say(
        "3. The checklist",
        "What is set, what is wanted, what was seen, and what is still to do.",
    );
    let arguments = [
        "--setup",
        &setup,
        "checklist",
        "--format",
        "md",
        "-o",
        &checklist,
    ];
    practice.usher("Writing the checklist", &arguments)?;
    println!("\n{}", fs::read_to_string(&checklist)?);
    println!("✓ The checklist is in build/practice/checklist.md.");
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

    /// A set-up of the account journey on this tenant.
    fn setup_file(&self) -> Value {
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
                "assign": []
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
