//! One test person first: a plan of a single change that provisions a person on demand (facts/entra §1.11).

use usher_core::observation::Connector;
use usher_core::plan::{Change, ChangeKind, Intent, Plan, Reference, Undo};

/// The plan that provisions one person at once; `None` where the connector has no job, or its rule is not known.
pub fn provision_one(connector: &Connector, user_id: &str, name: &str) -> Option<Plan> {
    let job = connector.job()?;
    let rule = job.schema.value()?.rule_id.clone()?;
    let change = Change {
        id: format!("provision-one:user:{user_id}"),
        kind: ChangeKind::ProvisionOne,
        title: format!("Provision {name} now"),
        target: name.to_owned(),
        before: "waits for the next cycle".to_owned(),
        after: "in Databricks".to_owned(),
        intent: Intent::ProvisionOne {
            service_principal: Reference::Existing(connector.service_principal_id.clone()),
            job: Reference::Existing(job.id.clone()),
            rule: Reference::Existing(rule),
            user_id: user_id.to_owned(),
        },
        undo: Undo::Manual,
        guard: Some("A fresh assignment takes Entra some minutes to honour.".to_owned()),
    };
    Some(Plan {
        changes: vec![change],
        ..Plan::default()
    })
}
