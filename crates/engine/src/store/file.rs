//! One set-up file: read, changed, saved.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use usher_core::model::Setup;
use usher_core::model::setup::SETUP_SCHEMA;

use super::{StoreError, atomic::behind_a_link, unknown, write_atomically};

/// A set-up with the file it came from.
#[derive(Debug, Clone)]
pub struct SetupFile {
    path: PathBuf,
    /// The set-up. Change it, then [`save`](Self::save).
    pub setup: Setup,
    /// The file as it was read or saved last; `None` for a file that is not there yet.
    raw: Option<Value>,
    /// Digest of the file's bytes, by which a change from outside is noticed.
    stamp: Option<[u8; 32]>,
    saved_at: Option<Timestamp>,
}

impl SetupFile {
    /// A set-up that is not on disk yet.
    pub fn new(path: PathBuf, setup: Setup) -> Self {
        Self {
            path,
            setup,
            raw: None,
            stamp: None,
            saved_at: None,
        }
    }

    /// Reads a set-up file. By whichever link it is named, it is the one file, with the one journal beside it.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Unreadable`] with the field, [`StoreError::Newer`]; the file is left as it is.
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        let linked = behind_a_link(path);
        let path = linked.as_deref().unwrap_or(path);
        let bytes = std::fs::read(path).map_err(|error| StoreError::reading(path, error))?;
        let (setup, raw) = parse(path, &bytes)?;
        Ok(Self {
            path: path.to_owned(),
            setup,
            raw: Some(raw),
            stamp: Some(digest(&bytes)),
            saved_at: modified(path),
        })
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file's stem, which the journal beside it and the vault share.
    pub fn stem(&self) -> String {
        self.path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    /// What the set-up is called in the vault: its stem with a digest of where it lies, so that two files of one name share no
    /// secret. The window and the command line find the same secrets by it.
    pub fn key(&self) -> String {
        let path = std::fs::canonicalize(&self.path).or_else(|_| std::path::absolute(&self.path));
        let place = digest(
            path.unwrap_or_else(|_| self.path.clone())
                .as_os_str()
                .as_encoded_bytes(),
        );
        let short: String = place
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("{}-{short}", self.stem())
    }

    /// When it was saved last.
    pub fn saved_at(&self) -> Option<Timestamp> {
        self.saved_at
    }

    /// Saves, whole or not at all. Fields that this version does not know are kept.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when another program wrote the file since; the errors of [`write_atomically`]. The file is as it was.
    pub fn save(&mut self) -> Result<(), StoreError> {
        self.refuse_outside_change()?;
        let value = self.to_write()?;
        let bytes = pretty(&self.path, &value)?;
        write_atomically(&self.path, &bytes)?;
        self.stamp = Some(digest(&bytes));
        self.raw = Some(value);
        self.saved_at = modified(&self.path);
        Ok(())
    }

    /// The text that a save would write; for a hand-over.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where the set-up cannot be written as JSON.
    pub fn text(&self) -> Result<Vec<u8>, StoreError> {
        pretty(&self.path, &self.to_write()?)
    }

    fn to_write(&self) -> Result<Value, StoreError> {
        let mut value = to_value(&self.path, &self.setup)?;
        if let Some(raw) = &self.raw {
            let known: Setup = serde_json::from_value(raw.clone())
                .map_err(|error| unreadable(&self.path, error.to_string()))?;
            unknown::keep(raw, &to_value(&self.path, &known)?, &mut value);
        }
        Ok(value)
    }

    fn refuse_outside_change(&self) -> Result<(), StoreError> {
        let present = match std::fs::read(&self.path) {
            Ok(bytes) => Some(digest(&bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(StoreError::reading(&self.path, error)),
        };
        // A file that went away is written again: what the person has before them is the newest there is.
        match present {
            Some(found) if Some(found) != self.stamp => Err(StoreError::Changed {
                path: self.path.clone(),
            }),
            _ => Ok(()),
        }
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<(Setup, Value), StoreError> {
    // Editors on Windows begin a file with a byte order mark, which is no part of its JSON.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let raw: Value =
        serde_json::from_slice(bytes).map_err(|error| unreadable(path, error.to_string()))?;
    let schema = raw
        .get("schema")
        .and_then(Value::as_str)
        .ok_or_else(|| unreadable(path, "the field schema is missing".to_owned()))?;
    if schema != SETUP_SCHEMA {
        return Err(other_schema(path, schema));
    }
    if let Some(field) = not_an_object(&raw) {
        return Err(unreadable(path, format!("{field}: expected an object")));
    }
    let setup: Setup = serde_path_to_error::deserialize(&raw)
        .map_err(|error| unreadable(path, where_and_why(&error)))?;
    // A field that stands twice says two things, and `raw` has kept the last alone.
    serde_json::from_slice::<Setup>(bytes).map_err(|error| unreadable(path, error.to_string()))?;
    Ok((setup, raw))
}

/// The first part of a set-up that is to be an object and is a list: read as one, a list would count as a part with nothing in it.
fn not_an_object(raw: &Value) -> Option<String> {
    const PARTS: [&str; 5] = ["entra", "entra.app", "databricks", "want", "attested"];
    let of = |path: &str| path.split('.').try_fold(raw, |value, key| value.get(key));
    PARTS
        .into_iter()
        .find(|path| of(path).is_some_and(Value::is_array))
        .map(str::to_owned)
        .or_else(|| {
            ["databricks.workspaces", "want.assign"]
                .into_iter()
                .find_map(|path| {
                    let rows = of(path)?.as_array()?;
                    let at = rows.iter().position(Value::is_array)?;
                    Some(format!("{path}[{at}]"))
                })
        })
}

/// What is wrong, after the field it is wrong in; of the file as a whole there is no field to name.
fn where_and_why(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let field = error.path().to_string();
    if field == "." {
        error.inner().to_string()
    } else {
        format!("{field}: {}", error.inner())
    }
}

/// `usher.setup/2` is newer; anything else is not a set-up at all.
fn other_schema(path: &Path, schema: &str) -> StoreError {
    let number = |text: &str| {
        text.strip_prefix("usher.setup/")
            .and_then(|n| n.parse::<u32>().ok())
    };
    if number(schema) > number(SETUP_SCHEMA) {
        return StoreError::Newer {
            path: path.to_owned(),
            schema: schema.to_owned(),
        };
    }
    unreadable(
        path,
        format!("the schema is {schema:?}, not {SETUP_SCHEMA:?}"),
    )
}

fn unreadable(path: &Path, why: String) -> StoreError {
    StoreError::Unreadable {
        path: path.to_owned(),
        why,
    }
}

fn to_value(path: &Path, setup: &Setup) -> Result<Value, StoreError> {
    serde_json::to_value(setup).map_err(|error| unreadable(path, error.to_string()))
}

fn pretty(path: &Path, value: &Value) -> Result<Vec<u8>, StoreError> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|error| unreadable(path, error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn modified(path: &Path) -> Option<Timestamp> {
    let time = std::fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .ok()?;
    Timestamp::try_from(time).ok()
}
