//! Signing in to Entra.

use serde::Serialize;
use ts_rs::TS;
use usher_entra::signin::{Access, DevicePrompt, Permission};

/// What signing in tells while it waits for a person.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum SignInEvent {
    /// The browser was asked to open the sign-in page.
    Browser {
        /// The page, to copy where no browser opened.
        url: String,
        /// Whether a browser opened.
        opened: bool,
    },
    /// A code is to be typed on another page or device.
    Code {
        /// The code, and where.
        prompt: DevicePrompt,
    },
}

/// Who is signed in, as far as the token tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignedInView {
    /// An application rather than a person.
    pub app_only: bool,
    /// The tenant's id.
    pub tenant_id: Option<String>,
    /// Whether the token carries what changes need.
    pub may_write: bool,
    /// Whether the same person is signed in to Azure Databricks; `None`: that cannot be, for an app or on another cloud.
    pub databricks: Option<bool>,
    /// What Usher asks for, and whether the token carries it.
    pub permissions: Vec<PermissionView>,
}

/// A permission, and why Usher asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PermissionView {
    /// Its name, as the portal lists it.
    pub name: String,
    /// Why.
    pub why: String,
    /// For looking, or for changing.
    pub access: Access,
    /// Whether Usher works without it, with some checks unknown.
    pub optional: bool,
    /// Whether the token carries it; `None`: nobody is signed in.
    pub held: Option<bool>,
}

impl PermissionView {
    pub(crate) fn of(permission: &Permission, held: Option<bool>) -> Self {
        Self {
            name: permission.name.to_owned(),
            why: permission.why.to_owned(),
            access: permission.access,
            optional: permission.optional,
            held,
        }
    }
}

/// How to make the registration Usher signs in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationGuide {
    /// What to press in the Entra admin center, in order. Portal labels stand in `**bold**`.
    pub presses: Vec<String>,
    /// The redirect address to register, for signing in with the browser.
    pub redirect: String,
    /// Who may agree to the permissions.
    pub who_may_consent: String,
    /// The permissions, for the chosen way of signing in.
    pub permissions: Vec<PermissionView>,
}
