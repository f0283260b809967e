//! Every enterprise application of the tenant, for connectors that were not made from the gallery's template.
//!
//! Graph has no list of jobs: each application is asked for its own (facts/entra §1.3), twenty in one request. In a tenant of
//! thousands that takes minutes, so it is done when a person asks for it, can be broken off, and goes on where it was.

use std::collections::HashSet;
use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;
use usher_core::model::setup::DeepScan;
use usher_core::model::{Origin, World};
use usher_entra::graph::{
    BATCH_SIZE, DATABRICKS_TEMPLATE, Endpoint as _, FindServicePrincipals, GetSecrets, Graph,
    GraphError, ListJobs, Page, SecretSet, ServicePrincipal, SynchronizationJob,
};

use super::kept::is_fresh;
use super::{IN_FLIGHT, Progress, ProgressSink};

/// How far a scan has come.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// When it began.
    began: Option<Timestamp>,
    /// Object ids of the service principals that provision to Databricks.
    found: Vec<String>,
    /// How many applications were asked.
    asked: usize,
    /// How many of them did not answer as they should.
    unreadable: usize,
    /// How many there are, where Graph said so.
    total: Option<u64>,
    /// Those of the page that is being worked on, not yet asked.
    open: Vec<String>,
    /// The page after it.
    next: Next,
    /// The pages that were read, so that a link back to one ends the scan.
    read: HashSet<Url>,
}

#[derive(Debug, Clone, Default)]
enum Next {
    #[default]
    First,
    At(Url),
    None,
}

impl Scan {
    /// How many applications were asked.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// Whether it may be gone on with: it has not begun, or no longer ago than what is kept of a look.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.began.is_none_or(|began| is_fresh(began, now))
    }

    /// What was found, once the scan is at its end.
    pub fn ended(&self, at: Timestamp) -> Option<DeepScan> {
        let ended = matches!(self.next, Next::None) && self.open.is_empty();
        ended.then(|| DeepScan {
            at,
            found: self.found.clone(),
            unreadable: u32::try_from(self.unreadable).unwrap_or(u32::MAX),
        })
    }

    /// Goes on from where the scan is to its end. Broken off at any point, by a failure or by dropping the future, it can be
    /// called again; at most the requests that were under way are repeated.
    ///
    /// # Errors
    /// The first failure that is not of one application: no answer, a sign-in that ended, a permission that is missing for all.
    pub async fn go_on(
        &mut self,
        graph: &Graph,
        world: &World,
        progress: ProgressSink<'_>,
        cancel: &CancellationToken,
    ) -> Result<(), GraphError> {
        self.began.get_or_insert_with(Timestamp::now);
        let mut pace = Pace::new(self.asked);
        loop {
            self.tell(&pace, progress);
            if self.open.is_empty() && !self.turn_the_page(graph, cancel).await? {
                return Ok(());
            }
            let chunks: Vec<Vec<String>> =
                self.open.chunks(BATCH_SIZE).map(<[_]>::to_vec).collect();
            let mut asked = stream::iter(chunks)
                .map(async |ids| {
                    let found = ask(graph, world, &ids, cancel).await;
                    (ids, found)
                })
                .buffer_unordered(IN_FLIGHT);
            while let Some((ids, found)) = asked.next().await {
                let found = found?;
                // One application that refuses says something of itself; when none has answered, nobody was allowed to ask.
                if let Some(refused) = found.refused
                    && self.asked + ids.len() == self.unreadable + found.unreadable
                {
                    return Err(refused);
                }
                self.asked += ids.len();
                self.unreadable += found.unreadable;
                self.found.extend(found.connectors);
                self.open.retain(|id| !ids.contains(id));
                pace.has_come_to(self.asked);
                self.tell(&pace, progress);
            }
        }
    }

    /// Reads the next page of applications; `false`: there is none.
    async fn turn_the_page(
        &mut self,
        graph: &Graph,
        cancel: &CancellationToken,
    ) -> Result<bool, GraphError> {
        let all = FindServicePrincipals::All;
        let url = match &self.next {
            Next::First => all.call().url(graph.base()),
            Next::At(url) => url.clone(),
            Next::None => return Ok(false),
        };
        let page: Page<ServicePrincipal> = graph.page_at(&all, url.clone(), cancel).await?;
        self.read.insert(url.clone());
        self.total = page.count.or(self.total);
        self.open = page.value.into_iter().map(|one| one.id).collect();
        self.next = match page.next {
            Some(next) if next == url || self.read.contains(&next) => {
                return Err(GraphError::RepeatedLink {
                    operation: all.call().name,
                });
            }
            Some(next) => Next::At(next),
            None => Next::None,
        };
        Ok(true)
    }

    fn tell(&self, pace: &Pace, progress: ProgressSink<'_>) {
        let left = self
            .total
            .and_then(|total| usize::try_from(total).ok())
            .and_then(|total| pace.left(total.saturating_sub(self.asked)));
        progress(Progress {
            left: None,
            what: match left {
                Some(left) => format!("Asking every enterprise application: {left} left"),
                None => "Asking every enterprise application".to_owned(),
            },
            done: u64::try_from(self.asked).ok(),
            total: self.total,
        });
    }
}

/// How quickly it goes, measured and not assumed.
struct Pace {
    began: Instant,
    from: usize,
    asked: usize,
}

impl Pace {
    fn new(from: usize) -> Self {
        Self {
            began: Instant::now(),
            from,
            asked: from,
        }
    }

    fn has_come_to(&mut self, asked: usize) {
        self.asked = asked;
    }

    /// How long the rest takes at the pace so far, in words; `None` before a hundred were asked.
    fn left(&self, rest: usize) -> Option<String> {
        let done = self.asked - self.from;
        if done < 100 {
            return None;
        }
        let share = u32::try_from(rest).ok()?.checked_mul(1000)? / u32::try_from(done).ok()?;
        let left: Duration = self.began.elapsed().checked_mul(share)? / 1000;
        Some(match left.as_secs() {
            0..60 => "less than a minute".to_owned(),
            60..120 => "about a minute".to_owned(),
            seconds => format!("about {} minutes", seconds.div_ceil(60)),
        })
    }
}

/// What a few applications told.
struct Asked {
    connectors: Vec<String>,
    unreadable: usize,
    /// A refusal for want of a permission, where there was one.
    refused: Option<GraphError>,
}

/// Asks a few applications, in one request for their jobs and, where there are any, one for their settings.
async fn ask(
    graph: &Graph,
    world: &World,
    ids: &[String],
    cancel: &CancellationToken,
) -> Result<Asked, GraphError> {
    let jobs: Vec<ListJobs> = ids
        .iter()
        .map(|id| ListJobs {
            service_principal: id.clone(),
        })
        .collect();
    let answers = graph.batch(&jobs, cancel).await?;
    let mut unreadable = 0;
    let mut refused = None;
    let mut provisioning: Vec<(GetSecrets, Vec<SynchronizationJob>)> = Vec::new();
    for (id, answer) in ids.iter().zip(answers) {
        match answer {
            Ok(page) if page.value.is_empty() => {}
            Ok(page) => provisioning.push((
                GetSecrets {
                    service_principal: id.clone(),
                },
                page.value,
            )),
            // Deleted a moment ago.
            Err(error) if error.is_not_found() => {}
            Err(error) => {
                unreadable += 1;
                if error.missing_permission().is_some() {
                    refused = Some(error);
                }
            }
        }
    }
    let secrets: Vec<GetSecrets> = provisioning
        .iter()
        .map(|(secrets, _)| secrets.clone())
        .collect();
    let stored = graph.batch(&secrets, cancel).await?;
    let mut connectors = Vec::new();
    for ((one, jobs), stored) in provisioning.into_iter().zip(stored) {
        let to_databricks = match &stored {
            Ok(set) => leads_to_databricks(set, world),
            Err(_) => false,
        };
        let by_template = jobs
            .iter()
            .any(|job| job.template_id.eq_ignore_ascii_case(DATABRICKS_TEMPLATE));
        if to_databricks || by_template {
            connectors.push(one.service_principal);
        } else if stored.is_err() {
            unreadable += 1;
        }
    }
    Ok(Asked {
        connectors,
        unreadable,
        refused,
    })
}

/// Whether the stored address is a Databricks host by the table; nothing is sent to it.
fn leads_to_databricks(stored: &SecretSet, world: &World) -> bool {
    let origin = stored
        .base_address()
        .and_then(|address| Url::parse(address.trim()).ok())
        .and_then(|url| Origin::of(&url));
    origin.is_some_and(|origin| world.knows_databricks(&origin))
}
