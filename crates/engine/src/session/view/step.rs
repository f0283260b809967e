//! The findings beside the rail.

use serde::Serialize;
use ts_rs::TS;
use usher_core::finding::Finding;

use super::LinkId;

/// When a finding wants something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// Now.
    Now,
    /// At a later step, or one day.
    Later,
    /// Nothing to do.
    Fine,
    /// Could not be seen; the reason says what would tell.
    CannotTell,
}

/// A finding with its place on the rail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingView {
    /// The finding.
    pub finding: Finding,
    /// When it wants something.
    pub due: Due,
    /// The step it belongs to.
    pub step: Option<String>,
    /// Whether a person may attest it.
    pub attestable: bool,
    /// The way out that Usher offers beside the words; `None`: the words, at its step.
    pub remedy: Option<Remedy>,
    /// The page of a console where it is put right by hand; with what is wrong.
    pub link: Option<LinkId>,
}

/// A way out of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Remedy {
    /// Usher makes the change, once it was seen and confirmed: `plan_fix`.
    Change,
    /// The token is renewed.
    Token,
    /// Entra's address ranges are let in.
    Ranges,
    /// The people concerned are chosen again, or left out on purpose.
    People,
}

/// How many findings are due when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Due now.
    pub due_now: u32,
    /// Due later.
    pub due_later: u32,
    /// Fine.
    pub fine: u32,
    /// Cannot tell.
    pub cannot_tell: u32,
}
