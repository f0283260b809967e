//! The plan of exactly one finding, and which way out of a finding there is.

use usher_core::connection::FaultCode;
use usher_core::finding::{Finding, Status};
use usher_core::model::setup::Journey;
use usher_core::observation::Connector;
use usher_core::observation::connector::Quarantine;
use usher_core::plan::account::fix;
use usher_core::plan::{Plan, PlanOptions};

use super::Session;
use super::place::Place;
use super::plan::{not_observed, plan_view};
use super::setups::Open;
use super::view::{Failure, PlanFix, PlanView, Remedy, SecretSlot};

impl Session {
    /// `plan_fix`
    pub async fn plan_fix(&self, request: PlanFix) -> Result<PlanView, Failure> {
        let token_held = self.kept(SecretSlot::ScimToken).await?.is_some();
        self.blocking(move |session| {
            session.with_open(|open, place| {
                let plan = make(open, place, token_held, &request.check)?;
                plan_view(plan, open)
            })?
        })
        .await
    }
}

/// The plan that puts one check right.
pub(super) fn make(
    open: &Open,
    place: &Place,
    token_held: bool,
    check: &str,
) -> Result<Plan, Failure> {
    open.observed_at.ok_or_else(not_observed)?;
    let (setup, seen) = (&open.file.setup, &open.observed.observation);
    let now = jiff::Timestamp::now();
    let options = super::plan::options(setup, place, token_held);
    fix::plan(check, setup, seen, options, now).ok_or_else(|| {
        Failure::bad_input(
            "There is nothing that Usher changes for this.",
            "Do what the finding says.",
        )
    })
}

fn options(token_held: bool) -> PlanOptions {
    PlanOptions {
        token_held,
        ..PlanOptions::default()
    }
}

/// The way out of a finding that is offered beside its words.
pub(super) fn remedy(finding: &Finding, open: &Open, token_held: bool) -> Option<Remedy> {
    if !matches!(finding.status, Status::Fail | Status::Warn) {
        return None;
    }
    let (setup, seen) = (&open.file.setup, &open.observed.observation);
    let fault_here = || {
        let report = seen.databricks.connection.value();
        report
            .and_then(|report| report.fault.as_ref())
            .map(|fault| fault.code)
    };
    let holds_deletions = || {
        let job = seen.connector(setup).and_then(Connector::job);
        job.and_then(|job| job.quarantine.as_ref())
            .is_some_and(Quarantine::holds_deletions)
    };
    match finding.check.as_str() {
        "token-age" => Some(Remedy::Token),
        // A token of somebody else is a new token as well. In a move it is an old connector's, and the renewal is the account's.
        "pat-owner-admin" | "pat-owner-unmanaged" if setup.journey == Journey::Workspace => {
            Some(Remedy::Token)
        }
        "connection-from-here" => match fault_here() {
            Some(FaultCode::IpBlocked) => Some(Remedy::Ranges),
            Some(FaultCode::TokenRejected | FaultCode::NotAdmin) => Some(Remedy::Token),
            _ => None,
        },
        check if open.signed_in.is_some() && open.observed_at.is_some() => {
            if fix::is_offered(check, setup, seen, options(token_held)) {
                return Some(Remedy::Change);
            }
            match check {
                "connection-from-entra" => Some(Remedy::Ranges),
                "deletions-held" => Some(Remedy::People),
                "job-healthy" if holds_deletions() => Some(Remedy::People),
                _ => None,
            }
        }
        _ => None,
    }
}
