//! The connection doctor: ten phases, from what was pasted to a spoiled token that is refused.
//!
//! It only reads, never follows a redirect, and sends the token to the pasted URL's own origin alone. The first phase that
//! fails gives the report's fault; what comes after it is skipped. The phases and codes are those of `contracts/checks.md`,
//! the recipe is that of facts/databricks §8.

mod calls;
mod fault;
mod input;
mod record;
mod spoil;
mod way;

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use ts_rs::TS;
use usher_core::connection::{ConnectionReport, Phase, PhaseId};
use usher_core::model::Secret;
use usher_transport::{CancellationToken, Client, Event, RetryPolicy};

pub use input::without_tokens;

use record::{Record, Stopped};

/// Tries of one request: enough to pass over a hiccup, few enough that a person does not wait long for a fault.
const TRIES: u32 = 3;

/// What is to be tested, as it was pasted.
#[derive(Debug, Clone)]
pub struct DoctorInput {
    /// The SCIM URL.
    pub url: String,
    /// The token.
    pub token: Option<Secret>,
    /// The time for one request; the client's own unless given.
    pub timeout: Option<Duration>,
}

/// How a test goes on, for a person who watches.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum PhaseEvent {
    /// A phase has begun.
    Started {
        /// Which.
        phase: PhaseId,
    },
    /// A phase is over. A phase may be told a second time, when a later answer puts its outcome in another light.
    Finished {
        /// How it went.
        phase: Phase,
    },
    /// The test waits before it tries again, for instance because the server asked for it.
    Waiting {
        /// How long, in seconds.
        seconds: f64,
        /// Whether the server named the time.
        asked: bool,
    },
}

/// Where phase events go. Called from the test's own task: it must return at once.
pub type PhaseSink = Arc<dyn Fn(PhaseEvent) + Send + Sync>;

/// The person cancelled the test: there is no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection test was cancelled")]
pub struct Cancelled;

/// Runs the test.
///
/// # Errors
/// [`Cancelled`] when `cancel` was triggered before the verdict. Every fault is a report.
pub async fn run(
    client: &Client,
    input: DoctorInput,
    progress: PhaseSink,
    cancel: &CancellationToken,
) -> Result<ConnectionReport, Cancelled> {
    let timeout = input.timeout.unwrap_or_else(|| client.timeout());
    let waits = Arc::clone(&progress);
    let client = client
        .clone()
        .with_timeout(timeout)
        .with_retry(RetryPolicy {
            attempts: TRIES,
            throttled: Duration::ZERO,
            ..RetryPolicy::default()
        })
        .with_events(Arc::new(move |event| {
            if let Event::Waiting { wait, reason, .. } = event {
                let asked = reason == usher_transport::WaitReason::Asked;
                waits(PhaseEvent::Waiting {
                    seconds: wait.as_secs_f64(),
                    asked,
                });
            }
        }));
    let mut record = Record::new(progress);
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Stopped::Cancelled),
        outcome = phases(&client, &input, timeout, &mut record, cancel) => outcome,
    };
    match outcome {
        Err(Stopped::Cancelled) => Err(Cancelled),
        Ok(()) | Err(Stopped::Failed) => Ok(record.into_report()),
    }
}

/// The ten phases; stops at the first that fails.
async fn phases(
    client: &Client,
    input: &DoctorInput,
    timeout: Duration,
    record: &mut Record,
    cancel: &CancellationToken,
) -> Result<(), Stopped> {
    let target = input::recognise(input, client.world(), record)?;
    way::measure(client, &target, timeout, record).await?;
    calls::Calls::new(client, target, cancel).all(record).await
}
