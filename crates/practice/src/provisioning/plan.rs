//! What a cycle has to look at: who is in scope, what they become, who left.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::mapping::{self, ObjectMapping, Source};
use crate::entra::Entra;
use crate::entra::connector::{Job, Link, ObjectKind, Progress, ScheduleState};
use crate::entra::directory::{Directory, Group, Member, PrincipalKind, ServicePrincipal, User};

/// An object to be made, brought up to date or left as it is.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The kind.
    pub(super) kind: ObjectKind,
    /// The source id.
    pub(super) id: Uuid,
    /// The source name.
    pub(super) name: String,
    /// What it becomes; the error names an expression that cannot be evaluated.
    pub(super) attributes: Result<BTreeMap<String, Value>, String>,
    /// What was remembered of it.
    pub(super) link: Option<Link>,
    /// It failed before and is tried again.
    pub(super) escrowed: bool,
    /// Source ids of the people in it, for a group.
    pub(super) members: BTreeSet<Uuid>,
}

/// An object that was exported and is to be so no longer.
#[derive(Debug, Clone)]
pub(super) struct Leaver {
    /// The source id.
    pub(super) id: Uuid,
    /// What was remembered of it.
    pub(super) link: Link,
    /// What it becomes; nothing when the source object is gone or has no way to be switched off: it is deleted.
    pub(super) attributes: Option<BTreeMap<String, Value>>,
    /// Still assigned, only switched off: the link stays.
    pub(super) stays: bool,
}

/// An object in scope that is not provisioned, and why.
#[derive(Debug, Clone)]
pub(super) struct Skip {
    /// The kind.
    pub(super) kind: ObjectKind,
    /// The source id.
    pub(super) id: Uuid,
    /// The source name.
    pub(super) name: String,
    /// Why.
    pub(super) reason: &'static str,
}

/// Everything a cycle needs, taken at its beginning.
#[derive(Debug)]
pub(super) struct Plan {
    /// The id of the cycle.
    pub(super) cycle: Uuid,
    /// When it began.
    pub(super) began: Timestamp,
    /// The stored address and token.
    pub(super) address: Option<String>,
    /// The stored token.
    pub(super) token: Option<String>,
    /// Everything is looked at, not only what changed.
    pub(super) initial: bool,
    /// The target attribute people are matched by, and groups.
    pub(super) matching: HashMap<ObjectKind, String>,
    /// Attributes that are written when the object is made and never later.
    pub(super) only_when_created: HashMap<ObjectKind, HashSet<String>>,
    /// People and groups in scope.
    pub(super) users: Vec<Entry>,
    /// Groups in scope.
    pub(super) groups: Vec<Entry>,
    /// In scope and not provisioned.
    pub(super) skips: Vec<Skip>,
    /// Out of scope and exported before.
    pub(super) leavers: Vec<Leaver>,
    /// More leavers than this are held.
    pub(super) threshold: Option<u64>,
    /// Leavers keep their accounts.
    pub(super) keep_leavers: bool,
    /// The name of the enterprise application, for the log.
    pub(super) application: String,
}

/// Begins a cycle: nothing when the job does not run, or one is in flight.
pub(super) fn begin(entra: &Entra, principal_id: Uuid, job_id: &str) -> Option<Plan> {
    let now = entra.now();
    entra.change(|directory| {
        let principal = directory.service_principals.get_mut(&principal_id)?;
        let sync_all = principal.synchronization.sync_all();
        let job = principal.synchronization.job_mut(job_id)?;
        if job.schedule != ScheduleState::Active || job.progress.is_some() {
            return None;
        }
        job.due = false;
        let initial = !job.watermark;
        if initial || sync_all {
            // A narrower scope is taken at a restart alone (facts on Entra §1.9).
            job.sync_all_in_force = sync_all;
        }
        let plan = gather(directory, principal_id, job_id, initial, now)?;
        let job = directory
            .service_principals
            .get_mut(&principal_id)?
            .synchronization
            .job_mut(job_id)?;
        let total =
            u64::try_from((plan.users.len() + plan.groups.len() + plan.leavers.len()).div_ceil(10))
                .unwrap_or(u64::MAX);
        job.progress = Some(Progress {
            completed: 0,
            total: total.max(1),
            observed: now,
        });
        Some(plan)
    })
}

fn gather(
    directory: &Directory,
    principal_id: Uuid,
    job_id: &str,
    initial: bool,
    now: Timestamp,
) -> Option<Plan> {
    let principal = directory.service_principals.get(&principal_id)?;
    let job = principal.synchronization.job(job_id)?;
    let mut scope = Scope::of(directory, principal, job);
    let leavers = scope.leavers(directory, job, now);
    let mut matching = HashMap::new();
    let mut only_when_created = HashMap::new();
    for kind in [ObjectKind::User, ObjectKind::Group] {
        if let Some(mapping) = mapping::object_mapping(&job.schema, kind) {
            matching.extend(mapping::matching(&mapping).map(|name| (kind, name.to_owned())));
            let fixed = mapping
                .attributes
                .iter()
                .filter(|attribute| attribute.only_when_created);
            only_when_created.insert(
                kind,
                fixed.map(|attribute| attribute.target.clone()).collect(),
            );
        }
    }
    Some(Plan {
        cycle: Uuid::new_v4(),
        began: now,
        address: principal
            .synchronization
            .secret("BaseAddress")
            .map(ToOwned::to_owned),
        token: principal
            .synchronization
            .secret("SecretToken")
            .map(ToOwned::to_owned),
        initial,
        matching,
        only_when_created,
        users: scope.users,
        groups: scope.groups,
        skips: scope.skips,
        leavers,
        threshold: if job.force_deletes {
            None
        } else {
            principal.synchronization.delete_threshold()
        },
        keep_leavers: principal.synchronization.skip_out_of_scope_deletions(),
        application: principal.display_name.clone(),
    })
}

/// The one object an on-demand call names, as a cycle would see it.
pub(super) fn single(
    entra: &Entra,
    principal_id: Uuid,
    job_id: &str,
    kind: ObjectKind,
    id: Uuid,
) -> Option<(Plan, Option<Entry>)> {
    let now = entra.now();
    entra.read(|directory| {
        let plan = gather(directory, principal_id, job_id, true, now)?;
        let entries = if kind == ObjectKind::User {
            &plan.users
        } else {
            &plan.groups
        };
        let entry = entries.iter().find(|entry| entry.id == id).cloned();
        Some((plan, entry))
    })
}

/// The people in scope of a job, whatever it has made of them so far.
pub(super) fn people(
    directory: &Directory,
    principal: &ServicePrincipal,
    job: &Job,
) -> BTreeSet<Uuid> {
    let scope = Scope::of(directory, principal, job);
    scope.users.iter().map(|entry| entry.id).collect()
}

#[derive(Default)]
struct Scope {
    users: Vec<Entry>,
    groups: Vec<Entry>,
    skips: Vec<Skip>,
    /// Assigned and switched off: an exported one stays linked.
    disabled: HashSet<Uuid>,
    seen: HashSet<Uuid>,
}

impl Scope {
    /// Direct members of assigned groups alone: nested groups and service principals never travel (facts on Entra §5.5).
    fn of(directory: &Directory, principal: &ServicePrincipal, job: &Job) -> Self {
        let mut scope = Self::default();
        let user_mapping = mapping::object_mapping(&job.schema, ObjectKind::User)
            .filter(|mapping| mapping.enabled);
        let group_mapping = mapping::object_mapping(&job.schema, ObjectKind::Group)
            .filter(|mapping| mapping.enabled);
        let (mut users, mut groups): (Vec<&User>, Vec<&Group>) = (Vec::new(), Vec::new());
        if job.sync_all_in_force {
            users.extend(directory.users.iter());
            groups.extend(directory.groups.iter());
        } else {
            for assignment in &principal.assignments {
                match assignment.kind {
                    PrincipalKind::User => {
                        users.extend(directory.users.get(&assignment.principal_id))
                    }
                    PrincipalKind::Group => {
                        let Some(group) = directory.groups.get(&assignment.principal_id) else {
                            continue;
                        };
                        groups.push(group);
                        let people = group.members.iter().filter_map(|member| match member {
                            Member::User(id) => directory.users.get(id),
                            _ => None,
                        });
                        users.extend(people);
                    }
                    PrincipalKind::ServicePrincipal => {}
                }
            }
        }
        if let Some(mapping) = user_mapping {
            users
                .into_iter()
                .for_each(|user| scope.add_user(user, &mapping, job));
        }
        if let Some(mapping) = group_mapping {
            groups
                .into_iter()
                .for_each(|group| scope.add_group(group, &mapping, job));
        }
        scope
    }

    fn skip(&mut self, kind: ObjectKind, id: Uuid, name: &str, reason: &'static str) {
        self.skips.push(Skip {
            kind,
            id,
            name: name.to_owned(),
            reason,
        });
    }

    fn add_user(&mut self, user: &User, mapping: &ObjectMapping, job: &Job) {
        if !self.seen.insert(user.id) {
            return;
        }
        let source = Source::User(user, false);
        if !mapping::in_scope(mapping, source) {
            return self.skip(
                ObjectKind::User,
                user.id,
                &user.display_name,
                "The user does not satisfy the scoping filter of the application.",
            );
        }
        if !user.account_enabled {
            self.disabled.insert(user.id);
            return self.skip(
                ObjectKind::User,
                user.id,
                &user.display_name,
                "The account is disabled, and disabled accounts are not created.",
            );
        }
        self.users.push(Entry {
            kind: ObjectKind::User,
            id: user.id,
            name: user.display_name.clone(),
            attributes: mapping::evaluate(mapping, source),
            link: job.links.get(&user.id).cloned(),
            escrowed: job.escrows.contains(&user.id),
            members: BTreeSet::new(),
        });
    }

    fn add_group(&mut self, group: &Group, mapping: &ObjectMapping, job: &Job) {
        if !self.seen.insert(group.id) {
            return;
        }
        let source = Source::Group(group);
        if !group.security_enabled {
            return self.skip(
                ObjectKind::Group,
                group.id,
                &group.display_name,
                "The group is not security-enabled.",
            );
        }
        if !mapping::in_scope(mapping, source) {
            return self.skip(
                ObjectKind::Group,
                group.id,
                &group.display_name,
                "The group does not satisfy the scoping filter of the application.",
            );
        }
        let people = group.members.iter().filter_map(|member| match member {
            Member::User(id) => Some(*id),
            _ => None,
        });
        self.groups.push(Entry {
            kind: ObjectKind::Group,
            id: group.id,
            name: group.display_name.clone(),
            attributes: mapping::evaluate(mapping, source),
            link: job.links.get(&group.id).cloned(),
            escrowed: job.escrows.contains(&group.id),
            members: people.collect(),
        });
    }

    /// Who was exported and is in scope no longer. Whoever is deleted is switched off, and deleted when nobody can restore them any
    /// more (facts on Entra §5.4).
    fn leavers(&mut self, directory: &Directory, job: &Job, now: Timestamp) -> Vec<Leaver> {
        let staying: HashSet<Uuid> = self
            .users
            .iter()
            .chain(&self.groups)
            .map(|entry| entry.id)
            .collect();
        let user_mapping = mapping::object_mapping(&job.schema, ObjectKind::User);
        let mut leavers: Vec<Leaver> = job
            .links
            .iter()
            .filter(|(id, link)| {
                let waits = self.disabled.contains(*id) || directory.restorable(id, now).is_some();
                let switched_off =
                    waits && link.attributes.get("active") == Some(&Value::Bool(false));
                !staying.contains(*id) && !switched_off
            })
            .map(|(id, link)| {
                let deleted = directory.restorable(id, now);
                let user =
                    (directory.users.get(id).or(deleted)).filter(|_| link.kind == ObjectKind::User);
                let attributes = user.zip(user_mapping.as_ref()).and_then(|(user, mapping)| {
                    mapping::evaluate(mapping, Source::User(user, true)).ok()
                });
                Leaver {
                    id: *id,
                    link: link.clone(),
                    attributes: attributes.filter(|attributes| attributes.contains_key("active")),
                    stays: self.disabled.contains(id) || deleted.is_some(),
                }
            })
            .collect();
        leavers.sort_by_key(|leaver| leaver.id);
        leavers
    }
}
