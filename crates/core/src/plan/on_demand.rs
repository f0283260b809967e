//! One person first: a plan of one change, which provisions a person on demand before the sync starts.

use super::{Change, ChangeKind, Intent, Plan, Reference, Refusal, Undo};
use crate::model::Setup;
use crate::observation::Observation;

/// Provisions one person on demand, or why that cannot be done. Doing it twice does no harm (facts/entra §1.11).
pub fn provision_one(setup: &Setup, seen: &Observation, user_id: &str) -> Plan {
    let job = seen
        .connector(setup)
        .and_then(|connector| Some((connector, connector.job()?)));
    let Some((connector, job)) = job else {
        return refused(
            "There is no provisioning job yet.",
            "Save the connection first.",
        );
    };
    let rule = job.schema.value().and_then(|schema| schema.rule_id.clone());
    let Some(rule) = rule else {
        return refused(
            "The job's synchronization rule is not known.",
            "Look at both sides again.",
        );
    };
    let user = seen.entra.principals.users.get(user_id);
    let name = user
        .map_or(user_id, |user| &*user.user_principal_name)
        .to_owned();
    let existing = |id: &str| Reference::Existing(id.to_owned());
    let change = Change {
        id: format!("provision-one:{user_id}"),
        kind: ChangeKind::ProvisionOne,
        title: format!("Provision {name} now"),
        target: connector.display_name.clone(),
        before: String::new(),
        after: format!("{name} is in Databricks as the connector writes people"),
        intent: Intent::ProvisionOne {
            service_principal: existing(&connector.service_principal_id),
            job: existing(&job.id),
            rule: Reference::Existing(rule),
            user_id: user_id.to_owned(),
        },
        undo: Undo::Manual,
        guard: None,
    };
    Plan {
        changes: vec![change],
        ..Plan::default()
    }
}

fn refused(title: &str, fix: &str) -> Plan {
    Plan::refused(vec![Refusal {
        check: "provisioning-automatic".to_owned(),
        title: title.to_owned(),
        fix: fix.to_owned(),
    }])
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::observation::connector::{Job, JobSchema};
    use crate::observation::{Connector, Seen};

    fn setup() -> Setup {
        serde_json::from_value(serde_json::json!({
            "schema": "usher.setup/1", "name": "x", "journey": "account", "cloud": "azure",
            "entra": { "app": { "servicePrincipalId": "sp" } },
        }))
        .unwrap()
    }

    fn with_job() -> Observation {
        let job: Job = serde_json::from_value(serde_json::json!({
            "id": "dataBricks.1", "templateId": "dataBricks", "state": { "state": "paused" }, "intervalSeconds": null,
            "code": { "code": "paused" }, "quarantine": null, "inFlight": false, "last": null, "lastSuccess": null,
            "steadySince": null, "progress": null, "counts": [], "schema": { "seen": "unknown", "reason": "", "needs": null },
        }))
        .unwrap();
        let schema = JobSchema {
            rule_id: Some("rule".to_owned()),
            ..JobSchema::default()
        };
        let job = Job {
            schema: Seen::entra(schema, Timestamp::UNIX_EPOCH),
            ..job
        };
        let connector = Connector {
            service_principal_id: "sp".to_owned(),
            jobs: Seen::entra(vec![job], Timestamp::UNIX_EPOCH),
            ..Connector::default()
        };
        let mut seen = Observation::default();
        seen.entra.connectors = Seen::entra(vec![connector], Timestamp::UNIX_EPOCH);
        seen
    }

    #[test]
    fn one_person_is_one_change_and_without_a_job_a_refusal() {
        let plan = provision_one(&setup(), &with_job(), "u1");
        assert!(
            matches!(&plan.changes[0].intent, Intent::ProvisionOne { rule: Reference::Existing(rule), .. } if rule == "rule")
        );
        assert!(
            provision_one(&setup(), &Observation::default(), "u1")
                .changes
                .is_empty()
        );
    }
}
