//! One person first: provisioned on demand, then read back from Databricks field by field.

use std::collections::BTreeMap;

use jiff::Timestamp;
use usher_core::observation::connector::ObjectMapping;
use usher_core::observation::principals::EntraUser;
use usher_core::plan::Plan;
use usher_core::scope::sent_user_name;
use usher_databricks::{Filter, Query, Scim, User};

use super::jobs::JobKind;
use super::plan::Ground;
use super::setups::Open;
use super::view::{Failure, FailureCode, FieldView, ProvisionOne, ProvisionedOne};
use super::{Progress, Session, secrets, show};
use crate::apply::{ApplyEvent, provision_one};
use crate::observe::Observed;

impl Session {
    /// `provision_one`
    pub async fn provision_one(
        &self,
        request: ProvisionOne,
        progress: Progress<ApplyEvent>,
    ) -> Result<ProvisionedOne, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Apply)?;
        let user_id = request.user_id;
        self.job(async move |session| {
            let ground = session.ground().await?;
            let (plan, sent) =
                session.with_open(|open, _| (planned(open, &user_id), sent(open, &user_id)))?;
            let (plan, sent) = (plan?, sent?);
            let applied = session
                .run(&ground, &job, &progress, async |executor| {
                    executor.apply(&plan, &Observed::default(), None).await
                })
                .await?;
            let found = session.in_databricks(&ground, &sent, &job.token).await?;
            Ok(ProvisionedOne {
                outcome: applied.applied.outcome,
                found: found.is_some(),
                fields: compare(&sent, found.as_ref()),
                read_at: Timestamp::now(),
                setup: session.with_open(show::setup)?,
            })
        })
        .await
    }

    /// The user of that name in Databricks.
    async fn in_databricks(
        &self,
        ground: &Ground,
        sent: &Sent,
        cancel: &tokio_util::sync::CancellationToken,
    ) -> Result<Option<User>, Failure> {
        let scim = self.with_open(|open, place| {
            let url = secrets::scim_url_of(&open.file.setup, &place.world)?;
            let token = ground.token.as_ref()?;
            Some(Scim::new(place.client.clone(), url, token.secret.clone()))
        })?;
        let scim = scim.ok_or_else(|| {
            Failure::not_ready(
                "There is no token to read Databricks with.",
                "Paste the token beside the SCIM URL.",
            )
        })?;
        let query = Query::default().filter(Filter::equals("userName", sent.user_name.clone()));
        let listing = scim.read_all::<User>(&query, |_, _| {}, cancel).await;
        let listing = listing.map_err(|error| {
            Failure::new(
                FailureCode::Network,
                "Databricks did not tell whether the person arrived.",
                "Entra was asked to provision the person; only reading it back failed.",
                &["Test the connection.", "Look at both sides again."],
            )
            .with_details(error.to_string())
        })?;
        Ok(listing.resources.into_iter().next())
    }
}

fn planned(open: &Open, user_id: &str) -> Result<Plan, Failure> {
    let seen = &open.observed.observation;
    let user = seen.entra.principals.users.get(user_id);
    let name = user.map_or(user_id, |user| &*user.user_principal_name);
    let connector = seen.connector(&open.file.setup);
    connector
        .and_then(|connector| provision_one(connector, user_id, name))
        .ok_or_else(|| {
            Failure::not_ready(
                "There is no provisioning job yet, or its rule is not known.",
                "Save the connection first, and look at both sides again.",
            )
        })
}

/// What the connector sends for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sent {
    id: String,
    user_name: String,
    display_name: String,
    enabled: bool,
}

fn sent(open: &Open, user_id: &str) -> Result<Sent, Failure> {
    let seen = &open.observed.observation;
    let user = seen.entra.principals.users.get(user_id).ok_or_else(|| {
        Failure::not_ready(
            "This person is not assigned, or was not seen yet.",
            "Assign the person or a group they are in, and look at both sides again.",
        )
    })?;
    let mapping = seen
        .connector(&open.file.setup)
        .and_then(|connector| connector.job()?.schema.value()?.user.as_ref());
    let mapping = mapping.ok_or_else(|| {
        Failure::not_ready(
            "The job's attribute mappings are not known.",
            "Look at both sides again.",
        )
    })?;
    sent_by(user_id, user, mapping)
}

fn sent_by(id: &str, user: &EntraUser, mapping: &ObjectMapping) -> Result<Sent, Failure> {
    let user_name = sent_user_name(id, user, mapping).map_err(|undecided| {
        Failure::not_ready(
            undecided.0,
            "Provision this person in the portal, and look there.",
        )
    })?;
    let user_name = user_name.ok_or_else(|| {
        Failure::not_ready(
            "The attribute that gives the user name is empty for this person.",
            "Fill it in Entra, or choose somebody else.",
        )
    })?;
    Ok(Sent {
        id: id.to_owned(),
        user_name: user_name.into_owned(),
        display_name: user.display_name.to_string(),
        enabled: user.enabled,
    })
}

/// Each field beside what Databricks has of it.
fn compare(sent: &Sent, found: Option<&User>) -> Vec<FieldView> {
    let work = |user: &User| {
        let emails = &user.emails;
        let email = emails
            .iter()
            .find(|email| email.kind.as_deref() == Some("work"));
        email
            .or(emails.first())
            .and_then(|email| email.value.clone())
    };
    let has: BTreeMap<&str, Option<String>> = found
        .map(|user| {
            BTreeMap::from([
                ("userName", user.user_name.clone()),
                ("displayName", user.display_name.clone()),
                ("externalId", user.external_id.clone()),
                ("emails[work]", work(user)),
                ("active", user.active.map(|active| active.to_string())),
            ])
        })
        .unwrap_or_default();
    let rows = [
        ("userName", sent.user_name.clone()),
        ("displayName", sent.display_name.clone()),
        ("externalId", sent.id.clone()),
        ("emails[work]", sent.user_name.clone()),
        ("active", sent.enabled.to_string()),
    ];
    rows.into_iter()
        .map(|(name, expected)| {
            let found = has.get(name).cloned().flatten();
            // User names and addresses do not differ by case alone in Databricks.
            let same = found
                .as_deref()
                .is_some_and(|found| found.eq_ignore_ascii_case(&expected));
            FieldView {
                name: name.to_owned(),
                expected,
                found,
                same,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_compared_and_a_missing_person_has_none() {
        let sent = Sent {
            id: "id-1".to_owned(),
            user_name: "ann@x".to_owned(),
            display_name: "Ann".to_owned(),
            enabled: true,
        };
        let user: User = serde_json::from_value(serde_json::json!({
            "id": "7", "userName": "Ann@x", "displayName": "Anna", "externalId": "id-1", "active": true,
            "emails": [{ "type": "home", "value": "h" }, { "type": "work", "value": "ann@x" }],
        }))
        .unwrap();
        let same: Vec<_> = compare(&sent, Some(&user))
            .into_iter()
            .map(|field| field.same)
            .collect();
        assert_eq!(same, [true, false, true, true, true]);
        assert!(
            compare(&sent, None)
                .iter()
                .all(|field| field.found.is_none() && !field.same)
        );
    }
}
