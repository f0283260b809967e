//! Synchronization templates and jobs (facts/entra §1.5, §1.6, §1.7).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::call::{Answer, Call, Endpoint, Method, Page};
use super::error::DecodeError;
use super::lenient;

pub(super) const READ: &[&str] = &["Synchronization.Read.All", "Synchronization.ReadWrite.All"];
pub(super) const WRITE: &[&str] = &["Synchronization.ReadWrite.All"];

/// The connector's synchronization template.
pub const DATABRICKS_TEMPLATE: &str = "dataBricks";

/// What a restart for a credential quarantine resets: what the portal's "Restart provisioning" does. Never `Full`, never
/// `ForceDeletes` (`contracts/cli.md`, rule 5).
pub const RESTART_SCOPE: &str = "Watermark, Escrows, QuarantineState";

lenient::open_enum! {
    /// Whether the schedule lets the job run.
    ScheduleState {
        /// Portal: Provisioning Status On.
        Active = "Active",
        /// Never started, or switched off by the service.
        Disabled = "Disabled",
        /// Portal: Provisioning Status Off.
        Paused = "Paused",
    }
}

lenient::open_enum! {
    /// How the job is.
    StatusCode {
        /// No credentials.
        NotConfigured = "NotConfigured",
        /// Never ran.
        NotRun = "NotRun",
        /// Running.
        Active = "Active",
        /// Paused.
        Paused = "Paused",
        /// In quarantine.
        Quarantine = "Quarantine",
    }
}

lenient::open_enum! {
    /// How a cycle ended.
    ExecutionState {
        /// Everything went.
        Succeeded = "Succeeded",
        /// It broke off.
        Failed = "Failed",
        /// It went through, with entries that did not.
        EntryLevelErrors = "EntryLevelErrors",
    }
}

/// A synchronization template.
#[derive(Debug, Clone, Deserialize)]
pub struct SynchronizationTemplate {
    /// Its id, for instance `dataBricks`.
    pub id: String,
}

/// A synchronization job.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SynchronizationJob {
    /// Opaque, with dots.
    pub id: String,
    /// The template it was made from.
    #[serde(default, deserialize_with = "lenient::default")]
    pub template_id: String,
    /// The schedule.
    #[serde(default, deserialize_with = "lenient::default")]
    pub schedule: Schedule,
    /// The status.
    #[serde(default, deserialize_with = "lenient::default")]
    pub status: Status,
}

impl SynchronizationJob {
    /// Whether it certainly does not run: its schedule is off, and no cycle is in flight (`contracts/cli.md`, rule 1). A state
    /// that this version does not know is not off.
    pub fn is_stopped(&self) -> bool {
        matches!(
            self.schedule.state,
            ScheduleState::Disabled | ScheduleState::Paused
        ) && !self.status.in_flight()
    }
}

/// A job's schedule.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// Whether it may run.
    #[serde(default)]
    pub state: ScheduleState,
    /// ISO 8601, with a sentinel of millions of days for a job that never ran.
    #[serde(default)]
    pub interval: Option<String>,
}

impl Schedule {
    /// The interval in seconds; `None` for the sentinel and for what cannot be read.
    pub fn interval_seconds(&self) -> Option<u64> {
        let text = self.interval.as_deref()?;
        let rest = text.strip_prefix('P')?;
        let (days, time) = rest.split_once('T').unwrap_or((rest, ""));
        let days = days
            .strip_suffix('D')
            .map_or(Some(0), |days| days.parse::<u64>().ok())?;
        if days > 365 {
            return None;
        }
        let mut seconds = days * 86_400;
        let mut number = String::new();
        for letter in time.chars() {
            let unit = match letter {
                'H' => 3600,
                'M' => 60,
                'S' => 1,
                _ => {
                    number.push(letter);
                    continue;
                }
            };
            seconds += number.split('.').next()?.parse::<u64>().ok()? * unit;
            number.clear();
        }
        Some(seconds)
    }
}

/// A job's status.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// How it is.
    #[serde(default)]
    pub code: StatusCode,
    /// The last cycle, as it stands; [`Status::last`] tells a real one from a sentinel.
    #[serde(default)]
    pub last_execution: Option<Execution>,
    /// The last cycle that went through.
    #[serde(default)]
    pub last_successful_execution: Option<Execution>,
    /// How far the running cycle is.
    #[serde(default, deserialize_with = "lenient::list")]
    pub progress: Vec<Progress>,
    /// Why it is in quarantine.
    #[serde(default)]
    pub quarantine: Option<Quarantine>,
    /// When a full cycle was completed for the first time.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub steady_state_first_achieved_time: Option<Timestamp>,
    /// How many of each type are linked.
    #[serde(default, deserialize_with = "lenient::list")]
    pub synchronized_entry_count_by_type: Vec<Count>,
}

impl Status {
    /// The last cycle that really was one. A job that never ran shows a "Failed" with zero counts and sentinel dates
    /// (facts/entra §1.7).
    pub fn last(&self) -> Option<&Execution> {
        self.last_execution
            .as_ref()
            .filter(|execution| execution.is_real())
    }

    /// Whether a cycle is under way: one began and has not ended, or its progress is not at its end.
    pub fn in_flight(&self) -> bool {
        let open = self
            .last()
            .is_some_and(|last| match (last.time_began, last.time_ended) {
                (Some(_), None) => true,
                (Some(began), Some(ended)) => ended < began,
                _ => false,
            });
        open || self
            .progress
            .iter()
            .any(|progress| progress.completed_units < progress.total_units)
    }
}

/// A number by type.
#[derive(Debug, Clone, Deserialize)]
pub struct Count {
    /// The type.
    #[serde(default, deserialize_with = "lenient::default")]
    pub key: String,
    /// How many.
    #[serde(default, deserialize_with = "lenient::default")]
    pub value: i64,
}

/// A cycle.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Execution {
    /// How it ended.
    #[serde(default)]
    pub state: ExecutionState,
    /// When it began.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub time_began: Option<Timestamp>,
    /// When it ended.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub time_ended: Option<Timestamp>,
    /// Entries that failed and are tried again.
    #[serde(default, deserialize_with = "lenient::default")]
    pub count_escrowed: i64,
    /// Entries written.
    #[serde(default, deserialize_with = "lenient::default")]
    pub count_exported: i64,
    /// Entries read.
    #[serde(default, deserialize_with = "lenient::default")]
    pub count_imported: i64,
    /// What broke it off; the code `None` is none.
    #[serde(default)]
    pub error: Option<SynchronizationError>,
}

impl Execution {
    /// Whether there was such a cycle at all.
    pub fn is_real(&self) -> bool {
        self.time_began.is_some() || self.time_ended.is_some()
    }

    /// The error, where it is one.
    pub fn real_error(&self) -> Option<&SynchronizationError> {
        self.error
            .as_ref()
            .filter(|error| !matches!(error.code.as_deref(), None | Some("" | "None")))
    }
}

/// An error of the service's.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct SynchronizationError {
    /// Its code.
    #[serde(default)]
    pub code: Option<String>,
    /// Its words.
    #[serde(default)]
    pub message: Option<String>,
}

/// How far a cycle is, in pages.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Done.
    #[serde(default, deserialize_with = "lenient::default")]
    pub completed_units: i64,
    /// In all.
    #[serde(default, deserialize_with = "lenient::default")]
    pub total_units: i64,
    /// What the units are.
    #[serde(default)]
    pub units: Option<String>,
}

/// Why a job is in quarantine.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quarantine {
    /// The reason, as Graph writes it.
    #[serde(default, deserialize_with = "lenient::default")]
    pub reason: String,
    /// Since when this time.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub current_began: Option<Timestamp>,
    /// Since when in a row.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub series_began: Option<Timestamp>,
    /// When it is tried next.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub next_attempt: Option<Timestamp>,
    /// What broke.
    #[serde(default)]
    pub error: Option<SynchronizationError>,
}

fn jobs_path<'a>(service_principal: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    let mut path = vec![
        "servicePrincipals",
        service_principal,
        "synchronization",
        "jobs",
    ];
    path.extend_from_slice(rest);
    path
}

/// `GET …/synchronization/templates`. An empty list shortly after the application was made means: not ready yet.
#[derive(Debug, Clone)]
pub struct ListSynchronizationTemplates {
    /// The enterprise application.
    pub service_principal: String,
}

impl Endpoint for ListSynchronizationTemplates {
    type Output = Page<SynchronizationTemplate>;

    fn call(&self) -> Call {
        let path = [
            "servicePrincipals",
            self.service_principal.as_str(),
            "synchronization",
            "templates",
        ];
        Call::new("synchronization.templates.list", READ, Method::Get, &path)
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `GET …/synchronization/jobs`.
#[derive(Debug, Clone)]
pub struct ListJobs {
    /// The enterprise application.
    pub service_principal: String,
}

impl Endpoint for ListJobs {
    type Output = Page<SynchronizationJob>;

    fn call(&self) -> Call {
        Call::new(
            "synchronization.jobs.list",
            READ,
            Method::Get,
            &jobs_path(&self.service_principal, &[]),
        )
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `GET …/synchronization/jobs/{id}`.
#[derive(Debug, Clone)]
pub struct GetJob {
    /// The enterprise application.
    pub service_principal: String,
    /// The job.
    pub job: String,
}

impl Endpoint for GetJob {
    type Output = SynchronizationJob;

    fn call(&self) -> Call {
        Call::new(
            "synchronization.jobs.get",
            READ,
            Method::Get,
            &jobs_path(&self.service_principal, &[&self.job]),
        )
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `POST …/synchronization/jobs`.
#[derive(Debug, Clone)]
pub struct CreateJob {
    /// The enterprise application.
    pub service_principal: String,
    /// The synchronization template.
    pub template_id: String,
}

impl Endpoint for CreateJob {
    type Output = SynchronizationJob;

    fn call(&self) -> Call {
        Call::new(
            "synchronization.jobs.create",
            WRITE,
            Method::Post,
            &jobs_path(&self.service_principal, &[]),
        )
        .body(json!({ "templateId": self.template_id }))
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// What can be asked of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobAction {
    /// `POST …/start`. Never of a job that runs.
    Start,
    /// `POST …/pause`. A cycle in flight goes on to its end.
    Pause,
    /// `POST …/restart`.
    Restart {
        /// What is reset, separated by commas.
        reset_scope: String,
    },
}

/// Asks a job to do something.
#[derive(Debug, Clone)]
pub struct ActOnJob {
    /// The enterprise application.
    pub service_principal: String,
    /// The job.
    pub job: String,
    /// What.
    pub action: JobAction,
}

impl Endpoint for ActOnJob {
    type Output = ();

    fn call(&self) -> Call {
        let (name, verb) = match self.action {
            JobAction::Start => ("synchronization.jobs.start", "start"),
            JobAction::Pause => ("synchronization.jobs.pause", "pause"),
            JobAction::Restart { .. } => ("synchronization.jobs.restart", "restart"),
        };
        let call = Call::new(
            name,
            WRITE,
            Method::Post,
            &jobs_path(&self.service_principal, &[&self.job, verb]),
        );
        match &self.action {
            JobAction::Restart { reset_scope } => {
                call.body(json!({ "criteria": { "resetScope": reset_scope } }))
            }
            JobAction::Start | JobAction::Pause => call,
        }
    }

    fn parse(&self, _: &Answer) -> Result<Self::Output, DecodeError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(text: &str) -> SynchronizationJob {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_failed_of_a_job_that_never_ran_is_no_cycle() {
        let job = job(
            r#"{"id":"dataBricks.x.y","templateId":"dataBricks","schedule":{"state":"Active","interval":"P10675199DT2H48M5.4775807S"},
            "status":{"code":"NotRun","lastExecution":{"state":"Failed","timeBegan":"0001-01-01T00:00:00Z","timeEnded":"0001-01-01T00:00:00Z",
            "countExported":0,"error":{"code":"None","message":"","tenantActionable":false}},"progress":null,"quarantine":null}}"#,
        );
        assert!(job.status.last().is_none());
        assert_eq!(job.schedule.interval_seconds(), None);
        assert_eq!(job.schedule.state, ScheduleState::Active);
    }

    #[test]
    fn values_newer_than_this_version_are_kept() {
        let job = job(
            r#"{"id":"j","templateId":null,"schedule":{"state":"Dozing","interval":"PT40M"},"status":{"code":"InProgress"}}"#,
        );
        assert_eq!(job.status.code, StatusCode::Other("InProgress".to_owned()));
        assert_eq!(job.schedule.state.as_str(), "Dozing");
        assert_eq!(job.schedule.interval_seconds(), Some(2400));
        assert!(!job.is_stopped());
    }

    #[test]
    fn a_job_id_with_dots_stays_one_segment() {
        let call = GetJob {
            service_principal: "sp".into(),
            job: "dataBricks.1/2.3".into(),
        }
        .call();
        let url = call.url(&"https://graph.microsoft.com/v1.0".parse().unwrap());
        assert_eq!(
            url.path(),
            "/v1.0/servicePrincipals/sp/synchronization/jobs/dataBricks.1%2F2.3"
        );
    }
}
