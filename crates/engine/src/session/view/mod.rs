//! What goes over the bridge to the page and back: plain values, camelCase fields, kebab-case words, no secret on the way out.

mod app;
mod checklist;
mod connection;
mod connector;
mod failure;
mod health;
mod job;
mod link;
mod moving;
mod plan;
mod practice;
mod reading;
mod rows;
mod secret;
mod setup;
mod sign_in;
mod step;

pub use usher_core::aim::AimQuestion;

pub use app::{AppInfo, KeyringState, KeyringView, Nothing, Platform, SetTheme, Theme, WorldView};
pub use checklist::{ChecklistRequest, ChecklistText, HandOver, HandedOver, SaveChecklist, Saved};
pub use connection::{ConnectionTest, DiscoverWorkspace, Discovery, PhaseEvent};
pub use connector::ConnectorView;
pub use failure::{Failure, FailureCode};
pub use health::{
    AddressRangesView, CodeFormat, ExportCode, Exported, HealthView, KeptAddressRanges, PlanFix,
    RotationView, SaveInto, ServiceTags, TipList, TipsOf, UseConnector,
};
pub use job::{CancelJob, Cancelled, EarlyFinding, JobId, ObserveEvent, StartJob};
pub use link::{FollowLink, HelpOf, HelpText, LinkId, LinkView, ReadLink, ReadMore, Term};
pub use moving::{LocalGroupView, LocalGroupsView, MoveReport, MoveView, SaveMoveReport};
pub use plan::{
    ApplyRequest, ApplyResult, ChangeView, CycleEndView, CycleWatched, FieldView, JournalView,
    PlanView, ProvisionOne, ProvisionedOne, RequestView, RollbackView, UndoKind, UndoView,
};
pub use practice::{
    PracticeCredentials, PracticePress, PracticeValue, PressInPortal, ScenarioList, ScenarioView,
    StartPractice,
};
pub use reading::{
    ReadingVerdict, RecogniseToken, RecogniseUrl, TokenReading, UrlLevel, UrlReading,
};
pub use rows::{
    DirectoryFound, PrincipalRow, RowFilter, RowOrder, RowWindow, RowsRequest, SearchDirectory,
    TableId,
};
pub use secret::{ForgetSecret, KeepToken, Pasted, SecretSlot, SecretView};
pub use setup::{
    Attest, ChangeSetup, CreateSetup, OpenSetup, OpenSetupFile, RenameSetup, SetupChange,
    SetupList, SetupSummary, SetupView, WithdrawAttestation,
};
pub use sign_in::{PermissionView, RegistrationGuide, SignInEvent, SignedInView};
pub use step::{Counts, Due, FindingView, Remedy};
pub use usher_core::checklist::Format as ChecklistFormat;
pub use usher_core::journey::{Step, StepState};

pub use crate::apply::{ApplyEvent, WorkspaceKept};
