//! The Entra side of the practice tenant: sign-in, Microsoft Graph and the directory behind them.
//!
//! Built from the facts on Entra and the contract of the Graph subset. Two routers, [`Entra::login_router`] and
//! [`Entra::graph_router`], serve it; [`Entra::read`] and [`Entra::change`] let scenarios and tests look and touch.

pub mod connector;
pub mod control;
pub mod directory;
pub mod graph;
pub mod knobs;
pub mod logs;
pub mod registration;
pub mod sample;
pub mod schema;
mod signin;
mod tokens;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use jiff::Timestamp;
use tokio::sync::Notify;

pub use directory::Directory;
pub use knobs::Knobs;
pub use tokens::{Caller, Identity};

use crate::harness::{Harness, TokenBucket};
use crate::provisioning::scim::Wire;

/// The Entra side. Cloning shares.
#[derive(Clone)]
pub struct Entra {
    inner: Arc<Inner>,
}

struct Inner {
    harness: Harness,
    wire: Arc<dyn Wire>,
    directory: Mutex<Directory>,
    knobs: Mutex<Knobs>,
    sessions: Mutex<tokens::Sessions>,
    reports: Option<TokenBucket>,
    on_demand: Option<TokenBucket>,
    units: Option<TokenBucket>,
    wake: Notify,
    cycles: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Entra {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Entra").finish_non_exhaustive()
    }
}

impl Entra {
    /// The side with what it holds, what is turned, and how its provisioning service reaches SCIM endpoints.
    #[must_use]
    pub fn new(directory: Directory, knobs: Knobs, harness: Harness, wire: Arc<dyn Wire>) -> Self {
        let window = Duration::from_secs(10);
        let bucket = |limit: f64| {
            harness
                .rate_limits
                .map(|limits| TokenBucket::new(limit * limits.factor, window))
        };
        // Reports and on-demand: 5 in 10 s; the directory by the size of the tenant (facts on Entra §4).
        let units = match directory.users.len() {
            0..50 => 3_500.0,
            50..=500 => 5_000.0,
            _ => 8_000.0,
        };
        let (reports, on_demand, units) = (bucket(5.0), bucket(5.0), bucket(units));
        let inner = Inner {
            harness,
            wire,
            directory: Mutex::new(directory),
            knobs: Mutex::new(knobs),
            sessions: Mutex::default(),
            reports,
            on_demand,
            units,
            wake: Notify::new(),
            cycles: tokio::sync::Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Looks at the directory.
    pub fn read<R>(&self, look: impl FnOnce(&Directory) -> R) -> R {
        look(&self.directory())
    }

    /// Changes the directory as an administrator would in the portal, past Graph.
    pub fn change<R>(&self, touch: impl FnOnce(&mut Directory) -> R) -> R {
        touch(&mut self.directory())
    }

    /// What is turned now.
    #[must_use]
    pub fn knobs(&self) -> Knobs {
        lock(&self.inner.knobs).clone()
    }

    /// Turns something.
    pub fn turn(&self, touch: impl FnOnce(&mut Knobs)) {
        touch(&mut lock(&self.inner.knobs));
    }

    /// Serves sign-in.
    pub fn login_router(&self) -> Router {
        signin::router(self.clone())
    }

    /// Serves Microsoft Graph.
    pub fn graph_router(&self) -> Router {
        graph::router(self.clone())
    }

    pub(crate) fn directory(&self) -> MutexGuard<'_, Directory> {
        lock(&self.inner.directory)
    }

    pub(crate) fn sessions(&self) -> MutexGuard<'_, tokens::Sessions> {
        lock(&self.inner.sessions)
    }

    pub(crate) fn harness(&self) -> &Harness {
        &self.inner.harness
    }

    pub(crate) fn wire(&self) -> Arc<dyn Wire> {
        Arc::clone(&self.inner.wire)
    }

    /// The tenant's present time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.harness.clock.now()
    }

    /// Tells the schedule that a job was started.
    pub(crate) fn wake(&self) {
        self.inner.wake.notify_one();
    }

    /// Waits until no cycle runs, and keeps others waiting.
    pub(crate) async fn turn_of_cycles(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.inner.cycles.lock().await
    }

    /// Waits until a job was started.
    pub(crate) async fn woken(&self) {
        self.inner.wake.notified().await;
    }

    fn reports_bucket(&self) -> Option<&TokenBucket> {
        self.inner.reports.as_ref()
    }

    fn on_demand_bucket(&self) -> Option<&TokenBucket> {
        self.inner.on_demand.as_ref()
    }

    fn units_bucket(&self) -> Option<&TokenBucket> {
        self.inner.units.as_ref()
    }
}

/// A panic elsewhere does not take the practice tenant down: what was written stays readable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
