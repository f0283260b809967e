//! Which secrets a set-up has in the vault: no secret, one line each, in as many entries as the size limit asks for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use usher_core::model::{Origin, Secret};

use crate::error::VaultError;
use crate::id::{SecretId, SecretKind};
use crate::store::Store;
use crate::vault::LIMIT;

/// A secret that is in the vault, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stored {
    /// What it is.
    pub kind: SecretKind,
    /// Where it may be sent.
    pub origin: Origin,
    /// When it was put there.
    pub stored_at: Timestamp,
    /// Its last four characters; `None` for short secrets.
    pub last_four: Option<String>,
}

impl Stored {
    pub(crate) fn new(id: &SecretId, secret: &Secret, stored_at: Timestamp) -> Self {
        Self {
            kind: id.kind,
            origin: id.origin.clone(),
            stored_at,
            last_four: secret.last_four(),
        }
    }

    fn is(&self, id: &SecretId) -> bool {
        self.kind == id.kind && self.origin == id.origin
    }
}

/// The index of a set-up; unreadable lines are passed over, for the secrets themselves are found without it.
pub(crate) fn read(store: &dyn Store, setup: &str) -> Result<Vec<Stored>, VaultError> {
    let mut stored = Vec::new();
    for part in 0.. {
        let Some(bytes) = store.read(&entry(setup, part))? else {
            break;
        };
        let text = String::from_utf8_lossy(&bytes);
        stored.extend(
            text.lines()
                .filter_map(|line| serde_json::from_str::<Stored>(line).ok()),
        );
    }
    Ok(stored)
}

/// Notes a secret, in place of an earlier one of the same kind and origin.
pub(crate) fn add(store: &dyn Store, id: &SecretId, stored: Stored) -> Result<(), VaultError> {
    change(store, &id.setup, |index| {
        index.retain(|known| !known.is(id));
        index.push(stored);
    })
}

/// Strikes a secret out.
pub(crate) fn remove(store: &dyn Store, id: &SecretId) -> Result<(), VaultError> {
    change(store, &id.setup, |index| {
        index.retain(|known| !known.is(id))
    })
}

fn change(
    store: &dyn Store,
    setup: &str,
    change: impl FnOnce(&mut Vec<Stored>),
) -> Result<(), VaultError> {
    let mut index = read(store, setup)?;
    change(&mut index);
    let parts = parts(&index);
    for (number, part) in parts.iter().enumerate() {
        store.write(&entry(setup, number), part.as_bytes())?;
    }
    for surplus in parts.len().. {
        let name = entry(setup, surplus);
        if store.read(&name)?.is_none() {
            break;
        }
        store.erase(&name)?;
    }
    Ok(())
}

/// The lines, packed into texts that each fit into one entry.
fn parts(index: &[Stored]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for line in index
        .iter()
        .filter_map(|stored| serde_json::to_string(stored).ok())
    {
        match parts.last_mut() {
            Some(part) if part.len() + 1 + line.len() <= LIMIT => {
                part.push('\n');
                part.push_str(&line);
            }
            _ => parts.push(line),
        }
    }
    parts
}

fn entry(setup: &str, part: usize) -> String {
    format!("{setup} | index | {part}")
}
