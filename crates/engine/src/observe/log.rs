//! The provisioning log of one job, newest first, summed up.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;

use futures::TryStreamExt as _;
use jiff::{SignedDuration, Timestamp};
use usher_core::observation::Seen;
use usher_core::observation::connector::{LogFailure, LogObject, LogSummary};
use usher_entra::graph::{Graph, GraphError, ListProvisioningLogs, LogEntry, LogStatus};

use super::Eyes;
use super::refusal::unknown;

/// The log reaches back 30 days at most in premium tenants; a week tells what is wrong now.
const REACH: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Rows on a page.
const PAGE: u32 = 500;
/// Pages read at most: five requests in ten seconds are allowed.
const PAGES: usize = 20;

pub(super) async fn look(eyes: &Eyes<'_>, graph: &Graph, job: &str) -> Seen<LogSummary> {
    let since = eyes.at.checked_sub(REACH).unwrap_or(Timestamp::UNIX_EPOCH);
    match read(eyes, graph, job, since).await {
        Ok(summary) => eyes.seen(summary),
        Err(error) => unknown(&error),
    }
}

async fn read(
    eyes: &Eyes<'_>,
    graph: &Graph,
    job: &str,
    since: Timestamp,
) -> Result<LogSummary, GraphError> {
    let list = ListProvisioningLogs {
        job: job.to_owned(),
        since,
        top: PAGE,
    };
    let mut pages = pin!(graph.pages(&list, eyes.cancel));
    let mut sum = Sum {
        summary: LogSummary {
            since: Some(since),
            ..LogSummary::default()
        },
        ..Sum::default()
    };
    let mut read = 0;
    while let Some(page) = pages.try_next().await? {
        for entry in page.value {
            sum.take(entry);
        }
        read += 1;
        eyes.count("Reading the provisioning log", sum.rows, None::<u64>);
        if read == PAGES {
            sum.summary.since = sum.oldest;
            break;
        }
    }
    Ok(sum.done())
}

#[derive(Default)]
struct Sum {
    summary: LogSummary,
    rows: usize,
    oldest: Option<Timestamp>,
    settled: BTreeSet<Box<str>>,
    causes: BTreeMap<String, LogFailure>,
}

impl Sum {
    /// Takes the next entry, newest first: the first one of an object decides about it.
    fn take(&mut self, entry: LogEntry) {
        self.rows += 1;
        self.oldest = entry.activity_date_time.or(self.oldest);
        let id: Box<str> = entry.source_identity.id.as_str().into();
        let status = &entry.provisioning_status_info;
        let wrote = matches!(
            entry.provisioning_action.to_ascii_lowercase().as_str(),
            "create" | "update"
        );
        if status.status == LogStatus::Success && wrote && !id.is_empty() {
            self.summary.exported.insert(id.clone());
        }
        if !id.is_empty() && !self.settled.insert(id) {
            return;
        }
        if entry
            .provisioning_action
            .eq_ignore_ascii_case("stagedDelete")
        {
            self.summary.staged_deletes += 1;
        }
        if status.status == LogStatus::Failure {
            self.failure(&entry);
        }
    }

    fn failure(&mut self, entry: &LogEntry) {
        let error = entry
            .provisioning_status_info
            .error_information
            .clone()
            .unwrap_or_default();
        let cause = self
            .causes
            .entry(error.error_code.clone())
            .or_insert_with(|| LogFailure {
                code: error.error_code,
                reason: error.reason.unwrap_or_default(),
                objects: Vec::new(),
            });
        cause.objects.push(LogObject {
            id: entry.source_identity.id.as_str().into(),
            name: entry.source_identity.display_name.as_str().into(),
        });
    }

    fn done(mut self) -> LogSummary {
        self.summary.failures = self.causes.into_values().collect();
        self.summary
            .failures
            .sort_by_key(|failure| std::cmp::Reverse(failure.objects.len()));
        self.summary
    }
}
