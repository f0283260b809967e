//! The Databricks side: which groups of the account may enter which workspace, as it was seen.

use std::collections::BTreeSet;

use url::Url;

use crate::model::setup::PrincipalKind;
use crate::observation::databricks::{WorkspaceAssignment, WorkspaceFacts};

use super::super::hcl::quoted;
use super::super::picture::Picture;
use super::super::text::comment;
use super::{block, import};

/// Groups of this connector that are assigned to a workspace.
fn seats<'a>(picture: &Picture<'a>) -> Vec<(&'a WorkspaceFacts, &'a WorkspaceAssignment)> {
    if picture.is_workspace() || picture.setup.databricks.account_id.is_none() {
        return Vec::new();
    }
    let groups: BTreeSet<&str> = picture
        .assigned
        .values()
        .filter(|principal| principal.kind == PrincipalKind::Group)
        .map(|principal| principal.name)
        .collect();
    let mut seats: Vec<_> = picture
        .seen
        .databricks
        .workspaces
        .iter()
        .filter(|workspace| is_number(&workspace.id))
        .flat_map(|workspace| {
            let assignments = workspace
                .assignments
                .value()
                .map(Vec::as_slice)
                .unwrap_or_default();
            assignments
                .iter()
                .map(move |assignment| (workspace, assignment))
        })
        .filter(|(_, seat)| {
            seat.is_group && groups.contains(seat.name.as_str()) && is_number(&seat.principal_id)
        })
        .collect();
    seats.sort_by(|left, right| (&left.0.id, &left.1.name).cmp(&(&right.0.id, &right.1.name)));
    seats
}

/// Databricks' ids are numbers, and become parts of names here.
fn is_number(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_digit())
}

/// Whether the databricks provider is needed at all.
pub(super) fn is_used(picture: &Picture<'_>) -> bool {
    !seats(picture).is_empty()
}

pub(super) fn provider(picture: &Picture<'_>) -> String {
    if !is_used(picture) {
        return String::new();
    }
    let host = picture
        .scim_url
        .and_then(|url| Url::parse(url).ok())
        .map_or_else(
            || {
                format!(
                    "https://{}",
                    picture
                        .setup
                        .cloud
                        .account_hosts()
                        .first()
                        .copied()
                        .unwrap_or_default()
                )
            },
            |url| url.origin().ascii_serialization(),
        );
    let account = picture
        .setup
        .databricks
        .account_id
        .as_deref()
        .unwrap_or_default();
    let said = comment(&["Needs an account admin's sign-in; the SCIM token does not do for it."]);
    format!(
        "\n{said}{}",
        block(
            "provider \"databricks\"",
            &[("host", quoted(&host)), ("account_id", quoted(account))]
        )
    )
}

pub(super) fn file(picture: &Picture<'_>) -> String {
    let token = if picture.is_workspace() {
        "The personal access token is not made here: a token that Terraform makes stands in its state. Generate it in the workspace, \
         as an admin whom this connector does not manage."
    } else {
        "Terraform cannot set up user provisioning or make the account's SCIM token: in the account console open Security, then User \
         provisioning (formerly Settings), and press Set up user provisioning."
    };
    let mut said = vec![
        token,
        "Users and groups of the connector are not declared here: Entra makes and changes them, and a second owner would fight it.",
    ];
    let seats = seats(picture);
    if seats.is_empty() && !picture.is_workspace() {
        said.push(
            "Which groups may enter which workspace was not seen (it takes an account admin's sign-in to Databricks), so nothing is \
             declared. The resource for it is databricks_mws_permission_assignment.",
        );
    }
    let mut out = comment(&said);
    for (workspace, seat) in seats {
        let label = format!(
            "\n{}",
            comment(&[&format!("{} in {}.", seat.name, workspace.label())])
        );
        let name = format!("w{}_p{}", workspace.id, seat.principal_id);
        let permission = if seat.is_admin { "ADMIN" } else { "USER" };
        out += &label;
        out += &block(
            &format!("resource \"databricks_mws_permission_assignment\" \"{name}\""),
            &[
                ("workspace_id", workspace.id.clone()),
                ("principal_id", seat.principal_id.clone()),
                ("permissions", format!("[{}]", quoted(permission))),
            ],
        );
        let id = quoted(&format!("{}|{}", workspace.id, seat.principal_id));
        out += &import(&format!("databricks_mws_permission_assignment.{name}"), &id);
    }
    out
}
