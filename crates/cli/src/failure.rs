//! Exit statuses, and what is said when a command could not be carried out.

use usher_core::document::ErrorBody;
use usher_engine::doctor::without_tokens;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, and good.
    Good,
    /// Done, and not good.
    NotGood,
    /// Wrong usage or unreadable input: nothing was sent, nothing written.
    Usage,
    /// No verdict could be reached.
    NoVerdict,
    /// Interrupted.
    Interrupted,
}

impl Exit {
    /// The exit status.
    pub fn status(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::NotGood => 1,
            Self::Usage => 2,
            Self::NoVerdict => 3,
            Self::Interrupted => 130,
        }
    }
}

/// Why a command could not be carried out: exit 2 or 3 with words, or an interruption.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wrong usage or unreadable input.
    Usage(ErrorBody),
    /// No verdict could be reached.
    NoVerdict(ErrorBody),
    /// Interrupted.
    Interrupted,
}

impl Failure {
    pub(crate) fn usage(code: &str, message: impl AsRef<str>, hint: impl Into<String>) -> Self {
        Self::Usage(body(code, message.as_ref(), hint.into()))
    }

    pub(crate) fn no_verdict(
        code: &str,
        message: impl AsRef<str>,
        hint: impl Into<String>,
    ) -> Self {
        Self::NoVerdict(body(code, message.as_ref(), hint.into()))
    }
}

/// Words may repeat what a person typed; a token typed into the wrong place is not repeated.
fn body(code: &str, message: &str, hint: String) -> ErrorBody {
    ErrorBody {
        code: code.to_owned(),
        message: without_tokens(message),
        hint,
    }
}
