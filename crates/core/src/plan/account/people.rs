//! Who travels and as what: attribute mappings, and assignments.

use std::collections::BTreeSet;

use super::{Draft, Planner, Target, by_hand};
use crate::checks::work_email;
use crate::model::setup::{PrincipalKind, WantedAssignment};
use crate::observation::Connector;
use crate::plan::guards::{self, refusal};
use crate::plan::names::{field, from_change, slug};
use crate::plan::{Change, ChangeKind, Intent, Reference, Undo};

impl Planner<'_> {
    pub(super) fn mappings(&self, target: &Target<'_>, draft: &mut Draft) {
        let Some(connector) = target.connector.filter(|_| self.setup.want.repair_mappings) else {
            return;
        };
        let Some(schema) = target.found_job().and_then(|job| job.schema.value()) else {
            return;
        };
        if let Some(user) = &schema.user {
            if !user.enabled {
                self.repair(target, "User", None, None, "off", draft);
            }
            if user
                .to("externalId")
                .and_then(|mapping| mapping.source.as_deref())
                != Some("objectId")
            {
                let before = user
                    .to("externalId")
                    .map_or_else(|| "nothing".to_owned(), |mapping| mapping.origin());
                self.repair(
                    target,
                    "User",
                    Some("externalId"),
                    Some("objectId"),
                    &before,
                    draft,
                );
            }
            let name = user.to("userName");
            let email = work_email(user);
            match (name.and_then(|name| name.source.as_deref()), email) {
                // The address follows the name: that renames nobody.
                (Some(source), Some(email)) if email.source.as_deref() != Some(source) => {
                    self.repair(
                        target,
                        "User",
                        Some(&email.target),
                        Some(source),
                        &email.origin(),
                        draft,
                    );
                }
                (None, Some(email))
                    if email.source.is_some()
                        && name.map(|name| name.origin()) != Some(email.origin()) =>
                {
                    draft
                        .refusals
                        .extend(guards::renaming(self.seen, connector));
                    let before = name.map_or_else(|| "nothing".to_owned(), |name| name.origin());
                    self.repair(
                        target,
                        "User",
                        Some("userName"),
                        email.source.as_deref(),
                        &before,
                        draft,
                    );
                }
                _ => {}
            }
        }
        let group_wanted = self.groups_in_scope(connector);
        if group_wanted && schema.group.as_ref().is_some_and(|group| !group.enabled) {
            self.repair(target, "Group", None, None, "off", draft);
        }
    }

    fn groups_in_scope(&self, connector: &Connector) -> bool {
        let assigned = connector
            .assignments
            .value()
            .into_iter()
            .flatten()
            .any(|assignment| assignment.kind == PrincipalKind::Group);
        assigned
            || self
                .setup
                .want
                .assign
                .iter()
                .any(|wanted| wanted.kind == PrincipalKind::Group)
    }

    fn repair(
        &self,
        target: &Target<'_>,
        object: &str,
        attribute: Option<&str>,
        source: Option<&str>,
        before: &str,
        draft: &mut Draft,
    ) {
        let title = match attribute {
            Some(attribute) => format!("Take {attribute} from {}", source.unwrap_or_default()),
            None => format!("Switch the mapping for {object} objects on"),
        };
        let part = attribute.map_or_else(|| "mapping".to_owned(), slug);
        draft.changes.push(Change {
            id: format!(
                "{}:{}:{part}",
                target.id("repair-mapping"),
                object.to_lowercase()
            ),
            kind: ChangeKind::RepairMapping,
            title,
            target: target.name.clone(),
            before: before.to_owned(),
            after: source.unwrap_or("on").to_owned(),
            intent: Intent::RepairMapping {
                service_principal: target.service_principal(),
                job: target.job(),
                object: object.to_owned(),
                target_attribute: attribute.map(str::to_owned),
                source_attribute: source.map(str::to_owned),
            },
            undo: Undo::Yes,
            guard: Some("Changing a mapping starts a new first cycle.".to_owned()),
        });
    }

    pub(super) fn assignments(&self, target: &Target<'_>, draft: &mut Draft) {
        let found = target
            .connector
            .and_then(|connector| connector.assignments.value())
            .map_or(&[][..], Vec::as_slice);
        let mut wanted: Vec<&WantedAssignment> = self
            .setup
            .want
            .assign
            .iter()
            .filter(|wanted| {
                !found
                    .iter()
                    .any(|one| one.principal_id.eq_ignore_ascii_case(&wanted.id))
            })
            .collect();
        let mut seen = BTreeSet::new();
        wanted.retain(|wanted| seen.insert(wanted.id.to_ascii_lowercase()));
        if wanted.is_empty() {
            return;
        }
        let role = match target.connector {
            None => Some(from_change(
                &target.id("create-application"),
                field::APP_ROLE,
            )),
            Some(connector) => connector.user_role().map(Reference::Existing),
        };
        let Some(role) = role else {
            draft.refusals.push(refusal("someone-assigned", format!("{} declares no enabled app role for users", target.name), &["In Entra open **App registrations**, the app, **App roles**, and enable the role **User**."]));
            return;
        };
        for wanted in wanted {
            self.assign(target, wanted, &role, draft);
        }
    }

    fn assign(
        &self,
        target: &Target<'_>,
        wanted: &WantedAssignment,
        role: &Reference,
        draft: &mut Draft,
    ) {
        let name = wanted
            .display_name
            .clone()
            .unwrap_or_else(|| wanted.id.clone());
        let kind = match wanted.kind {
            PrincipalKind::User => "user",
            PrincipalKind::Group => "group",
            PrincipalKind::ServicePrincipal => {
                draft.by_hand.push(by_hand(
                    "service-principals",
                    &format!("{name} is a service principal; the connector does not carry it"),
                    &["Add it in Databricks itself: in the account console under **User management**, or with Terraform."],
                ));
                return;
            }
        };
        draft.changes.push(Change {
            id: format!("assign:{kind}:{}", wanted.id),
            kind: ChangeKind::Assign,
            title: format!("Assign the {kind} {name}"),
            target: name,
            before: "not assigned".to_owned(),
            after: format!("assigned to {}", target.name),
            intent: Intent::Assign {
                service_principal: target.service_principal(),
                principal_id: wanted.id.clone(),
                principal_kind: wanted.kind,
                app_role: role.clone(),
            },
            undo: Undo::Yes,
            guard: None,
        });
    }
}
