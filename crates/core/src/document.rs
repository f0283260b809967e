//! What every JSON answer carries: `schema`, `generatedAt`, `version` (`contracts/cli.md`, "JSON answers").

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A document: its schema, when it was made, by which version, and its body beside them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document<Body> {
    /// For instance `usher.report/1`.
    pub schema: String,
    /// When the document was made.
    pub generated_at: Timestamp,
    /// Usher's version.
    pub version: String,
    /// What it says.
    #[serde(flatten)]
    pub body: Body,
}

/// A body that has a schema of its own.
pub trait Schema {
    /// The schema's name and version, for instance `usher.report/1`.
    const SCHEMA: &'static str;

    /// The same without the emphasis that a page shows in its texts: what goes out as JSON is plain.
    #[must_use]
    fn plain(self) -> Self
    where
        Self: Sized,
    {
        self
    }
}

/// Takes the marks of emphasis out of texts that Usher wrote.
pub fn unmark<'a>(texts: impl IntoIterator<Item = &'a mut String>) {
    for text in texts {
        if text.contains("**") {
            *text = text.replace("**", "");
        }
    }
}

impl<Body: Schema> Document<Body> {
    /// Puts a body into its document.
    pub fn new(body: Body, generated_at: Timestamp) -> Self {
        Self {
            schema: Body::SCHEMA.to_owned(),
            generated_at,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            body,
        }
    }
}

/// The body of `usher.error/1`: what exits 2 and 3 print with `--json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// A stable code.
    pub code: String,
    /// What happened.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Schema for ErrorBody {
    const SCHEMA: &'static str = "usher.error/1";
}
