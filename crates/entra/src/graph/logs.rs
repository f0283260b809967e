//! The provisioning logs (facts/entra §1.12).

use jiff::Timestamp;
use serde::Deserialize;

use super::call::{Answer, Call, Endpoint, Method, Page, odata_text};
use super::error::DecodeError;
use super::lenient;

lenient::open_enum! {
    /// How an entry went.
    LogStatus {
        /// Done.
        Success = "success",
        /// Did not go.
        Failure = "failure",
        /// Not to be done.
        Skipped = "skipped",
        /// Done in part.
        Warning = "warning",
    }
}

/// One line of the log.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// When.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub activity_date_time: Option<Timestamp>,
    /// `create`, `update`, `disable`, `delete`, `stagedDelete`, `other`; as it stands.
    #[serde(default, deserialize_with = "lenient::default")]
    pub provisioning_action: String,
    /// How it went, and why.
    #[serde(default, deserialize_with = "lenient::default")]
    pub provisioning_status_info: StatusInfo,
    /// In Entra.
    #[serde(default, deserialize_with = "lenient::default")]
    pub source_identity: Identity,
    /// In Databricks.
    #[serde(default, deserialize_with = "lenient::default")]
    pub target_identity: Identity,
}

/// How an entry went, and why.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusInfo {
    /// How.
    #[serde(default)]
    pub status: LogStatus,
    /// Why.
    #[serde(default)]
    pub error_information: Option<ErrorInformation>,
}

/// Why an entry did not go.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorInformation {
    /// The code.
    #[serde(default, deserialize_with = "lenient::default")]
    pub error_code: String,
    /// In words.
    #[serde(default)]
    pub reason: Option<String>,
}

/// An object in one of the two systems.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::default")]
    pub id: String,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::default")]
    pub display_name: String,
    /// `User` or `Group`.
    #[serde(default, deserialize_with = "lenient::default")]
    pub identity_type: String,
}

/// `GET /auditLogs/provisioning` of one job since a moment, newest first. Five requests in ten seconds are allowed.
#[derive(Debug, Clone)]
pub struct ListProvisioningLogs {
    /// The job.
    pub job: String,
    /// Not older than this.
    pub since: Timestamp,
    /// Rows on a page.
    pub top: u32,
}

impl Endpoint for ListProvisioningLogs {
    type Output = Page<LogEntry>;

    fn call(&self) -> Call {
        let needs = &[
            "ProvisioningLog.Read.All",
            "AuditLog.Read.All",
            "Directory.Read.All",
        ];
        let since = self.since.strftime("%Y-%m-%dT%H:%M:%SZ");
        Call::new(
            "auditLogs.provisioning.list",
            needs,
            Method::Get,
            &["auditLogs", "provisioning"],
        )
        .query(
            "$filter",
            format!(
                "jobId eq {} and activityDateTime gt {since}",
                odata_text(&self.job)
            ),
        )
        .query("$orderby", "activityDateTime desc")
        .query("$top", self.top.to_string())
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}
