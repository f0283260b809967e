//! Who can sign in: applications with their secrets and permissions, and accounts with their roles.

use jiff::Timestamp;
use uuid::Uuid;

/// Directory roles that matter here, with their template ids (facts on Entra §0).
pub mod roles {
    use uuid::{Uuid, uuid};

    /// Global Administrator.
    pub const GLOBAL_ADMINISTRATOR: Uuid = uuid!("62e90394-69f5-4237-9190-012177145e10");
    /// Application Administrator.
    pub const APPLICATION_ADMINISTRATOR: Uuid = uuid!("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3");
    /// Cloud Application Administrator.
    pub const CLOUD_APPLICATION_ADMINISTRATOR: Uuid = uuid!("158c047a-c907-4556-b7ef-446551a6b5f7");
    /// Privileged Role Administrator.
    pub const PRIVILEGED_ROLE_ADMINISTRATOR: Uuid = uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814");
    /// Global Reader: sees nearly everything, but not the provisioning configuration.
    pub const GLOBAL_READER: Uuid = uuid!("f2ef992c-3afb-46b9-b7cf-a126ee74c451");
    /// Reports Reader.
    pub const REPORTS_READER: Uuid = uuid!("4a5d8f65-41da-4de4-8968-e035b65339cf");
    /// Security Reader.
    pub const SECURITY_READER: Uuid = uuid!("5d6b6bb7-de71-4623-b4af-96380a352509");

    /// The role's name in the portal.
    #[must_use]
    pub fn name(template: Uuid) -> &'static str {
        match template {
            GLOBAL_ADMINISTRATOR => "Global Administrator",
            APPLICATION_ADMINISTRATOR => "Application Administrator",
            CLOUD_APPLICATION_ADMINISTRATOR => "Cloud Application Administrator",
            PRIVILEGED_ROLE_ADMINISTRATOR => "Privileged Role Administrator",
            GLOBAL_READER => "Global Reader",
            REPORTS_READER => "Reports Reader",
            SECURITY_READER => "Security Reader",
            _ => "Directory role",
        }
    }
}

/// A client secret of a registration.
#[derive(Debug, Clone)]
pub struct ClientSecret {
    /// The id the portal shows beside the value; people paste it by mistake.
    pub id: Uuid,
    /// The value.
    pub value: String,
    /// From when on it is refused with 7000222.
    pub expires: Timestamp,
}

/// An application that can sign in to the practice tenant.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The client id.
    pub app_id: Uuid,
    /// The name on the consent page.
    pub display_name: String,
    /// Its service principal in this tenant.
    pub service_principal_id: Uuid,
    /// Secrets, for app-only sign-in.
    pub secrets: Vec<ClientSecret>,
    /// Whether "Allow public client flows" is on.
    pub public_client: bool,
    /// Registered redirect addresses; the port of a loopback one is not compared (facts on Entra §2.1).
    pub redirect_uris: Vec<String>,
    /// Application permissions an administrator granted: they come as `roles`.
    pub application_permissions: Vec<String>,
    /// Delegated permissions consented for the whole tenant: they come as `scp`.
    pub delegated_permissions: Vec<String>,
    /// Whether a missing delegated permission may be consented while signing in.
    pub dynamic_consent: bool,
    /// Whether the application is switched off (7000112).
    pub disabled: bool,
}

/// Why an account cannot sign in here, if it cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInState {
    /// It can.
    Works,
    /// It lives in another tenant and is no guest of this one (50020).
    OtherTenant,
    /// Its sign-in is blocked (50057).
    Disabled,
    /// Conditional Access says no (53003).
    Blocked,
}

/// Somebody who can be chosen on the sign-in page.
#[derive(Debug, Clone)]
pub struct Account {
    /// The sign-in name.
    pub user_principal_name: String,
    /// The person in the directory; nobody for an account of another tenant.
    pub user_id: Option<Uuid>,
    /// Active roles.
    pub active_roles: Vec<Uuid>,
    /// Roles that Privileged Identity Management would activate on request.
    pub eligible_roles: Vec<Uuid>,
    /// Whether the account may sign in.
    pub state: SignInState,
}

impl Account {
    /// Whether an active role lets the account consent for the tenant to delegated permissions (facts on Entra §2.3).
    #[must_use]
    pub fn may_consent(&self) -> bool {
        self.active_roles.iter().any(|role| {
            [
                roles::GLOBAL_ADMINISTRATOR,
                roles::PRIVILEGED_ROLE_ADMINISTRATOR,
                roles::APPLICATION_ADMINISTRATOR,
                roles::CLOUD_APPLICATION_ADMINISTRATOR,
            ]
            .contains(role)
        })
    }
}
