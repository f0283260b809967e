//! Renewing the token of the open set-up, and the reminder to do it in time.

use jiff::Timestamp;
use usher_core::plan::ChangeKind;
use usher_core::{reminder, rotation};

use super::Session;
use super::setups::Open;
use super::view::{Failure, Nothing, RotationView, SaveInto, Saved, SecretSlot};
use crate::apply::{FileJournal, begun};

impl Session {
    /// `rotation`
    pub async fn rotation(&self, _: Nothing) -> Result<RotationView, Failure> {
        self.blocking(|session| session.with_open(|open, _| view(open)))
            .await
    }

    /// `save_reminder`
    pub async fn save_reminder(&self, request: SaveInto) -> Result<Saved, Failure> {
        let (stem, text) = self.with_open(|open, _| {
            let text = reminder::calendar(&open.file.setup, Timestamp::now());
            (open.file.stem(), text)
        })?;
        let text = text.ok_or_else(|| {
            Failure::not_ready(
                "When the token ends is not known.",
                "Enter beside the token when it was made.",
            )
        })?;
        self.save(request, format!("{stem}-token"), "ics", text)
            .await
    }
}

fn view(open: &Open) -> RotationView {
    let setup = &open.file.setup;
    let expiry = reminder::expiry(setup);
    let facts = rotation::Facts {
        setup,
        seen: &open.observed.observation,
        kept_at: open
            .secrets
            .iter()
            .find(|secret| secret.in_use && secret.slot == SecretSlot::ScimToken)
            .map(|secret| secret.kept_at),
        saved_at: saved_at(open),
    };
    let steps = rotation::steps(&facts);
    RotationView {
        created_at: setup.databricks.token_created_at,
        expires_at: expiry.map(|(at, _)| at),
        expiry_assumed: expiry.is_some_and(|(_, assumed)| assumed),
        complete: rotation::is_complete(&steps),
        steps,
    }
}

/// When URL and token were saved in Entra last, by the journal: settings are saved with the token beside them.
fn saved_at(open: &Open) -> Option<Timestamp> {
    let lines = FileJournal::peek(open.file.path()).unwrap_or_default();
    begun(&lines)
        .iter()
        .filter(|one| {
            matches!(
                one.change.kind,
                ChangeKind::SaveCredentials | ChangeKind::SaveSettings
            ) && one.stands()
        })
        .map(|one| one.at)
        .max()
}
