// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Every link Usher can open.
 */
export type LinkId = "account-console" | "workspace" | "entra-admin-center" | "enterprise-apps" | "entra-gallery" | "app-overview" | "app-properties" | "app-users-and-groups" | "app-provisioning" | "app-registrations" | "registration-permissions" | "registration-secrets" | "registration-authentication" | "admin-consent" | "entra-licences" | "entra-roles" | "entra-my-roles" | "service-tags" | "docs-entra-tutorial" | "docs-databricks-scim" | "docs-automatic-identity-management" | "docs-how-provisioning-works" | "docs-quarantine" | "docs-accidental-deletions";
