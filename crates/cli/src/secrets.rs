//! Where secrets come from: standard input, the environment, the keyring. Never from arguments.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use usher_core::model::hosts::HostKind;
use usher_core::model::scim_url::{self, ScimLevel, ScimUrl};
use usher_core::model::{Origin, Secret, World};
use usher_engine::session::secret_place;
use usher_engine::session::view::SecretSlot;
use usher_engine::store::SetupFile;
use usher_vault::{KeyringOptions, Vault, VaultError};

use crate::failure::Failure;
use crate::output::{Loudness, Output};

/// A token is a word; nobody pastes a megabyte.
const LONGEST: u64 = 64 * 1024;

/// The token that standard input holds.
pub(crate) fn from_stdin() -> Result<Secret, Failure> {
    let mut text = String::new();
    match std::io::stdin()
        .lock()
        .take(LONGEST)
        .read_to_string(&mut text)
    {
        Ok(_) => Ok(Secret::new(text)),
        Err(_) => {
            let hint = "Send the token alone, as text: printf %s \"$TOKEN\" | usher …";
            Err(Failure::usage(
                "token-stdin",
                "The token on standard input cannot be read.",
                hint,
            ))
        }
    }
}

/// The token for a SCIM URL, from the environment: for a workspace its own variable first.
pub(crate) fn scim_token(url: Option<&ScimUrl>, world: &World) -> Option<Secret> {
    let workspace = url
        .filter(|url| url.level == ScimLevel::Workspace)
        .and_then(|url| workspace_id(&url.origin, world));
    workspace
        .and_then(|id| workspace_token(&id))
        .or_else(|| variable("USHER_SCIM_TOKEN"))
}

/// A workspace's own token, from the environment.
pub(crate) fn workspace_token(id: &str) -> Option<Secret> {
    variable(&workspace_variable(id))
}

/// The variable that holds a workspace's own token.
pub(crate) fn workspace_variable(id: &str) -> String {
    format!("{WORKSPACE_TOKEN}{id}")
}

/// Every workspace's own token in the environment, by workspace id.
pub(crate) fn workspace_tokens() -> impl Iterator<Item = (String, Secret)> {
    std::env::vars_os().filter_map(|(name, _)| {
        let id = name.to_str()?.strip_prefix(WORKSPACE_TOKEN)?.to_owned();
        let token = workspace_token(&id)?;
        Some((id, token))
    })
}

const WORKSPACE_TOKEN: &str = "USHER_PAT_";

/// A secret from the environment; an empty one is none.
pub(crate) fn variable(name: &str) -> Option<Secret> {
    std::env::var(name)
        .ok()
        .filter(|text| !text.trim().is_empty())
        .map(Secret::new)
}

/// The workspace whose host this is, where its name or the endpoints file tells.
fn workspace_id(origin: &Origin, world: &World) -> Option<String> {
    match world.databricks_host(origin)?.kind {
        HostKind::Workspace { id } => id,
        HostKind::Account | HostKind::Either => None,
    }
}

/// The secrets of a set-up: from the environment, else from the keyring, unless that is not to be used.
pub(crate) struct Purse<'a> {
    file: &'a SetupFile,
    world: &'a World,
    vault: Option<Vault>,
    silent: AtomicBool,
    output: &'a Arc<Output>,
}

impl<'a> Purse<'a> {
    pub(crate) fn new(
        file: &'a SetupFile,
        world: &'a World,
        no_keyring: bool,
        output: &'a Arc<Output>,
    ) -> Self {
        let sink = Arc::clone(output);
        let events: usher_vault::EventSink = Arc::new(move |event| {
            if event == usher_vault::Event::Waiting {
                sink.tell(Loudness::Usual, "Waiting for the keyring. It may be asking for its password in a window of its own.");
            }
        });
        let options = KeyringOptions {
            events: Some(events),
            ..KeyringOptions::default()
        };
        let vault = (!no_keyring).then(|| Vault::keyring(options));
        Self {
            file,
            world,
            vault,
            silent: AtomicBool::new(false),
            output,
        }
    }

    /// The token beside the SCIM URL.
    pub(crate) async fn scim_token(&self, world: &World) -> Option<Secret> {
        let text = self
            .file
            .setup
            .databricks
            .scim_url
            .as_deref()
            .unwrap_or_default();
        let url = scim_url::recognise(text, world);
        match scim_token(url.good(), world) {
            Some(token) => Some(token),
            None => self.kept(SecretSlot::ScimToken).await,
        }
    }

    /// A secret that a command can do without. A keyring that cannot be asked is told once.
    pub(crate) async fn optional(&self, name: &str, slot: SecretSlot) -> Option<Secret> {
        match variable(name) {
            Some(secret) => Some(secret),
            None => self.kept(slot).await,
        }
    }

    /// The client secret of the Entra registration: without it there is no sign-in.
    pub(crate) async fn entra_client_secret(&self) -> Result<Secret, Failure> {
        const NAME: &str = "USHER_ENTRA_CLIENT_SECRET";
        if let Some(secret) = variable(NAME) {
            return Ok(secret);
        }
        let hint = format!("Put the client secret into {NAME}.");
        match self.ask(SecretSlot::EntraClientSecret).await {
            Ok(Some(secret)) => Ok(secret),
            Ok(None) => Err(Failure::usage(
                "secret-missing",
                "The client secret of the Entra registration is missing.",
                hint,
            )),
            Err(error) => {
                let hint = format!(
                    "{} Or put the client secret into {NAME} and add --no-keyring.",
                    error.hint()
                );
                Err(Failure::no_verdict(
                    error.code(),
                    format!("The keyring cannot be asked: {error}."),
                    hint,
                ))
            }
        }
    }

    async fn kept(&self, slot: SecretSlot) -> Option<Secret> {
        match self.ask(slot).await {
            Ok(secret) => secret,
            Err(error) => {
                if !self.silent.swap(true, Ordering::Relaxed) {
                    let words = format!(
                        "The keyring cannot be asked: {error}. Secrets it may hold are not used."
                    );
                    self.output.tell(Loudness::Usual, words);
                }
                None
            }
        }
    }

    /// Asks the keyring, once it has not refused already.
    async fn ask(&self, slot: SecretSlot) -> Result<Option<Secret>, VaultError> {
        let Some(vault) = self
            .vault
            .as_ref()
            .filter(|_| !self.silent.load(Ordering::Relaxed))
        else {
            return Ok(None);
        };
        match secret_place(&slot, self.file, self.world) {
            Some(id) => vault.get(id).await,
            None => Ok(None),
        }
    }
}
