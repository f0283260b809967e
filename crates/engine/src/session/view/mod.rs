//! What goes over the bridge to the page and back: plain values, camelCase fields, kebab-case words, no secret on the way out.

mod app;
mod checklist;
mod connection;
mod failure;
mod job;
mod link;
mod practice;
mod reading;
mod secret;
mod setup;
mod step;

pub use app::{AppInfo, KeyringState, KeyringView, Nothing, Platform, SetTheme, Theme, WorldView};
pub use checklist::{
    ChecklistFormat, ChecklistRequest, ChecklistText, HandOver, HandedOver, SaveChecklist, Saved,
};
pub use connection::{ConnectionTest, DiscoverWorkspace, Discovery, PhaseEvent};
pub use failure::{Failure, FailureCode};
pub use job::{CancelJob, Cancelled, JobId, ObserveEvent, StartJob};
pub use link::{FollowLink, LinkId, LinkView};
pub use practice::{PracticeCredentials, PracticeValue, ScenarioList, ScenarioView, StartPractice};
pub use reading::{
    ReadingVerdict, RecogniseToken, RecogniseUrl, TokenReading, UrlLevel, UrlReading,
};
pub use secret::{ForgetSecret, KeepToken, Pasted, SecretSlot, SecretView};
pub use setup::{
    Attest, ChangeSetup, CreateSetup, OpenSetup, OpenSetupFile, RenameSetup, SetupChange,
    SetupList, SetupSummary, SetupView, WithdrawAttestation,
};
pub use step::{Counts, Due, FindingView, StepState, StepView};
