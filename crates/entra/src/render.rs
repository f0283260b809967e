//! An intent of a plan as its exact Graph call. The plan's view and the executor use the same rendering; only the view's
//! references are names, and only the sender puts the secret in (`SECRET_PLACEHOLDER`).

use serde::Serialize;
use serde_json::Value;
use url::Url;
use usher_core::plan::{Intent, Reference};

use crate::graph::{
    ActOnJob, Assign, Call, CreateJob, Endpoint, Instantiate, JobAction, MaskedValue,
    ProvisionUser, PutSchema, PutSecrets, RepairError, Schema, SecretSet, SetAssignmentRequired,
    Unassign,
};

/// What a rendering rests on besides the intent: what was read last of the connector.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// The stored settings; `None`: there are none yet.
    pub secrets: Option<SecretSet>,
    /// The job's schema, for a mapping to repair.
    pub schema: Option<Schema>,
}

/// A request as a plan shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RenderedRequest {
    /// The method.
    pub method: &'static str,
    /// Absolute, on Graph's origin.
    pub url: String,
    /// The body, secrets as `<secret>`; null where there is none.
    pub body: Option<Value>,
}

/// Why an intent has no request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// Something that is stored is hidden, so the whole set cannot be written (rule 6).
    #[error(transparent)]
    Masked(#[from] MaskedValue),
    /// The mapping to repair is not there.
    #[error(transparent)]
    Repair(#[from] RepairError),
    /// The schema was not read.
    #[error("the job's attribute mappings have not been read")]
    NoSchema,
    /// Rule 5.
    #[error("a restart that resets {0} is not done")]
    ForbiddenRestart(String),
    /// An earlier change has not brought what this one needs.
    #[error("the change {0} has not brought what this one needs")]
    Unresolved(String),
}

/// The call for an intent. `resolve` gives the id behind a reference.
///
/// # Errors
/// [`RenderError`]: rule 5 and 6, or something not there.
pub fn call(
    intent: &Intent,
    material: &Material,
    resolve: &dyn Fn(&Reference) -> Result<String, RenderError>,
) -> Result<Call, RenderError> {
    Ok(match intent {
        Intent::CreateApplication {
            template_id,
            display_name,
            ..
        } => Instantiate {
            template_id: template_id.clone(),
            display_name: display_name.clone(),
        }
        .call(),
        Intent::SetAssignmentRequired {
            service_principal,
            to,
            ..
        } => SetAssignmentRequired {
            id: resolve(service_principal)?,
            required: *to,
        }
        .call(),
        Intent::SaveSecrets {
            service_principal,
            base_address,
            settings,
        } => {
            let found = material.secrets.clone().unwrap_or_default();
            let set = found.with(base_address, settings)?;
            PutSecrets {
                service_principal: resolve(service_principal)?,
                set,
            }
            .call()
        }
        Intent::CreateJob {
            service_principal,
            template_id,
        } => CreateJob {
            service_principal: resolve(service_principal)?,
            template_id: template_id.clone(),
        }
        .call(),
        Intent::RepairMapping {
            service_principal,
            job,
            object,
            target_attribute,
            source_attribute,
        } => {
            let schema = material.schema.as_ref().ok_or(RenderError::NoSchema)?;
            let document = schema.repaired(
                object,
                target_attribute.as_deref(),
                source_attribute.as_deref(),
            )?;
            PutSchema {
                service_principal: resolve(service_principal)?,
                job: resolve(job)?,
                document,
            }
            .call()
        }
        Intent::Assign {
            service_principal,
            principal_id,
            app_role,
            ..
        } => Assign {
            service_principal: resolve(service_principal)?,
            principal_id: principal_id.clone(),
            app_role_id: resolve(app_role)?,
        }
        .call(),
        Intent::Unassign {
            service_principal,
            assignment_id,
            ..
        } => Unassign {
            service_principal: resolve(service_principal)?,
            assignment: assignment_id.clone(),
        }
        .call(),
        Intent::Start {
            service_principal,
            job,
        } => action(resolve(service_principal)?, resolve(job)?, JobAction::Start),
        Intent::Pause {
            service_principal,
            job,
            retires: _,
        } => action(resolve(service_principal)?, resolve(job)?, JobAction::Pause),
        Intent::Restart {
            service_principal,
            job,
            reset_scope,
        } => {
            let forbidden = |word: &&str| {
                word.eq_ignore_ascii_case("Full") || word.eq_ignore_ascii_case("ForceDeletes")
            };
            if let Some(word) = reset_scope.split(',').map(str::trim).find(forbidden) {
                return Err(RenderError::ForbiddenRestart(word.to_owned()));
            }
            action(
                resolve(service_principal)?,
                resolve(job)?,
                JobAction::Restart {
                    reset_scope: reset_scope.clone(),
                },
            )
        }
        Intent::ProvisionOne {
            service_principal,
            job,
            rule,
            user_id,
        } => ProvisionUser {
            service_principal: resolve(service_principal)?,
            job: resolve(job)?,
            rule: resolve(rule)?,
            user: user_id.clone(),
        }
        .call(),
    })
}

fn action(service_principal: String, job: String, action: JobAction) -> Call {
    ActOnJob {
        service_principal,
        job,
        action,
    }
    .call()
}

/// The request as a plan shows it: an id that an earlier change will bring is `{{change id.field}}`.
///
/// # Errors
/// [`RenderError`].
pub fn render(
    intent: &Intent,
    material: &Material,
    base: &Url,
) -> Result<RenderedRequest, RenderError> {
    let named = |reference: &Reference| {
        Ok(match reference {
            Reference::Existing(id) => id.clone(),
            Reference::FromChange { change, field } => format!("{{{{{change}.{field}}}}}"),
        })
    };
    let call = call(intent, material, &named)?;
    // The braces are for people; they need no escaping here.
    let url = call
        .url(base)
        .to_string()
        .replace("%7B%7B", "{{")
        .replace("%7D%7D", "}}");
    Ok(RenderedRequest {
        method: call.method.as_str(),
        url,
        body: call.body,
    })
}
