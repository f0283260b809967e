//! The blocking stores beneath the vault.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use keyring::v1::Entry;

/// The service under which all of Usher's entries stand.
const SERVICE: &str = "Usher";

/// A place that keeps bytes under a name. Calls may block as long as a person takes to answer.
pub trait Store: Send + Sync + 'static {
    /// Writes, over what may be there.
    ///
    /// # Errors
    /// [`StoreError`].
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError>;

    /// Reads; `None` where there is nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Erases; nothing there is fine.
    ///
    /// # Errors
    /// [`StoreError`].
    fn erase(&self, name: &str) -> Result<(), StoreError>;
}

/// Why a store did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no keyring service.
    NoService,
    /// There is a service without a keyring.
    NoKeyring,
    /// It is locked.
    Locked,
    /// Anything else, in the store's own words.
    Refused(String),
}

/// The platform's keyring.
pub(crate) struct Keyring;

/// Memory, for this run.
#[derive(Default)]
pub(crate) struct Memory(Mutex<HashMap<String, Vec<u8>>>);

impl Store for Keyring {
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        // As bytes, not as a password: Windows keeps passwords in UTF-16, which halves what fits.
        entry(name)?.set_secret(bytes).map_err(told)
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match entry(name)?.get_secret() {
            Ok(bytes) => Ok(Some(bytes)),
            Err(keyring::v1::Error::NoEntry) => Ok(None),
            Err(error) => Err(told(error)),
        }
    }

    fn erase(&self, name: &str) -> Result<(), StoreError> {
        match entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::v1::Error::NoEntry) => Ok(()),
            Err(error) => Err(told(error)),
        }
    }
}

fn entry(name: &str) -> Result<Entry, StoreError> {
    Entry::new(SERVICE, name).map_err(told)
}

/// The stores' errors hide their types behind a box; on Linux the words tell a locked keyring from a missing one.
fn told(error: keyring::v1::Error) -> StoreError {
    use keyring::v1::Error as E;
    match error {
        E::NoDefaultStore => StoreError::NoService,
        E::NoStorageAccess(cause) => match cause.to_string() {
            words if words.contains("prompt") || words.contains("locked") => StoreError::Locked,
            words if words.contains("result not returned") => StoreError::NoKeyring,
            words if words.contains("no secret service") => StoreError::NoService,
            // Windows and macOS: the person refused, or the session has no access.
            _ => StoreError::Locked,
        },
        // These print what the entry holds; their own words are enough.
        E::BadEncoding(_) | E::BadDataFormat(..) => {
            StoreError::Refused("the entry is malformed".to_owned())
        }
        E::Ambiguous(_) => StoreError::Refused("several entries have this name".to_owned()),
        other => StoreError::Refused(other.to_string()),
    }
}

impl Store for Memory {
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.lock().insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.lock().get(name).cloned())
    }

    fn erase(&self, name: &str) -> Result<(), StoreError> {
        self.lock().remove(name);
        Ok(())
    }
}

impl Memory {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
