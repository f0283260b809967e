//! How connectors stand, in the few facts that a plan rests on: read again before each write of a move.

use std::collections::BTreeSet;
use std::pin::pin;

use futures::StreamExt as _;
use tokio_util::sync::CancellationToken;
use usher_core::observation::Connector;
use usher_core::observation::connector::ScheduleState;
use usher_entra::graph as wire;
use usher_entra::graph::{Graph, GraphError};

use super::connector;
use super::parts::Parts;

/// How a connector stands. `None`: not known, and then it is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Whether a job's schedule is active. `None` also where Entra names a state that this version does not know.
    pub active: Option<bool>,
    /// Who is assigned, by Entra object id.
    pub assigned: Option<BTreeSet<String>>,
    /// `SyncAll`.
    pub sync_all: Option<bool>,
    /// `BaseAddress`.
    pub address: Option<String>,
}

impl Standing {
    /// How a connector stood when it was observed.
    pub fn of(connector: &Connector) -> Self {
        let secrets = connector.secrets.value();
        let active = |jobs: &Vec<usher_core::observation::connector::Job>| {
            any_active(jobs.iter().map(|job| match job.state {
                ScheduleState::Active => Some(true),
                ScheduleState::Disabled | ScheduleState::Paused => Some(false),
                ScheduleState::Other(_) => None,
            }))
        };
        Self {
            active: connector.jobs.value().and_then(active),
            assigned: connector
                .assignments
                .value()
                .map(|rows| rows.iter().map(|row| key(&row.principal_id)).collect()),
            sync_all: secrets.and_then(|secrets| secrets.sync_all),
            address: secrets.and_then(|secrets| secrets.base_address.clone()),
        }
    }

    /// How a connector stands by what was read of it a moment ago.
    fn read(parts: Parts) -> Result<Self, GraphError> {
        let (jobs, rows) = (parts.jobs?, parts.assigned?);
        let secrets = connector::secret_facts(&parts.secrets?);
        Ok(Self {
            active: any_active(jobs.iter().map(|job| match job.schedule.state {
                wire::ScheduleState::Active => Some(true),
                wire::ScheduleState::Disabled | wire::ScheduleState::Paused => Some(false),
                wire::ScheduleState::Other(_) => None,
            })),
            assigned: Some(rows.iter().map(|row| key(&row.principal_id)).collect()),
            sync_all: secrets.sync_all,
            address: secrets.base_address,
        })
    }

    /// What differs now, as the end of a sentence about the connector; `None`: nothing that both know.
    pub fn differs(&self, now: &Self) -> Option<&'static str> {
        match (self.active, now.active) {
            (Some(false), Some(true)) => return Some("was started"),
            (Some(true), Some(false)) => return Some("was paused"),
            // Read a moment ago, so it is not unread but in a state that nobody can judge.
            (Some(_), None) => {
                return Some("is in a provisioning state that this version does not know");
            }
            _ => {}
        }
        let other = |was: bool, what| was.then_some(what);
        other(
            unlike(&self.assigned, &now.assigned),
            "has other assignments now",
        )
        .or(other(
            unlike(&self.sync_all, &now.sync_all),
            "has another scope now",
        ))
        .or(other(
            unlike(&self.address, &now.address),
            "provisions to another address now",
        ))
    }
}

/// Whether one is active; `None` where none is and one cannot be told.
fn any_active(states: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(false);
    for one in states {
        match one {
            Some(true) => return one,
            Some(false) => {}
            None => all = None,
        }
    }
    all
}

fn unlike<T: PartialEq>(was: &Option<T>, is: &Option<T>) -> bool {
    was.is_some() && is.is_some() && was != is
}

/// An id as it is compared.
pub(crate) fn key(id: &str) -> String {
    id.to_ascii_lowercase()
}

/// Reads how connectors stand, several in one request; `None` for one that is gone.
///
/// # Errors
/// The first failure that is not of one missing connector.
pub(crate) async fn standings(
    graph: &Graph,
    ids: &[String],
    cancel: &CancellationToken,
) -> Result<Vec<(String, Option<Standing>)>, GraphError> {
    let mut found = Vec::with_capacity(ids.len());
    let mut read = pin!(Parts::of_many(graph, ids, cancel));
    while let Some((ids, parts)) = read.next().await {
        for (id, parts) in ids.iter().zip(parts?) {
            let standing = match Standing::read(parts) {
                Ok(standing) => Some(standing),
                Err(error) if error.is_not_found() => None,
                Err(error) => return Err(error),
            };
            found.push((id.clone(), standing));
        }
    }
    Ok(found)
}
