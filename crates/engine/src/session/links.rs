//! The one table of links (facts/entra §3, facts/databricks §1.5). None of the portal's links is a documented contract, so each page
//! says the path in words as well; a link that needs an id which is not known yet leads one level above and says so.

use url::Url;
use usher_core::checks;
use usher_core::connection::Fault;
use usher_core::model::setup::Journey;
use usher_core::model::{DatabricksCloud, EntraCloud, Setup, World};

use super::view::{LinkId, LinkView};

/// What links are filled in from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LinkContext<'a> {
    /// The world: consoles exist in the real clouds only.
    pub(crate) world: &'a World,
    /// The open set-up.
    pub(crate) setup: Option<&'a Setup>,
    /// The enterprise application's application (client) id, where it was seen.
    pub(crate) app_id: Option<&'a str>,
    /// The page of admin consent, where tenant and registration are known.
    pub(crate) consent: Option<&'a str>,
}

/// A place of a link: where it leads.
enum Place {
    /// It leads right there.
    Exact(String),
    /// It leads above the place; the note says from there on.
    Above(String, &'static str),
    /// It is not known yet.
    Missing(&'static str),
}

/// A link of the table, filled in.
pub(crate) fn link(id: LinkId, context: LinkContext<'_>) -> LinkView {
    let place = match documents(id) {
        Some(url) => Place::Exact(url.to_owned()),
        None if id == LinkId::ServiceTags => service_tags(context),
        None if *context.world != World::Live => Place::Missing(
            "On the practice tenant there is no console to open: its values are in the practice portal.",
        ),
        None => console(id, context),
    };
    let (url, note) = match place {
        Place::Exact(url) => (Some(url), None),
        Place::Above(url, note) => (Some(url), Some(note.to_owned())),
        Place::Missing(note) => (None, Some(note.to_owned())),
    };
    LinkView {
        link: id,
        title: title(id).to_owned(),
        url,
        note,
    }
}

/// Pages of documentation, the same in every cloud.
fn documents(id: LinkId) -> Option<&'static str> {
    Some(match id {
        LinkId::DocsEntraTutorial => {
            "https://learn.microsoft.com/entra/identity/saas-apps/azure-databricks-provisioning-tutorial"
        }
        LinkId::DocsDatabricksScim => {
            "https://learn.microsoft.com/azure/databricks/admin/users-groups/scim/aad"
        }
        LinkId::DocsAutomaticIdentityManagement => {
            "https://learn.microsoft.com/azure/databricks/admin/users-groups/automatic-identity-management"
        }
        LinkId::DocsHowProvisioningWorks => {
            "https://learn.microsoft.com/entra/identity/app-provisioning/how-provisioning-works"
        }
        LinkId::DocsQuarantine => {
            "https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-quarantine-status"
        }
        LinkId::DocsAccidentalDeletions => {
            "https://learn.microsoft.com/entra/identity/app-provisioning/accidental-deletions"
        }
        _ => return None,
    })
}

/// Whether an address is a page of documentation that a finding or a fault names.
pub(crate) fn is_document(url: &str) -> bool {
    Fault::DOCUMENTS.contains(&url) || checks::documents().any(|known| known == url)
}

/// Where in the consoles a finding is put right by hand; `None` where no page of theirs does it.
pub(crate) fn of_check(journey: Journey, check: &str) -> Option<LinkId> {
    Some(match check {
        "premium-plan" | "group-licence" => LinkId::EntraLicences,
        "entra-role" => LinkId::EntraRoles,
        "app-from-gallery" | "app-unique" | "connectors-found" | "connectors-off" => {
            LinkId::EnterpriseApps
        }
        "assignment-required" => LinkId::AppProperties,
        "someone-assigned"
        | "nested-groups"
        | "service-principals"
        | "group-provisionable"
        | "guests"
        | "own-admin-kept"
        | "pat-owner-unmanaged"
        | "coverage" => LinkId::AppUsersAndGroups,
        "connection-from-entra"
        | "endpoint-matches"
        | "secret-saved"
        | "provisioning-automatic"
        | "scope-assigned"
        | "notification-email"
        | "delete-threshold"
        | "mapping-username"
        | "mapping-external-id"
        | "mapping-groups"
        | "provisioning-on"
        | "job-healthy"
        | "cycle-recent"
        | "cycle-errors"
        | "deletions-held"
        | "account-sync-proven" => LinkId::AppProvisioning,
        "databricks-admin"
        | "identity-federation"
        | "pat-owner-admin"
        | "connection-from-here"
        | "account-limits"
        | "users-arrived"
        | "groups-arrived"
        | "inactive-users"
        | "removed-by-hand"
        | "outside-scim"
        | "case-clash"
        | "name-clash"
        | "workspace-access"
        | "local-groups"
        | "local-name-clash"
        | "entitlements" => match journey {
            Journey::Workspace => LinkId::Workspace,
            _ => LinkId::AccountConsole,
        },
        _ => return None,
    })
}

/// Pages of the two consoles.
fn console(id: LinkId, context: LinkContext<'_>) -> Place {
    match id {
        LinkId::AccountConsole => account_console(context),
        LinkId::Workspace => workspace(context),
        _ => entra(id, context),
    }
}

fn account_console(context: LinkContext<'_>) -> Place {
    let cloud = context
        .setup
        .map_or(DatabricksCloud::Azure, |setup| setup.cloud);
    let Some(host) = cloud.account_hosts().first() else {
        return Place::Missing("This cloud has no account console.");
    };
    let account = context
        .setup
        .and_then(|setup| setup.databricks.account_id.as_deref());
    match account {
        Some(account) => Place::Exact(format!("https://{host}/?account_id={account}")),
        None => Place::Exact(format!("https://{host}")),
    }
}

fn workspace(context: LinkContext<'_>) -> Place {
    let missing = Place::Missing("No workspace is named in this set-up yet.");
    let Some(setup) = context.setup else {
        return missing;
    };
    let scim = setup
        .databricks
        .scim_url
        .as_deref()
        .filter(|url| url.contains("/preview/scim"));
    let named = setup
        .databricks
        .workspaces
        .first()
        .map(|workspace| workspace.url.as_str());
    // Only the origin of what a set-up file names, and only a host of the table: a file is no reason to open a foreign page.
    let url = scim.or(named).and_then(|url| Url::parse(url).ok());
    match url.and_then(|url| usher_core::model::Origin::of(&url)) {
        Some(origin) if context.world.knows_databricks(&origin) => Place::Exact(origin.to_string()),
        _ => missing,
    }
}

fn entra(id: LinkId, context: LinkContext<'_>) -> Place {
    let cloud = context
        .setup
        .map_or(EntraCloud::Global, |setup| setup.entra.cloud);
    let view = |hash: &str| format!("https://{}/#view/{hash}", cloud.admin_center_host());
    let exact = |hash: &str| Place::Exact(view(hash));
    match id {
        LinkId::EntraAdminCenter => Place::Exact(format!("https://{}", cloud.admin_center_host())),
        LinkId::EnterpriseApps => exact(ENTERPRISE_APPS),
        LinkId::EntraGallery => exact("Microsoft_AAD_IAM/AppGalleryBladeV2"),
        LinkId::AppOverview => app("Overview", "", context, view),
        LinkId::AppProperties => app("Properties", "", context, view),
        LinkId::AppUsersAndGroups => app("Users", NAVIGATION, context, view),
        LinkId::AppProvisioning => app("Provisioning", "", context, view),
        LinkId::AppRegistrations => exact(REGISTRATIONS),
        LinkId::RegistrationPermissions => {
            registration("CallAnAPI", "/isMSAApp~/false", context, view)
        }
        LinkId::RegistrationSecrets => registration("Credentials", "", context, view),
        LinkId::RegistrationAuthentication => {
            registration("Authentication", "/isMSAApp~/false", context, view)
        }
        LinkId::AdminConsent => match context.consent {
            Some(url) => Place::Exact(url.to_owned()),
            None => Place::Missing(
                "The consent page needs the tenant and the registration's client id.",
            ),
        },
        LinkId::EntraLicences => exact("Microsoft_AAD_IAM/LicensesMenuBlade/~/Products"),
        LinkId::EntraRoles => exact("Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles"),
        LinkId::EntraMyRoles => {
            exact("Microsoft_Azure_PIMCommon/ActivationMenuBlade/~/aadmigratedroles")
        }
        _ => Place::Missing("This link is not in the table."),
    }
}

/// Microsoft's download page, by cloud (facts/entra §6). It is no console, so practice has it as well.
fn service_tags(context: LinkContext<'_>) -> Place {
    let cloud = context.setup.map(|setup| setup.entra.cloud);
    let number = match cloud.unwrap_or_default() {
        EntraCloud::Global => 56519,
        EntraCloud::UsGovL4 | EntraCloud::UsGovL5 => 57063,
        EntraCloud::China => 57062,
    };
    Place::Exact(format!(
        "https://www.microsoft.com/download/details.aspx?id={number}"
    ))
}

const ENTERPRISE_APPS: &str = "Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview";
const REGISTRATIONS: &str = "Microsoft_AAD_RegisteredApps/ApplicationsListBlade/quickStartType~/null/sourceType/Microsoft_AAD_IAM";
const NAVIGATION: &str =
    "/preferredSingleSignOnMode~/null/servicePrincipalType/Application/fromNav/";

/// A blade of the enterprise application; needs both of its ids.
fn app(blade: &str, tail: &str, context: LinkContext<'_>, view: impl Fn(&str) -> String) -> Place {
    let service_principal = context
        .setup
        .and_then(|setup| setup.entra.app.service_principal_id.as_deref());
    match (service_principal, context.app_id) {
        (Some(object), Some(app)) => Place::Exact(view(&format!(
            "Microsoft_AAD_IAM/ManagedAppMenuBlade/~/{blade}/objectId/{object}/appId/{app}{tail}"
        ))),
        _ => Place::Above(
            view(ENTERPRISE_APPS),
            "Leads to the list of enterprise applications: choose the application there.",
        ),
    }
}

/// A blade of the registration Usher signs in with.
fn registration(
    blade: &str,
    tail: &str,
    context: LinkContext<'_>,
    view: impl Fn(&str) -> String,
) -> Place {
    match context
        .setup
        .and_then(|setup| setup.entra.client_id.as_deref())
    {
        Some(app) => Place::Exact(view(&format!(
            "Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/{blade}/appId/{app}{tail}"
        ))),
        None => Place::Above(
            view(REGISTRATIONS),
            "Leads to the list of app registrations: choose the registration there.",
        ),
    }
}

/// Where a link leads, in words.
pub(super) fn title(id: LinkId) -> &'static str {
    match id {
        LinkId::AccountConsole => "Databricks account console",
        LinkId::Workspace => "Databricks workspace",
        LinkId::EntraAdminCenter => "Microsoft Entra admin center",
        LinkId::EnterpriseApps => "Enterprise applications",
        LinkId::EntraGallery => "Microsoft Entra gallery",
        LinkId::AppOverview => "The enterprise application",
        LinkId::AppProperties => "The enterprise application's properties",
        LinkId::AppUsersAndGroups => "The enterprise application's users and groups",
        LinkId::AppProvisioning => "The enterprise application's provisioning",
        LinkId::AppRegistrations => "App registrations",
        LinkId::RegistrationPermissions => "API permissions of the registration",
        LinkId::RegistrationSecrets => "Certificates & secrets of the registration",
        LinkId::RegistrationAuthentication => "Authentication of the registration",
        LinkId::AdminConsent => "Admin consent for the registration",
        LinkId::EntraLicences => "Entra licences",
        LinkId::EntraRoles => "Entra roles",
        LinkId::EntraMyRoles => "Your eligible roles",
        LinkId::DocsEntraTutorial => "Microsoft's tutorial for the Databricks connector",
        LinkId::DocsDatabricksScim => "Databricks: SCIM provisioning with Microsoft Entra ID",
        LinkId::DocsAutomaticIdentityManagement => "Databricks: automatic identity management",
        LinkId::DocsHowProvisioningWorks => "Microsoft: how provisioning works",
        LinkId::ServiceTags => "Microsoft: Azure IP Ranges and Service Tags",
        LinkId::DocsQuarantine => "Microsoft: provisioning in quarantine",
        LinkId::DocsAccidentalDeletions => "Microsoft: accidental deletions",
    }
}

#[cfg(test)]
mod tests {
    use usher_core::model::setup::WorkspaceSetup;

    use super::super::setups::blank;
    use super::*;

    fn context<'a>(setup: &'a Setup, world: &'a World) -> LinkContext<'a> {
        LinkContext {
            world,
            setup: Some(setup),
            app_id: None,
            consent: None,
        }
    }

    #[test]
    fn the_account_console_follows_the_cloud_and_the_account() {
        let mut setup = blank(
            "a".to_owned(),
            Journey::Account,
            DatabricksCloud::AzureUsGov,
        );
        setup.databricks.account_id = Some("0d6b0b2b-7b1d-4b1a-9d3e-2f5a6c7d8e9f".to_owned());
        let link = link(LinkId::AccountConsole, context(&setup, &World::Live));
        assert_eq!(
            link.url.as_deref(),
            Some(
                "https://accounts.azuredatabricks.us/?account_id=0d6b0b2b-7b1d-4b1a-9d3e-2f5a6c7d8e9f"
            )
        );
    }

    #[test]
    fn without_ids_a_link_leads_above_and_says_so() {
        let setup = blank("a".to_owned(), Journey::Account, DatabricksCloud::Azure);
        let link = link(LinkId::AppProperties, context(&setup, &World::Live));
        assert!(link.url.is_some_and(|url| url.ends_with("AppAppsPreview")) && link.note.is_some());
    }

    #[test]
    fn the_pages_that_findings_and_faults_name_can_be_read_and_no_others() {
        assert!(checks::documents().chain(Fault::DOCUMENTS).all(is_document));
        assert!(!is_document("https://evil.example/"));
    }

    #[test]
    fn a_set_up_file_cannot_make_usher_open_a_foreign_page() {
        let mut setup = blank("a".to_owned(), Journey::Workspace, DatabricksCloud::Azure);
        setup.databricks.workspaces = vec![WorkspaceSetup {
            id: "1".to_owned(),
            url: "https://evil.example/azuredatabricks.net".to_owned(),
            federated: None,
        }];
        assert_eq!(
            link(LinkId::Workspace, context(&setup, &World::Live)).url,
            None
        );
    }
}
