//! What every practice host needs: serving on loopback, faults, the logs, the clock, issued tokens, and the control API.

pub mod clock;
pub mod control;
pub mod faults;
pub mod log;
pub mod rate;
pub mod server;
mod strike;
pub mod tokens;

use std::time::Duration;

pub use clock::{Clock, TimeScale};
pub use faults::{FaultKind, FaultRule, Faults};
pub use log::{Change, ChangeLog, LoggedRequest, RequestLog, Side};
pub use rate::{RateLimits, TokenBucket};
pub use server::{Bound, Connection, Origin, serve};
pub use strike::SIGN_IN_PAGE;
pub use tokens::{IssuedToken, TokenKind, Tokens};

/// What the hosts of one practice tenant share. Cloning shares, it does not copy.
#[derive(Debug, Clone, Default)]
pub struct Harness {
    /// The faults in force.
    pub faults: Faults,
    /// Every change to either side.
    pub changes: ChangeLog,
    /// Every request to any host.
    pub requests: RequestLog,
    /// The practice tenant's time.
    pub clock: Clock,
    /// The bearer tokens that were issued, by either side.
    pub tokens: Tokens,
    /// How long each answer waits before it is given.
    pub latency: Duration,
    /// The published rate limits, when they are enforced.
    pub rate_limits: Option<RateLimits>,
}
