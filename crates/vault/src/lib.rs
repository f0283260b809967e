//! Where secrets live: the operating system's keyring, or memory for this run.
//!
//! [`Vault::keyring`] asks the platform's keyring, off the main thread, one call at a time, each with a time-out, and tells
//! when it has to wait for a person. [`Vault::memory`] forgets everything when the run ends; which of the two it is, a
//! person decides. There is no fallback from one to the other, and nothing is ever written to a file.
//!
//! A keyring cannot be listed in the same way everywhere, so the vault keeps an index beside the secrets: which there are,
//! since when, and their last four characters.

mod error;
mod id;
mod index;
mod keeper;
mod store;
mod vault;

pub use error::VaultError;
pub use id::{SecretId, SecretKind};
pub use index::Stored;
pub use keeper::{Event, EventSink};
pub use store::{Store, StoreError};
pub use vault::{KeyringOptions, Vault};
