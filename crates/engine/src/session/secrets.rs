//! Secrets: from the paste field straight into the vault, bound to the origin they may be sent to. What comes back to the page is kind,
//! last four characters and a date.

use std::time::Duration;

use usher_core::model::scim_url::{self, ScimLevel, ScimUrl};
use usher_core::model::setup::Journey;
use usher_core::model::{Origin, Secret, Setup, World};
use usher_vault::{SecretId, SecretKind, Stored, Vault, VaultError};

use super::place::Place;
use super::setups::Open;
use super::view::{
    Failure, FailureCode, ForgetSecret, KeepToken, KeyringState, KeyringView, Nothing, SecretSlot,
    SecretView, SetupView,
};
use super::{Session, recognise, show};
use crate::store::SetupFile;

/// How long opening a set-up waits for the keyring. A person who has to unlock it first takes longer; the page then asks again.
const OPENING: Duration = Duration::from_secs(2);

impl Session {
    /// `keyring_probe`
    pub async fn keyring_probe(&self, _: Nothing) -> Result<KeyringView, Failure> {
        let vault = self.place().vault;
        if !vault.is_lasting() {
            return Ok(self.keyring_now());
        }
        let view = match vault.probe().await {
            Ok(()) => KeyringView {
                state: KeyringState::Ready,
                failure: None,
            },
            Err(error) => KeyringView {
                state: KeyringState::Unavailable,
                failure: Some(error.into()),
            },
        };
        *self.keyring() = view.clone();
        Ok(view)
    }

    /// `use_memory_vault`
    pub async fn use_memory_vault(&self, _: Nothing) -> Result<KeyringView, Failure> {
        if self.place().vault.is_lasting() {
            let vault = Vault::memory();
            self.change_home(|home| home.vault = vault);
            if let Some(open) = self.open_setup_now().as_mut() {
                open.secrets.clear();
                open.vault_failure = None;
            }
        }
        Ok(self.keyring_now())
    }

    /// `secrets`
    pub async fn secrets(&self, _: Nothing) -> Result<SetupView, Failure> {
        let (key, vault) = self.with_open(|open, place| (open.file.key(), place.vault.clone()))?;
        let listed = vault.list(&key).await;
        self.show_listed(&key, listed.map_err(Failure::from));
        self.with_open(show::setup)
    }

    /// `keep_token`
    pub async fn keep_token(&self, request: KeepToken) -> Result<SetupView, Failure> {
        let slot = request.slot;
        let read = recognise::secret(
            &slot,
            request.text.secret().expose(),
            self.scim_url().as_ref(),
        );
        let secret = read.secret.ok_or_else(|| match &read.reading.fault {
            Some(fault) => Failure::of_fault(fault),
            None => Failure::bad_input("The field is empty.", "Paste the secret."),
        })?;
        let (id, vault) = self.with_open(|open, place| {
            secret_id(&slot, open, &place.world).map(|id| (id, place.vault.clone()))
        })??;
        let key = id.setup.clone();
        vault.put(id, secret).await?;
        self.keyring_works(&vault);
        let listed = vault.list(&key).await;
        self.show_listed(&key, listed.map_err(Failure::from));
        self.edit(move |open| {
            open.kept.clear();
            if slot == SecretSlot::ScimToken {
                open.file.setup.databricks.token_created_at = request.created_at;
                open.file.setup.databricks.token_expires_at = request.expires_at;
                open.forget_databricks();
            }
            Ok(())
        })
        .await
    }

    /// `forget_secret`
    pub async fn forget_secret(&self, request: ForgetSecret) -> Result<SetupView, Failure> {
        let slot = request.slot;
        let origin = request
            .origin
            .as_deref()
            .map(str::parse::<Origin>)
            .transpose();
        let origin = origin.map_err(|error| {
            Failure::bad_input(error.to_string(), "Choose the secret in the list.")
        })?;
        let (id, vault) = self.with_open(|open, place| {
            let id = match origin {
                Some(origin) => Ok(SecretId {
                    setup: open.file.key(),
                    origin,
                    kind: kind(&slot),
                }),
                None => secret_id(&slot, open, &place.world),
            };
            id.map(|id| (id, place.vault.clone()))
        })??;
        let key = id.setup.clone();
        vault.remove(id).await?;
        let listed = vault.list(&key).await;
        self.show_listed(&key, listed.map_err(Failure::from));
        self.with_open(show::setup)
    }

    /// The secret of a slot of the open set-up.
    ///
    /// # Errors
    /// [`FailureCode::SecretMissing`] when none is kept, and the vault's own failures.
    pub(super) async fn secret(&self, slot: SecretSlot) -> Result<Secret, Failure> {
        let (id, vault) = self.with_open(|open, place| {
            secret_id(&slot, open, &place.world).map(|id| (id, place.vault.clone()))
        })??;
        vault.get(id).await?.ok_or_else(|| missing(&slot))
    }

    /// Lists the secrets of the set-up that was just opened. A keyring that asks a person does not keep the set-up closed.
    pub(super) async fn list_secrets(&self) {
        let Ok((key, vault)) = self.with_open(|open, place| (open.file.key(), place.vault.clone()))
        else {
            return;
        };
        let listed = match tokio::time::timeout(OPENING, vault.list(&key)).await {
            Ok(listed) => listed.map_err(Failure::from),
            Err(_) => Err(VaultError::Silent { after: OPENING }.into()),
        };
        self.show_listed(&key, listed);
    }

    /// Removes every secret of a set-up that is about to be deleted.
    pub(super) async fn forget_all_secrets(&self, id: &str) -> Result<(), Failure> {
        let place = self.place();
        let Ok(file) = place.store.open(id) else {
            return Ok(());
        };
        let key = file.key();
        for stored in place.vault.list(&key).await? {
            let id = SecretId {
                setup: key.clone(),
                origin: stored.origin,
                kind: stored.kind,
            };
            place.vault.remove(id).await?;
        }
        Ok(())
    }

    /// The open set-up's SCIM URL, where it is a good one.
    pub(super) fn scim_url(&self) -> Option<ScimUrl> {
        self.with_open(|open, place| scim_url_of(&open.file.setup, &place.world))
            .ok()
            .flatten()
    }

    /// What is known of the keyring.
    pub(super) fn keyring_now(&self) -> KeyringView {
        if self.place().vault.is_lasting() {
            self.keyring().clone()
        } else {
            KeyringView {
                state: KeyringState::Memory,
                failure: None,
            }
        }
    }

    fn keyring_works(&self, vault: &Vault) {
        if vault.is_lasting() {
            *self.keyring() = KeyringView {
                state: KeyringState::Ready,
                failure: None,
            };
        }
    }

    /// Notes what the vault listed, when that set-up is still the open one.
    fn show_listed(&self, key: &str, listed: Result<Vec<Stored>, Failure>) {
        let place = self.place();
        let mut guard = self.open_setup_now();
        let Some(open) = guard.as_mut().filter(|open| open.file.key() == key) else {
            return;
        };
        match listed {
            Ok(listed) => {
                open.secrets = views(listed, &open.file.setup, &place);
                open.vault_failure = None;
            }
            Err(failure) => open.vault_failure = Some(failure),
        }
    }
}

/// A set-up's SCIM URL, where it is a good one.
pub(super) fn scim_url_of(setup: &Setup, world: &World) -> Option<ScimUrl> {
    scim_url::recognise(setup.databricks.scim_url.as_deref()?, world)
        .good()
        .cloned()
}

/// Where a secret of a slot lies in the vault: the set-up, and the one origin it may be sent to; `None` while the set-up does
/// not tell that origin.
pub fn secret_place(slot: &SecretSlot, file: &SetupFile, world: &World) -> Option<SecretId> {
    let origin = origin_of(slot, &file.setup, world)?;
    Some(SecretId {
        setup: file.key(),
        origin,
        kind: kind(slot),
    })
}

fn secret_id(slot: &SecretSlot, open: &Open, world: &World) -> Result<SecretId, Failure> {
    secret_place(slot, &open.file, world).ok_or_else(|| match slot {
        SecretSlot::WorkspaceToken { .. } => Failure::not_ready(
            "It is not known yet where this token belongs.",
            "Name the workspace with its URL first.",
        ),
        _ => Failure::not_ready(
            "It is not known yet where this token belongs.",
            "Paste the SCIM URL first, then the token.",
        ),
    })
}

/// The one origin a secret of a slot may be sent to.
fn origin_of(slot: &SecretSlot, setup: &Setup, world: &World) -> Option<Origin> {
    let scim = || scim_url_of(setup, world).map(|url| url.origin);
    match slot {
        SecretSlot::ScimToken => scim(),
        SecretSlot::WorkspaceToken { workspace_id } => {
            let workspaces = &setup.databricks.workspaces;
            let named = workspaces
                .iter()
                .find(|workspace| workspace.id == *workspace_id)?;
            let origin = Origin::of(&named.url.parse().ok()?)?;
            world.knows_databricks(&origin).then_some(origin)
        }
        SecretSlot::EntraClientSecret => Some(world.login_origin(setup.entra.cloud)),
        SecretSlot::DatabricksClientSecret => match setup.journey {
            Journey::Workspace => scim(),
            Journey::Account | Journey::Migrate => Some(world.account_origin(setup.cloud)),
        },
    }
}

/// The vault's kind of a slot: a workspace's token is a SCIM token of that workspace's origin.
fn kind(slot: &SecretSlot) -> SecretKind {
    match slot {
        SecretSlot::ScimToken | SecretSlot::WorkspaceToken { .. } => SecretKind::ScimToken,
        SecretSlot::EntraClientSecret => SecretKind::EntraClientSecret,
        SecretSlot::DatabricksClientSecret => SecretKind::DatabricksClientSecret,
    }
}

fn views(listed: Vec<Stored>, setup: &Setup, place: &Place) -> Vec<SecretView> {
    let scim = scim_url_of(setup, &place.world);
    let account = scim
        .as_ref()
        .is_none_or(|url| matches!(url.level, ScimLevel::Account { .. }));
    let view = |stored: Stored| {
        let slot = slot_of(&stored, setup, scim.as_ref());
        SecretView {
            in_use: origin_of(&slot, setup, &place.world).as_ref() == Some(&stored.origin),
            kind: match &slot {
                SecretSlot::ScimToken if account => "account SCIM token",
                SecretSlot::ScimToken | SecretSlot::WorkspaceToken { .. } => {
                    "personal access token"
                }
                SecretSlot::EntraClientSecret => "client secret",
                SecretSlot::DatabricksClientSecret => "OAuth secret",
            }
            .to_owned(),
            slot,
            origin: stored.origin.to_string(),
            last_four: stored.last_four,
            kept_at: stored.stored_at,
            memory_only: !place.vault.is_lasting(),
        }
    };
    listed.into_iter().map(view).collect()
}

fn slot_of(stored: &Stored, setup: &Setup, scim: Option<&ScimUrl>) -> SecretSlot {
    match stored.kind {
        SecretKind::EntraClientSecret => SecretSlot::EntraClientSecret,
        SecretKind::DatabricksClientSecret => SecretSlot::DatabricksClientSecret,
        SecretKind::ScimToken if scim.is_some_and(|url| url.origin == stored.origin) => {
            SecretSlot::ScimToken
        }
        SecretKind::ScimToken => {
            let here = |url: &str| {
                url.parse().ok().and_then(|url| Origin::of(&url)).as_ref() == Some(&stored.origin)
            };
            let workspace = setup
                .databricks
                .workspaces
                .iter()
                .find(|workspace| here(&workspace.url));
            workspace.map_or(SecretSlot::ScimToken, |workspace| {
                SecretSlot::WorkspaceToken {
                    workspace_id: workspace.id.clone(),
                }
            })
        }
    }
}

fn missing(slot: &SecretSlot) -> Failure {
    let (what, todo) = match slot {
        SecretSlot::ScimToken => (
            "No token is kept for this SCIM URL.",
            "Paste the token beside the SCIM URL.",
        ),
        SecretSlot::WorkspaceToken { .. } => (
            "No personal access token is kept for this workspace.",
            "Paste the workspace's token.",
        ),
        SecretSlot::EntraClientSecret => (
            "No client secret is kept for this registration.",
            "Paste the client secret.",
        ),
        SecretSlot::DatabricksClientSecret => (
            "No OAuth secret is kept for this service principal.",
            "Paste the OAuth secret.",
        ),
    };
    let meaning = "Secrets stay on the machine where they were pasted; memory forgets them when Usher is closed.";
    Failure::new(FailureCode::SecretMissing, what, meaning, &[todo])
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let code = match error {
            VaultError::TooLong { .. } => FailureCode::SecretTooLong,
            _ => FailureCode::KeyringUnavailable,
        };
        let meaning = "The secret was not kept, and nothing else was tried with it.";
        Self::new(code, sentence(&error.to_string()), meaning, &[error.hint()])
            .with_details(error.code())
    }
}

/// An error's text as a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
