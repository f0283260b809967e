//! `validateCredentials`: the test connection, from where the provisioning service stands (facts on Entra §1.8).

use futures::future::BoxFuture;
use http::StatusCode;
use serde_json::Value;

use super::GraphRequest;
use super::apps::resolve;
use super::error::{Answer, GraphError};
use super::secrets::pairs;
use crate::entra::Entra;
use crate::provisioning::scim::{Failure, Target};

type Later = BoxFuture<'static, Result<Answer, GraphError>>;

/// `POST …/jobs/{id}/validateCredentials`.
pub(super) fn of_job(entra: Entra, request: GraphRequest) -> Later {
    Box::pin(async move {
        let known = entra.read(|directory| {
            let principal = resolve(directory, request.id(0));
            principal
                .is_some_and(|principal| principal.synchronization.job(request.id(1)).is_some())
        });
        if !known {
            return Err(GraphError::not_found(request.id(1)));
        }
        validate(&entra, &request).await
    })
}

/// `POST …/jobs/validateCredentials`: before there is a job, with a template id.
pub(super) fn before_job(entra: Entra, request: GraphRequest) -> Later {
    Box::pin(async move {
        if request
            .body
            .get("templateId")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .is_empty()
        {
            return Err(missing("templateId"));
        }
        validate(&entra, &request).await
    })
}

async fn validate(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let saved = request
        .body
        .get("useSavedCredentials")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let (address, token) = if saved {
        entra.read(|directory| {
            let principal = resolve(directory, request.id(0))
                .ok_or_else(|| GraphError::not_found(request.id(0)))?;
            let secret = |key: &str| {
                principal
                    .synchronization
                    .secret(key)
                    .unwrap_or_default()
                    .to_owned()
            };
            Ok::<_, GraphError>((secret("BaseAddress"), secret("SecretToken")))
        })?
    } else {
        if entra.read(|directory| resolve(directory, request.id(0)).is_none()) {
            return Err(GraphError::not_found(request.id(0)));
        }
        let pairs = pairs(request.body.get("credentials"))?;
        if pairs.is_empty() {
            return Err(missing("credentials"));
        }
        let value = |key: &str| {
            pairs
                .iter()
                .find(|(found, _)| found == key)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        (value("BaseAddress"), value("SecretToken"))
    };
    if address.trim().is_empty() {
        return Err(missing("BaseAddress"));
    }
    match Target::new(entra.wire(), &address, &token).probe().await {
        Ok(()) => Ok(Answer::nothing()),
        Err(failure) => Err(refused(&failure)),
    }
}

fn missing(what: &str) -> GraphError {
    let message = format!("The request is missing the required parameter '{what}'.");
    GraphError::new(
        StatusCode::BAD_REQUEST,
        "RequestMissingRequiredParameter",
        message,
    )
}

/// The failing answer: status and outer code as vendors' code shows them, the nested code tells the kind (facts on Entra §1.8, §9).
pub(super) fn refused(failure: &Failure) -> GraphError {
    let message = "You appear to have entered invalid credentials. Please confirm you are using the correct information for an administrative account.";
    let mut error = GraphError::new(
        StatusCode::BAD_REQUEST,
        "CredentialValidationUnavailable",
        message,
    );
    error
        .details
        .push((failure.code().to_owned(), failure.message()));
    error
}
