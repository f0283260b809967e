//! What the article says for both levels: the choice, automating, tips, troubleshooting.

use super::Carrier::{Check, Command, Fault, Page, Start, Tip};
use super::{Entry, Kind};
use crate::connection::FaultCode;

pub(super) const OVERVIEW: &[Entry] = &[
    Entry::new(Kind::Background, "two-levels", "Entra can provision to the Databricks account or to a workspace.", &[Start, Check("aim-considered")])
        .today("On Azure the first question is automatic identity management, on by default in accounts made after 1 August 2025; the page Prepare and a check ask it."),
    Entry::new(
        Kind::Background,
        "account-recommended",
        "Databricks recommends to provision to the account and to give workspaces to people inside Databricks.",
        &[Start, Check("workspace-access")],
    ),
    Entry::new(
        Kind::Background,
        "federation-needed",
        "Giving workspaces to account users takes identity federation on the workspace.",
        &[Check("identity-federation")],
    )
    .today("Newer workspaces have it from the start: since November 2023 on AWS and Azure, since March 2024 on Google Cloud."),
    Entry::new(
        Kind::Background,
        "unfederated-directly",
        "A workspace without identity federation keeps a connector of its own.",
        &[Check("identity-federation"), Check("connectors-off"), Start],
    ),
    Entry::new(
        Kind::Note,
        "workspace-connectors-off",
        "Connectors that provision to workspaces must be off once the account connector is on.",
        &[Check("connectors-off"), Check("app-unique"), Check("connectors-found"), Page("move")],
    ),
    Entry::new(
        Kind::Note,
        "move-existing",
        "Existing workspace connectors are moved to the account in an order of its own.",
        &[Start, Page("connectors"), Page("move"), Check("coverage"), Check("account-sync-proven"), Tip("stop-before-unassign")],
    ),
];

pub(super) const AUTOMATION: &[Entry] = &[
    Entry::new(
        Kind::Background,
        "graph-instead",
        "Provisioning can be set up by programs with Microsoft Graph rather than by hand.",
        &[Page("sign-in"), Command("export --as graph-script"), Command("export --as terraform")],
    )
    .today("It does not replace the connector: the gallery application, its address, its token and its mappings are needed all the same."),
    Entry::new(
        Kind::Step,
        "graph-register",
        "Register an application and note its application id and tenant id.",
        &[Page("sign-in")],
    ),
    Entry::new(Kind::Step, "graph-secret", "Make a client secret for it and note it.", &[Page("sign-in")])
        .today("A person can sign in with the browser instead; then there is no secret to keep."),
    Entry::new(
        Kind::Step,
        "graph-permissions",
        "Give it Application.ReadWrite.All and Application.ReadWrite.OwnedBy.",
        &[Page("sign-in"), Check("entra-role")],
    )
    .today("Synchronization.ReadWrite.All is what the sync needs beside Application.ReadWrite.All; OwnedBy serves only a program that owns the enterprise application."),
    Entry::new(Kind::Step, "graph-consent", "Let an Entra administrator grant admin consent.", &[Page("sign-in"), Check("entra-role")])
        .today("Application permissions of Microsoft Graph take a Privileged Role Administrator; a Cloud Application Administrator can consent to delegated ones alone."),
    Entry::new(
        Kind::Step,
        "graph-code",
        "Let your own code call Microsoft Graph.",
        &[Command("apply"), Command("export --as graph-script")],
    ),
];

pub(super) const TIPS: &[Entry] = &[
    Entry::new(
        Kind::Tip,
        "existing-merged",
        "People and groups that Databricks has already are merged with those of Entra.",
        &[Tip("existing-merged"), Check("users-arrived"), Check("name-clash")],
    ),
    Entry::new(
        Kind::Tip,
        "existing-ignored",
        "Those that Entra does not have are left alone.",
        &[Tip("existing-merged"), Check("outside-scim")],
    )
    .today("Microsoft's page adds that people who are not in Entra cannot sign in to Azure Databricks."),
    Entry::new(
        Kind::Tip,
        "own-permissions-stay",
        "A permission given to a person directly stays when the group that gave it too is left.",
        &[Tip("own-permissions-stay")],
    ),
    Entry::new(
        Kind::Tip,
        "removed-from-workspace",
        "Who is removed in a workspace's admin settings loses that workspace alone.",
        &[Tip("removed-by-hand"), Check("workspace-access")],
    ),
    Entry::new(
        Kind::Tip,
        "removed-not-back",
        "Who is removed by hand is not synced again, even while assigned.",
        &[Check("removed-by-hand"), Tip("removed-by-hand")],
    ),
    Entry::new(Kind::Tip, "first-cycle", "The first sync begins as soon as provisioning is switched on.", &[Page("start"), Tip("cycles")]),
    Entry::new(
        Kind::Tip,
        "later-cycles",
        "Later syncs follow every 20 to 40 minutes, by the number of users and groups.",
        &[Tip("cycles"), Check("cycle-recent")],
    )
    .today("Microsoft's general page says every 40 minutes, which cannot be changed."),
    Entry::new(
        Kind::Tip,
        "summary-report",
        "Entra's provisioning reports show what a sync did.",
        &[Check("cycle-errors"), Page("start"), Tip("logs")],
    ),
    Entry::new(
        Kind::Tip,
        "names-fixed",
        "The user name and e-mail address of a Databricks user cannot be changed.",
        &[Tip("names-fixed"), Check("mapping-username"), Check("case-clash")],
    )
    .today("User name and e-mail address have to be equal, and a group renamed in Entra keeps its old name in Databricks."),
    Entry::new(
        Kind::Tip,
        "admins-reserved",
        "The group admins is reserved and cannot be removed.",
        &[Check("reserved-names")],
    )
    .today("So are users and, in the account, account users."),
    Entry::new(
        Kind::Tip,
        "list-members",
        "Databricks' Groups API or page lists the members of a workspace's group.",
        &[Check("local-groups"), Check("groups-arrived"), Tip("list-members")],
    ),
    Entry::new(
        Kind::Tip,
        "no-nesting",
        "Nested groups and service principals are not synced.",
        &[Check("nested-groups"), Check("service-principals"), Page("people")],
    ),
    Entry::new(
        Kind::Tip,
        "nesting-in-databricks",
        "Nest groups and keep service principals inside Databricks.",
        &[Tip("nesting-in-databricks"), Check("nested-groups"), Check("service-principals")],
    ),
    Entry::new(
        Kind::Tip,
        "other-tools",
        "Terraform or scripts can bring nested groups and service principals.",
        &[Tip("nesting-in-databricks"), Check("service-principals")],
    )
    .today("Automatic identity management brings both; for scripts Databricks now points from the SCIM API to its newer identity API."),
];

pub(super) const TROUBLESHOOTING: &[Entry] = &[
    Entry::new(
        Kind::Troubleshooting,
        "owner-still-admin",
        "Nothing syncs to a workspace: is the token's owner still an admin of it?",
        &[Check("pat-owner-admin"), Fault(FaultCode::NotAdmin)],
    ),
    Entry::new(
        Kind::Troubleshooting,
        "workspace-token-valid",
        "Nothing syncs to a workspace: is the personal access token still valid?",
        &[Check("token-age"), Check("connection-from-here"), Fault(FaultCode::TokenRejected)],
    ),
    Entry::new(
        Kind::Troubleshooting,
        "account-token-valid",
        "Nothing syncs to the account: is the SCIM token still valid?",
        &[Check("connection-from-entra"), Check("token-age"), Fault(FaultCode::TokenRejected)],
    ),
    Entry::new(
        Kind::Troubleshooting,
        "nested-not-synced",
        "Users and groups are missing: nested groups are not provisioned.",
        &[Check("nested-groups"), Check("groups-arrived")],
    ),
    Entry::new(
        Kind::Troubleshooting,
        "service-principals-not-synced",
        "Service principals are missing: the connector does not carry them.",
        &[Check("service-principals")],
    ),
    Entry::new(
        Kind::Troubleshooting,
        "sync-is-delayed",
        "Changes do not arrive at once: a sync is scheduled, with a delay that grows with the number of users and groups.",
        &[Check("cycle-recent"), Tip("cycles")],
    ),
    Entry::new(
        Kind::Troubleshooting,
        "restart-for-now",
        "Clear current state and restart synchronization asks for a sync at once.",
        &[Tip("restart"), Check("job-healthy")],
    )
    .today("The portal also says Restart provisioning. For one person, Provision on demand is quicker and touches nobody else."),
    Entry::new(
        Kind::Troubleshooting,
        "addresses-blocked",
        "Entra's provisioning service cannot get through: it calls from certain address ranges.",
        &[Fault(FaultCode::IpBlocked), Fault(FaultCode::PrivateLink), Check("connection-from-entra")],
    ),
    Entry::new(
        Kind::Troubleshooting,
        "addresses-tag",
        "Allow the ranges of AzureActiveDirectory in Microsoft's file of address ranges.",
        &[Tip("address-ranges"), Fault(FaultCode::IpBlocked)],
    )
    .today("Exactly this tag: subtags such as AzureActiveDirectory.ServiceEndpoint lack addresses. The file changes weekly, and Databricks' lists hold 1,000 entries."),
];
