//! A person's place on this machine for the length of one test.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::process::Command;
use usher_practice::Practice;

use crate::place;

/// Variables of the machine a test must not see: they would decide its outcome.
const NOT_PASSED_ON: &[&str] = &[
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "USHER_ENDPOINTS",
    "USHER_SCIM_TOKEN",
    "USHER_ENTRA_CLIENT_SECRET",
    "USHER_DATABRICKS_CLIENT_SECRET",
    "USHER_WAIT_SCALE",
    "RUST_LOG",
];

/// An empty home folder; it goes with the test.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Home {
    /// A fresh one.
    ///
    /// # Panics
    /// When the machine has no place for it.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("usher-test-").tempdir();
        let home = Self {
            folder: folder.expect("the machine has a place for temporary files"),
        };
        std::fs::create_dir(home.path().join("run")).expect("a folder can be made");
        home
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file and gives its path.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).expect("a file can be written");
        path
    }

    /// The practice tenant's endpoints file.
    pub fn endpoints(&self, practice: &Practice) -> PathBuf {
        self.write("endpoints.json", &practice.endpoints_json())
    }

    /// A program that lives here: this home, no proxy, no session bus, no secret from outside.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        for name in NOT_PASSED_ON {
            command.env_remove(name);
        }
        let path = self.path();
        command
            .current_dir(path)
            .env("HOME", path)
            .env("USERPROFILE", path)
            .env("APPDATA", path)
            .env("LOCALAPPDATA", path)
            .env("XDG_CONFIG_HOME", path.join("config"))
            .env("XDG_DATA_HOME", path.join("data"))
            .env("XDG_STATE_HOME", path.join("state"))
            .env("XDG_CACHE_HOME", path.join("cache"))
            .env("XDG_RUNTIME_DIR", path.join("run"));
        command
    }

    /// The command line, with these arguments.
    pub fn usher(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(place::program("usher"));
        command.args(arguments);
        command
    }

    /// The command line on a practice tenant, its SCIM token in the environment.
    pub fn usher_on(&self, practice: &Practice, arguments: &[&str]) -> Command {
        let mut command = self.usher(arguments);
        command
            .env("USHER_ENDPOINTS", self.endpoints(practice))
            .env("USHER_SCIM_TOKEN", &practice.details().scim_token)
            .env("USHER_WAIT_SCALE", "0.01");
        command
    }

    /// Every file below this home with what it holds, caches of the system's own included.
    ///
    /// # Panics
    /// When a folder cannot be read.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut open = vec![self.path().to_path_buf()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).expect("a folder of the home can be read") {
                let path = entry.expect("an entry can be read").path();
                if path.is_dir() && !path.is_symlink() {
                    open.push(path);
                } else if path.is_file() {
                    // A file may go while we look: what is gone holds nothing.
                    let bytes = std::fs::read(&path).unwrap_or_default();
                    found.push((path, bytes));
                }
            }
        }
        found
    }

    /// The files in which this text stands.
    pub fn files_holding(&self, text: &str) -> Vec<PathBuf> {
        let holds = |bytes: &[u8]| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        self.files()
            .into_iter()
            .filter(|(_, bytes)| holds(bytes))
            .map(|(path, _)| path)
            .collect()
    }
}
