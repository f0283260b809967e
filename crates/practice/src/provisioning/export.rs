//! Writing one object to the target.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};
use uuid::Uuid;

use super::mapping;
use super::plan::{Entry, Leaver, Plan};
use super::scim::{Failure, Target};
use crate::entra::connector::{Link, ObjectKind};
use crate::entra::logs::{Action, EntryError, Status};

/// Members in one PATCH.
const MEMBERS_AT_ONCE: usize = 100;

/// An attribute that was written: name, old and new value.
pub(super) type Modified = (String, Option<String>, Option<String>);

/// What became of an entry.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    /// What was done.
    pub(super) action: Action,
    /// How it went.
    pub(super) status: Status,
    /// Why it did not.
    pub(super) error: Option<EntryError>,
    /// What is to be remembered; nothing when the link is gone.
    pub(super) link: Option<Link>,
    /// Writes made.
    pub(super) exports: u64,
    /// Attributes written.
    pub(super) modified: Vec<Modified>,
    /// The credentials were refused: the cycle ends here.
    pub(super) fatal: Option<Failure>,
    /// Nothing happened that belongs in the log.
    pub(super) quiet: bool,
}

impl Outcome {
    fn done(action: Action, link: Option<Link>, exports: u64, modified: Vec<Modified>) -> Self {
        let quiet = exports == 0;
        Self {
            action,
            status: Status::Success,
            error: None,
            link,
            exports,
            modified,
            fatal: None,
            quiet,
        }
    }

    fn failed(action: Action, link: Option<Link>, error: EntryError) -> Self {
        Self {
            action,
            status: Status::Failure,
            error: Some(error),
            link,
            exports: 0,
            modified: Vec::new(),
            fatal: None,
            quiet: false,
        }
    }

    fn refused(action: Action, link: Option<Link>, failure: &Failure) -> Self {
        let fatal = failure.is_unauthorized().then(|| failure.clone());
        Self {
            fatal,
            ..Self::failed(action, link, entry_error(failure))
        }
    }
}

/// The service's word for a failed write (facts on Entra §1.12).
fn entry_error(failure: &Failure) -> EntryError {
    let (code, advice) = match failure {
        Failure::Refused { status: 409, .. } => (
            "Conflict",
            "Another object in the target has the same value. Change one of them, or match by another attribute.",
        ),
        Failure::Refused { status: 429, .. } => (
            "TooManyRequests",
            "The target is busy. The service tries again by itself.",
        ),
        Failure::Refused {
            status: 401 | 403, ..
        } => (
            "InsufficientRights",
            "Check the credentials and what they may do.",
        ),
        Failure::Refused { status: 404, .. } => (
            "InvalidAnchor",
            "The object is gone from the target. Restart provisioning to link it anew.",
        ),
        Failure::Refused {
            status: 400 | 422, ..
        } => ("UnprocessableEntity", "Check the attribute mappings."),
        Failure::Refused { .. } => (
            "InternalServerError",
            "The target has a fault. The service tries again by itself.",
        ),
        Failure::Unreachable(_) => (
            "Timeout",
            "The target did not answer. The service tries again by itself.",
        ),
        Failure::Unreadable(_) => (
            "SystemForCrossDomainIdentityManagementServiceIncompatible",
            "Check the tenant URL.",
        ),
    };
    EntryError {
        code,
        reason: failure.message(),
        advice,
    }
}

/// Makes a person or group, or brings it up to date.
pub(super) async fn entry(
    target: &Target,
    plan: &Plan,
    entry: &Entry,
    people: &HashMap<Uuid, String>,
) -> Outcome {
    let attributes = match &entry.attributes {
        Ok(attributes) => attributes,
        Err(expression) => {
            let reason = format!("The mapping's expression cannot be evaluated: {expression}");
            let error = EntryError {
                code: "SchemaAttributeNotFound",
                reason,
                advice: "Correct the attribute mapping.",
            };
            return Outcome::failed(Action::Other, entry.link.clone(), error);
        }
    };
    let mut link = entry.link.clone();
    if let Some(known) = &link
        && !plan.initial
    {
        if known.lost {
            return Outcome {
                quiet: true,
                ..Outcome::done(Action::Other, link, 0, Vec::new())
            };
        }
        let members_changed =
            entry.kind == ObjectKind::Group && reachable(&entry.members, people) != known.members;
        if known.attributes == *attributes && !members_changed && !entry.escrowed {
            return Outcome {
                quiet: true,
                ..Outcome::done(Action::Other, link, 0, Vec::new())
            };
        }
    }
    let mut remote = None;
    if plan.initial
        && let Some(known) = &link
    {
        match target.get(entry.kind, &known.target_id).await {
            Ok(Some(found)) => remote = Some(found),
            Ok(None) => link = None,
            Err(failure) => return Outcome::refused(Action::Update, link, &failure),
        }
    }
    if link.is_none() {
        match look(target, plan, entry, attributes).await {
            Ok(Some(found)) => remote = Some(found),
            Ok(None) => return create(target, entry, attributes, people).await,
            Err(outcome) => return *outcome,
        }
    }
    update(target, plan, entry, attributes, link, remote, people).await
}

/// Looks for the object by the matching attribute.
async fn look(
    target: &Target,
    plan: &Plan,
    entry: &Entry,
    attributes: &BTreeMap<String, Value>,
) -> Result<Option<Value>, Box<Outcome>> {
    let attribute = plan
        .matching
        .get(&entry.kind)
        .map_or("userName", String::as_str);
    let Some(value) = attributes.get(attribute).and_then(Value::as_str) else {
        let reason = format!("The matching attribute {attribute} has no value for this object.");
        let error = EntryError {
            code: "MandatoryFieldsMissing",
            reason,
            advice: "Give the object a value, or map the attribute from another one.",
        };
        return Err(Box::new(Outcome::failed(Action::Create, None, error)));
    };
    let found = target.find(entry.kind, attribute, value).await;
    let mut found =
        found.map_err(|failure| Box::new(Outcome::refused(Action::Create, None, &failure)))?;
    if found.len() > 1 {
        let reason = format!(
            "{} objects of the target have {attribute} = {value}.",
            found.len()
        );
        let code = "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse";
        let error = EntryError {
            code,
            reason,
            advice: "Leave one of them in the target.",
        };
        return Err(Box::new(Outcome::failed(Action::Create, None, error)));
    }
    Ok(found.pop())
}

async fn create(
    target: &Target,
    entry: &Entry,
    attributes: &BTreeMap<String, Value>,
    people: &HashMap<Uuid, String>,
) -> Outcome {
    let modified = attributes
        .iter()
        .map(|(name, value)| (name.clone(), None, Some(shown(value))))
        .collect();
    match target
        .create(entry.kind, mapping::resource(entry.kind, attributes))
        .await
    {
        Ok(id) => {
            let mut link = Link {
                kind: entry.kind,
                target_id: id,
                display_name: entry.name.clone(),
                attributes: attributes.clone(),
                members: BTreeSet::new(),
                lost: false,
            };
            match members(target, entry, &mut link, people).await {
                Ok(writes) => Outcome::done(Action::Create, Some(link), writes + 1, modified),
                Err(failure) => Outcome::refused(Action::Create, Some(link), &failure),
            }
        }
        Err(failure) => Outcome::refused(Action::Create, None, &failure),
    }
}

async fn update(
    target: &Target,
    plan: &Plan,
    entry: &Entry,
    attributes: &BTreeMap<String, Value>,
    link: Option<Link>,
    remote: Option<Value>,
    people: &HashMap<Uuid, String>,
) -> Outcome {
    let fixed = plan.only_when_created.get(&entry.kind);
    let id = link
        .as_ref()
        .map(|link| link.target_id.clone())
        .or_else(|| remote.as_ref()?.get("id")?.as_str().map(ToOwned::to_owned));
    let Some(id) = id else {
        return Outcome::refused(
            Action::Update,
            link,
            &Failure::Unreadable("the object has no id".to_owned()),
        );
    };
    let before = |name: &str| match &remote {
        Some(remote) => mapping::read_back(remote, name),
        None => link
            .as_ref()
            .and_then(|link| link.attributes.get(name).cloned()),
    };
    let (mut operations, mut modified) = (Vec::new(), Vec::new());
    for (name, value) in attributes {
        let old = before(name);
        if !same(name, old.as_ref(), value) && !fixed.is_some_and(|fixed| fixed.contains(name)) {
            operations.push(json!({ "op": "Replace", "path": name, "value": value }));
            modified.push((name.clone(), old.as_ref().map(shown), Some(shown(value))));
        }
    }
    let mut writes = 0;
    if !operations.is_empty() {
        match target.patch(entry.kind, &id, operations).await {
            Ok(()) => writes += 1,
            Err(failure) => return gone_or_refused(link, &failure),
        }
    }
    let known = link
        .as_ref()
        .map(|link| link.members.clone())
        .unwrap_or_default();
    let mut next = Link {
        kind: entry.kind,
        target_id: id,
        display_name: entry.name.clone(),
        attributes: attributes.clone(),
        members: known,
        lost: false,
    };
    if plan.initial {
        // What is remembered of members may be old: all are added once more, and those that left are taken out.
        let left: BTreeSet<Uuid> = next.members.difference(&entry.members).copied().collect();
        next.members = left;
    }
    match members(target, entry, &mut next, people).await {
        Ok(more) => Outcome::done(Action::Update, Some(next), writes + more, modified),
        Err(failure) => gone_or_refused(Some(next), &failure),
    }
}

/// An object that vanished is remembered as lost: no cycle makes it again before a restart.
fn gone_or_refused(link: Option<Link>, failure: &Failure) -> Outcome {
    let mut outcome = Outcome::refused(Action::Update, link, failure);
    if matches!(failure, Failure::Refused { status: 404, .. })
        && let Some(link) = &mut outcome.link
    {
        link.lost = true;
    }
    outcome
}

/// Brings the members of a group up to date; gives the number of writes.
async fn members(
    target: &Target,
    entry: &Entry,
    link: &mut Link,
    people: &HashMap<Uuid, String>,
) -> Result<u64, Failure> {
    if entry.kind != ObjectKind::Group {
        return Ok(0);
    }
    let wanted = reachable(&entry.members, people);
    let joining: Vec<Uuid> = wanted.difference(&link.members).copied().collect();
    let leaving: Vec<Uuid> = link.members.difference(&wanted).copied().collect();
    let mut writes = 0;
    for batch in joining.chunks(MEMBERS_AT_ONCE) {
        let values: Vec<Value> = batch
            .iter()
            .filter_map(|id| people.get(id))
            .map(|id| json!({ "value": id }))
            .collect();
        target
            .patch(
                ObjectKind::Group,
                &link.target_id,
                vec![json!({ "op": "Add", "path": "members", "value": values })],
            )
            .await?;
        link.members.extend(batch);
        writes += 1;
    }
    for batch in leaving.chunks(MEMBERS_AT_ONCE) {
        let operations: Vec<Value> = batch
            .iter()
            .filter_map(|id| people.get(id))
            .map(|id| json!({ "op": "Remove", "path": format!("members[value eq \"{id}\"]") }))
            .collect();
        if !operations.is_empty() {
            target
                .patch(ObjectKind::Group, &link.target_id, operations)
                .await?;
            writes += 1;
        }
        for id in batch {
            link.members.remove(id);
        }
    }
    Ok(writes)
}

/// Members that have an account in the target.
fn reachable(members: &BTreeSet<Uuid>, people: &HashMap<Uuid, String>) -> BTreeSet<Uuid> {
    members
        .iter()
        .filter(|id| people.contains_key(id))
        .copied()
        .collect()
}

/// Switches off, or deletes, what left the scope.
pub(super) async fn leaver(target: &Target, leaver: &Leaver) -> Outcome {
    let link = leaver.link.clone();
    let kept = |link: Link| leaver.stays.then_some(link);
    let Some(attributes) = &leaver.attributes else {
        return match target.delete(link.kind, &link.target_id).await {
            Ok(()) => Outcome::done(Action::Delete, None, 1, Vec::new()),
            Err(failure) => Outcome::refused(Action::Delete, Some(link), &failure),
        };
    };
    if link.lost || link.attributes.get("active") == Some(&Value::Bool(false)) {
        return Outcome::done(Action::Disable, kept(link), 0, Vec::new());
    }
    let operation = json!({ "op": "Replace", "path": "active", "value": false });
    match target
        .patch(link.kind, &link.target_id, vec![operation])
        .await
    {
        Ok(()) => {
            let modified = vec![(
                "active".to_owned(),
                Some("True".to_owned()),
                Some("False".to_owned()),
            )];
            Outcome::done(
                Action::Disable,
                kept(Link {
                    attributes: attributes.clone(),
                    ..link
                }),
                1,
                modified,
            )
        }
        // Gone already: there is nothing to switch off.
        Err(Failure::Refused { status: 404, .. }) => {
            Outcome::done(Action::Disable, None, 0, Vec::new())
        }
        Err(failure) => Outcome::refused(Action::Disable, Some(link), &failure),
    }
}

/// Whether a value stands in the target already. Names and addresses are compared without case.
fn same(name: &str, old: Option<&Value>, new: &Value) -> bool {
    match (old, new) {
        (Some(Value::String(old)), Value::String(new))
            if name == "userName" || name.starts_with("emails") =>
        {
            old.eq_ignore_ascii_case(new)
        }
        (Some(old), new) => old == new,
        (None, _) => false,
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}
