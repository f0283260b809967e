//! What the article says of provisioning to the account.

use super::Carrier::{Check, Command, Fault, Page, Tip};
use super::{Entry, Kind};
use crate::connection::FaultCode;

pub(super) const REQUIREMENTS: &[Entry] = &[
    Entry::new(
        Kind::Requirement,
        "account-plan",
        "The Databricks account is on the Premium plan or above.",
        &[Check("premium-plan"), Page("prepare")],
    ),
    Entry::new(
        Kind::Requirement,
        "account-entra-role",
        "In Entra you are a Cloud Application Administrator.",
        &[Check("entra-role"), Page("prepare")],
    )
    .today("Stronger roles do as well; an eligible role has to be activated first."),
    Entry::new(
        Kind::Requirement,
        "account-group-licence",
        "Provisioning groups takes a Premium edition of Entra (P1 or P2).",
        &[Check("group-licence")],
    ),
    Entry::new(
        Kind::Requirement,
        "account-user-licence",
        "Provisioning users works in every edition.",
        &[Check("group-licence")],
    ),
    Entry::new(
        Kind::Requirement,
        "account-admin",
        "You are a Databricks account admin.",
        &[Check("databricks-admin"), Page("prepare")],
    ),
];

pub(super) const DATABRICKS: &[Entry] = &[
    Entry::new(Kind::Step, "account-sign-in", "Sign in to the account console as an account admin.", &[Page("enable")]),
    Entry::new(Kind::Step, "account-settings", "Open Settings.", &[Page("enable")]).today("Security."),
    Entry::new(Kind::Step, "account-user-provisioning", "Open User Provisioning.", &[Page("enable")]),
    Entry::new(Kind::Step, "account-enable", "Press Enable user provisioning.", &[Page("enable")]).today("Set up user provisioning."),
    Entry::new(
        Kind::Step,
        "account-copy",
        "Copy the SCIM token and the Account SCIM URL.",
        &[Page("enable"), Fault(FaultCode::UrlWrongPath), Fault(FaultCode::TokenMalformed)],
    )
    .today("The URL is https://<account host>/api/2.1/accounts/<account id>/scim/v2; an older one has /api/2.0/."),
    Entry::new(
        Kind::Note,
        "account-token-scope",
        "The SCIM token serves the account's SCIM API and nothing else.",
        &[Tip("token-scope"), Fault(FaultCode::TokenKindMismatch)],
    )
    .today("The API's path now has 2.1 where the article has 2.0."),
];

pub(super) const APPLICATION: &[Entry] = &[
    Entry::new(
        Kind::Background,
        "account-existing-application",
        "An enterprise application that exists can be used instead of a new one.",
        &[Page("application"), Page("sign-in")],
    ),
    Entry::new(
        Kind::Background,
        "account-graph",
        "Microsoft Graph can do these steps.",
        &[Page("sign-in"), Command("apply"), Command("export --as graph-script")],
    ),
    Entry::new(
        Kind::Note,
        "account-separate",
        "The account's connector is one of its own beside those of workspaces.",
        &[Check("app-unique"), Check("connectors-off")],
    ),
    Entry::new(Kind::Step, "account-enterprise-applications", "Open Enterprise Applications in Entra.", &[Page("application")])
        .today("In the Entra admin center: Entra ID, then Enterprise apps."),
    Entry::new(
        Kind::Step,
        "account-gallery",
        "Press New Application and choose Azure Databricks SCIM Provisioning Connector from the gallery.",
        &[Page("application"), Check("app-from-gallery"), Check("cloud-supported")],
    )
    .today("It is not in the gallery of Azure China."),
    Entry::new(Kind::Step, "account-name", "Enter a name and press Add.", &[Page("application")]).today("Create."),
    Entry::new(Kind::Step, "account-provisioning", "Open Provisioning under Manage.", &[Page("connection")]),
    Entry::new(
        Kind::Step,
        "account-automatic",
        "Set Provisioning Mode to Automatic.",
        &[Page("connection"), Check("provisioning-automatic")],
    )
    .today("The newer portal has no mode: a configuration is made instead, under Connectivity."),
    Entry::new(
        Kind::Step,
        "account-url",
        "Set the SCIM API endpoint to the Account SCIM URL.",
        &[Page("connection"), Check("endpoint-matches")],
    )
    .today("The field is called Tenant URL."),
    Entry::new(Kind::Step, "account-token", "Set Secret Token to the SCIM token.", &[Page("connection"), Check("secret-saved")]),
    Entry::new(
        Kind::Step,
        "account-test",
        "Press Test Connection and wait for the message that the credentials are authorized.",
        &[Page("connection"), Page("test"), Check("connection-from-entra"), Check("connection-from-here")],
    ),
    Entry::new(Kind::Step, "account-save", "Press Save.", &[Page("connection"), Check("secret-saved")]),
];

pub(super) const PEOPLE: &[Entry] = &[
    Entry::new(
        Kind::Background,
        "account-who",
        "Who is assigned to the application is provisioned to the account.",
        &[Page("people"), Check("scope-assigned")],
    ),
    Entry::new(
        Kind::Note,
        "account-everyone",
        "Add all users and groups that the existing workspaces have.",
        &[Tip("everyone-first"), Check("coverage")],
    ),
    Entry::new(
        Kind::Step,
        "account-properties",
        "Open Properties under Manage.",
        &[Page("settings")],
    ),
    Entry::new(
        Kind::Step,
        "account-assignment-required",
        "Set Assignment required to No, so that every user may sign in to the account.",
        &[Page("settings"), Check("assignment-required")],
    ),
    Entry::new(
        Kind::Step,
        "account-back-to-provisioning",
        "Open Provisioning under Manage.",
        &[Page("start")],
    ),
    Entry::new(
        Kind::Step,
        "account-on",
        "Set Provisioning Status to On.",
        &[Page("start"), Check("provisioning-on")],
    )
    .today("The newer portal has Start provisioning on the Overview page."),
    Entry::new(
        Kind::Step,
        "account-save-status",
        "Press Save.",
        &[Page("start"), Check("provisioning-on")],
    ),
    Entry::new(
        Kind::Step,
        "account-users-and-groups",
        "Open Users and groups under Manage.",
        &[Page("people")],
    ),
    Entry::new(
        Kind::Step,
        "account-assign",
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
        "account-look",
        "Wait a few minutes and look whether users and groups are in the account.",
        &[
            Page("start"),
            Check("users-arrived"),
            Check("groups-arrived"),
        ],
    ),
    Entry::new(
        Kind::Background,
        "account-later",
        "Whoever is assigned later comes with the next sync.",
        &[Tip("cycles"), Check("cycle-recent")],
    ),
    Entry::new(
        Kind::Note,
        "account-removal",
        "Who is removed from the application is deactivated in the account and in all workspaces, federated or not.",
        &[Tip("removal"), Check("own-admin-kept"), Check("coverage")],
    ),
];
