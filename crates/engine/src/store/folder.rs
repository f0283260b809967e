//! The folder of set-ups, by name and file stem.

use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;
use usher_core::model::Setup;

use super::{SetupFile, StoreError, reports};

/// The longest stem that is made from a name, in bytes: room for `.journal.jsonl` on every file system.
const LONGEST_STEM: usize = 100;

/// What lies beside a set-up file and belongs to it, by ending.
const COMPANIONS: [&str; 2] = ["journal.jsonl", reports::ENDING];

/// Names that Windows keeps for devices, whatever their extension.
const DEVICES: [&str; 10] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "lpt1", "lpt2", "lpt3",
];

/// Where Usher keeps its files on this system: `$XDG_DATA_HOME/usher`, `Application Support/usher` or `%APPDATA%\usher`.
pub fn data_folder() -> Option<PathBuf> {
    dirs::data_dir().map(|folder| folder.join("usher"))
}

/// Where a person looks for what was saved for them: the documents folder, else the home folder.
pub fn documents_folder() -> Option<PathBuf> {
    dirs::document_dir()
        .filter(|folder| folder.is_dir())
        .or_else(dirs::home_dir)
}

/// The set-ups of a data folder.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// A file of the folder.
#[derive(Debug)]
pub struct SetupEntry {
    /// The file's stem, by which it is opened.
    pub id: String,
    /// When it was saved last.
    pub saved_at: Option<Timestamp>,
    /// The set-up, or why it cannot be read.
    pub setup: Result<Setup, StoreError>,
}

impl Store {
    /// The set-ups of this data folder. Nothing is made before the first save.
    pub fn new(data_folder: &Path) -> Self {
        Self {
            folder: data_folder.join("setups"),
        }
    }

    /// Every set-up file, the last saved first; those that cannot be read say why.
    ///
    /// # Errors
    /// The folder itself cannot be read. A folder that is not there is an empty one.
    pub fn list(&self) -> Result<Vec<SetupEntry>, StoreError> {
        let fault = |error| StoreError::reading(&self.folder, error);
        let listing = match std::fs::read_dir(&self.folder) {
            Ok(listing) => listing,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(fault(error)),
        };
        let mut entries = Vec::new();
        for item in listing {
            let path = item.map_err(fault)?.path();
            let Some(id) = id_of(&path) else { continue };
            let read = SetupFile::read(&path);
            let saved_at = read.as_ref().ok().and_then(SetupFile::saved_at);
            entries.push(SetupEntry {
                id,
                saved_at,
                setup: read.map(|file| file.setup),
            });
        }
        entries.sort_by(|a, b| b.saved_at.cmp(&a.saved_at).then_with(|| a.id.cmp(&b.id)));
        Ok(entries)
    }

    /// Reads a set-up by its id.
    ///
    /// # Errors
    /// The errors of [`SetupFile::read`].
    pub fn open(&self, id: &str) -> Result<SetupFile, StoreError> {
        SetupFile::read(&self.path_of(id)?)
    }

    /// Saves a new set-up under a free stem made from its name.
    ///
    /// # Errors
    /// The errors of [`SetupFile::save`].
    pub fn create(&self, setup: Setup) -> Result<SetupFile, StoreError> {
        let mut file = SetupFile::new(self.free_path(&setup.name), setup);
        file.save()?;
        Ok(file)
    }

    /// Moves a set-up, its journal and its last report into the folder `deleted`, where a person can get them back.
    ///
    /// # Errors
    /// [`StoreError::Missing`], or the file system's faults.
    pub fn delete(&self, id: &str) -> Result<(), StoreError> {
        let path = self.path_of(id)?;
        let bin = self.folder.join("deleted");
        std::fs::create_dir_all(&bin).map_err(|error| StoreError::writing(&bin, error))?;
        let stamp = Timestamp::now().as_second();
        let moved = |from: &Path, ending: &str| {
            std::fs::rename(from, bin.join(format!("{id}-{stamp}.{ending}")))
        };
        moved(&path, "json").map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => StoreError::Missing { path: path.clone() },
            _ => StoreError::writing(&path, error),
        })?;
        for ending in COMPANIONS {
            let companion = self.folder.join(format!("{id}.{ending}"));
            if companion.exists() {
                moved(&companion, ending)
                    .map_err(|error| StoreError::writing(&companion, error))?;
            }
        }
        // The journal's lock is an empty file; it may not be there.
        let _ = std::fs::remove_file(self.folder.join(format!("{id}.journal.lock")));
        Ok(())
    }

    /// The path of an id, which is one plain file name and nothing else: an id never leads out of the folder.
    fn path_of(&self, id: &str) -> Result<PathBuf, StoreError> {
        let path = self.folder.join(format!("{id}.json"));
        let name = format!("{id}.json");
        let mut parts = Path::new(&name).components();
        let plain = matches!(
            (parts.next(), parts.next()),
            (Some(Component::Normal(_)), None)
        ) && !id.contains(['/', '\\', '\0']);
        if plain {
            Ok(path)
        } else {
            Err(StoreError::Missing { path })
        }
    }

    /// A path that is free, and whose companions are: a new set-up never inherits another's journal or last report.
    fn free_path(&self, name: &str) -> PathBuf {
        let stem = stem_of(name);
        let numbered = (2..).map(|number| format!("{stem}-{number}"));
        let free = std::iter::once(stem.clone()).chain(numbered).find(|stem| {
            let is_there = |ending: &str| self.folder.join(format!("{stem}.{ending}")).exists();
            !is_there("json") && !COMPANIONS.into_iter().any(is_there)
        });
        self.folder.join(format!("{}.json", free.unwrap_or(stem)))
    }
}

/// The id of a set-up file: its stem, for visible `.json` files that are no companion of one.
fn id_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let stem = name.strip_suffix(".json")?;
    let companion = COMPANIONS.iter().any(|ending| {
        name.strip_suffix(ending)
            .is_some_and(|before| before.ends_with('.'))
    });
    (!companion && !stem.starts_with('.') && path.is_file()).then(|| stem.to_owned())
}

/// A file stem made from a name: letters and digits of any script in lower case, hyphens between, never a device of Windows.
fn stem_of(name: &str) -> String {
    let mut stem = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        let letter = if letter.is_alphanumeric() {
            letter
        } else {
            '-'
        };
        if stem.len() + letter.len_utf8() > LONGEST_STEM {
            break;
        }
        if letter != '-' || !(stem.is_empty() || stem.ends_with('-')) {
            stem.push(letter);
        }
    }
    let stem = stem.trim_end_matches('-');
    match stem {
        "" => "setup".to_owned(),
        device if DEVICES.contains(&device) => format!("{device}-setup"),
        plain => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_safe_on_every_system() {
        assert_eq!(stem_of("Contoso production"), "contoso-production");
        assert_eq!(stem_of("../../etc/passwd"), "etc-passwd");
        assert_eq!(stem_of("  …  "), "setup");
        assert_eq!(stem_of("NUL"), "nul-setup");
        assert_eq!(stem_of("Köln · 東京"), "köln-東京");
        assert!(stem_of(&"ä".repeat(400)).len() <= LONGEST_STEM);
    }
}
