//! Saved secrets of an enterprise application.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Value, json};

use super::GraphRequest;
use super::apps::{lagging, resolve, resolve_mut};
use super::error::{Answer, GraphError};
use crate::entra::Entra;
use crate::entra::connector::{SECRET_KEYS, masked};
use crate::entra::knobs::SecretsPut;

/// Reads key-value pairs; a key that does not exist is refused in the service's words (facts on Entra §1.9, §9).
pub(super) fn pairs(value: Option<&Value>) -> Result<Vec<(String, String)>, GraphError> {
    let rows = value
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    rows.iter()
        .map(|row| {
            let key = row.get("key").and_then(Value::as_str).unwrap_or_default();
            if !SECRET_KEYS.contains(&key) {
                let message = format!("Requested value '{key}' was not found.");
                return Err(GraphError::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "InternalError",
                    message,
                ));
            }
            Ok((
                key.to_owned(),
                row.get("value")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
            ))
        })
        .collect()
}

fn shown(secrets: &BTreeMap<String, String>) -> Value {
    secrets
        .iter()
        .map(|(key, value)| json!({ "key": key, "value": masked(key, value) }))
        .collect()
}

/// `GET …/synchronization/secrets`: in clear what is no secret, `*` for the rest.
pub(super) fn list(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    entra.read(|directory| {
        let principal = resolve(directory, request.id(0)).ok_or_else(|| GraphError::not_found(request.id(0)))?;
        let context = format!("{}/v1.0/$metadata#Collection(microsoft.graph.synchronizationSecretKeyStringValuePair)", request.origin);
        Ok(Answer::json(json!({ "@odata.context": context, "value": shown(&principal.synchronization.secrets) })))
    })
}

/// `PUT …/synchronization/secrets`. A masked value that is sent back is saved as it stands, and the connector then signs in with `*`.
pub(super) fn put(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let sent = pairs(request.body.get("value"))?;
    let how = entra.knobs().secrets_put;
    entra.change(|directory| {
        let principal = resolve_mut(directory, request.id(0))?;
        if let Some(error) = principal
            .warming
            .synchronization
            .pop_front()
            .and_then(|status| lagging(status, request.id(0)))
        {
            return Err(error);
        }
        let secrets = &mut principal.synchronization.secrets;
        let before = shown(secrets);
        if how == SecretsPut::Replace {
            secrets.clear();
        }
        secrets.extend(sent);
        let after = shown(secrets);
        Ok(Answer::nothing().noting("connector secrets", before, after))
    })
}
