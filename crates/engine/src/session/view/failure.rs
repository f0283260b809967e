//! The one shape in which anything that failed reaches the page.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What failed, in words: the fact, its meaning, and what to do. Never a secret, never a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// A stable code; the page decides tone by it, never by the words.
    pub code: FailureCode,
    /// What happened.
    pub message: String,
    /// What it means.
    pub meaning: String,
    /// What to do, a line a press.
    pub todo: Vec<String>,
    /// Technical text for copying, without secrets.
    pub details: Option<String>,
}

/// The codes of a [`Failure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FailureCode {
    /// A person cancelled; not an error in tone.
    Cancelled,
    /// No set-up is open.
    NoSetup,
    /// The set-up is not in the data folder.
    SetupMissing,
    /// Another set-up has that name.
    NameTaken,
    /// A field holds what cannot be taken.
    BadInput,
    /// A set-up file cannot be read.
    SetupUnreadable,
    /// A set-up file was written by a newer Usher.
    SetupNewer,
    /// The set-up file was changed from outside since it was opened.
    SetupChanged,
    /// Another Usher, window or command line, works on this set-up.
    SetupLocked,
    /// The disk is full.
    DiskFull,
    /// The folder cannot be written.
    FolderReadOnly,
    /// Another fault of the file system.
    Disk,
    /// There is no keyring, or it does not answer.
    KeyringUnavailable,
    /// The secret is too long for this keyring.
    SecretTooLong,
    /// A secret that is needed is not kept.
    SecretMissing,
    /// A step needs something that is not there yet (a URL, a token).
    NotReady,
    /// A server could not be reached or did not answer as documented.
    Network,
    /// Sign-in was refused.
    SignIn,
    /// A permission is missing.
    Permission,
    /// The world moved since the plan was made.
    WorldMoved,
    /// The plan is refused by a guard.
    Refused,
    /// One such job runs already.
    Busy,
    /// The browser could not be opened; the link can be copied.
    Browser,
    /// The practice tenant could not be started, or none runs.
    Practice,
    /// A fault of Usher itself.
    Internal,
}
