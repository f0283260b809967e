//! Synchronization templates, jobs and their schema.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::GraphRequest;
use super::apps::{lagging, resolve_mut};
use super::error::{Answer, GraphError};
use super::filter::Case;
use super::job_view;
use super::query::Query;
use crate::entra::connector::{DATABRICKS_TEMPLATE, Job, ScheduleState};
use crate::entra::directory::{Directory, ServicePrincipal};
use crate::entra::schema::default_schema;
use crate::entra::{Entra, sample};

/// The service principal of the request, past the window after its creation.
fn principal<'a>(
    directory: &'a mut Directory,
    request: &GraphRequest,
) -> Result<&'a mut ServicePrincipal, GraphError> {
    let principal = resolve_mut(directory, request.id(0))?;
    match principal
        .warming
        .synchronization
        .pop_front()
        .and_then(|status| lagging(status, request.id(0)))
    {
        Some(error) => Err(error),
        None => Ok(principal),
    }
}

/// The template id of an application's connector; nothing for one that does not provision.
fn template_of(principal: &ServicePrincipal) -> Option<&str> {
    match principal.template_id.as_deref() {
        Some(sample::GALLERY_TEMPLATE_ID) => Some(DATABRICKS_TEMPLATE),
        Some(sample::CUSTOM_TEMPLATE_ID) => Some("scim"),
        _ => None,
    }
}

/// `GET …/synchronization/templates`: empty until the service knows the new application (facts on Entra §1.5).
pub(super) fn list_templates(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    entra.change(|directory| {
        let principal = resolve_mut(directory, request.id(0))?;
        let waiting = principal.warming.templates.pop_front().unwrap_or(200);
        if let Some(error) = lagging(waiting, request.id(0)) {
            return Err(error);
        }
        let mut rows = Vec::new();
        if waiting != 204
            && let Some(template) = template_of(principal)
        {
            let mut row = job_view::template(&principal.app_id.to_string(), None);
            row["id"] = json!(template);
            rows.push(query.selected(row));
        }
        Ok(Answer::json(
            json!({ "@odata.context": request.context(), "value": rows }),
        ))
    })
}

/// `GET …/synchronization/templates/{id}`.
pub(super) fn get_template(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    entra.change(|directory| {
        let principal = principal(directory, request)?;
        if template_of(principal) != Some(request.id(1)) {
            return Err(GraphError::not_found(request.id(1)));
        }
        let mut template =
            job_view::template(&principal.app_id.to_string(), Some(default_schema()));
        template["id"] = json!(request.id(1));
        Ok(Answer::json(query.selected(template)))
    })
}

/// `GET …/jobs`.
pub(super) fn list(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    entra.change(|directory| {
        let principal = principal(directory, request)?;
        let rows: Vec<Value> = principal
            .synchronization
            .jobs
            .iter()
            .filter(|job| job.first_reads.front().is_none_or(|status| *status == 200))
            .map(|job| query.selected(job_view::job(job, &principal.synchronization)))
            .collect();
        for job in &mut principal.synchronization.jobs {
            job.first_reads.pop_front();
        }
        Ok(Answer::json(
            json!({ "@odata.context": request.context(), "value": rows }),
        ))
    })
}

/// `POST …/jobs`: a job, switched off.
pub(super) fn create(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let knobs = entra.knobs();
    entra.change(|directory| {
        let tenant = directory.tenant.id;
        let principal = principal(directory, request)?;
        let wanted = request
            .body
            .get("templateId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let Some(template) =
            template_of(principal).filter(|template| template.eq_ignore_ascii_case(wanted))
        else {
            let message = format!("The template '{wanted}' is not one of this application.");
            return Err(GraphError::new(
                StatusCode::BAD_REQUEST,
                "InvalidTemplate",
                message,
            ));
        };
        if let Some(job) = principal
            .synchronization
            .jobs
            .iter()
            .find(|job| job.template_id == template)
        {
            let message = format!(
                "The application already has the job '{}' of this template.",
                job.id
            );
            return Err(GraphError::new(
                StatusCode::CONFLICT,
                "Request_MultipleObjectsWithSameKeyValue",
                message,
            ));
        }
        let id = job_id(template, tenant);
        let mut job = Job::new(id.clone(), template.to_owned(), default_schema());
        job.first_reads = knobs.new_job.into();
        let shown = job_view::job(&job, &principal.synchronization);
        principal.synchronization.jobs.push(job);
        let after = json!({ "servicePrincipalId": principal.id, "jobId": id, "state": "Disabled" });
        let mut answer = Answer::created(shown).noting("job created", Value::Null, after);
        if knobs.job_created_with_200 {
            answer.status = StatusCode::OK;
        }
        Ok(answer)
    })
}

/// `dataBricks.<tenant, 32 hex>.<guid>` (facts on Entra §0).
pub(crate) fn job_id(template: &str, tenant: Uuid) -> String {
    format!("{template}.{}.{}", tenant.simple(), Uuid::new_v4())
}

/// Does something with the job of the request.
fn with_job<R>(
    entra: &Entra,
    request: &GraphRequest,
    act: impl FnOnce(&mut ServicePrincipal, usize) -> Result<R, GraphError>,
) -> Result<R, GraphError> {
    entra.change(|directory| {
        let principal = principal(directory, request)?;
        let id = request.id(1);
        let place = principal
            .synchronization
            .jobs
            .iter()
            .position(|job| job.id == id);
        let place = place.ok_or_else(|| GraphError::not_found(id))?;
        if let Some(job) = principal.synchronization.jobs.get_mut(place)
            && let Some(error) = job
                .first_reads
                .pop_front()
                .and_then(|status| lagging(status, id))
        {
            return Err(error);
        }
        act(principal, place)
    })
}

fn at(principal: &mut ServicePrincipal, place: usize) -> Result<&mut Job, GraphError> {
    principal
        .synchronization
        .jobs
        .get_mut(place)
        .ok_or_else(|| GraphError::not_found(""))
}

/// `GET …/jobs/{id}`.
pub(super) fn get(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    with_job(entra, request, |principal, place| {
        let job = at(principal, place)?.clone();
        Ok(Answer::json(
            query.selected(job_view::job(&job, &principal.synchronization)),
        ))
    })
}

/// `DELETE …/jobs/{id}`: state is gone, accounts in the target stay as they are (facts on Entra §1.6).
pub(super) fn delete(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    with_job(entra, request, |principal, place| {
        let job = principal.synchronization.jobs.remove(place);
        let before = json!({ "servicePrincipalId": principal.id, "jobId": job.id, "state": job.schedule.name() });
        Ok(Answer::nothing().noting("job deleted", before, Value::Null))
    })
}

/// Changes the job's state and notes it.
fn turn(
    entra: &Entra,
    request: &GraphRequest,
    what: &str,
    act: impl FnOnce(&mut Job),
) -> Result<Answer, GraphError> {
    with_job(entra, request, |principal, place| {
        let id = principal.id;
        let job = at(principal, place)?;
        let before = job.schedule.name();
        act(job);
        let state =
            |state: &str| json!({ "servicePrincipalId": id, "jobId": job.id, "state": state });
        Ok(Answer::nothing().noting(what, state(before), state(job.schedule.name())))
    })
}

/// `POST …/start`.
pub(super) fn start(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let configured = entra.read(|directory| {
        let principal = super::apps::resolve(directory, request.id(0));
        principal.is_none_or(|principal| principal.synchronization.secret("BaseAddress").is_some())
    });
    if !configured {
        let message = "The credentials of the application are not set up: BaseAddress is missing.";
        return Err(GraphError::new(
            StatusCode::BAD_REQUEST,
            "InvalidCredentials",
            message,
        ));
    }
    let answer = turn(entra, request, "job started", Job::start)?;
    entra.wake();
    Ok(answer)
}

/// `POST …/pause`.
pub(super) fn pause(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    turn(entra, request, "job paused", Job::pause)
}

/// `POST …/restart`.
pub(super) fn restart(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    const SCOPES: [&str; 7] = [
        "None",
        "ConnectorDataStore",
        "Escrows",
        "Watermark",
        "QuarantineState",
        "Full",
        "ForceDeletes",
    ];
    let scope = request
        .body
        .pointer("/criteria/resetScope")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if let Some(unknown) = scope
        .split(',')
        .map(str::trim)
        .find(|part| !part.is_empty() && !SCOPES.contains(part))
    {
        return Err(GraphError::bad_request(format!(
            "Requested value '{unknown}' was not found."
        )));
    }
    let answer = turn(entra, request, "job restarted", |job| job.restart(scope))?;
    entra.wake();
    Ok(answer)
}

/// `GET …/schema`.
pub(super) fn get_schema(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    with_job(entra, request, |principal, place| {
        Ok(Answer::json(
            query.selected(at(principal, place)?.schema.clone()),
        ))
    })
}

/// `PUT …/schema`: replaces all of it, and the next cycle looks at everything again (facts on Entra §1.10).
pub(super) fn put_schema(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let sent = &request.body;
    if !sent
        .get("synchronizationRules")
        .is_some_and(Value::is_array)
    {
        return Err(GraphError::bad_request(
            "The schema has no synchronizationRules.",
        ));
    }
    let answer = with_job(entra, request, |principal, place| {
        let job = at(principal, place)?;
        let before = std::mem::replace(&mut job.schema, sent.clone());
        job.watermark = false;
        job.due = job.schedule == ScheduleState::Active;
        Ok(Answer::nothing().noting("mappings", before, sent.clone()))
    })?;
    entra.wake();
    Ok(answer)
}
