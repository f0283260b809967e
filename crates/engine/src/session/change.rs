//! A change of the page, put into the set-up.

use url::Url;
use usher_core::model::Setup;
use usher_core::model::setup::{EntraApp, WantedAssignment};

use super::view::{Failure, SetupChange};

/// The longest text a field takes; longer is a slip of the paste.
const LONGEST: usize = 1_000;

/// Puts one change into a set-up. Outer blanks are taken off, an empty text is none.
///
/// # Errors
/// [`FailureCode::BadInput`](super::view::FailureCode::BadInput) for a text that cannot be what the field holds; the set-up is as it was.
pub(crate) fn change(setup: &mut Setup, change: SetupChange) -> Result<(), Failure> {
    let (entra, databricks, want) = (&mut setup.entra, &mut setup.databricks, &mut setup.want);
    match change {
        SetupChange::Journey(journey) => setup.journey = journey,
        SetupChange::Cloud(cloud) => setup.cloud = cloud,
        SetupChange::EntraCloud(cloud) => entra.cloud = cloud,
        SetupChange::TenantId(text) => entra.tenant_id = tenant(text)?,
        SetupChange::SignIn(way) => entra.sign_in = way,
        SetupChange::ClientId(text) => entra.client_id = guid(text, "client id")?,
        SetupChange::AppName(text) => entra.app.display_name = line(text, "name")?,
        SetupChange::AppId(text) => entra.app.service_principal_id = guid(text, "object id")?,
        SetupChange::App(app) => {
            entra.app = EntraApp {
                display_name: line(app.display_name, "name")?,
                service_principal_id: guid(app.service_principal_id, "object id")?,
            };
        }
        SetupChange::AccountId(text) => databricks.account_id = guid(text, "account id")?,
        SetupChange::DatabricksClientId(text) => {
            databricks.service_principal_client_id = guid(text, "client id")?;
        }
        SetupChange::AsSignedIn(wanted) => databricks.as_signed_in = wanted,
        SetupChange::TokenCreatedAt(at) => databricks.token_created_at = at,
        SetupChange::TokenExpiresAt(at) => databricks.token_expires_at = at,
        SetupChange::TokenRotationBeganAt(at) => databricks.token_rotation_began_at = at,
        SetupChange::Workspaces(workspaces) => {
            if let Some(bad) = workspaces.iter().find(|one| Url::parse(&one.url).is_err()) {
                return Err(Failure::bad_input(
                    format!("{:?} is not a workspace's URL.", bad.url),
                    "Copy the workspace's address from the browser.",
                ));
            }
            databricks.workspaces = workspaces;
        }
        SetupChange::AssignmentRequired(value) => want.assignment_required = value,
        SetupChange::Scope(value) => want.scope = value,
        SetupChange::Provisioning(value) => want.provisioning = value,
        SetupChange::NotificationEmail(text) => want.notification_email = address(text)?,
        SetupChange::DeleteThreshold(value) => want.delete_threshold = threshold(value)?,
        SetupChange::Assign(everyone) => {
            want.assign.clear();
            everyone
                .into_iter()
                .for_each(|one| add(&mut want.assign, one));
        }
        SetupChange::AddAssignment(one) => add(&mut want.assign, one),
        SetupChange::RemoveAssignment(id) => want.assign.retain(|one| one.id != id),
        SetupChange::RepairMappings(value) => want.repair_mappings = value,
        SetupChange::CoverGaps(value) => want.cover_gaps = value,
        SetupChange::Retire(ids) => want.retire = ids,
        SetupChange::UnassignRetired(value) => want.unassign_retired = value,
        SetupChange::SafetyBelt(value) => want.safety_belt = value,
    }
    Ok(())
}

/// The name of a set-up.
///
/// # Errors
/// An empty name, or one of several lines.
pub(crate) fn name(text: &str) -> Result<String, Failure> {
    line(Some(text.to_owned()), "name")?.ok_or_else(|| {
        Failure::bad_input(
            "A set-up needs a name.",
            "Write a name, for instance your company's.",
        )
    })
}

fn add(assignments: &mut Vec<WantedAssignment>, one: WantedAssignment) {
    assignments.retain(|other| other.id != one.id);
    assignments.push(one);
}

/// One line of text.
fn line(text: Option<String>, field: &str) -> Result<Option<String>, Failure> {
    let Some(text) = text
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
    else {
        return Ok(None);
    };
    if text.chars().any(char::is_control) || text.chars().count() > LONGEST {
        let problem = format!("The {field} has line breaks in it or is very long.");
        return Err(Failure::bad_input(
            problem,
            "Copy it once more, that part alone.",
        ));
    }
    Ok(Some(text))
}

/// A text without blanks.
fn word(text: Option<String>, field: &str) -> Result<Option<String>, Failure> {
    let text = line(text, field)?;
    match &text {
        Some(text) if text.chars().any(char::is_whitespace) => Err(Failure::bad_input(
            format!("The {field} has blanks in it."),
            "Copy it once more, that part alone.",
        )),
        _ => Ok(text),
    }
}

/// A tenant's id, or one of its domains.
fn tenant(text: Option<String>) -> Result<Option<String>, Failure> {
    let Some(text) = word(text, "tenant")? else {
        return Ok(None);
    };
    let of_a_domain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '.');
    let domain = text.contains('.') && text.chars().all(of_a_domain);
    if domain || uuid::Uuid::try_parse(&text).is_ok() {
        return Ok(Some(text));
    }
    Err(Failure::bad_input(
        "The tenant is an id in five groups or a domain, and this is neither.",
        "Copy the **Tenant ID** from **Entra ID › Overview**.",
    ))
}

/// A GUID, written as Entra and Databricks write it.
fn guid(text: Option<String>, field: &str) -> Result<Option<String>, Failure> {
    let Some(text) = word(text, field)? else {
        return Ok(None);
    };
    match uuid::Uuid::try_parse(&text) {
        Ok(id) => Ok(Some(id.hyphenated().to_string())),
        Err(_) => Err(Failure::bad_input(
            format!("The {field} is 32 letters and digits in five groups, and this is not."),
            "Copy it from the portal with the copy button beside it.",
        )),
    }
}

fn address(text: Option<String>) -> Result<Option<String>, Failure> {
    let Some(text) = word(text, "address")? else {
        return Ok(None);
    };
    let whole = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if whole {
        Ok(Some(text))
    } else {
        Err(Failure::bad_input(
            "This is not an e-mail address.",
            "Write it with its @.",
        ))
    }
}

fn threshold(value: Option<u32>) -> Result<Option<u32>, Failure> {
    match value {
        Some(0) => Err(Failure::bad_input(
            "A limit of no deletions would hold every one.",
            "Write a number from 1 on, or none to switch the protection off.",
        )),
        _ => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use usher_core::model::DatabricksCloud;
    use usher_core::model::setup::{Journey, PrincipalKind};

    use super::super::setups::blank;
    use super::*;

    fn setup() -> Setup {
        blank(
            "Contoso".to_owned(),
            Journey::Account,
            DatabricksCloud::Azure,
        )
    }

    #[test]
    fn a_tenant_is_an_id_or_a_domain() {
        for (text, taken) in [
            ("contoso.onmicrosoft.com", true),
            ("5c1f7a34-2b60-4d8e-9a17-0f3e6b82c4d1", true),
            ("contoso", false),
            ("https://portal.azure.com/x", false),
            ("hello world", false),
        ] {
            let answer = change(&mut setup(), SetupChange::TenantId(Some(text.to_owned())));
            assert_eq!(answer.is_ok(), taken, "{text}");
        }
    }

    #[test]
    fn texts_are_trimmed_and_empty_ones_are_none() {
        let mut setup = setup();
        change(
            &mut setup,
            SetupChange::TenantId(Some(" contoso.example \n".to_owned())),
        )
        .unwrap();
        assert_eq!(setup.entra.tenant_id.as_deref(), Some("contoso.example"));
        change(&mut setup, SetupChange::TenantId(Some("  ".to_owned()))).unwrap();
        assert_eq!(setup.entra.tenant_id, None);
    }

    #[test]
    fn what_cannot_be_is_refused_and_changes_nothing() {
        let mut setup = setup();
        let before = setup.clone();
        for bad in [
            SetupChange::ClientId(Some("the-client".to_owned())),
            SetupChange::NotificationEmail(Some("iam".to_owned())),
            SetupChange::TenantId(Some("two words".to_owned())),
            SetupChange::DeleteThreshold(Some(0)),
        ] {
            assert!(change(&mut setup, bad).is_err());
        }
        assert_eq!(setup, before);
    }

    #[test]
    fn an_assignment_is_wanted_once() {
        let mut setup = setup();
        let one = |name: &str| WantedAssignment {
            kind: PrincipalKind::Group,
            id: "g1".to_owned(),
            display_name: Some(name.to_owned()),
        };
        change(&mut setup, SetupChange::AddAssignment(one("old"))).unwrap();
        change(&mut setup, SetupChange::AddAssignment(one("new"))).unwrap();
        assert_eq!(setup.want.assign, [one("new")]);
        change(&mut setup, SetupChange::RemoveAssignment("g1".to_owned())).unwrap();
        assert!(setup.want.assign.is_empty());
    }
}
