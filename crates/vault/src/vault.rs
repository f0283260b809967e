//! The vault.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use usher_core::model::Secret;

use crate::error::VaultError;
use crate::id::SecretId;
use crate::index::{self, Stored};
use crate::keeper::{EventSink, Keeper};
use crate::store::{Keyring, Memory, Store};

/// The largest secret: what the Windows Credential Manager takes. It counts everywhere, so that a set-up can move.
pub(crate) const LIMIT: usize = 2_560;

/// The entry that the probe writes, reads and erases.
const PROBE: &str = "probe";

/// How the keyring is asked.
#[derive(Clone)]
pub struct KeyringOptions {
    /// How long one call may take before the keyring counts as silent. A locked keyring asks a person, and people take
    /// their time.
    pub patience: Duration,
    /// Where visible waits are told.
    pub events: Option<EventSink>,
}

impl Default for KeyringOptions {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(90),
            events: None,
        }
    }
}

/// Where secrets live. Cloning is cheap, and clones share what is stored.
#[derive(Clone)]
pub struct Vault {
    keeper: Arc<Keeper>,
    lasting: bool,
}

impl Vault {
    /// The operating system's keyring. Nothing is asked yet: [`Vault::probe`] tells whether it works.
    pub fn keyring(options: KeyringOptions) -> Self {
        Self::with_store(Arc::new(Keyring), options)
    }

    /// Memory, for this run alone.
    pub fn memory() -> Self {
        let keeper = Keeper::new(Arc::new(Memory::default()), Duration::from_secs(10), None);
        Self {
            keeper: Arc::new(keeper),
            lasting: false,
        }
    }

    /// A vault on a store of one's own.
    pub fn with_store(store: Arc<dyn Store>, options: KeyringOptions) -> Self {
        let keeper = Keeper::new(store, options.patience, options.events);
        Self {
            keeper: Arc::new(keeper),
            lasting: true,
        }
    }

    /// Whether secrets outlast the run.
    pub fn is_lasting(&self) -> bool {
        self.lasting
    }

    /// Writes, reads and erases an entry: the only way to know that a keyring works.
    ///
    /// # Errors
    /// [`VaultError`], telling apart no service, no keyring, a locked one and a silent one.
    pub async fn probe(&self) -> Result<(), VaultError> {
        let value = Timestamp::now().to_string().into_bytes();
        self.keeper
            .ask(move |store| {
                store.write(PROBE, &value)?;
                let read = store.read(PROBE)?;
                store.erase(PROBE)?;
                if read.as_deref() == Some(&value) {
                    Ok(())
                } else {
                    Err(VaultError::Unfaithful)
                }
            })
            .await
    }

    /// Puts a secret into the vault, in place of an earlier one of the same id.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] for more than 2,560 bytes; nothing is stored then.
    pub async fn put(&self, id: SecretId, secret: Secret) -> Result<Stored, VaultError> {
        let length = secret.expose().len();
        if length > LIMIT {
            return Err(VaultError::TooLong {
                length,
                limit: LIMIT,
            });
        }
        let stored = Stored::new(&id, &secret, Timestamp::now());
        let told = stored.clone();
        self.keeper
            .ask(move |store| {
                store.write(&id.entry(), secret.expose().as_bytes())?;
                index::add(store, &id, stored)
            })
            .await?;
        Ok(told)
    }

    /// The secret, where it is there.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn get(&self, id: SecretId) -> Result<Option<Secret>, VaultError> {
        self.keeper
            .ask(move |store| match store.read(&id.entry())? {
                None => Ok(None),
                Some(bytes) => match String::from_utf8(bytes) {
                    Ok(text) => Ok(Some(Secret::new(text))),
                    Err(_) => Err(VaultError::Refused("the entry is not text".to_owned())),
                },
            })
            .await
    }

    /// Takes a secret out; nothing there is fine.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn remove(&self, id: SecretId) -> Result<(), VaultError> {
        self.keeper
            .ask(move |store| {
                store.erase(&id.entry())?;
                index::remove(store, &id)
            })
            .await
    }

    /// Which secrets a set-up has here, as far as that may be shown.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn list(&self, setup: &str) -> Result<Vec<Stored>, VaultError> {
        let setup = setup.to_owned();
        self.keeper
            .ask(move |store| index::read(store, &setup))
            .await
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault")
            .field("lasting", &self.lasting)
            .finish_non_exhaustive()
    }
}
