//! Permissions that are enough for an operation, as the contract lists them.

pub(super) const APPLICATION_READ: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
pub(super) const APPLICATION_READ_OR_OWNED: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.OwnedBy",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
pub(super) const APPLICATION_LIST_APP: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.OwnedBy",
    "Application.ReadWrite.All",
    "Directory.Read.All",
];
pub(super) const APPLICATION_WRITE: &[&str] =
    &["Application.ReadWrite.All", "Directory.ReadWrite.All"];
pub(super) const APPLICATION_WRITE_OR_OWNED: &[&str] = &[
    "Application.ReadWrite.OwnedBy",
    "Application.ReadWrite.All",
    "Directory.ReadWrite.All",
];
pub(super) const APPLICATION_DELETE: &[&str] = &["Application.ReadWrite.All"];
pub(super) const APPLICATION_DELETE_OR_OWNED: &[&str] =
    &["Application.ReadWrite.OwnedBy", "Application.ReadWrite.All"];
pub(super) const ASSIGN: &[&str] = &[
    "AppRoleAssignment.ReadWrite.All",
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
];
pub(super) const UNASSIGN: &[&str] = &[
    "AppRoleAssignment.ReadWrite.All",
    "Application.ReadWrite.All",
];
pub(super) const SYNC_READ: &[&str] =
    &["Synchronization.Read.All", "Synchronization.ReadWrite.All"];
pub(super) const SYNC_READ_OR_OWNED: &[&str] = &[
    "Application.ReadWrite.OwnedBy",
    "Synchronization.Read.All",
    "Synchronization.ReadWrite.All",
];
pub(super) const SYNC_WRITE: &[&str] = &["Synchronization.ReadWrite.All"];
pub(super) const SYNC_WRITE_OR_OWNED: &[&str] = &[
    "Application.ReadWrite.OwnedBy",
    "Synchronization.ReadWrite.All",
];
/// Not documented; what callers that read secrets were seen with (facts on Entra §1.9).
pub(super) const SECRETS_READ: &[&str] = &[
    "Synchronization.Read.All",
    "Synchronization.ReadWrite.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.Read.All",
];
pub(super) const LOGS: &[&str] = &[
    "ProvisioningLog.Read.All",
    "AuditLog.Read.All",
    "Directory.Read.All",
];
pub(super) const GROUPS: &[&str] = &[
    "Group-NestingSupport.ReadWrite.All",
    "Group.ReadBasic.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Group-PreferredDataLocation.ReadWrite.All",
    "Group.ManageProtection.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "GroupMember.Read.All",
];
pub(super) const GROUP: &[&str] = &[
    "Group-NestingSupport.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Group-PreferredDataLocation.ReadWrite.All",
    "Group-XTenantIdentitySync.Read.All",
    "Group.ManageProtection.All",
    "Group.Read.All",
    "Group.ReadBasic.All",
    "Group.ReadWrite.All",
    "GroupMember.Read.All",
];
pub(super) const MEMBERS: &[&str] = &[
    "GroupMember.ReadBasic.All",
    "Directory.Read.All",
    "Group.Read.All",
    "Group.ReadBasic.All",
    "Group.ReadWrite.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
];
pub(super) const SKUS: &[&str] = &[
    "LicenseAssignment.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
];
pub(super) const ORGANIZATION: &[&str] = &[
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "User.Read",
    "User.Read.All",
];
pub(super) const ORGANIZATION_APP: &[&str] = &[
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "User.Read.All",
];
pub(super) const USERS: &[&str] = &[
    "User.ReadBasic.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
];
pub(super) const USERS_APP: &[&str] = &[
    "User.ReadBasic.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
    "User.ReadWrite.CrossCloud",
];
pub(super) const DIRECTORY: &[&str] = &["Directory.Read.All"];
pub(super) const ME: &[&str] = &[
    "User.Read",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
    "User.ReadBasic.All",
    "User.ReadWrite",
    "User.ReadWrite.All",
];
pub(super) const MY_ROLES: &[&str] = &[
    "User.Read",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadBasic.All",
    "GroupMember.Read.All",
    "GroupMember.ReadBasic.All",
    "User.Read.All",
];
pub(super) const ANY: &[&str] = &[];
