//! What a person presses in each step of a renewal.

use crate::model::setup::Journey;

/// The presses of a step; none where Usher does it.
pub(super) fn of(step: &str, journey: Journey) -> Vec<String> {
    let presses: &[&str] = match (step, journey) {
        ("make", Journey::Workspace) => &[
            "Sign in to the workspace as a workspace admin whom this connector does not manage.",
            "In your user settings find **Access tokens** (usually under **Settings › Developer**) and press **Generate new token**.",
            "Name it by its day and purpose, so that it can be told from the old one, and copy it. It is shown this once.",
        ],
        ("make", _) => &[
            "Sign in to the account console as an account admin and go to **Security › User provisioning** (formerly **Settings › User provisioning**).",
            "Press **Regenerate token** and copy the new one. As far as is known it is shown this once.",
            "Go on at once. The old token is reported to work for 24 hours after this, and Databricks does not promise it.",
        ],
        ("save", _) => &[
            "By hand: in Entra open **Enterprise apps**, the app, **Provisioning**, then **Connectivity** (formerly **Admin credentials**).",
            "Paste the new token into **Secret token**, press **Test connection**, then **Save**.",
        ],
        ("retire", Journey::Workspace) => &[
            "In the workspace open **Access tokens** again, find the old token by its name or its creation date.",
            "Delete it, and confirm here that it is gone.",
        ],
        ("retire", _) => &[
            "The account console shows no list of SCIM tokens: the old one ends by itself, by reports 24 hours after **Regenerate token**.",
            "Wait for that, or press **Regenerate token** a second time and begin anew where the old token is known to strangers.",
            "Confirm here that the old token is no longer in use anywhere.",
        ],
        _ => &[],
    };
    presses.iter().map(|press| (*press).to_owned()).collect()
}
