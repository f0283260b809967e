//! What a look that was broken off has read already, so that the next one does not read it again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use usher_core::observation::databricks::WorkspaceFacts;

/// What is older is read again.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// Workspaces that were read to the end by a look that was broken off. Clones share.
#[derive(Debug, Clone, Default)]
pub struct Kept(Arc<Mutex<BTreeMap<String, WorkspaceFacts>>>);

impl Kept {
    /// A workspace that was read a moment ago at this address and shows everything; it stays kept.
    pub(super) fn fresh(&self, id: &str, url: &str, now: Timestamp) -> Option<WorkspaceFacts> {
        let kept = self.lock();
        let facts = kept.get(id).filter(|facts| facts.url == url)?;
        let read = [facts.directory.users.at(), facts.directory.groups.at()];
        let is_fresh = |at: &Option<Timestamp>| at.is_some_and(|at| now.duration_since(at) < FRESH);
        read.iter().all(is_fresh).then(|| facts.clone())
    }

    pub(super) fn keep(&self, facts: &WorkspaceFacts) {
        self.lock().insert(facts.id.clone(), facts.clone());
    }

    /// Forgets everything: a look came to its end, or what is looked with is another.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, WorkspaceFacts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
