//! A shell script of the Microsoft Graph calls: what is particular to the set-up is generated, the rest is `graph_script.sh`.

use serde_json::{Map, Value, json};

use crate::model::setup::{Journey, PrincipalKind};
use crate::observation::connector::Notification;

use super::ExportFile;
use super::picture::{GALLERY_NAME, JOB_TEMPLATE, Picture};
use super::shell::quoted;
use super::text::comment;

const BODY: &str = include_str!("graph_script.sh");

pub(super) fn files(picture: &Picture<'_>) -> Vec<ExportFile> {
    let content = [
        head(picture),
        settings(picture),
        BODY.to_owned(),
        steps(picture),
    ]
    .join("\n");
    vec![ExportFile {
        name: "provision.sh",
        content,
    }]
}

fn head(picture: &Picture<'_>) -> String {
    let name = format!(
        "Set-up \"{}\": SCIM provisioning from Microsoft Entra ID to Databricks, as calls of Microsoft Graph. Written by Usher {}.",
        picture.setup.name,
        env!("CARGO_PKG_VERSION")
    );
    let mut said = vec![
        name.as_str(),
        "",
        "Needs curl and jq. Secrets come from the environment, never from arguments:",
        "USHER_SCIM_TOKEN is the Databricks token;",
        "USHER_ENTRA_CLIENT_SECRET is the client secret of the app registration below, or GRAPH_TOKEN an access token for Microsoft \
         Graph with Application.ReadWrite.All and Synchronization.ReadWrite.All.",
        "",
        "It can be run again: everything is looked for first and only what differs is written, save for the credentials, which are \
         tested and saved each time because Entra does not show the token it has.",
        "",
        "What it does not do: attribute mappings and scoping filters, restarts, leaving quarantine, starting a connector that ran \
         before. There the order matters to people, and Usher looks at them first: `usher plan`, `usher apply`.",
    ];
    if picture.setup.journey == Journey::Migrate {
        said.push(
            "The workspace connectors that the account connector replaces are not touched: they may be paused only after everyone is \
             proven to be covered.",
        );
    }
    // The dollar signs that shellcheck would find are those of jq's programs.
    format!(
        "#!/bin/sh\n{}# shellcheck disable=SC2016\nset -eu\n",
        comment(&said)
    )
}

fn settings(picture: &Picture<'_>) -> String {
    let entra = &picture.setup.entra;
    let flag = |value: Option<bool>| value.map(|value| value.to_string()).unwrap_or_default();
    let id = picture
        .connector
        .map(|connector| connector.service_principal_id.as_str());
    let values = [
        (
            "LOGIN",
            format!(
                "https://{}",
                entra
                    .cloud
                    .login_hosts()
                    .first()
                    .copied()
                    .unwrap_or_default()
            ),
        ),
        ("GRAPH", format!("https://{}", entra.cloud.graph_host())),
        ("TENANT", entra.tenant_id.clone().unwrap_or_default()),
        ("CLIENT_ID", entra.client_id.clone().unwrap_or_default()),
        ("APP_NAME", picture.app_name.to_owned()),
        ("GALLERY_NAME", GALLERY_NAME.to_owned()),
        (
            "JOB_TEMPLATE",
            picture
                .job()
                .map_or(JOB_TEMPLATE, |job| job.template_id.as_str())
                .to_owned(),
        ),
        (
            "SERVICE_PRINCIPAL",
            id.or(entra.app.service_principal_id.as_deref())
                .unwrap_or_default()
                .to_owned(),
        ),
        ("SCIM_URL", picture.scim_url.unwrap_or_default().to_owned()),
        ("ASSIGNMENT_REQUIRED", flag(picture.assignment_required)),
        ("SYNC_ALL", flag(picture.sync_all)),
        (
            "NOTIFICATION",
            picture
                .notification
                .as_ref()
                .map(notification)
                .unwrap_or_default(),
        ),
    ];
    let lines: String = values
        .iter()
        .map(|(name, value)| format!("{name}={}\n", quoted(value)))
        .collect();
    comment(&["The set-up. What is empty was neither asked nor seen, and is left as it is found."])
        + &lines
}

/// The fields to put into `SyncNotificationSettings`; the script keeps those it does not name.
fn notification(settings: &Notification) -> String {
    let mut fields = Map::new();
    fields.insert("Enabled".to_owned(), json!(settings.enabled));
    fields.insert("Recipients".to_owned(), json!(settings.recipients));
    fields.insert(
        "DeleteThresholdEnabled".to_owned(),
        json!(settings.delete_threshold_enabled),
    );
    if let Some(threshold) = settings.delete_threshold {
        fields.insert("DeleteThresholdValue".to_owned(), json!(threshold));
    }
    Value::Object(fields).to_string()
}

fn steps(picture: &Picture<'_>) -> String {
    let mut out = String::from(
        "sign_in\nfind_or_create_application\nset_assignment_required\ntest_credentials\nsave_credentials_and_settings\nfind_or_create_job\n",
    );
    if !picture.assigned.is_empty() {
        out.push_str("\nread_assignments\n");
    }
    for (id, principal) in &picture.assigned {
        let kind = if principal.kind == PrincipalKind::Group {
            "group"
        } else {
            "user"
        };
        out.push_str(&format!(
            "assign {kind} {} {}\n",
            quoted(id),
            quoted(principal.name)
        ));
    }
    out.push_str(match picture.running {
        Some(true) => "\nstart_job\n",
        Some(false) => "\npause_job\n",
        None => "\nsay 'Whether the sync runs was not asked: it is left as it is.'\n",
    });
    out
}
