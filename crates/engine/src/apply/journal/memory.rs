//! A journal in memory, shared by its clones: for tests that drop a run in the middle and resume it.

use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Event, Journal, JournalError, Line};

/// A journal in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryJournal {
    lines: Arc<Mutex<Vec<Line>>>,
    run: Uuid,
}

impl Journal for MemoryJournal {
    fn append(&mut self, event: Event) -> BoxFuture<'_, Result<(), JournalError>> {
        let line = Line {
            at: Timestamp::now(),
            run: self.run,
            event,
        };
        self.lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
        async { Ok(()) }.boxed()
    }

    fn lines(&self) -> Vec<Line> {
        self.lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
