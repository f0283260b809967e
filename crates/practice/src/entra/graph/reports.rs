//! The provisioning logs.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use super::GraphRequest;
use super::error::{Answer, GraphError};
use super::filter::{Case, Field, Filterable};
use super::query::{Paging, Query};
use crate::entra::Entra;
use crate::entra::logs::ProvisioningEvent;

impl Filterable for ProvisioningEvent {
    fn field(&self, path: &str) -> Option<Field<'_>> {
        Some(match path {
            "id" => Field::shown(self.id),
            "activityDateTime" => Field::shown(self.at),
            "jobId" => Field::text(&self.job_id),
            "cycleId" => Field::shown(self.cycle_id),
            "changeId" => Field::shown(self.id),
            "provisioningAction" => Field::text(self.action.name()),
            "provisioningStatusInfo/status" | "statusInfo/status" => {
                Field::text(self.status.name())
            }
            "provisioningStatusInfo/errorInformation/errorCode" => {
                Field::optional(self.error.as_ref().map(|error| error.code))
            }
            "servicePrincipal/id" => Field::shown(self.service_principal_id),
            "servicePrincipal/displayName" => Field::text(&self.service_principal_name),
            "sourceIdentity/id" => Field::shown(self.source.0),
            "sourceIdentity/displayName" => Field::text(&self.source.1),
            "sourceIdentity/identityType" | "targetIdentity/identityType" => {
                Field::text(self.kind.name())
            }
            "targetIdentity/id" => {
                Field::optional(self.target.as_ref().map(|target| target.0.as_str()))
            }
            "targetIdentity/displayName" => {
                Field::optional(self.target.as_ref().map(|target| target.1.as_str()))
            }
            _ => return None,
        })
    }
}

/// How long a premium tenant keeps its entries (facts on Entra §1.12).
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// `GET /auditLogs/provisioning`: newest first, compared with case, in premium tenants alone (facts on Entra §1.12).
pub(super) fn provisioning(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Matters)?;
    let since = entra.now().checked_sub(KEPT).unwrap_or(Timestamp::MIN);
    entra.read(|directory| {
        if !directory.premium() {
            let message = "Neither tenant is B2C or tenant doesn't have premium license";
            return Err(GraphError::new(
                StatusCode::FORBIDDEN,
                "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
                message,
            ));
        }
        let tenant = directory.tenant.id;
        query.page(
            request,
            Paging {
                default: 1_000,
                most: 1_000,
            },
            directory
                .events
                .iter()
                .rev()
                .filter(|event| event.at >= since),
            |event| event.to_json(tenant),
        )
    })
}
