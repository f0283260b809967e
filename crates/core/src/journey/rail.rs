//! The rail of each journey: its steps, what each waits for, and which checks belong to it.

use crate::model::setup::Journey;

/// A step as the rail is laid out.
pub(super) struct Stop {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) journeys: &'static [Journey],
    /// What has to be there first, and what to say where it is not.
    pub(super) after: &'static [(&'static str, &'static str)],
    /// Checks that must be known before the step counts as done.
    pub(super) decided_by: &'static [&'static str],
    /// Checks that fail simply because the step has not been done yet.
    pub(super) brings: &'static [&'static str],
}

const ALL: &[Journey] = &[Journey::Account, Journey::Workspace, Journey::Migrate];
const MIGRATE: &[Journey] = &[Journey::Migrate];

const NEEDS_SIGN_IN: (&str, &str) = (
    "sign-in",
    "Sign in to Entra first, or choose to do it by hand.",
);
const NEEDS_APPLICATION: (&str, &str) = (
    "application",
    "Choose or create the enterprise application first.",
);
const NEEDS_URL: (&str, &str) = ("enable", "Enter the SCIM URL first.");

pub(super) static RAIL: [Stop; 14] = [
    Stop {
        id: "prepare",
        title: "Prepare",
        journeys: ALL,
        after: &[],
        decided_by: &["premium-plan", "databricks-admin", "cloud-supported"],
        brings: &[],
    },
    Stop {
        id: "enable",
        title: "Enable provisioning",
        journeys: ALL,
        after: &[],
        decided_by: &[],
        brings: &[],
    },
    Stop {
        id: "test",
        title: "Test",
        journeys: ALL,
        after: &[NEEDS_URL, ("token", "Paste the token first.")],
        decided_by: &["connection-from-here"],
        brings: &[],
    },
    Stop {
        id: "sign-in",
        title: "Sign in",
        journeys: ALL,
        after: &[],
        decided_by: &["entra-role"],
        brings: &[],
    },
    Stop {
        id: "connectors",
        title: "Connectors",
        journeys: MIGRATE,
        after: &[NEEDS_SIGN_IN],
        decided_by: &["connectors-found"],
        brings: &[],
    },
    Stop {
        id: "application",
        title: "Application",
        journeys: ALL,
        after: &[NEEDS_SIGN_IN],
        decided_by: &["app-from-gallery", "app-unique"],
        brings: &[],
    },
    Stop {
        id: "connection",
        title: "Connection",
        journeys: ALL,
        after: &[NEEDS_URL, NEEDS_APPLICATION],
        decided_by: &["provisioning-automatic", "endpoint-matches", "secret-saved"],
        brings: &["provisioning-automatic", "endpoint-matches", "secret-saved"],
    },
    Stop {
        id: "settings",
        title: "Sync settings",
        journeys: ALL,
        after: &[NEEDS_APPLICATION],
        decided_by: &["assignment-required", "scope-assigned"],
        brings: &[
            "assignment-required",
            "scope-assigned",
            "delete-threshold",
            "mapping-username",
            "mapping-external-id",
            "mapping-groups",
        ],
    },
    Stop {
        id: "people",
        title: "Users and groups",
        journeys: ALL,
        after: &[NEEDS_APPLICATION],
        decided_by: &["someone-assigned"],
        brings: &["someone-assigned"],
    },
    Stop {
        id: "coverage",
        title: "Coverage",
        journeys: MIGRATE,
        after: &[("connectors", "Find the connectors first.")],
        decided_by: &["coverage"],
        brings: &["coverage"],
    },
    Stop {
        id: "start",
        title: "Start",
        journeys: ALL,
        after: &[
            ("connection", "Save and test the connection first."),
            ("people", "Assign users and groups first."),
        ],
        decided_by: &["provisioning-on", "job-healthy", "users-arrived"],
        brings: &["provisioning-on", "account-sync-proven"],
    },
    Stop {
        id: "move",
        title: "Move",
        journeys: MIGRATE,
        after: &[("running", "Start the account connector first.")],
        decided_by: &["connectors-off", "workspace-access"],
        brings: &["connectors-off"],
    },
    Stop {
        id: "tidy-up",
        title: "Tidy up",
        journeys: MIGRATE,
        after: &[("move", "Move the connectors first.")],
        decided_by: &["local-groups"],
        brings: &[],
    },
    Stop {
        id: "checklist",
        title: "Checklist",
        journeys: ALL,
        after: &[],
        decided_by: &[],
        brings: &[],
    },
];

/// The step of a journey that a check belongs to; `None` for an id that the catalogue does not have.
pub fn step_of(journey: Journey, check: &str) -> Option<&'static str> {
    Some(match check {
        "connectors-off" if journey == Journey::Account => "start",
        "aim-considered"
        | "premium-plan"
        | "databricks-admin"
        | "group-licence"
        | "cloud-supported"
        | "same-account"
        | "same-tenant"
        | "identity-federation" => "prepare",
        "token-age" | "pat-owner-admin" => "enable",
        "connection-from-here" => "test",
        "entra-role" => "sign-in",
        "app-from-gallery" | "app-unique" => "application",
        "connection-from-entra"
        | "endpoint-matches"
        | "secret-saved"
        | "provisioning-automatic" => "connection",
        "assignment-required"
        | "scope-assigned"
        | "notification-email"
        | "delete-threshold"
        | "mapping-username"
        | "mapping-external-id"
        | "mapping-groups" => "settings",
        "someone-assigned"
        | "nested-groups"
        | "service-principals"
        | "group-provisionable"
        | "reserved-names"
        | "name-clash"
        | "guests"
        | "missing-mail"
        | "account-limits"
        | "own-admin-kept"
        | "pat-owner-unmanaged" => "people",
        "coverage" => "coverage",
        "provisioning-on"
        | "job-healthy"
        | "cycle-recent"
        | "cycle-errors"
        | "deletions-held"
        | "users-arrived"
        | "groups-arrived"
        | "inactive-users"
        | "removed-by-hand"
        | "outside-scim"
        | "case-clash"
        | "account-sync-proven" => "start",
        "connectors-found" => "connectors",
        "connectors-off" | "workspace-access" => "move",
        "local-groups" | "local-name-clash" | "entitlements" => "tidy-up",
        _ => return None,
    })
}
