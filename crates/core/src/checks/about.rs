//! What each check wants and why, said once: the same whatever was found. One entry a check; a test holds the list complete.

/// What a check wants and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The check's id.
    pub check: &'static str,
    /// What is there when all is right.
    pub wanted: &'static str,
    /// Why it matters: what happens when it is not so.
    pub why: &'static str,
    /// Where the vendor writes about it.
    pub link: &'static str,
}

/// What a check wants and why; `None` for an id that the catalogue does not have.
pub fn about(check: &str) -> Option<&'static About> {
    ALL.iter().find(|about| about.check == check)
}

const TUTORIAL: &str =
    "https://learn.microsoft.com/entra/identity/saas-apps/azure-databricks-provisioning-tutorial";
const PORTAL: &str = "https://learn.microsoft.com/entra/identity/app-provisioning/configure-automatic-user-provisioning-portal";
const GRAPH: &str = "https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-configuration-api";
const HOW: &str =
    "https://learn.microsoft.com/entra/identity/app-provisioning/how-provisioning-works";
const QUARANTINE: &str = "https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-quarantine-status";
const DELETIONS: &str =
    "https://learn.microsoft.com/entra/identity/app-provisioning/accidental-deletions";
const ACCOUNT: &str = "https://learn.microsoft.com/azure/databricks/admin/users-groups/scim/aad";
const WORKSPACE: &str =
    "https://learn.microsoft.com/azure/databricks/archive/workspace-level-scim/aad";
const AIM: &str =
    "https://learn.microsoft.com/azure/databricks/admin/users-groups/automatic-identity-management";
const GROUPS: &str = "https://learn.microsoft.com/azure/databricks/admin/users-groups/groups";
const LOCAL: &str =
    "https://learn.microsoft.com/azure/databricks/admin/users-groups/workspace-local-groups";
const LIMITS: &str = "https://learn.microsoft.com/azure/databricks/resources/limits";
const ACCESS_LIST: &str = "https://kb.databricks.com/cloud/403-error-when-attempting-to-synchronize-users-through-an-azure-databricks-scim-provisioning-connector";
const REACTIVATE: &str = "https://kb.databricks.com/en_US/administration/reactivate-a-user-that-has-been-disabled-with-aad-at-the-account-and-workspace-level";
const OUTSIDE: &str =
    "https://kb.databricks.com/security/users-being-provisioned-in-databricks-outside-of-scim";
const CASE: &str = "https://kb.databricks.com/administration/failed-to-add-user-error-due-to-email-or-username-already-existing-with-a-different-case";

const fn says(
    check: &'static str,
    wanted: &'static str,
    why: &'static str,
    link: &'static str,
) -> About {
    About {
        check,
        wanted,
        why,
        link,
    }
}

/// In the catalogue's order.
pub(super) const ALL: &[About] = &[
    // Before starting
    says(
        "aim-considered",
        "SCIM is chosen on purpose, with automatic identity management known",
        "On Azure with one tenant, automatic identity management brings nested groups and service principals too, and needs no connector to look after.",
        AIM,
    ),
    says(
        "premium-plan",
        "Premium or above",
        "Databricks offers SCIM provisioning on the Premium plan and above alone.",
        TUTORIAL,
    ),
    says(
        "databricks-admin",
        "an account admin; for a workspace connector a workspace admin",
        "Only an admin can enable user provisioning, see its URL and generate its token.",
        TUTORIAL,
    ),
    says(
        "entra-role",
        "Cloud Application Administrator or stronger; for an app sign-in the permissions Application.ReadWrite.All and Synchronization.ReadWrite.All",
        "Without them Microsoft Graph does not show the provisioning configuration, and most other checks of Entra stay unknown.",
        GRAPH,
    ),
    says(
        "group-licence",
        "Microsoft Entra ID P1 or P2 where groups are assigned",
        "Without P1 or P2 a group cannot be assigned to the application; users can, one by one.",
        TUTORIAL,
    ),
    says(
        "cloud-supported",
        "a cloud whose gallery has the Databricks connector",
        "Where the gallery has no connector there is nothing to set up in Entra, and scripts against Databricks' SCIM API do the work.",
        TUTORIAL,
    ),
    says(
        "same-account",
        "every workspace belongs to the account of the SCIM URL",
        "With another account everything looks green, and people arrive where nobody waits for them.",
        ACCOUNT,
    ),
    says(
        "same-tenant",
        "every workspace signs in with the tenant that provisions",
        "People provisioned from another tenant exist in Databricks, and as far as is known they cannot sign in there.",
        ACCOUNT,
    ),
    says(
        "identity-federation",
        "identity federation is on for every workspace",
        "Account provisioning reaches federated workspaces alone; the others go on needing a connector of their own.",
        ACCOUNT,
    ),
    // The connection
    says(
        "connection-from-here",
        "every phase passes, from name look-up to SCIM's answers",
        "What does not work from here mostly does not work from Entra either, and here the cause can be named.",
        ACCOUNT,
    ),
    says(
        "connection-from-entra",
        "Entra's own test of the saved credentials is accepted",
        "Provisioning runs from Entra's network, not from this machine: an IP access list or a private link can let one through and not the other.",
        ACCESS_LIST,
    ),
    says(
        "endpoint-matches",
        "the SCIM URL as Databricks shows it, with nothing after it",
        "With any other URL provisioning fails, or fills another account or workspace.",
        TUTORIAL,
    ),
    says(
        "secret-saved",
        "a secret token is stored",
        "Left blank, Entra sends a token of its own, which is none of Databricks'.",
        TUTORIAL,
    ),
    says(
        "token-age",
        "more than 90 days left",
        "When the token ends, provisioning goes into quarantine, and after 28 days there Entra switches it off.",
        TUTORIAL,
    ),
    says(
        "pat-owner-admin",
        "an active workspace admin",
        "Databricks lets workspace admins alone use the workspace's SCIM API.",
        WORKSPACE,
    ),
    says(
        "pat-owner-unmanaged",
        "an admin whom this connector does not carry, or a service principal",
        "If the connector deactivates the owner of its own token, it locks itself out.",
        WORKSPACE,
    ),
    // The enterprise application
    says(
        "app-from-gallery",
        "made from the gallery template Azure Databricks SCIM Provisioning Connector",
        "The template brings Databricks' attribute mappings; another app has to be given them by hand.",
        TUTORIAL,
    ),
    says(
        "app-unique",
        "one running connector for a target",
        "Two connectors with one target can undo each other's work, so that people flip between active and inactive.",
        HOW,
    ),
    says(
        "provisioning-automatic",
        "a synchronization job exists",
        "Without a job Entra keeps the settings and provisions nobody.",
        PORTAL,
    ),
    says(
        "provisioning-on",
        "On",
        "While it is off nobody new arrives, and people who leave keep their access.",
        PORTAL,
    ),
    says(
        "assignment-required",
        "No for the account app, Yes for a workspace app",
        "Databricks recommends No for the account app, so that everyone may sign in to the account, and Yes for a workspace app, so that assigned people alone are synced.",
        TUTORIAL,
    ),
    says(
        "scope-assigned",
        "sync only assigned users and groups",
        "With all users and groups in scope the whole directory becomes Databricks users, up to the account's limits.",
        TUTORIAL,
    ),
    says(
        "notification-email",
        "an address that somebody reads",
        "Entra writes one message when a job goes into quarantine; without an address nobody is told.",
        QUARANTINE,
    ),
    says(
        "delete-threshold",
        "on, with a number that a normal day does not reach",
        "One wrong change to a group can deactivate everyone at once; above the number Entra holds and asks.",
        DELETIONS,
    ),
    says(
        "mapping-username",
        "the same source attribute for userName and the work address",
        "Where the two differ, Databricks rejects the user.",
        TUTORIAL,
    ),
    says(
        "mapping-external-id",
        "objectId",
        "Automatic identity management matches people by it: with another value they would appear twice after a change to it.",
        AIM,
    ),
    says(
        "mapping-groups",
        "on where groups are assigned",
        "With the mapping off, the people of a group arrive and the group does not.",
        TUTORIAL,
    ),
    // Who is assigned
    says(
        "someone-assigned",
        "at least one user or group",
        "With nobody assigned every test passes and nothing is provisioned.",
        TUTORIAL,
    ),
    says(
        "nested-groups",
        "assigned groups hold people directly",
        "The connector carries direct members alone: people of an inner group are left out, without an error.",
        HOW,
    ),
    says(
        "service-principals",
        "none assigned, and none in an assigned group",
        "The connector does not carry service principals; who waits for one waits for ever.",
        TUTORIAL,
    ),
    says(
        "group-provisionable",
        "security-enabled groups",
        "Entra does not provision a group that is not security-enabled.",
        HOW,
    ),
    says(
        "reserved-names",
        "no group called admins, users or account users",
        "Databricks keeps these names for groups of its own: a group from Entra does not become one of them, and is most likely refused.",
        GROUPS,
    ),
    says(
        "name-clash",
        "every name free, or taken by the same group",
        "Databricks takes a group name once, whatever its case: the second group is refused, and its people lack it.",
        GROUPS,
    ),
    says(
        "guests",
        "guests are named as they sign in",
        "A guest whose name in Databricks is not the one used at sign-in most likely cannot get in.",
        TUTORIAL,
    ),
    says(
        "missing-mail",
        "a value in each mapped attribute",
        "A person without a user name is passed over; one without a work address Databricks may reject.",
        TUTORIAL,
    ),
    says(
        "account-limits",
        "below 80 % of the account's limits",
        "At the limit no further user or group is made, whoever asks.",
        LIMITS,
    ),
    says(
        "own-admin-kept",
        "at least one active admin outside the connector's scope",
        "If the connector could deactivate every admin, one mistake in Entra would lock everybody out of Databricks' settings.",
        ACCOUNT,
    ),
    // The sync
    says(
        "job-healthy",
        "not in quarantine",
        "In quarantine Entra tries ever more rarely, at last once a day, and after 28 days switches the job off.",
        QUARANTINE,
    ),
    says(
        "cycle-recent",
        "a completed cycle within three intervals",
        "Without completed cycles changes in Entra do not reach Databricks, and access that was taken away goes on.",
        HOW,
    ),
    says(
        "cycle-errors",
        "no failed entries",
        "Each entry that fails is a person or group whose access is not what Entra says; too many of them quarantine the job.",
        QUARANTINE,
    ),
    says(
        "deletions-held",
        "none",
        "While deletions are held the job is in quarantine, and those who should leave keep their access until a person decides.",
        DELETIONS,
    ),
    says(
        "users-arrived",
        "everyone in scope is in Databricks, active and linked",
        "Who is assigned and not active in Databricks cannot work there.",
        ACCOUNT,
    ),
    says(
        "groups-arrived",
        "every assigned group, with its name and its direct members",
        "Permissions in Databricks hang on groups: one that is missing or empty takes access away.",
        GROUPS,
    ),
    says(
        "inactive-users",
        "nobody",
        "Such people are meant to have access and do not; being assigned again does not always activate them.",
        REACTIVATE,
    ),
    says(
        "removed-by-hand",
        "nobody",
        "Entra believes that it has done such people already, and does not bring them back by itself.",
        TUTORIAL,
    ),
    says(
        "outside-scim",
        "every active user is linked to a person of Entra",
        "Nobody takes access away from a user whom the sync does not know, also after that person has left.",
        OUTSIDE,
    ),
    says(
        "case-clash",
        "the same spelling on both sides",
        "Databricks was seen to refuse a user whose name it has already in another case.",
        CASE,
    ),
    // Moving workspace connectors to the account
    says(
        "connectors-found",
        "every connector and where it leads",
        "A connector that nobody knows of goes on working beside the new one.",
        GRAPH,
    ),
    says(
        "connectors-off",
        "no workspace connector runs for a federated workspace",
        "Beside the account connector it goes on making groups that are local to the workspace, and changes people that the account owns.",
        TUTORIAL,
    ),
    says(
        "coverage",
        "everyone whom the old connectors carry",
        "Once the old connector is off, nobody updates whoever is not covered; taken off it while it runs, they are deactivated.",
        ACCOUNT,
    ),
    says(
        "account-sync-proven",
        "a completed cycle after the newest assignment, everyone active",
        "Old connectors may go only after the new one has been seen to work for each person.",
        ACCOUNT,
    ),
    says(
        "local-groups",
        "each local group known, with what takes its place",
        "A local group belongs to one workspace alone: the account connector neither fills it nor empties it.",
        LOCAL,
    ),
    says(
        "local-name-clash",
        "no local group with an account group's name",
        "While a local group has the name, the account group cannot be assigned to the workspace.",
        LOCAL,
    ),
    says(
        "workspace-access",
        "everyone still has the workspace, directly or by a group",
        "Being a user of the account opens no workspace: that takes an assignment.",
        ACCOUNT,
    ),
    says(
        "entitlements",
        "the entitlements of the local group",
        "Without them people reach the workspace and cannot do what they could before.",
        LOCAL,
    ),
];
