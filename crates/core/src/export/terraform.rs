//! Terraform: the azuread provider for Entra's side, the databricks provider for what stands in the account.

use crate::model::EntraCloud;
use crate::model::setup::{Journey, PrincipalKind};
use crate::observation::connector::Notification;

use super::ExportFile;
use super::hcl::{Argument, arguments, quoted};
use super::picture::{GALLERY_NAME, JOB_TEMPLATE, Picture};
use super::text::{comment, in_comment};

mod databricks;

/// The files, in the order in which a person reads them.
pub(super) fn files(picture: &Picture<'_>) -> Vec<ExportFile> {
    let mut files = vec![
        ExportFile {
            name: "versions.tf",
            content: versions(picture),
        },
        ExportFile {
            name: "variables.tf",
            content: variables(picture),
        },
        ExportFile {
            name: "entra.tf",
            content: entra(picture),
        },
        ExportFile {
            name: "databricks.tf",
            content: databricks::file(picture),
        },
    ];
    if let Some(content) = imports(picture) {
        files.push(ExportFile {
            name: "imports.tf",
            content,
        });
    }
    files
}

fn versions(picture: &Picture<'_>) -> String {
    let head = format!(
        "Set-up \"{}\", as Terraform. Written by Usher {}.",
        picture.setup.name,
        env!("CARGO_PKG_VERSION")
    );
    let mut out = comment(&[
        &head,
        "Terraform does not look at people: it takes no care that nobody loses access. Read `terraform plan` before every apply, \
         and move workspace connectors to the account with `usher plan` and `usher apply`, not with this.",
    ]);
    out.push_str("\nterraform {\n  required_version = \">= 1.6\"\n\n  required_providers {\n");
    out.push_str("    azuread = {\n      source  = \"hashicorp/azuread\"\n      version = \"~> 3.0\"\n    }\n");
    if databricks::is_used(picture) {
        out.push_str("    databricks = {\n      source  = \"databricks/databricks\"\n      version = \"~> 1.0\"\n    }\n");
    }
    out.push_str("  }\n}\n\n");
    let mut provider = Vec::new();
    if let Some(tenant) = &picture.setup.entra.tenant_id {
        provider.push(("tenant_id", quoted(tenant)));
    }
    provider.push((
        "environment",
        quoted(environment(picture.setup.entra.cloud)),
    ));
    out.push_str(&block("provider \"azuread\"", &provider));
    out.push_str(&databricks::provider(picture));
    out
}

/// The provider's name of a cloud.
fn environment(cloud: EntraCloud) -> &'static str {
    match cloud {
        EntraCloud::Global => "global",
        EntraCloud::UsGovL4 => "usgovernmentl4",
        EntraCloud::UsGovL5 => "usgovernmentl5",
        EntraCloud::China => "china",
    }
}

fn variables(picture: &Picture<'_>) -> String {
    let mut scim_url = vec![
        (
            "description",
            quoted("The SCIM URL, as Databricks shows it."),
        ),
        ("type", "string".to_owned()),
    ];
    if let Some(url) = picture.scim_url {
        scim_url.push(("default", quoted(url)));
    }
    let token = if picture.is_workspace() {
        "A personal access token of the workspace."
    } else {
        "The account's SCIM token."
    };
    let secret = [
        ("description", quoted(token)),
        ("type", "string".to_owned()),
        ("sensitive", "true".to_owned()),
    ];
    let mut out = comment(&[
        "Give the token as the environment variable TF_VAR_scim_token. Terraform keeps it in its state in clear: keep the state \
         where only those may read it who may hold the token.",
    ]);
    out.push_str(&block("variable \"scim_token\"", &secret));
    out.push('\n');
    out.push_str(&block("variable \"scim_url\"", &scim_url));
    out
}

fn entra(picture: &Picture<'_>) -> String {
    [
        application(picture),
        service_principal(picture),
        secret(picture),
        job(picture),
        assignments(picture),
    ]
    .join("\n")
}

/// Whether the application is made by Terraform, or imported as one that was made from the gallery.
fn is_from_template(picture: &Picture<'_>) -> bool {
    picture
        .connector
        .is_none_or(|connector| connector.template_id.is_some())
}

fn application(picture: &Picture<'_>) -> String {
    if !is_from_template(picture) {
        let client_id = picture
            .connector
            .map(|connector| connector.app_id.as_str())
            .unwrap_or_default();
        let said = comment(&[
            "The application exists and was not made from the gallery, so Terraform only looks at it.",
        ]);
        return said
            + &block(
                "data \"azuread_application\" \"connector\"",
                &[("client_id", quoted(client_id))],
            );
    }
    let existing = picture
        .connector
        .and_then(|connector| connector.template_id.as_deref());
    let template = "data.azuread_application_template.databricks.template_id";
    let resource = [
        ("display_name", quoted(picture.app_name)),
        (
            "template_id",
            existing.map_or_else(|| template.to_owned(), quoted),
        ),
    ];
    let mut out = String::new();
    if existing.is_none() {
        out += &block(
            "data \"azuread_application_template\" \"databricks\"",
            &[("display_name", quoted(GALLERY_NAME))],
        );
        out.push('\n');
    }
    out += &block_with(
        "resource \"azuread_application_from_template\" \"connector\"",
        &resource,
        PROTECT,
    );
    out.push('\n');
    let client_id = match picture.connector {
        Some(connector) => ("client_id", quoted(&connector.app_id)),
        None => (
            "object_id",
            "azuread_application_from_template.connector.application_object_id".to_owned(),
        ),
    };
    out + &block("data \"azuread_application\" \"connector\"", &[client_id])
}

/// Deleting the application ends provisioning and takes the assignments with it.
const PROTECT: &str = "\n  lifecycle {\n    prevent_destroy = true\n  }\n";

fn service_principal(picture: &Picture<'_>) -> String {
    let mut ignored = vec![
        "description",
        "feature_tags",
        "login_url",
        "notes",
        "owners",
        "preferred_single_sign_on_mode",
        "tags",
    ];
    let mut out = comment(&[
        "The enterprise application. Without the list below Terraform would also empty what it is not told about it.",
    ]);
    let mut resource = vec![
        (
            "client_id",
            "data.azuread_application.connector.client_id".to_owned(),
        ),
        ("use_existing", "true".to_owned()),
    ];
    match picture.assignment_required {
        Some(required) => resource.push(("app_role_assignment_required", required.to_string())),
        None => ignored.insert(0, "app_role_assignment_required"),
    }
    let names: String = ignored
        .iter()
        .map(|name| format!("      {name},\n"))
        .collect();
    let lifecycle = format!(
        "\n  lifecycle {{\n    prevent_destroy = true\n    ignore_changes = [\n{names}    ]\n  }}\n"
    );
    out += &block_with(
        "resource \"azuread_service_principal\" \"connector\"",
        &resource,
        &lifecycle,
    );
    out.push('\n');
    out += &comment(&[
        "The role that users and groups are assigned with: \"User\" before any other where the application declares roles, else default \
         access.",
    ]);
    out + ROLE
}

const ROLE: &str = r#"locals {
  user_roles = [
    for role in azuread_service_principal.connector.app_roles : role
    if role.enabled && contains(role.allowed_member_types, "User")
  ]
  app_role_id = concat(
    [for role in local.user_roles : role.id if role.display_name == "User"],
    [for role in local.user_roles : role.id if role.display_name != "msiam_access"],
    [for role in local.user_roles : role.id],
    ["00000000-0000-0000-0000-000000000000"],
  )[0]
}
"#;

fn secret(picture: &Picture<'_>) -> String {
    let mut said = vec![
        "Endpoint, token and settings (Graph calls them secrets). Terraform writes the whole set and cannot test the credentials \
         first: run `usher test-connection` before an apply. The provider cannot import them, so the first apply writes them anew."
            .to_owned(),
    ];
    let found = picture
        .connector
        .and_then(|connector| connector.secrets.value())
        .and_then(|secrets| secrets.sync_all);
    if picture.connector.is_some() && picture.sync_all == Some(false) && found != Some(false) {
        said.push(
            "Going from all users and groups to only assigned ones takes people out of scope, and Entra deactivates them.".to_owned(),
        );
    }
    let other = picture.other_keys();
    if !other.is_empty() {
        said.push(format!(
            "Stored today and not written here: {}. Whether they stay is not documented; add them, or look afterwards.",
            other.join(", ")
        ));
    }
    let mut credentials = vec![
        ("BaseAddress", "var.scim_url".to_owned()),
        ("SecretToken", "var.scim_token".to_owned()),
    ];
    if let Some(all) = picture.sync_all {
        credentials.push(("SyncAll", quoted(if all { "true" } else { "false" })));
    }
    if let Some(settings) = &picture.notification {
        credentials.push(("SyncNotificationSettings", notification(settings)));
    }
    let blocks: String = credentials
        .into_iter()
        .map(|(key, value)| {
            format!(
                "\n  credential {{\n{}  }}\n",
                arguments(4, &[("key", quoted(key)), ("value", value)])
            )
        })
        .collect();
    let resource = [("service_principal_id", SERVICE_PRINCIPAL.to_owned())];
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    comment(&said)
        + &block_with(
            "resource \"azuread_synchronization_secret\" \"connector\"",
            &resource,
            &blocks,
        )
}

const SERVICE_PRINCIPAL: &str = "azuread_service_principal.connector.id";

/// The settings as the JSON text that Entra stores.
fn notification(settings: &Notification) -> String {
    let mut fields = vec![
        ("Enabled", settings.enabled.to_string()),
        ("Recipients", quoted(&settings.recipients)),
        (
            "DeleteThresholdEnabled",
            settings.delete_threshold_enabled.to_string(),
        ),
    ];
    if let Some(threshold) = settings.delete_threshold {
        fields.push(("DeleteThresholdValue", threshold.to_string()));
    }
    fields.push(("HumanResourcesLookaheadQueryEnabled", "false".to_owned()));
    format!("jsonencode({{\n{}    }})", arguments(6, &fields))
}

fn job(picture: &Picture<'_>) -> String {
    let template = picture
        .job()
        .map_or(JOB_TEMPLATE, |job| job.template_id.as_str());
    let mut said = vec![
        "The sync itself. What Terraform cannot express: attribute mappings and scoping filters (Usher repairs them on the page \
         Settings, or `usher apply` does), a restart, provisioning on demand, leaving quarantine.",
    ];
    if picture.running.is_none() {
        said.push("The set-up does not say whether the sync is to run, and it was not seen running: it stays off.");
    }
    if picture.setup.journey == Journey::Migrate {
        said.push(
            "The workspace connectors that this account connector replaces are not here, on purpose: they may be paused only after \
             everyone is proven to be covered, and Terraform has no such order.",
        );
    }
    let resource = [
        ("service_principal_id", SERVICE_PRINCIPAL.to_owned()),
        ("template_id", quoted(template)),
        ("enabled", picture.running.unwrap_or(false).to_string()),
    ];
    // A job that starts without working credentials goes into quarantine at once; one that starts before the assignments finds nobody.
    let after = "\n  depends_on = [\n    azuread_synchronization_secret.connector,\n    azuread_app_role_assignment.assigned,\n  ]\n";
    comment(&said)
        + &block_with(
            "resource \"azuread_synchronization_job\" \"connector\"",
            &resource,
            after,
        )
}

fn assignments(picture: &Picture<'_>) -> String {
    let lines: String = picture
        .assigned
        .iter()
        .map(|(id, principal)| {
            let kind = if principal.kind == PrincipalKind::Group {
                "group"
            } else {
                "user"
            };
            format!(
                "    {}, # {kind} {}\n",
                quoted(id),
                in_comment(principal.name)
            )
            .replace("  \n", "\n")
        })
        .collect();
    let mut out = comment(&[
        "Who is provisioned. Taking a line away here unassigns, and Entra then deactivates whoever is assigned nowhere else. Only \
         direct members of a group are provisioned; groups inside groups and service principals never are.",
    ]);
    out += &format!("locals {{\n  assigned = toset([\n{lines}  ])\n}}\n\n");
    let resource: [Argument<'_>; 4] = [
        ("for_each", "local.assigned".to_owned()),
        ("app_role_id", "local.app_role_id".to_owned()),
        ("principal_object_id", "each.value".to_owned()),
        (
            "resource_object_id",
            "azuread_service_principal.connector.object_id".to_owned(),
        ),
    ];
    out + &block(
        "resource \"azuread_app_role_assignment\" \"assigned\"",
        &resource,
    )
}

/// What exists becomes part of the state instead of being made a second time.
fn imports(picture: &Picture<'_>) -> Option<String> {
    let connector = picture.connector?;
    let service_principal = &connector.service_principal_id;
    let mut out = comment(&[
        "What exists already, taken into the state by the next apply instead of being made a second time. After that this file can go.",
        "The synchronization secrets cannot be imported: the provider has no way.",
    ]);
    if let Some(template) = &connector.template_id {
        let template = quoted(&format!("/applicationTemplates/{template}/instantiate/"));
        let end = quoted(&format!("/{service_principal}"));
        let object = "data.azuread_application.connector.object_id";
        out += &import(
            "azuread_application_from_template.connector",
            &format!("join(\"\", [{template}, {object}, {end}])"),
        );
    }
    out += &import(
        "azuread_service_principal.connector",
        &quoted(&format!("/servicePrincipals/{service_principal}")),
    );
    if let Some(job) = picture.job() {
        let id = format!(
            "/servicePrincipals/{service_principal}/synchronization/jobs/{}",
            job.id
        );
        out += &import("azuread_synchronization_job.connector", &quoted(&id));
    }
    for (principal, assigned) in &picture.assigned {
        if let Some(assignment) = assigned.assignment {
            let to = format!(
                "azuread_app_role_assignment.assigned[{}]",
                quoted(principal)
            );
            out += &import(
                &to,
                &quoted(&format!(
                    "{service_principal}/appRoleAssignment/{assignment}"
                )),
            );
        }
    }
    Some(out)
}

fn import(to: &str, id: &str) -> String {
    format!(
        "\n{}",
        block("import", &[("to", to.to_owned()), ("id", id.to_owned())])
    )
}

fn block(head: &str, body: &[Argument<'_>]) -> String {
    block_with(head, body, "")
}

fn block_with(head: &str, body: &[Argument<'_>], more: &str) -> String {
    format!("{head} {{\n{}{more}}}\n", arguments(2, body))
}
