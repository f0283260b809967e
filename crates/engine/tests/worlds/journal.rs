//! A journal at one of whose lines the run is killed: it stops there and is dropped.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Notify;
use usher_engine::apply::{Event, Journal, JournalError, Line, MemoryJournal};

/// Where a run is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kill {
    /// After so many lines.
    pub(crate) after: u32,
    /// Whether the last line is on disk.
    pub(crate) on_disk: bool,
}

/// The journal of one run over the journal that stays.
pub(crate) struct Mortal {
    kept: MemoryJournal,
    kill: Option<Kill>,
    lines: u32,
    killed: Arc<Notify>,
    forgets: bool,
}

impl Mortal {
    pub(crate) fn new(kept: MemoryJournal, kill: Option<Kill>) -> Self {
        Self {
            kept,
            kill,
            lines: 0,
            killed: Arc::default(),
            forgets: false,
        }
    }

    /// For eyes that are blind: whom a connector carried is not remembered either.
    pub(crate) fn forgetting(self, forgets: bool) -> Self {
        Self { forgets, ..self }
    }

    /// Waits for the kill.
    pub(crate) fn death(&self) -> impl Future<Output = ()> + use<> {
        let killed = Arc::clone(&self.killed);
        async move { killed.notified().await }
    }
}

impl Journal for Mortal {
    fn append(&mut self, event: Event) -> BoxFuture<'_, Result<(), JournalError>> {
        async move {
            self.lines += 1;
            if let Some(kill) = self.kill
                && self.lines == kill.after
            {
                if kill.on_disk {
                    self.kept.append(event).await?;
                }
                self.killed.notify_one();
                return std::future::pending().await;
            }
            self.kept.append(event).await
        }
        .boxed()
    }

    fn lines(&self) -> Vec<Line> {
        let mut lines = self.kept.lines();
        for line in lines.iter_mut().filter(|_| self.forgets) {
            if let Event::Intent { before, .. } = &mut line.event {
                before.carried = None;
            }
        }
        lines
    }
}
