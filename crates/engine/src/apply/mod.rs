//! Carrying a confirmed plan out, change by change, through the journal.
//!
//! A run is: [`Executor::recover`] what an earlier run left open, then observe and plan anew, then [`Executor::apply`].
//! Before each change the world is looked at again and the intent is put on disk; after it the world is read back through
//! the consistency window and the outcome is put on disk. Nothing is sent twice in doubt: after any answer but a clear one
//! the world is asked first (`contracts/cli.md`, rules 5 to 8).

mod carry;
mod conditions;
mod cycle;
mod doubt;
mod event;
mod executor;
mod gate;
pub mod journal;
mod moving;
mod provision;
mod recover;
mod rollback;
mod sending;
mod stand;
mod starting;
mod target;

pub use carry::Work;
pub use conditions::ScimToken;
pub use cycle::{CycleEnd, wait_for_cycle};
pub use event::{ApplyEvent, Doing};
pub use executor::{Applied, ApplyError, Executor};
pub use gate::{Aftermath, Gate, Held};
pub use journal::{
    Begun, Event, FileJournal, Journal, JournalError, Line, MemoryJournal, begun, journal_path,
};
pub use moving::{LiveWitness, MoveGate, Witness, WorkspaceKept, workspaces_kept};
pub use provision::provision_one;
pub use recover::created_application;
pub use rollback::{looking_back, planned_rollback};
pub use target::{APP, APP_ROLE, ASSIGNMENT, JOB, RULE, SERVICE_PRINCIPAL};
