//! What runs, by the id the page minted, so that it can be cancelled.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use super::view::{Failure, FailureCode, JobId};

/// What kind of job runs: at most one of each at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum JobKind {
    /// The connection doctor.
    Test,
    /// Observing.
    Observe,
    /// Signing in.
    SignIn,
    /// Carrying a plan out, taking it back, or asking what became of one.
    Apply,
    /// Watching a cycle.
    Watch,
    /// Reading the tenant's people and groups.
    Directory,
}

/// The running jobs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Jobs(Arc<Mutex<HashMap<JobId, Running>>>);

#[derive(Debug)]
struct Running {
    kind: JobKind,
    token: CancellationToken,
}

/// A running job; it is over when this is dropped.
#[derive(Debug)]
pub(crate) struct Job {
    id: JobId,
    jobs: Jobs,
    /// Cancelled when a person cancels.
    pub(crate) token: CancellationToken,
}

impl Jobs {
    /// Begins a job.
    ///
    /// # Errors
    /// [`FailureCode::Busy`] when one of its kind runs already, or the id is in use.
    pub(crate) fn begin(&self, id: JobId, kind: JobKind) -> Result<Job, Failure> {
        let mut running = self.lock();
        if running.contains_key(&id) || running.values().any(|job| job.kind == kind) {
            return Err(Failure::new(
                FailureCode::Busy,
                "This already runs.",
                "A second run beside it would only compete with it.",
                &["Wait for it to end, or cancel it."],
            ));
        }
        let token = CancellationToken::new();
        running.insert(
            id.clone(),
            Running {
                kind,
                token: token.clone(),
            },
        );
        Ok(Job {
            id,
            jobs: self.clone(),
            token,
        })
    }

    /// Cancels a job; `false` when there is none of that id.
    pub(crate) fn cancel(&self, id: &str) -> bool {
        let running = self.lock();
        running.get(id).map(|job| job.token.cancel()).is_some()
    }

    /// Cancels every job: the set-up or the world changes under them.
    pub(crate) fn cancel_all(&self) {
        self.lock().values().for_each(|job| job.token.cancel());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<JobId, Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.jobs.lock().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_kind_runs_at_a_time_and_can_be_cancelled() {
        let jobs = Jobs::default();
        let job = jobs.begin("a".to_owned(), JobKind::Test).unwrap();
        assert_eq!(
            jobs.begin("b".to_owned(), JobKind::Test).unwrap_err().code,
            FailureCode::Busy
        );
        assert!(jobs.begin("c".to_owned(), JobKind::Observe).is_ok());
        assert!(jobs.cancel("a") && job.token.is_cancelled());
        drop(job);
        assert!(!jobs.cancel("a"));
        assert!(jobs.begin("b".to_owned(), JobKind::Test).is_ok());
    }
}
