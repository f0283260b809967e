//! Every scenario, how it is looked at, how its trouble shows, and what ends it.

use usher_core::model::setup::SignIn;

/// How a scenario is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// "Check an existing set-up": sign in so, take the connector that is found, give the token.
    Check(SignIn),
    /// A new set-up of the account.
    Account,
    /// A new set-up of the first workspace.
    Workspace,
    /// A move: second credential, workspaces and their tokens.
    Move,
    /// The connection test.
    Test,
    /// The address of the second workspace, pasted to learn the account from it.
    Address,
}

/// How a trouble shows. It is gone when none of it shows any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    /// These checks fail or warn, each with what to do.
    Found(&'static [&'static str]),
    /// These cannot be told, for a reason that has these words.
    Unknown(&'static str, &'static str),
    /// The sign-in is refused with these words.
    Refused(&'static str),
    /// It is no trouble, or one that Usher gets over by itself.
    Nothing,
}

/// What ends a trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// A press in a portal.
    Press(&'static str),
    /// "Fix it" of this check: a plan of exactly this, confirmed.
    Fix(&'static str),
    /// The journey's own plan, from what is there to people who arrive.
    SetUp,
    /// The same is refused: Entra does not accept what it is given.
    Refused,
    /// An address for notifications is entered.
    Notify,
    /// Groups are chosen.
    Choose,
    /// A new application is wanted, in place of the one that was found.
    New,
    /// Time goes by: a cycle runs.
    Cycle,
}

pub(super) type Row = (&'static str, Look, Shows, &'static [Way]);

use Look::{Account, Address, Move, Test, Workspace};
use Shows::{Found, Nothing, Refused, Unknown};
use Way::{Choose, Cycle, Fix, Notify, Press, SetUp};

const CHECK: Look = Look::Check(SignIn::ClientSecret);
const BROWSER: Look = Look::Check(SignIn::Browser);
const CODE: Look = Look::Check(SignIn::DeviceCode);
/// Nothing has been set up yet.
const NEW: Shows = Found(&[
    "provisioning-automatic",
    "provisioning-on",
    "someone-assigned",
]);
const NO_CONNECTION: Shows = Found(&["connection-from-here"]);
const NETWORK: &[Way] = &[Press("clear-the-network")];
const LATER: &[Way] = &[Press("wait-for-databricks")];
const NEW_TOKENS: &[Way] = &[
    Press("generate-scim-token"),
    Press("generate-workspace-tokens"),
];

#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    ("fresh", CHECK, NEW, &[SetUp]),
    ("people-in-databricks", CHECK, NEW, &[SetUp]),
    ("ten-thousand-users", CHECK, Found(&["account-limits"]), &[Press("delete-unused-users")]),
    ("heavy-groups", CHECK, NEW, &[SetUp]),
    ("legacy-workspace", Move, Found(&["identity-federation"]), &[Press("enable-identity-federation")]),
    ("expired-token", Test, NO_CONNECTION, NEW_TOKENS),
    ("token-expires-soon", Workspace, Found(&["token-age"]), &[Press("generate-workspace-tokens")]),
    ("leftovers", Account, Found(&["name-clash", "outside-scim"]), &[
        Press("activate-user"), Press("delete-leftover-users"), Press("correct-user-name"), Press("rename-handmade-groups"),
    ]),
    ("ip-access-list", Account, NEW, &[Way::Refused, Press("allow-entra-addresses"), SetUp]),
    ("connected", CHECK, Nothing, &[]),
    ("quarantine", CHECK, Found(&["connection-from-entra", "job-healthy", "cycle-recent"]), &[Fix("connection-from-entra"), Fix("job-healthy")]),
    ("nested-groups", CHECK, Found(&["nested-groups", "service-principals"]), &[
        Press("take-nested-group-apart"), Press("take-service-principal-out"), Cycle,
    ]),
    ("two-connectors", CHECK, Found(&["app-unique"]), &[Fix("app-unique")]),
    ("hidden-connector", CHECK, Unknown("connectors-off", "runs for a workspace that was not looked at"), &[Press("pause-other-connector")]),
    ("no-p1-licence", Account, Found(&["group-licence"]), &[Press("start-p1-trial")]),
    ("paused", CHECK, Found(&["provisioning-on"]), &[Fix("provisioning-on")]),
    ("wrong-base-address", CHECK, Found(&["connection-from-entra", "endpoint-matches", "job-healthy"]), &[Fix("connection-from-entra"), Fix("job-healthy")]),
    ("masked-secret-only", CHECK, Found(&["notification-email"]), &[Press("generate-scim-token"), Notify, Fix("notification-email")]),
    ("unassigned", CHECK, Found(&["someone-assigned"]), &[Choose, SetUp]),
    ("sync-all", CHECK, Found(&["scope-assigned"]), &[Press("assign-everyone-else"), Fix("scope-assigned")]),
    ("works-here-not-from-entra", CHECK, Found(&["connection-from-entra", "job-healthy"]), &[Press("allow-entra-addresses"), Fix("job-healthy")]),
    ("wrong-mapping", CHECK, Found(&["mapping-username", "mapping-external-id", "missing-mail"]), &[
        Press("fill-in-mail"), Fix("mapping-username"), Fix("mapping-external-id"),
    ]),
    ("deletions-held", CHECK, Found(&["job-healthy", "deletions-held"]), &[Press("put-people-back"), Press("restart-provisioning"), Cycle]),
    ("never-ran", CHECK, Found(&["cycle-recent", "users-arrived"]), &[Cycle]),
    ("global-reader", CHECK, Found(&["entra-role"]), &[Press("grant-consent"), Press("choose-admin-account")]),
    ("slow-to-appear", CHECK, NEW, &[SetUp]),
    ("half-finished", CHECK, Found(&["connection-from-entra", "secret-saved", "provisioning-on", "assignment-required", "delete-threshold", "mapping-groups", "notification-email"]), &[
        Fix("connection-from-entra"), Fix("assignment-required"), Fix("delete-threshold"), Fix("mapping-groups"), Fix("provisioning-on"),
        Notify, Fix("notification-email"),
    ]),
    ("own-application", CHECK, Found(&["app-from-gallery"]), &[Press("pause-own-application"), Way::New, SetUp]),
    ("odd-groups", CHECK, Found(&["group-provisionable", "reserved-names", "guests"]), &[
        Press("unassign-reserved-group"), Press("unassign-mail-group"), Press("unassign-guest"),
    ]),
    ("changed-by-hand", CHECK, Found(&["users-arrived", "inactive-users", "removed-by-hand"]), &[
        Press("activate-user"), Press("restart-provisioning"), Cycle,
    ]),
    ("one-person-refused", CHECK, Found(&["cycle-errors", "users-arrived"]), &[Press("wait-for-databricks"), Cycle]),
    ("leftovers-in-the-way", CHECK, Found(&["groups-arrived", "case-clash"]), &[
        Press("activate-user"), Press("delete-leftover-users"), Press("correct-user-name"), Press("rename-group-as-entra"), Cycle,
    ]),
    ("every-admin-in-scope", CHECK, Found(&["own-admin-kept"]), &[Press("make-admins-outside-scope")]),
    ("not-an-admin", Move, Found(&["databricks-admin"]), &[Press("make-sign-in-admin")]),
    ("wrong-account", Address, Nothing, &[]),
    ("standard-plan", Move, Found(&["premium-plan"]), &[Press("upgrade-to-premium")]),
    ("workspace-runs", CHECK, Nothing, &[]),
    ("token-owner-in-scope", CHECK, Found(&["pat-owner-unmanaged"]), &[Press("generate-workspace-tokens")]),
    ("token-owner-no-admin", CHECK, Found(&["connection-from-here", "connection-from-entra", "pat-owner-admin", "job-healthy"]), &[
        Press("generate-workspace-tokens"), Fix("token-age"), Fix("job-healthy"),
    ]),
    ("local-twins", Move, Found(&["local-name-clash", "entitlements"]), &[Press("grant-entitlement"), Press("rename-local-group")]),
    ("migrate-small", Move, Found(&["local-name-clash"]), &[Press("rename-local-group")]),
    ("migrate-gap", Move, Found(&["local-name-clash", "workspace-access"]), &[Press("give-workspace"), Press("rename-local-group")]),
    ("migrate-small-throttled", Move, Found(&["local-name-clash"]), &[Press("rename-local-group")]),
    ("migrate-small-workspace-down", Move, Unknown("entitlements", "HTTP 500"), &[Press("wait-for-databricks"), Press("rename-local-group")]),
    ("migrate-small-expired-token", Move, Unknown("entitlements", "a token that Databricks accepts"), &[
        Press("generate-workspace-tokens"), Press("rename-local-group"),
    ]),
    ("migrate-small-quarantine", Move, Found(&["connection-from-entra", "job-healthy"]), &[Press("save-token-in-entra"), Press("rename-local-group")]),
    ("migrate-gap-lost-answer", Move, Found(&["local-name-clash", "workspace-access"]), &[Press("give-workspace"), Press("rename-local-group")]),
    ("migrate-gap-endless-cycle", Move, Found(&["local-name-clash", "workspace-access"]), &[
        Press("wait-for-cycle-to-end"), Press("give-workspace"), Press("rename-local-group"),
    ]),
    ("secret-expired", CHECK, Refused("The client secret has expired"), &[Press("renew-client-secret")]),
    ("no-consent", CHECK, Found(&["entra-role"]), &[Press("grant-consent")]),
    ("device-code-blocked", CODE, Refused("blocks"), &[Press("allow-device-codes")]),
    ("conditional-access", CHECK, Refused("Conditional Access blocks this sign-in"), &[Press("pass-conditional-access")]),
    ("role-not-active", BROWSER, Refused("An administrator has to agree"), &[Press("activate-role")]),
    ("guest-account", BROWSER, Refused("An administrator has to agree"), &[Press("choose-admin-account")]),
    ("other-tenant", BROWSER, Refused("organi"), &[Press("choose-admin-account")]),
    ("secrets-merge", CHECK, NEW, &[SetUp]),
    ("fault-private-link", Test, NO_CONNECTION, &[Press("allow-public-access")]),
    ("fault-login-page", Test, NO_CONNECTION, NETWORK),
    ("fault-login-redirect", Test, NO_CONNECTION, NETWORK),
    ("fault-token-rejected", Test, NO_CONNECTION, NEW_TOKENS),
    ("fault-ip-blocked", Test, NO_CONNECTION, &[Press("allow-this-machine"), Press("allow-entra-addresses")]),
    ("fault-not-admin", Test, NO_CONNECTION, NEW_TOKENS),
    ("fault-forbidden", Test, NO_CONNECTION, NEW_TOKENS),
    ("fault-not-found", Test, NO_CONNECTION, LATER),
    ("fault-rate-limited", Test, NO_CONNECTION, LATER),
    ("fault-rate-limited-once", Test, Nothing, &[]),
    ("fault-server-error", Test, NO_CONNECTION, LATER),
    ("fault-unexpected-status", Test, NO_CONNECTION, NETWORK),
    ("fault-connection-cut", Test, NO_CONNECTION, NETWORK),
    ("fault-not-scim", Test, NO_CONNECTION, NETWORK),
    ("fault-garbage", Test, NO_CONNECTION, NETWORK),
    ("fault-body-truncated", Test, NO_CONNECTION, NETWORK),
    ("fault-body-too-large", Test, NO_CONNECTION, NETWORK),
    ("fault-groups-forbidden", Test, NO_CONNECTION, NEW_TOKENS),
    ("fault-groups-server-error", Test, NO_CONNECTION, LATER),
    ("fault-groups-not-scim", Test, NO_CONNECTION, NETWORK),
    ("fault-groups-body-truncated", Test, NO_CONNECTION, NETWORK),
    ("fault-filter-refused", Test, NO_CONNECTION, LATER),
    ("fault-filter-ignored", Test, NO_CONNECTION, NETWORK),
    ("fault-token-not-checked", Test, NO_CONNECTION, NETWORK),
    ("fault-oauth-throttled", Move, Unknown("databricks-admin", "429"), LATER),
];

/// Those that take minutes here. Large tenants are looked at in `large_tenant.rs`; the answer that never comes has its test, with a
/// shorter patience, in `doctor.rs`.
pub(super) const ELSEWHERE: [&str; 5] = [
    "large",
    "large-group",
    "migrate-large",
    "migrate-large-throttled",
    "fault-timeout",
];
