//! Asks a blocking store from async code: off the caller's thread, one call at a time, with a time-out and a visible wait.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::error::VaultError;
use crate::store::{Store, StoreError};

/// A call that takes longer than this most likely waits for a person.
const NOTICEABLE: Duration = Duration::from_millis(700);

/// What a person sees of the keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The keyring takes its time: most often it asks for its password in a window of its own.
    Waiting,
    /// It answered, or the wait is over.
    Answered,
}

/// Where events go. Called from the caller's own task: it must return at once.
pub type EventSink = Arc<dyn Fn(Event) + Send + Sync>;

/// The one door to a store.
pub(crate) struct Keeper {
    store: Arc<dyn Store>,
    // Held by the call's own thread until it is done, so that a call that hangs is not joined by a second one.
    turn: Arc<Mutex<()>>,
    patience: Duration,
    events: Option<EventSink>,
}

impl Keeper {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        patience: Duration,
        events: Option<EventSink>,
    ) -> Self {
        Self {
            store,
            turn: Arc::new(Mutex::new(())),
            patience,
            events,
        }
    }

    /// Runs `call` with the store.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn Store) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let mut waiting = Told {
            events: self.events.as_ref(),
            waiting: false,
        };
        let started = Instant::now();
        let answer = self.run(call);
        tokio::pin!(answer);
        if let Ok(answer) = timeout_at(started + NOTICEABLE.min(self.patience), &mut answer).await {
            return answer;
        }
        waiting.begin();
        timeout_at(started + self.patience, answer)
            .await
            .unwrap_or(Err(VaultError::Silent {
                after: self.patience,
            }))
    }

    async fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn Store) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let store = Arc::clone(&self.store);
        let (sender, receiver) = oneshot::channel();
        // A thread of its own and not the runtime's pool: a keyring that never answers would keep the runtime from ending.
        let thread = std::thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || {
                // The caller may have given up; then nobody wants the answer.
                let _ = sender.send(call(store.as_ref()));
                drop(turn);
            });
        if let Err(error) = thread {
            return Err(VaultError::Refused(error.to_string()));
        }
        let gone = VaultError::Refused("the call to the keyring broke off".to_owned());
        receiver.await.unwrap_or(Err(gone))
    }
}

/// Tells a wait once, and its end however it comes, also when the caller gives up.
struct Told<'a> {
    events: Option<&'a EventSink>,
    waiting: bool,
}

impl Told<'_> {
    fn begin(&mut self) {
        self.waiting = true;
        self.tell(Event::Waiting);
    }

    fn tell(&self, event: Event) {
        if let Some(events) = self.events {
            events(event);
        }
    }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if self.waiting {
            self.tell(Event::Answered);
        }
    }
}

impl From<StoreError> for VaultError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoService => Self::NoService,
            StoreError::NoKeyring => Self::NoKeyring,
            StoreError::Locked => Self::Locked,
            StoreError::Refused(words) => Self::Refused(words),
        }
    }
}
