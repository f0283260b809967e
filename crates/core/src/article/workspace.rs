//! What the article says of provisioning to one workspace.

use super::Carrier::{Check, Command, Fault, Page, Start, Tip};
use super::{Entry, Kind};
use crate::connection::FaultCode;

pub(super) const REQUIREMENTS: &[Entry] = &[
    Entry::new(
        Kind::Note,
        "workspace-preview",
        "Provisioning to a workspace is in Public Preview.",
        &[Start],
    )
    .today("Databricks has retired it to its archive and calls it legacy; so does Usher."),
    Entry::new(
        Kind::Background,
        "workspace-when",
        "It is for workspaces without identity federation.",
        &[Start, Page("prepare"), Check("identity-federation")],
    ),
    Entry::new(
        Kind::Background,
        "workspace-address",
        "Every example has the workspace's own address in it.",
        &[Page("enable"), Fault(FaultCode::UrlBrowserPage)],
    ),
    Entry::new(
        Kind::Requirement,
        "workspace-plan",
        "The Databricks account is on the Premium plan or above.",
        &[Check("premium-plan"), Page("prepare")],
    ),
    Entry::new(
        Kind::Requirement,
        "workspace-entra-role",
        "In Entra you are a Cloud Application Administrator.",
        &[Check("entra-role"), Page("prepare")],
    ),
    Entry::new(
        Kind::Requirement,
        "workspace-group-licence",
        "Provisioning groups takes a Premium edition of Entra (P1 or P2).",
        &[Check("group-licence")],
    ),
    Entry::new(
        Kind::Requirement,
        "workspace-user-licence",
        "Provisioning users works in every edition.",
        &[Check("group-licence")],
    ),
    Entry::new(
        Kind::Requirement,
        "workspace-admin",
        "You are an admin of the workspace.",
        &[Check("databricks-admin"), Page("prepare")],
    ),
];

pub(super) const APPLICATION: &[Entry] = &[
    Entry::new(
        Kind::Background,
        "one-application-each",
        "Each workspace has an enterprise application of its own.",
        &[Start, Check("app-unique")],
    ),
    Entry::new(
        Kind::Background,
        "workspace-existing-application",
        "An enterprise application that exists can be used instead of a new one.",
        &[Page("application"), Page("sign-in")],
    ),
    Entry::new(
        Kind::Background,
        "workspace-graph",
        "Microsoft Graph can do these steps.",
        &[Page("sign-in"), Command("apply"), Command("export --as graph-script")],
    ),
    Entry::new(Kind::Step, "workspace-sign-in", "Sign in to the workspace as its admin.", &[Page("enable")]),
    Entry::new(Kind::Step, "workspace-pat", "Generate a personal access token and copy it.", &[Page("enable"), Check("token-age")])
        .today("Under Settings, Developer, Access tokens. A token unused for 90 days is revoked by Databricks."),
    Entry::new(
        Kind::Note,
        "workspace-pat-owner",
        "Its owner must be an admin whom this application does not manage, or the connector stops with the owner.",
        &[Page("enable"), Check("pat-owner-unmanaged"), Check("pat-owner-admin")],
    ),
    Entry::new(Kind::Step, "workspace-enterprise-applications", "Open Enterprise Applications in Entra.", &[Page("application")])
        .today("In the Entra admin center: Entra ID, then Enterprise apps."),
    Entry::new(
        Kind::Step,
        "workspace-gallery",
        "Press New Application and choose Azure Databricks SCIM Provisioning Connector from the gallery.",
        &[Page("application"), Check("app-from-gallery"), Check("cloud-supported")],
    ),
    Entry::new(
        Kind::Step,
        "workspace-name",
        "Enter a name by which admins find it, such as <workspace-name>-provisioning, and press Add.",
        &[Page("application"), Tip("workspace-name")],
    )
    .today("Create."),
    Entry::new(Kind::Step, "workspace-provisioning", "Open Provisioning under Manage.", &[Page("connection")]),
    Entry::new(
        Kind::Step,
        "workspace-automatic",
        "Set Provisioning Mode to Automatic.",
        &[Page("connection"), Check("provisioning-automatic")],
    )
    .today("The newer portal has no mode: a configuration is made instead, under Connectivity."),
    Entry::new(
        Kind::Step,
        "workspace-url",
        "Set the SCIM API endpoint to the workspace's URL with /api/2.0/preview/scim.",
        &[Page("enable"), Page("connection"), Check("endpoint-matches"), Fault(FaultCode::UrlWrongPath)],
    )
    .today("The field is called Tenant URL."),
    Entry::new(
        Kind::Step,
        "workspace-identifier",
        "The workspace's URL is among its identifiers.",
        &[Page("enable")],
    ),
    Entry::new(
        Kind::Step,
        "workspace-token",
        "Set Secret Token to the personal access token.",
        &[Page("connection"), Check("secret-saved"), Fault(FaultCode::TokenKindMismatch)],
    ),
    Entry::new(
        Kind::Step,
        "workspace-test",
        "Press Test Connection and wait for the message that the credentials are authorized.",
        &[Page("connection"), Page("test"), Check("connection-from-entra"), Check("connection-from-here")],
    ),
    Entry::new(
        Kind::Step,
        "workspace-email",
        "Optionally enter an e-mail address for critical errors.",
        &[Page("settings"), Check("notification-email")],
    ),
    Entry::new(Kind::Step, "workspace-save", "Press Save.", &[Page("connection"), Check("secret-saved")]),
];

pub(super) const PEOPLE: &[Entry] = &[
    Entry::new(
        Kind::Step,
        "workspace-properties",
        "Open Properties under Manage.",
        &[Page("settings")],
    ),
    Entry::new(
        Kind::Step,
        "workspace-assignment-required",
        "Set Assignment required to Yes, so that only assigned users and groups are synced.",
        &[
            Page("settings"),
            Check("assignment-required"),
            Check("scope-assigned"),
        ],
    )
    .today("Who is synced is the provisioning scope; Assignment required decides who may sign in."),
    Entry::new(
        Kind::Step,
        "workspace-back-to-provisioning",
        "Open Provisioning under Manage.",
        &[Page("start")],
    ),
    Entry::new(
        Kind::Step,
        "workspace-on",
        "Set Provisioning Status to On.",
        &[Page("start"), Check("provisioning-on")],
    )
    .today("The newer portal has Start provisioning on the Overview page."),
    Entry::new(
        Kind::Step,
        "workspace-save-status",
        "Press Save.",
        &[Page("start"), Check("provisioning-on")],
    ),
    Entry::new(
        Kind::Step,
        "workspace-users-and-groups",
        "Open Users and groups under Manage.",
        &[Page("people")],
    ),
    Entry::new(
        Kind::Step,
        "workspace-assign",
        "Press Add user/group, select users and groups, press Assign.",
        &[
            Page("people"),
            Check("someone-assigned"),
            Check("group-provisionable"),
        ],
    )
    .today("Usher assigns before it starts, so that the first sync finds somebody."),
    Entry::new(
        Kind::Step,
        "workspace-look",
        "Wait a few minutes and look whether users and groups are in Databricks.",
        &[
            Page("start"),
            Check("users-arrived"),
            Check("groups-arrived"),
        ],
    ),
    Entry::new(
        Kind::Background,
        "workspace-later",
        "Whoever is assigned later comes with the next sync.",
        &[Tip("cycles"), Check("cycle-recent")],
    ),
    Entry::new(
        Kind::Note,
        "workspace-owner-unassigned",
        "Do not assign the admin whose token the connector uses.",
        &[Check("pat-owner-unmanaged")],
    ),
];
