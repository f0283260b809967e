//! What a person presses in a portal where a step is done by hand, under its present and its older labels.
//!
//! Sources: the article's steps 1 to 3 and its workspace part; the labels of Entra's portals from facts/entra §3, those of
//! Databricks' console from facts/databricks §7.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::model::setup::{Journey, SignIn};

/// A step by hand in a portal. Portal labels stand in `**bold**`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PortalGuide {
    /// What to press in the present portal, in order.
    pub present: Vec<String>,
    /// The same in the portal as the article shows it; empty where there is one way only.
    pub older: Vec<String>,
    /// What differs for a connector of a single workspace; for the workspace journey alone.
    pub caveat: Option<String>,
}

const GALLERY: &str = "Azure Databricks SCIM Provisioning Connector";

/// How a step is done by hand; `None` for a step that has nothing to do in a portal.
pub(super) fn guide(journey: Journey, step: &str) -> Option<PortalGuide> {
    let workspace = journey == Journey::Workspace;
    let (present, older, caveat) = match step {
        "enable" if workspace => enable_workspace(),
        "enable" => enable(),
        "application" => application(),
        "connection" => connection(),
        "settings" => settings(workspace),
        "people" => people(),
        "start" => start(),
        _ => return None,
    };
    Some(PortalGuide {
        present,
        older,
        caveat: caveat.filter(|_| workspace).map(str::to_owned),
    })
}

/// Presses in the present and in the older portal, caveat for a workspace.
type Words = (Vec<String>, Vec<String>, Option<&'static str>);

fn lines<const N: usize>(lines: [&str; N]) -> Vec<String> {
    lines.map(str::to_owned).to_vec()
}

fn enable() -> Words {
    let sign_in = "Sign in to the account console as an account admin.";
    let copy = "Copy **Account SCIM URL** and **SCIM token**. As far as is known the token is shown this once.";
    (
        lines([
            sign_in,
            "Go to **Security › User provisioning**.",
            "Press **Set up user provisioning**. If it is on already, press **Regenerate token** only when the old token is lost.",
            copy,
        ]),
        lines([
            sign_in,
            "Go to **Settings › User provisioning**.",
            "Press **Enable user provisioning** (also seen as **Set up user provisioning**).",
            copy,
        ]),
        None,
    )
}

fn enable_workspace() -> Words {
    (
        lines([
            "Sign in to the workspace as a workspace admin whom this connector will **not** manage. If Entra deactivated the token's owner, the sync would stop.",
            "Open your user settings and find **Access tokens** (usually under **Settings › Developer**).",
            "Press **Generate new token**, give it a name that says what it is for, and copy it. It is shown this once.",
            "Copy the workspace's address from the browser.",
        ]),
        Vec::new(),
        None,
    )
}

fn application() -> Words {
    let search = format!("search for **{GALLERY}** and select it.");
    (
        vec![
            "In the Entra admin center go to **Entra ID › Enterprise apps** and press **New application**.".to_owned(),
            format!("In the gallery {search}"),
            "Enter the name and press **Create**.".to_owned(),
        ],
        vec![
            "In the Azure portal go to **Microsoft Entra ID › Enterprise applications** and press **+ New application**.".to_owned(),
            format!("Under **Add from the gallery** {search}"),
            "Enter the name and press **Add**.".to_owned(),
        ],
        Some(
            "One application for each workspace. A name such as **my-workspace-provisioning** is found again.",
        ),
    )
}

fn connection() -> Words {
    (
        lines([
            "Open the application and go to **Provisioning › Connectivity**.",
            "Paste the **Tenant URL** below, and the **Secret token** from Databricks.",
            "Press **Test connection** and wait until Entra says that the credentials are authorized.",
            "Press **Save**.",
        ]),
        lines([
            "Open the application and go to **Manage › Provisioning**.",
            "Set **Provisioning Mode** to **Automatic** and open **Admin Credentials**.",
            "Paste the **Tenant URL** below, and the **Secret Token** from Databricks.",
            "Press **Test Connection** and wait until Entra says that the credentials are authorized.",
            "Press **Save**.",
        ]),
        None,
    )
}

fn settings(workspace: bool) -> Words {
    let required = if workspace { "Yes" } else { "No" };
    let hold = "Switch on **Prevent accidental deletion** and enter a number above what you delete on an ordinary day.";
    let scope = "Set **Scope** to **Sync only assigned users and groups** and press **Save**.";
    let notify = "**Send an email notification when a failure occurs**.";
    (
        vec![
            format!(
                "Open the application and go to **Properties**. Set **Assignment required?** to **{required}** and press **Save**."
            ),
            format!("Go to **Provisioning › Settings** and switch on {notify}"),
            hold.to_owned(),
            scope.to_owned(),
        ],
        vec![
            format!(
                "Open the application and go to **Manage › Properties**. Set **Assignment required** to **{required}** and press **Save**."
            ),
            format!("Go to **Manage › Provisioning** and open **Settings**. Switch on {notify}"),
            hold.to_owned(),
            scope.to_owned(),
        ],
        Some(
            "With **Assignment required?** at **Yes** only assigned people may sign in through the application.",
        ),
    )
}

fn people() -> Words {
    let choose = "Press **Add user/group** and select people and groups.";
    (
        lines([
            "Open the application and go to **Users and groups**.",
            choose,
            "Press **Assign**.",
        ]),
        lines([
            "Open the application and go to **Manage › Users and groups**.",
            choose,
            "Press **Assign**.",
        ]),
        Some(
            "Never assign the owner of the personal access token, nor a group that holds that person: were they removed, the sync would stop.",
        ),
    )
}

fn start() -> Words {
    let choose =
        "Choose one assigned person and press **Provision**. All steps must end with success.";
    (
        lines([
            "Open the application and go to **Provisioning › Provision on demand**.",
            choose,
            "Go to **Overview** and press **Start provisioning**.",
        ]),
        lines([
            "Open the application and go to **Manage › Provisioning › Provision on demand**.",
            choose,
            "Go back to **Provisioning**, set **Provisioning Status** to **On** and press **Save**.",
        ]),
        None,
    )
}

/// How the app registration is made that Usher signs in with; empty for a set-up whose Entra steps are by hand.
pub fn registration(sign_in: SignIn) -> Vec<String> {
    let (more, kind) = match sign_in {
        SignIn::Browser => (
            "Under **Redirect URI** choose **Public client/native** and enter **http://localhost**.",
            "delegated",
        ),
        SignIn::DeviceCode => (
            "Under **Authentication** set **Allow public client flows** to **Yes**.",
            "delegated",
        ),
        SignIn::ClientSecret => (
            "Under **Certificates & secrets** press **New client secret** and copy its **Value**. It is shown this once.",
            "application",
        ),
        SignIn::ByHand => return Vec::new(),
    };
    let permit = format!(
        "Under **API permissions** add the {kind} Microsoft Graph permissions below and press **Grant admin consent**."
    );
    lines([
        "In the Entra admin center open **App registrations** and press **New registration**.",
        "Name it, for instance **Usher**, and choose **Accounts in this organizational directory only**.",
        more,
        &permit,
        "Copy **Application (client) ID** and **Directory (tenant) ID** from **Overview** and paste them here.",
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_by_hand_is_told_for_both_portals() {
        for step in [
            "enable",
            "application",
            "connection",
            "settings",
            "people",
            "start",
        ] {
            let guide = guide(Journey::Account, step).unwrap();
            assert!(!guide.present.is_empty() && !guide.older.is_empty());
            assert_ne!(guide.present, guide.older, "{step}");
            assert_eq!(guide.caveat, None);
        }
        assert_eq!(guide(Journey::Account, "prepare"), None);
    }

    #[test]
    fn a_registration_is_made_with_the_permissions_of_its_way() {
        let says = |way, word| registration(way).join(" ").contains(word);
        assert!(says(SignIn::Browser, "http://localhost") && says(SignIn::Browser, "delegated"));
        assert!(says(SignIn::DeviceCode, "public client flows"));
        assert!(says(SignIn::ClientSecret, "application Microsoft Graph"));
        assert!(registration(SignIn::ByHand).is_empty());
    }

    #[test]
    fn assignment_is_required_for_a_workspace_alone() {
        let said = |journey| guide(journey, "settings").unwrap().present[0].clone();
        assert!(said(Journey::Account).contains("to **No**"));
        assert!(said(Journey::Workspace).contains("to **Yes**"));
    }
}
