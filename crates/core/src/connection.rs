//! What the connection doctor says: phases, fault codes and the report, `usher.connection/1`.
//!
//! The doctor itself lives in the engine; the words for its faults live in [`fault`].

pub mod fault;
mod text;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use fault::{Fault, FaultCode};

use crate::document::{Schema, unmark};

/// The ten phases, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PhaseId {
    /// Is what was pasted a SCIM URL and a token?
    Input,
    /// The host's name is looked up.
    Resolve,
    /// A TCP connection, through a proxy where there is one.
    Connect,
    /// TLS, with the certificate's issuer and expiry.
    Tls,
    /// Does an API answer there, rather than a login page?
    Reach,
    /// Is the token accepted?
    Authenticate,
    /// Do users come back?
    Users,
    /// Do groups come back?
    Groups,
    /// Does the filter Entra uses work?
    Filter,
    /// Is a spoiled token refused?
    TokenControl,
}

impl PhaseId {
    /// All phases, in order.
    pub const ALL: [Self; 10] = [
        Self::Input,
        Self::Resolve,
        Self::Connect,
        Self::Tls,
        Self::Reach,
        Self::Authenticate,
        Self::Users,
        Self::Groups,
        Self::Filter,
        Self::TokenControl,
    ];
}

/// How a phase went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PhaseStatus {
    /// Good.
    Pass,
    /// Good enough to go on, with something to know.
    Warn,
    /// The fault is here.
    Fail,
    /// Not tried.
    Skipped,
}

/// One phase's outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// Which phase.
    pub id: PhaseId,
    /// How it went.
    pub status: PhaseStatus,
    /// How long it took, in milliseconds.
    pub millis: f64,
    /// A line for people.
    pub summary: String,
    /// More, where there is more; never a secret, never a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// The verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The connection works from this machine.
    Pass,
    /// It does not; the report's fault says why.
    Fail,
}

/// The body of `usher.connection/1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionReport {
    /// The URL that was tested, as Entra would hold it; what was pasted where it could not be read.
    pub url: String,
    /// The URL's host; empty where it could not be read.
    pub host: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The ten phases, in order.
    pub phases: Vec<Phase>,
    /// The first fault, with `verdict: fail`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
}

impl Schema for ConnectionReport {
    const SCHEMA: &'static str = "usher.connection/1";

    fn plain(mut self) -> Self {
        if let Some(fault) = &mut self.fault {
            unmark([&mut fault.cause, &mut fault.fix]);
        }
        self
    }
}
