//! The consistency window: what was just made may not be seen everywhere yet, and replicas flap (facts/entra §4).

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Graph;
use super::error::GraphError;

/// How long, how often, how sure.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// How long at most.
    pub budget: Duration,
    /// From one look to the next.
    pub every: Duration,
    /// How many looks in a row must agree.
    pub agreeing: u32,
}

impl Window {
    /// After something was made: up to ten minutes, five agreeing looks at five seconds (facts/entra §4).
    pub const AFTER_CREATION: Self = Self {
        budget: Duration::from_secs(600),
        every: Duration::from_secs(5),
        agreeing: 5,
    };
    /// After a change to something that has been there for long: up to five minutes, two agreeing looks.
    pub const AFTER_CHANGE: Self = Self {
        budget: Duration::from_secs(300),
        every: Duration::from_secs(3),
        agreeing: 2,
    };
}

/// What one look says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look<T> {
    /// As expected.
    There(T),
    /// Not as expected (yet).
    NotYet,
}

/// So many looks are taken, however slow the answers are.
const LEAST: u32 = 5;

impl Graph {
    /// Looks until enough looks in a row agree; refusals of the settling kind (401, 403, 404, 409) count as "not yet".
    /// `None` when the budget is over.
    ///
    /// # Errors
    /// Any failure that is not of the settling kind. A settling refusal that never ends is the error, too.
    pub async fn settle<T>(
        &self,
        window: Window,
        cancel: &CancellationToken,
        mut look: impl AsyncFnMut() -> Result<Look<T>, GraphError>,
    ) -> Result<Option<T>, GraphError> {
        let end = Instant::now() + self.scaled(window.budget);
        let (mut looks, mut agreed) = (0, 0);
        loop {
            looks += 1;
            let mut refusal = None;
            match look().await {
                Ok(Look::There(value)) => {
                    agreed += 1;
                    if agreed >= window.agreeing {
                        return Ok(Some(value));
                    }
                }
                Ok(Look::NotYet) => agreed = 0,
                Err(error) if error.may_be_settling() => {
                    agreed = 0;
                    refusal = Some(error);
                }
                Err(error) => return Err(error),
            }
            // Slow answers must not close a window: looks that agree are gone on with, and a few are always taken.
            let enough = agreed == 0 && (window.budget.is_zero() || looks >= LEAST);
            if enough && Instant::now() >= end {
                return refusal.map_or(Ok(None), Err);
            }
            self.wait(self.scaled(window.every), cancel).await?;
        }
    }
}
