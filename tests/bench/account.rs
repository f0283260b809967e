//! A set-up of the account journey on a practice tenant, for the command line.

use serde_json::{Value, json};
use tokio::process::Command;
use usher_practice::Practice;
use usher_tests::Home;

/// A person's home with a set-up that wants these groups of the tenant assigned.
pub(crate) struct Account<'a> {
    home: Home,
    practice: &'a Practice,
    setup: String,
}

impl<'a> Account<'a> {
    /// Writes the set-up; `wanted` says by name which groups.
    pub(crate) fn new(practice: &'a Practice, wanted: impl Fn(&str) -> bool) -> Self {
        let groups: Vec<Value> = practice.entra().read(|directory| {
            let groups = directory.groups.iter();
            groups
                .filter(|group| wanted(&group.display_name))
                .map(|group| json!({ "type": "group", "id": group.id, "displayName": group.display_name }))
                .collect()
        });
        assert!(!groups.is_empty(), "the tenant has the groups");
        let details = practice.details();
        let setup = json!({
            "schema": "usher.setup/1", "name": "Measured", "journey": "account", "cloud": "azure",
            "entra": {
                "tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id,
                "app": { "displayName": "Databricks account" }
            },
            "databricks": { "accountId": details.account_id, "scimUrl": details.scim_url },
            "want": {
                "assignmentRequired": false, "scope": "assigned", "provisioning": "on",
                "notificationEmail": "iam@contoso.example", "deleteThreshold": 500, "assign": groups
            }
        });
        let home = Home::new();
        let setup = home.write("setup.json", &setup.to_string());
        Self {
            setup: setup.display().to_string(),
            home,
            practice,
        }
    }

    /// `usher` on this set-up.
    pub(crate) fn usher(&self, arguments: &[&str]) -> Command {
        let setup = ["--no-keyring", "--setup", &self.setup];
        let mut command = self
            .home
            .usher_on(self.practice, &[&setup[..], arguments].concat());
        command.env(
            "USHER_ENTRA_CLIENT_SECRET",
            &self.practice.details().client_secret,
        );
        command
    }
}
