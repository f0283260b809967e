//! What the application holds: URL and token, scope, notification, deletion threshold, assignment required.

use super::{Draft, Planner, Target, by_hand};
use crate::model::setup::Scope;
use crate::observation::Connector;
use crate::plan::guards::{self, refusal};
use crate::plan::{Change, ChangeKind, Intent, SettingsIntent, Undo};

impl Planner<'_> {
    pub(super) fn credentials(&self, target: &Target<'_>, url: &str, draft: &mut Draft) {
        let secrets = target
            .connector
            .and_then(|connector| connector.secrets.value());
        let found = secrets
            .and_then(|secrets| secrets.base_address.as_deref())
            .unwrap_or_default();
        let stored = secrets.is_some_and(|secrets| secrets.token_stored);
        let refused = target
            .connector
            .and_then(|connector| connector.saved_credentials.value())
            .is_some_and(|check| !check.accepted);
        if found.trim_end_matches('/') != url || !stored || refused {
            self.save_token(target, url, draft);
        }
    }

    /// URL and token, whatever Entra holds: it shows nobody which token that is.
    pub(super) fn save_token(&self, target: &Target<'_>, url: &str, draft: &mut Draft) {
        let secrets = target
            .connector
            .and_then(|connector| connector.secrets.value());
        let found = secrets
            .and_then(|secrets| secrets.base_address.as_deref())
            .unwrap_or_default();
        let stored = secrets.is_some_and(|secrets| secrets.token_stored);
        if !self.options.token_held {
            draft.by_hand.push(by_hand(
                "secret-saved",
                "Usher holds no token that Entra could be given",
                &["Paste the token on the page **Enable** (command line: **USHER_SCIM_TOKEN**), and make the plan again.", "Or enter URL and token in Entra: **Enterprise apps**, the app, **Provisioning**, **Connectivity** (formerly **Admin credentials**)."],
            ));
            draft.refusals.push(refusal("secret-saved", "Entra has to be given a token, and Usher holds none", &["Paste the token on the page **Enable** (command line: **USHER_SCIM_TOKEN**), and make the plan again."]));
            return;
        }
        let before = match (found.is_empty(), stored) {
            (true, _) => "nothing is saved".to_owned(),
            (false, true) => format!("{found}, with a token"),
            (false, false) => format!("{found}, without a token"),
        };
        draft.changes.push(Change {
            id: target.id("save-credentials"),
            kind: ChangeKind::SaveCredentials,
            title: "Save SCIM URL and token in Entra".to_owned(),
            target: target.name.clone(),
            before,
            after: format!("{url}, with the token that was tested"),
            intent: Intent::SaveSecrets {
                service_principal: target.service_principal(),
                base_address: url.to_owned(),
                settings: SettingsIntent::default(),
            },
            undo: if stored { Undo::Manual } else { Undo::No },
            guard: Some(
                "Entra has tried this URL and this token, and they were accepted.".to_owned(),
            ),
        });
    }

    pub(super) fn settings(&self, target: &Target<'_>, url: &str, draft: &mut Draft) {
        let (settings, before, after) = self.wanted_settings(target);
        if settings == SettingsIntent::default() {
            return;
        }
        // A job that has run goes on with everybody until then (facts/entra §1.9).
        let brought_all = |connector: &Connector| {
            let secrets = connector.secrets.value();
            secrets.and_then(|secrets| secrets.sync_all) == Some(true)
                && guards::has_exported(connector)
        };
        if settings.scope == Some(Scope::Assigned) && target.connector.is_some_and(brought_all) {
            draft.by_hand.push(by_hand(
                "scope-assigned",
                "Entra goes by the smaller scope once provisioning is restarted",
                &[
                    "When the scope is saved, open **Enterprise apps**, the app, **Provisioning** in Entra.",
                    "Press **Restart provisioning**: the next cycle goes over everybody anew.",
                ],
            ));
        }
        if !self.options.token_held {
            draft.by_hand.push(by_hand(
                "notification-email",
                &format!("Settings to be changed by hand, because Usher holds no token to save them with: {after}"),
                &["In Entra open **Enterprise apps**, the app, **Provisioning**, **Settings**.", "Set what is named here and press **Save**."],
            ));
            return;
        }
        draft.changes.push(Change {
            id: target.id("save-settings"),
            kind: ChangeKind::SaveSettings,
            title: "Save scope, notification and deletion threshold".to_owned(),
            target: target.name.clone(),
            before,
            after,
            intent: Intent::SaveSecrets {
                service_principal: target.service_principal(),
                base_address: url.to_owned(),
                settings,
            },
            undo: Undo::Yes,
            guard: Some(
                "Entra has tried the token that is written along, and it was accepted.".to_owned(),
            ),
        });
    }

    /// The settings that differ, with what was found and what is wanted in words.
    fn wanted_settings(&self, target: &Target<'_>) -> (SettingsIntent, String, String) {
        let want = &self.setup.want;
        let secrets = target
            .connector
            .and_then(|connector| connector.secrets.value());
        let notification = secrets.and_then(|secrets| secrets.notification.as_ref());
        let mut intent = SettingsIntent::default();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let scope_word = |all: bool| {
            if all {
                "all users and groups"
            } else {
                "only assigned users and groups"
            }
        };
        let found = secrets.and_then(|secrets| secrets.sync_all);
        if let Some(scope) = want.scope
            && found != Some(scope == Scope::All)
        {
            intent.scope = Some(scope);
            before.push(format!("scope: {}", found.map_or("not set", scope_word)));
            after.push(format!("scope: {}", scope_word(scope == Scope::All)));
        }
        let told = notification
            .filter(|notification| notification.enabled)
            .map(|notification| notification.recipients.as_str());
        if let Some(email) = want
            .notification_email
            .as_deref()
            .filter(|email| told != Some(email))
        {
            intent.notification_email = Some(email.to_owned());
            before.push(format!("notified: {}", told.unwrap_or("nobody")));
            after.push(format!("notified: {email}"));
        }
        let held = notification
            .filter(|notification| notification.delete_threshold_enabled)
            .and_then(|notification| notification.delete_threshold);
        if let Some(threshold) = want
            .delete_threshold
            .filter(|threshold| held != Some(*threshold))
        {
            intent.delete_threshold = Some(threshold);
            before.push(held.map_or_else(
                || "deletions held: off".to_owned(),
                |held| format!("deletions held above {held}"),
            ));
            after.push(format!("deletions held above {threshold}"));
        }
        (intent, before.join("; "), after.join("; "))
    }

    pub(super) fn assignment_required(&self, target: &Target<'_>, draft: &mut Draft) {
        // A fresh application from the gallery asks for an assignment (facts/entra §1.2).
        let from = match target.connector {
            Some(connector) => connector.assignment_required.value().copied(),
            None => Some(true),
        };
        let (Some(to), Some(from)) = (self.setup.want.assignment_required, from) else {
            return;
        };
        if from == to {
            return;
        }
        let word = |value: bool| if value { "Yes" } else { "No" }.to_owned();
        draft.changes.push(Change {
            id: format!("{}:assignment-required", target.id("set-property")),
            kind: ChangeKind::SetProperty,
            title: format!("Set Assignment required to {}", word(to)),
            target: target.name.clone(),
            before: word(from),
            after: word(to),
            intent: Intent::SetAssignmentRequired {
                service_principal: target.service_principal(),
                from,
                to,
            },
            undo: Undo::Yes,
            guard: None,
        });
    }
}
