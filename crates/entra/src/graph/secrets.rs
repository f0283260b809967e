//! The connector's stored settings, which Graph calls secrets (facts/entra §1.9).
//!
//! Whether PUT merges or replaces is not documented, so a PUT always carries the whole set; a masked value is never sent
//! back (`contracts/cli.md`, rule 6).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use usher_core::model::setup::Scope;
use usher_core::plan::SettingsIntent;

use super::call::{Answer, Call, Endpoint, Method, SECRET_PLACEHOLDER};
use super::error::DecodeError;
use super::jobs::{READ, WRITE};
use super::lenient;

/// What Graph shows in place of a sensitive value.
pub const MASK: &str = "*";

const BASE_ADDRESS: &str = "BaseAddress";
const SECRET_TOKEN: &str = "SecretToken";
const SYNC_ALL: &str = "SyncAll";
const NOTIFICATION: &str = "SyncNotificationSettings";
const SKIP_OUT_OF_SCOPE: &str = "SkipOutOfScopeDeletions";

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Its key.
    pub key: String,
    /// Its value; masked where it is sensitive.
    #[serde(default, deserialize_with = "lenient::default")]
    pub value: String,
}

impl Pair {
    fn new(key: &str, value: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            value: value.into(),
        }
    }
}

/// The settings of one connector, as read, or as they are to be written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecretSet(Vec<Pair>);

/// `SyncNotificationSettings`, as far as this version knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NotificationSettings {
    /// Whether anybody is told.
    pub enabled: bool,
    /// Who.
    pub recipients: String,
    /// Whether deletions above the number are held.
    pub delete_threshold_enabled: bool,
    /// The number.
    pub delete_threshold: Option<u32>,
}

/// A stored value that is masked and that Usher does not hold, so the whole set cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key} is stored and hidden, and Usher does not hold its value, so saving would lose it")]
pub struct MaskedValue {
    /// The key.
    pub key: String,
}

impl SecretSet {
    /// A set of pairs as they were read.
    pub fn new(pairs: Vec<Pair>) -> Self {
        Self(pairs)
    }

    /// The value under a key; an empty one counts as absent.
    pub fn get(&self, key: &str) -> Option<&str> {
        let pair = self.0.iter().find(|pair| pair.key == key)?;
        (!pair.value.is_empty()).then_some(pair.value.as_str())
    }

    /// Every key that has a value.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(|pair| !pair.value.is_empty())
            .map(|pair| pair.key.as_str())
    }

    /// The pairs.
    pub fn pairs(&self) -> &[Pair] {
        &self.0
    }

    /// The SCIM address.
    pub fn base_address(&self) -> Option<&str> {
        self.get(BASE_ADDRESS)
    }

    /// Whether a token is stored; masked is enough.
    pub fn token_stored(&self) -> bool {
        self.get(SECRET_TOKEN).is_some()
    }

    /// Whether all people are in scope, where it is said.
    pub fn sync_all(&self) -> Option<bool> {
        boolean(self.get(SYNC_ALL)?)
    }

    /// Whether people who leave the scope stay active, where it is said.
    pub fn skip_out_of_scope_deletions(&self) -> Option<bool> {
        boolean(self.get(SKIP_OUT_OF_SCOPE)?)
    }

    /// Who is told, and how many deletions are held; `None` where nothing readable is stored.
    pub fn notification(&self) -> Option<NotificationSettings> {
        let stored = self.notification_object()?;
        let flag = |name: &str| match stored.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => boolean(text).unwrap_or_default(),
            _ => false,
        };
        let threshold = stored
            .get("DeleteThresholdValue")
            .and_then(|value| match value {
                Value::Number(number) => number.as_u64(),
                Value::String(text) => text.parse().ok(),
                _ => None,
            });
        Some(NotificationSettings {
            enabled: flag("Enabled"),
            recipients: stored
                .get("Recipients")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            delete_threshold_enabled: flag("DeleteThresholdEnabled"),
            delete_threshold: threshold.and_then(|number| u32::try_from(number).ok()),
        })
    }

    fn notification_object(&self) -> Option<Map<String, Value>> {
        serde_json::from_str(self.get(NOTIFICATION)?).ok()
    }

    /// The whole set to write: what was found, with endpoint, token and wanted settings in their places. The token is
    /// [`SECRET_PLACEHOLDER`].
    ///
    /// # Errors
    /// Where another masked value is stored: it cannot be written back.
    pub fn with(&self, base_address: &str, settings: &SettingsIntent) -> Result<Self, MaskedValue> {
        let mut whole = Self(
            self.0
                .iter()
                .filter(|pair| !pair.value.is_empty())
                .cloned()
                .collect(),
        );
        whole.put(BASE_ADDRESS, base_address);
        whole.put(SECRET_TOKEN, SECRET_PLACEHOLDER);
        if let Some(scope) = settings.scope {
            whole.put(SYNC_ALL, if scope == Scope::All { "true" } else { "false" });
        }
        if let Some(skip) = settings.skip_out_of_scope_deletions {
            whole.put(SKIP_OUT_OF_SCOPE, if skip { "True" } else { "False" });
        }
        if settings.notification_email.is_some() || settings.delete_threshold.is_some() {
            whole.put(NOTIFICATION, &self.notification_with(settings));
        }
        match whole.0.iter().find(|pair| pair.value == MASK) {
            Some(masked) => Err(MaskedValue {
                key: masked.key.clone(),
            }),
            None => Ok(whole),
        }
    }

    /// The whole set to write when settings are put back: this set with `before` in place of every setting that can be read in
    /// clear. What was not there before is emptied. Address and token stay; the token is [`SECRET_PLACEHOLDER`].
    ///
    /// # Errors
    /// Where another masked value is stored: it cannot be written back.
    pub fn restored(&self, before: &[Pair]) -> Result<Self, MaskedValue> {
        let address = self.base_address().unwrap_or_default().to_owned();
        let mut whole = self.with(&address, &SettingsIntent::default())?;
        for key in [SYNC_ALL, NOTIFICATION, SKIP_OUT_OF_SCOPE] {
            let was = before
                .iter()
                .find(|pair| pair.key == key)
                .map(|pair| pair.value.as_str());
            if was.is_some() || whole.get(key).is_some() {
                whole.put(key, was.unwrap_or_default());
            }
        }
        Ok(whole)
    }

    /// The notification settings as the JSON text that is stored, unknown fields kept.
    fn notification_with(&self, settings: &SettingsIntent) -> String {
        let mut object = self.notification_object().unwrap_or_else(|| {
            let fresh = json!({
                "Enabled": false, "Recipients": "", "DeleteThresholdEnabled": false,
                "HumanResourcesLookaheadQueryEnabled": false,
            });
            fresh.as_object().cloned().unwrap_or_default()
        });
        if let Some(recipients) = &settings.notification_email {
            object.insert("Enabled".to_owned(), json!(!recipients.is_empty()));
            object.insert("Recipients".to_owned(), json!(recipients));
        }
        if let Some(threshold) = settings.delete_threshold {
            object.insert("DeleteThresholdEnabled".to_owned(), json!(true));
            object.insert("DeleteThresholdValue".to_owned(), json!(threshold));
        }
        Value::Object(object).to_string()
    }

    fn put(&mut self, key: &str, value: &str) {
        match self.0.iter_mut().find(|pair| pair.key == key) {
            Some(pair) => value.clone_into(&mut pair.value),
            None => self.0.push(Pair::new(key, value)),
        }
    }

    /// Whether this set, as read back, holds what `written` asked for: the same values, sensitive ones masked, and every key.
    pub fn holds(&self, written: &Self) -> bool {
        written.0.iter().all(|pair| match self.get(&pair.key) {
            Some(MASK) => true,
            Some(value) if pair.key == SECRET_TOKEN => !value.is_empty(),
            Some(value) => {
                value == pair.value
                    || same_json(value, &pair.value)
                    || same_boolean(value, &pair.value)
            }
            None => pair.value.is_empty(),
        })
    }
}

fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

fn same_boolean(left: &str, right: &str) -> bool {
    boolean(left).is_some() && boolean(left) == boolean(right)
}

/// Whether two JSON objects say the same, whatever the order of their fields; additional fields of the stored one are allowed.
fn same_json(stored: &str, written: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).ok();
    match (read(stored), read(written)) {
        (Some(stored), Some(written)) => written
            .iter()
            .all(|(key, value)| stored.get(key) == Some(value)),
        _ => false,
    }
}

#[derive(Deserialize)]
struct Pairs {
    value: Vec<Pair>,
}

/// `GET …/synchronization/secrets`. Works although the published OpenAPI lacks it.
#[derive(Debug, Clone)]
pub struct GetSecrets {
    /// The enterprise application.
    pub service_principal: String,
}

impl Endpoint for GetSecrets {
    type Output = SecretSet;

    fn call(&self) -> Call {
        Call::new(
            "synchronization.secrets.list",
            READ,
            Method::Get,
            &path(&self.service_principal),
        )
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json::<Pairs>().map(|pairs| SecretSet(pairs.value))
    }
}

/// `PUT …/synchronization/secrets` with a whole set.
#[derive(Debug, Clone)]
pub struct PutSecrets {
    /// The enterprise application.
    pub service_principal: String,
    /// The whole set.
    pub set: SecretSet,
}

impl Endpoint for PutSecrets {
    type Output = ();

    fn call(&self) -> Call {
        Call::new(
            "synchronization.secrets.put",
            WRITE,
            Method::Put,
            &path(&self.service_principal),
        )
        .body(json!({ "value": self.set.0 }))
    }

    fn parse(&self, _: &Answer) -> Result<Self::Output, DecodeError> {
        Ok(())
    }
}

fn path(service_principal: &str) -> [&str; 4] {
    [
        "servicePrincipals",
        service_principal,
        "synchronization",
        "secrets",
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(pairs: &[(&str, &str)]) -> SecretSet {
        SecretSet::new(
            pairs
                .iter()
                .map(|(key, value)| Pair::new(key, *value))
                .collect(),
        )
    }

    fn wanted() -> SettingsIntent {
        SettingsIntent {
            scope: Some(Scope::Assigned),
            notification_email: Some("a@b.example".into()),
            delete_threshold: Some(500),
            ..SettingsIntent::default()
        }
    }

    #[test]
    fn the_whole_set_is_written_and_what_is_unknown_survives() {
        let found = stored(&[
            ("BaseAddress", "old"),
            ("SecretToken", "*"),
            ("AuthenticationType", "AuthenticationToken"),
            (
                "SyncNotificationSettings",
                r#"{"Enabled":false,"HumanResourcesLookaheadQueryEnabled":true,"New":1}"#,
            ),
        ]);
        let whole = found.with("new", &wanted()).unwrap();
        assert_eq!(whole.base_address(), Some("new"));
        assert_eq!(whole.get("SecretToken"), Some(SECRET_PLACEHOLDER));
        assert_eq!(whole.get("AuthenticationType"), Some("AuthenticationToken"));
        let notification = whole.notification_object().unwrap();
        assert_eq!(notification["New"], 1);
        assert_eq!(notification["HumanResourcesLookaheadQueryEnabled"], true);
        assert_eq!(notification["Recipients"], "a@b.example");
        assert!(!whole.pairs().iter().any(|pair| pair.value == MASK));
    }

    #[test]
    fn a_hidden_value_that_is_not_ours_forbids_the_write() {
        let found = stored(&[("Password", "*"), ("SecretToken", "*")]);
        assert_eq!(
            found.with("new", &wanted()),
            Err(MaskedValue {
                key: "Password".into()
            })
        );
    }

    #[test]
    fn reading_back_compares_meaning_rather_than_text() {
        let written = stored(&[]).with("u", &wanted()).unwrap();
        let back = stored(&[
            ("BaseAddress", "u"),
            ("SecretToken", "*"),
            ("SyncAll", "False"),
            (
                "SyncNotificationSettings",
                r#"{"DeleteThresholdValue":500,"DeleteThresholdEnabled":true,"Recipients":"a@b.example","Enabled":true,"HumanResourcesLookaheadQueryEnabled":false}"#,
            ),
        ]);
        assert!(back.holds(&written));
        assert!(!stored(&[("BaseAddress", "u")]).holds(&written));
    }
}
