//! Links by id. The page never names a URL: it asks for a link of the table, and Rust fills it in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Every link Usher can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum LinkId {
    /// The Databricks account console.
    AccountConsole,
    /// The workspace of the SCIM URL, or the set-up's first.
    Workspace,
    /// The Microsoft Entra admin center.
    EntraAdminCenter,
    /// The list of enterprise applications.
    EnterpriseApps,
    /// The gallery.
    EntraGallery,
    /// The enterprise application's overview.
    AppOverview,
    /// The enterprise application's properties ("Assignment required?").
    AppProperties,
    /// The enterprise application's users and groups.
    AppUsersAndGroups,
    /// The enterprise application's provisioning page.
    AppProvisioning,
    /// The list of app registrations.
    AppRegistrations,
    /// API permissions of the registration Usher signs in with.
    RegistrationPermissions,
    /// Certificates and secrets of that registration.
    RegistrationSecrets,
    /// Authentication (redirects, public client) of that registration.
    RegistrationAuthentication,
    /// The page where an administrator agrees to the registration's permissions.
    AdminConsent,
    /// Entra licences.
    EntraLicences,
    /// Entra roles.
    EntraRoles,
    /// One's own eligible roles, to activate.
    EntraMyRoles,
    /// Microsoft's download page of "Azure IP Ranges and Service Tags" for the Entra cloud.
    ServiceTags,
    /// Microsoft's tutorial for the Databricks connector.
    DocsEntraTutorial,
    /// Databricks' page on SCIM with Entra.
    DocsDatabricksScim,
    /// Databricks' page on automatic identity management.
    DocsAutomaticIdentityManagement,
    /// Microsoft's page on how provisioning works.
    DocsHowProvisioningWorks,
    /// Microsoft's page on quarantine.
    DocsQuarantine,
    /// Microsoft's page on accidental-deletion prevention.
    DocsAccidentalDeletions,
}

/// Asks for a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FollowLink {
    /// Which.
    pub link: LinkId,
}

/// Asks for the help of a page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HelpOf {
    /// A step's id, or a place of the window.
    pub page: String,
}

/// The help beside a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HelpText {
    /// What this page wants to be known.
    pub about: Option<&'static str>,
    /// Words that need explaining.
    pub terms: Vec<Term>,
    /// Where to read on.
    pub read: Vec<ReadLink>,
}

/// A word and what it means. Portal labels stand in `**bold**`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Term {
    /// The word.
    pub term: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// A page to read on at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReadLink {
    /// Which.
    pub link: LinkId,
    /// Where it leads, in words.
    pub title: &'static str,
}

/// Asks for a page of documentation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReadMore {
    /// Its address, as a finding or a fault names it.
    pub url: String,
}

/// A link, filled in for the open set-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkView {
    /// Which.
    pub link: LinkId,
    /// Where it leads, in words.
    pub title: String,
    /// The URL; `None` while something it needs is not known (the reason says what).
    pub url: Option<String>,
    /// Why there is no URL yet, or that it leads one level above the place.
    pub note: Option<String>,
}
