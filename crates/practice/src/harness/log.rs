//! Two append-only logs: what changed, and what was asked. Tests read them to prove that a run wrote only what it should.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// The side of the practice tenant something happened on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Sign-in and Graph.
    Entra,
    /// The account host and the workspace hosts.
    Databricks,
}

/// One change to the practice tenant's state.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// When, on the practice tenant's clock.
    pub at: Timestamp,
    /// Which side changed.
    pub side: Side,
    /// Who did it: an application id, a user, `scim-token`, or `provisioning` for the service's own state.
    pub actor: String,
    /// The method of the request that did it; empty when no request did.
    pub method: String,
    /// The path of that request.
    pub path: String,
    /// What changed, in a few words: `user created`, `group members`.
    pub what: String,
    /// What stood there before; `null` for something new. Of a Databricks account group's members only those that left.
    pub before: Value,
    /// What stands there now; `null` for something deleted. Of a Databricks account group's members only those that came.
    pub after: Value,
}

/// One request to a practice host and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRequest {
    /// When it arrived, on the practice tenant's clock.
    pub at: Timestamp,
    /// The host's name: `account`, `workspace-1001`, `login`, `graph`.
    pub origin: String,
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The last four characters of the bearer token it carried; `None` when it carried no `Authorization` header.
    pub credential: Option<String>,
    /// The `User-Agent` it named.
    pub user_agent: String,
    /// The status it was answered with; `None` when the connection was cut or no answer was given.
    pub status: Option<u16>,
    /// The request id in the answer, or the one the client sent.
    pub correlation: String,
}

/// Every change so far, oldest first. Cloning shares.
#[derive(Debug, Clone, Default)]
pub struct ChangeLog {
    entries: Arc<RwLock<Vec<Change>>>,
}

impl ChangeLog {
    /// Adds a change.
    pub fn record(&self, change: Change) {
        self.entries
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(change);
    }

    /// A copy of the changes after the first `known`, oldest first.
    pub fn since(&self, known: usize) -> Vec<Change> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(known..).unwrap_or_default().to_vec()
    }

    /// A copy of all changes, oldest first.
    pub fn entries(&self) -> Vec<Change> {
        self.entries
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Every request so far, oldest first. Cloning shares.
#[derive(Debug, Clone, Default)]
pub struct RequestLog {
    entries: Arc<RwLock<Vec<LoggedRequest>>>,
}

impl RequestLog {
    /// Adds a request that has just arrived; the number returned is what [`RequestLog::answered`] takes.
    pub fn arrived(&self, request: LoggedRequest) -> usize {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        entries.push(request);
        entries.len() - 1
    }

    /// Notes the answer to a request.
    pub fn answered(&self, number: usize, status: u16, correlation: Option<String>) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(request) = entries.get_mut(number) {
            request.status = Some(status);
            if let Some(correlation) = correlation {
                request.correlation = correlation;
            }
        }
    }

    /// A copy of all requests, oldest first.
    pub fn entries(&self) -> Vec<LoggedRequest> {
        self.entries
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
