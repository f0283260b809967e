//! A synchronization job as Graph shows it (facts on Entra §1.7).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::entra::connector::{
    DATABRICKS_TEMPLATE, Execution, Job, ScheduleState, Synchronization,
};

/// "Never", where a time has to stand.
const NEVER: &str = "0001-01-01T00:00:00Z";
/// "Never run", where an interval has to stand.
const NO_INTERVAL: &str = "P10675199DT2H48M5.4775807S";

/// `status.code`.
fn code(job: &Job, synchronization: &Synchronization) -> &'static str {
    if job.quarantine.is_some() && job.schedule != ScheduleState::Paused {
        return "Quarantine";
    }
    match job.schedule {
        ScheduleState::Disabled if synchronization.secret("BaseAddress").is_none() => {
            "NotConfigured"
        }
        ScheduleState::Disabled | ScheduleState::Paused => "Paused",
        ScheduleState::Active if job.last_execution.is_none() => "NotRun",
        ScheduleState::Active => "Active",
    }
}

fn time(at: Option<Timestamp>) -> Value {
    at.map_or(json!(NEVER), |at| json!(at))
}

fn execution(execution: &Execution) -> Value {
    json!({
        "activityIdentifier": execution.id,
        "countEntitled": execution.entitled,
        "countEntitledForProvisioning": execution.entitled_for_provisioning,
        "countEscrowed": execution.escrowed,
        "countEscrowedRaw": execution.escrowed,
        "countExported": execution.exported,
        "countExports": execution.exports,
        "countImported": execution.imported,
        "countImportedDeltas": execution.imported,
        "countImportedReferenceDeltas": 0,
        "state": execution.state.name(),
        "error": execution.error.as_ref().map(|(code, message)| json!({ "code": code, "message": message, "tenantActionable": true })),
        "timeBegan": execution.began,
        "timeEnded": execution.ended,
    })
}

/// A started job that has not run shows a failure that is none (facts on Entra §1.7).
fn never_executed() -> Value {
    json!({
        "activityIdentifier": null,
        "countEntitled": 0,
        "countEntitledForProvisioning": 0,
        "countEscrowed": 0,
        "countEscrowedRaw": 0,
        "countExported": 0,
        "countExports": 0,
        "countImported": 0,
        "countImportedDeltas": 0,
        "countImportedReferenceDeltas": 0,
        "state": "Failed",
        "error": { "code": "None", "message": "", "tenantActionable": false },
        "timeBegan": NEVER,
        "timeEnded": NEVER,
    })
}

/// The job.
pub(super) fn job(job: &Job, synchronization: &Synchronization) -> Value {
    let last_execution = match &job.last_execution {
        Some(last) => execution(last),
        None if job.schedule == ScheduleState::Active => never_executed(),
        None => Value::Null,
    };
    let quarantine = job.quarantine.as_ref().map(|quarantine| {
        json!({
            "currentBegan": quarantine.current,
            "nextAttempt": quarantine.next_attempt(),
            "reason": quarantine.reason,
            "seriesBegan": quarantine.began,
            "seriesCount": quarantine.count,
            "error": { "code": quarantine.code, "message": quarantine.message, "tenantActionable": true },
        })
    });
    let progress: Vec<Value> = job
        .progress
        .iter()
        .map(|progress| {
            json!({
                "completedUnits": progress.completed,
                "totalUnits": progress.total,
                "progressObservationDateTime": progress.observed,
                "units": "pages",
            })
        })
        .collect();
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for link in job.links.values() {
        *kinds.entry(link.kind.name()).or_default() += 1;
    }
    let counts: Vec<Value> = kinds
        .iter()
        .map(|(kind, count)| json!({ "key": kind, "value": count }))
        .collect();
    let run = job.schedule != ScheduleState::Disabled;
    json!({
        "id": job.id,
        "templateId": job.template_id,
        "schedule": {
            "state": job.schedule.name(),
            "interval": if run { "PT40M" } else { NO_INTERVAL },
            "expiration": null,
        },
        "status": {
            "code": code(job, synchronization),
            "countSuccessiveCompleteFailures": job.successive_failures,
            "escrowsPruned": false,
            "lastExecution": last_execution,
            "lastSuccessfulExecution": job.last_success.as_ref().map(execution),
            "lastSuccessfulExecutionWithExports": job.last_success_with_exports.as_ref().map(execution),
            "progress": progress,
            "quarantine": quarantine,
            "steadyStateFirstAchievedTime": time(job.steady_first),
            "steadyStateLastAchievedTime": time(job.steady_last),
            "synchronizedEntryCountByType": counts,
            "troubleshootingUrl": null,
        },
        "synchronizationJobSettings": [
            { "name": "AzureIngestionAttributeOptimization", "value": "False" },
            { "name": "LookaheadQueryEnabled", "value": "False" },
            { "name": "QuarantineTooManyDeletesThreshold", "value": synchronization.delete_threshold().map_or("500".to_owned(), |value| value.to_string()) },
        ],
    })
}

/// The synchronization template of the connector.
pub(super) fn template(application_id: &str, schema: Option<Value>) -> Value {
    json!({
        "id": DATABRICKS_TEMPLATE,
        "applicationId": application_id,
        "default": true,
        "description": "Databricks",
        "discoverable": true,
        "factoryTag": "dataBricks",
        "schema": schema,
    })
}
