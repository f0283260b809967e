//! Practice mode, seen from the session: a face brings the practice tenant, the engine does not know its crate.

use std::fmt;

use futures::future::BoxFuture;
use usher_core::model::Endpoints;

use super::view::{Failure, PracticeValue, ScenarioView};

/// Starts practice tenants. The faces implement it on the practice crate.
pub trait PracticeHost: Send + Sync {
    /// The scenarios to choose from.
    fn scenarios(&self) -> Vec<ScenarioView>;

    /// Starts a tenant with a scenario.
    fn start(&self, scenario: String) -> BoxFuture<'_, Result<PracticeTenant, Failure>>;
}

/// A running practice tenant; it stops when this is dropped.
pub struct PracticeTenant {
    /// Where it listens.
    pub endpoints: Endpoints,
    /// The scenario it began with.
    pub scenario: ScenarioView,
    /// What its portal shows, worth nothing elsewhere.
    pub values: Vec<PracticeValue>,
    /// Keeps it running.
    pub keep: Box<dyn Send + Sync>,
}

impl fmt::Debug for PracticeTenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PracticeTenant")
            .field("scenario", &self.scenario.name)
            .finish_non_exhaustive()
    }
}
