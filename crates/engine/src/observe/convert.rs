//! Graph's jobs and schemas as facts.

use usher_core::observation::Seen;
use usher_core::observation::connector::{
    AttributeMapping, Execution, ExecutionState, Job, JobCode, JobSchema, ObjectMapping, Progress,
    Quarantine, ScheduleState, ScopeClause,
};
use usher_entra::graph as wire;

/// A job with its schema.
pub(crate) fn job(job: &wire::SynchronizationJob, schema: Seen<JobSchema>) -> Job {
    let status = &job.status;
    Job {
        id: job.id.clone(),
        template_id: job.template_id.clone(),
        state: match &job.schedule.state {
            wire::ScheduleState::Active => ScheduleState::Active,
            wire::ScheduleState::Disabled => ScheduleState::Disabled,
            wire::ScheduleState::Paused => ScheduleState::Paused,
            wire::ScheduleState::Other(text) => ScheduleState::Other(text.clone()),
        },
        interval_seconds: job.schedule.interval_seconds(),
        code: match &status.code {
            wire::StatusCode::NotConfigured => JobCode::NotConfigured,
            wire::StatusCode::NotRun => JobCode::NotRun,
            wire::StatusCode::Active => JobCode::Active,
            wire::StatusCode::Paused => JobCode::Paused,
            wire::StatusCode::Quarantine => JobCode::Quarantine,
            wire::StatusCode::Other(text) => JobCode::Other(text.clone()),
        },
        quarantine: status.quarantine.as_ref().map(quarantine),
        in_flight: status.in_flight(),
        last: status.last().map(execution),
        last_success: status
            .last_successful_execution
            .as_ref()
            .filter(|cycle| cycle.is_real())
            .map(execution),
        steady_since: status.steady_state_first_achieved_time,
        progress: status.progress.first().map(|progress| Progress {
            completed: count(progress.completed_units),
            total: count(progress.total_units),
            units: progress.units.clone().unwrap_or_default(),
        }),
        counts: status
            .synchronized_entry_count_by_type
            .iter()
            .map(|row| (row.key.clone(), count(row.value)))
            .collect(),
        schema,
    }
}

fn quarantine(quarantine: &wire::Quarantine) -> Quarantine {
    let error = quarantine.error.as_ref();
    Quarantine {
        since: quarantine.current_began.or(quarantine.series_began),
        next_attempt: quarantine.next_attempt,
        reason: quarantine.reason.clone(),
        error_code: error.and_then(|error| error.code.clone()),
        error_message: error.and_then(|error| error.message.clone()),
    }
}

fn execution(cycle: &wire::Execution) -> Execution {
    let error = cycle.real_error();
    Execution {
        state: match cycle.state {
            wire::ExecutionState::Succeeded => ExecutionState::Succeeded,
            wire::ExecutionState::Failed => ExecutionState::Failed,
            wire::ExecutionState::EntryLevelErrors => ExecutionState::EntryLevelErrors,
            wire::ExecutionState::Other(_) => ExecutionState::Other,
        },
        began: cycle.time_began,
        ended: cycle.time_ended,
        exported: count(cycle.count_exported),
        escrowed: count(cycle.count_escrowed),
        imported: count(cycle.count_imported),
        error_code: error.and_then(|error| error.code.clone()),
        error_message: error.and_then(|error| error.message.clone()),
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// What matters of a schema.
pub(crate) fn schema(schema: &wire::Schema) -> JobSchema {
    JobSchema {
        rule_id: schema.user_rule().and_then(|rule| rule.id.clone()),
        user: schema.object("User").map(object),
        group: schema.object("Group").map(object),
    }
}

fn object(mapping: &wire::ObjectMapping) -> ObjectMapping {
    ObjectMapping {
        name: mapping.name.clone().unwrap_or_default(),
        enabled: mapping.enabled,
        attributes: mapping.attribute_mappings.iter().map(attribute).collect(),
        scope: mapping
            .scope
            .iter()
            .flat_map(|scope| &scope.groups)
            .map(clauses)
            .filter(|all| !all.is_empty())
            .collect(),
    }
}

fn clauses(group: &wire::FilterGroup) -> Vec<ScopeClause> {
    let clause = |clause: &wire::FilterClause| ScopeClause {
        attribute: clause.source_operand_name.clone(),
        operator: clause.operator_name.clone(),
        values: clause.target_operand.values.clone(),
    };
    group.clauses.iter().map(clause).collect()
}

fn attribute(mapping: &wire::AttributeMapping) -> AttributeMapping {
    let source = mapping.source.as_ref();
    let direct = source.and_then(wire::Source::attribute).map(str::to_owned);
    let written =
        source.and_then(|source| source.expression.clone().or_else(|| source.name.clone()));
    AttributeMapping {
        target: mapping.target_attribute_name.clone(),
        expression: if direct.is_some() { None } else { written },
        source: direct,
        matching_priority: u32::try_from(mapping.matching_priority).unwrap_or(0),
    }
}
