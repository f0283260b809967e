//! Everything that can fail, in the page's one shape: total, and in words.

use usher_core::connection::Fault;

use super::view::{Failure, FailureCode};
use crate::store::StoreError;

impl Failure {
    /// A failure with its words; `todo` a press a line.
    pub fn new(
        code: FailureCode,
        message: impl Into<String>,
        meaning: &str,
        todo: &[&str],
    ) -> Self {
        Self {
            code,
            message: message.into(),
            meaning: meaning.to_owned(),
            todo: todo.iter().map(|&press| press.to_owned()).collect(),
            details: None,
        }
    }

    /// The same with technical text for copying. Never a secret, never a body.
    #[must_use]
    pub fn with_details(mut self, details: impl Into<String>) -> Self {
        self.details = Some(details.into());
        self
    }

    /// A person cancelled.
    pub fn cancelled() -> Self {
        Self::new(
            FailureCode::Cancelled,
            "Cancelled.",
            "What was seen before stays. Nothing was left half done.",
            &[],
        )
    }

    /// No set-up is open.
    pub fn no_setup() -> Self {
        Self::new(
            FailureCode::NoSetup,
            "No set-up is open.",
            "This needs a set-up to work on.",
            &["Open a set-up, or make a new one on the start page."],
        )
    }

    /// A field holds what cannot be taken.
    pub fn bad_input(message: impl Into<String>, todo: &str) -> Self {
        Self::new(
            FailureCode::BadInput,
            message,
            "Nothing was changed.",
            &[todo],
        )
    }

    /// A step needs something first.
    pub fn not_ready(message: impl Into<String>, todo: &str) -> Self {
        Self::new(FailureCode::NotReady, message, "Nothing was sent.", &[todo])
    }

    /// A fault of Usher itself. The text is for copying into a report.
    pub fn internal(details: impl Into<String>) -> Self {
        Self::new(
            FailureCode::Internal,
            "Usher met a fault of its own.",
            "What was saved is safe. Nothing was sent after the fault.",
            &[
                "Try it again.",
                "If it comes back, report it with the details below.",
            ],
        )
        .with_details(details)
    }

    /// A fault of the input, with its words from the catalogue.
    pub fn of_fault(fault: &Fault) -> Self {
        Self {
            code: FailureCode::BadInput,
            message: fault.title.clone(),
            meaning: fault.cause.clone(),
            todo: fault.fix.lines().map(str::to_owned).collect(),
            details: None,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let details = error.to_string();
        let failure = match &error {
            StoreError::Missing { .. } => Self::new(
                FailureCode::SetupMissing,
                "The set-up file is not there.",
                "It was moved, renamed or deleted outside Usher.",
                &[
                    "Look at the folder named in the details.",
                    "Choose another set-up on the start page.",
                ],
            ),
            StoreError::Unreadable { .. } => Self::new(
                FailureCode::SetupUnreadable,
                "The set-up file cannot be read.",
                "It is no set-up file, or it was changed by hand. Usher left it as it is.",
                &[
                    "Put the field right that the details name, or take an older copy of the file.",
                    "Open it again.",
                ],
            ),
            StoreError::Newer { .. } => Self::new(
                FailureCode::SetupNewer,
                "A newer Usher wrote this set-up.",
                "This version could lose what it does not know, so it left the file as it is.",
                &[
                    "Install the newer Usher on this machine.",
                    "Open the set-up again.",
                ],
            ),
            StoreError::Changed { .. } => Self::new(
                FailureCode::SetupChanged,
                "The set-up file was changed by another program.",
                "Saving now would undo that change, so Usher did not save.",
                &[
                    "Close this set-up and open it again.",
                    "Make your last change once more.",
                ],
            ),
            StoreError::Full { .. } => Self::new(
                FailureCode::DiskFull,
                "There is no room left on the disk.",
                "Your last change is not saved. The file holds the state before it.",
                &["Make room on the disk.", "Make the change again."],
            ),
            StoreError::ReadOnly { .. } => Self::new(
                FailureCode::FolderReadOnly,
                "The folder may not be written.",
                "Your last change is not saved. The file holds the state before it.",
                &[
                    "Allow your account to write to the folder named in the details.",
                    "Make the change again.",
                ],
            ),
            StoreError::Io { .. } => Self::new(
                FailureCode::Disk,
                "The disk did not do what was asked.",
                "Your last change may not be saved. The file is whole: it holds the state before or after it.",
                &[
                    "Look at the disk and the folder named in the details.",
                    "Try it again.",
                ],
            ),
        };
        failure.with_details(details)
    }
}
