//! What must hold in every world, by the practice tenant's own logs and state: nothing here is asked of the product.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use usher_core::outcome::ChangeState;
use usher_core::plan::Intent;
use usher_engine::apply::{Begun, Line, begun};
use usher_practice::databricks::Kind;
use usher_practice::entra::connector::ObjectKind;
use usher_practice::entra::directory::{Directory, ServicePrincipal};
use usher_practice::provisioning::in_scope;
use usher_practice::scenario::Stage;
use uuid::Uuid;

use crate::world::is_on;

/// A connector as it stands, in what a rollback has to bring back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    name: String,
    on: bool,
    assigned: BTreeSet<Uuid>,
    required: bool,
    /// Stored settings, without the token.
    settings: BTreeMap<String, String>,
    jobs: usize,
}

impl Standing {
    fn of(one: &ServicePrincipal) -> Self {
        let mut settings = one.synchronization.secrets.clone();
        settings.remove("SecretToken");
        // What was not there before is emptied: a PUT may leave out nothing (facts/entra §1.9).
        settings.retain(|_, value| !value.is_empty());
        Self {
            name: one.display_name.clone(),
            on: one
                .synchronization
                .jobs
                .iter()
                .any(|job| is_on(job.schedule)),
            assigned: one.assignments.iter().map(|row| row.principal_id).collect(),
            required: one.assignment_required,
            settings,
            jobs: one.synchronization.jobs.len(),
        }
    }
}

/// Watches a world.
pub(crate) struct Law {
    stage: Stage,
    /// How many changes of the log were judged.
    judged: usize,
    /// How every connector stood before the product came.
    found: BTreeMap<Uuid, Standing>,
    /// Connectors that another hand has changed: how they stand is its own doing.
    pub(crate) touched: BTreeSet<Uuid>,
    /// People whom another hand took out of a running connector's scope.
    excused: BTreeSet<(Uuid, Uuid)>,
    /// The account connector that wears the safety belt while old ones are paused.
    pub(crate) belted: Option<Uuid>,
    pub(crate) broken: Vec<String>,
}

impl Law {
    pub(crate) fn new(stage: &Stage) -> Self {
        let mut law = Self {
            stage: stage.clone(),
            judged: stage.harness.changes.entries().len(),
            found: standings(stage),
            excused: BTreeSet::new(),
            touched: BTreeSet::new(),
            belted: None,
            broken: Vec::new(),
        };
        // Who is out of scope of a running connector before the product comes leaves by itself.
        law.excuse_leavers(|_| true);
        law
    }

    /// Those whom a running connector will take away at its next cycle, by no doing of the product.
    pub(crate) fn excuse_leavers(&mut self, which: impl Fn(Uuid) -> bool) {
        let excused: Vec<(Uuid, Uuid)> = self.stage.entra.read(|directory| {
            let running = directory
                .service_principals
                .iter()
                .filter(|one| which(one.id));
            running
                .flat_map(|one| {
                    let jobs = one.synchronization.jobs.iter();
                    jobs.filter(|job| is_on(job.schedule))
                        .flat_map(|job| {
                            let stays = in_scope(directory, one, job);
                            let links = job.links.keys().copied();
                            links.filter(move |id| !stays.contains(id))
                        })
                        .map(|person| (one.id, person))
                })
                .collect()
        });
        self.excused.extend(excused);
    }

    /// Judges what a connector's cycle did: nobody is deactivated but those whom another hand took out, or whose account is off.
    pub(crate) fn after_cycle(&mut self, connector: Uuid) {
        let changes = self.stage.harness.changes.since(self.judged);
        self.judged += changes.len();
        for change in &changes {
            let active = |value: &Value| value.get("active").and_then(Value::as_bool);
            let off = active(&change.before) == Some(true) && active(&change.after) != Some(true);
            if !off {
                continue;
            }
            let external = change.before["externalId"].as_str().unwrap_or_default();
            let person: Uuid = external.parse().unwrap_or_default();
            let enabled = self.stage.entra.read(|directory| {
                directory
                    .users
                    .get(&person)
                    .is_some_and(|user| user.account_enabled)
            });
            if enabled && !self.excused.contains(&(connector, person)) {
                let name = &self.found.get(&connector).map_or("?", |one| &one.name);
                let who = &change.before["userName"];
                self.broken.push(format!(
                    "{name} deactivated {who} ({}); brought by {:?}",
                    change.what,
                    self.brought_by(person)
                ));
            }
        }
    }

    /// The connectors in whose scope a person is.
    fn brought_by(&self, person: Uuid) -> Vec<String> {
        self.stage.entra.read(|directory| {
            let all = directory.service_principals.iter();
            all.filter(|one| {
                one.synchronization
                    .jobs
                    .iter()
                    .any(|job| in_scope(directory, one, job).contains(&person))
            })
            .map(|one| one.display_name.clone())
            .collect()
        })
    }

    /// Whether people who leave the account connector's scope keep their accounts; `None` where no belt is wanted.
    fn belt_is_on(&self) -> Option<bool> {
        let account = self.belted?;
        self.stage.entra.read(|directory| {
            let found = directory.service_principals.get(&account);
            found.map(|one| one.synchronization.skip_out_of_scope_deletions())
        })
    }

    /// A run has come to its good end.
    pub(crate) fn ended(&mut self) {
        if self.belt_is_on() == Some(true) {
            self.broken
                .push("the safety belt is still on at the end".to_owned());
        }
    }

    /// A connector was retired: everyone it brings, in its scope still, is active in the account, and an account connector that
    /// runs brings them.
    pub(crate) fn retired(&mut self, old: Uuid) {
        let lost: Vec<String> = self.stage.entra.read(|directory| {
            let old = directory.service_principals.get(&old);
            let carried = old.map(|old| carried(directory, old)).unwrap_or_default();
            let brought = brought_to_the_account(directory);
            let world = self.stage.databricks.world();
            carried
                .into_iter()
                .filter_map(|person| {
                    let user = directory.users.get(&person)?;
                    let name = &user.user_principal_name;
                    let active = world.all(Kind::User).values().any(|one| {
                        one.active && one.external_id.as_deref() == Some(&*person.to_string())
                    });
                    (!active || !brought.contains(&person)).then(|| {
                        format!(
                            "{name} active {active} brought {}",
                            brought.contains(&person)
                        )
                    })
                })
                .collect()
        });
        if self.belt_is_on() == Some(false) {
            self.broken
                .push("a connector was paused without the safety belt".to_owned());
        }
        if !lost.is_empty() {
            let name = self.found.get(&old).map_or("?", |one| &one.name);
            self.broken
                .push(format!("{name} was paused too early: {lost:?}"));
        }
    }

    /// Nothing is there twice.
    pub(crate) fn once(&mut self) {
        let now = standings(&self.stage);
        let made: Vec<&Standing> = now
            .iter()
            .filter(|(id, _)| !self.found.contains_key(id))
            .map(|(_, one)| one)
            .collect();
        if made.len() > 1 {
            self.broken.push(format!("made twice: {made:?}"));
        }
        for (id, one) in &now {
            let before = self.found.get(id).map_or(0, |one| one.jobs);
            if one.jobs > before.max(1) {
                self.broken
                    .push(format!("{} has {} jobs", one.name, one.jobs));
            }
        }
        let twice: Vec<String> = self.stage.entra.read(|directory| {
            let all = directory.service_principals.iter();
            all.filter(|one| {
                let unique: BTreeSet<Uuid> =
                    one.assignments.iter().map(|row| row.principal_id).collect();
                unique.len() != one.assignments.len()
            })
            .map(|one| one.display_name.clone())
            .collect()
        });
        if !twice.is_empty() {
            self.broken.push(format!("assigned twice to {twice:?}"));
        }
    }

    /// After a whole rollback: as found, save what was kept or left to a person, each with its reason.
    pub(crate) fn rolled_back(&mut self, lines: &[Line]) {
        let all = begun(lines);
        let named = |id: Uuid, about: &dyn Fn(&Intent) -> bool| {
            all.iter().any(|one| {
                let reason = one.undo.as_ref().filter(|undo| {
                    matches!(undo.state, ChangeState::Kept | ChangeState::Manual)
                        && undo.reason.as_ref().is_some_and(|why| !why.is_empty())
                });
                reason.is_some() && is_about(one, id) && about(&one.change.intent)
            })
        };
        let now = standings(&self.stage);
        let mut differs = Vec::new();
        for (id, one) in now.iter().filter(|(id, _)| !self.touched.contains(id)) {
            let Some(was) = self.found.get(id) else {
                let made = |intent: &Intent| matches!(intent, Intent::CreateApplication { .. });
                if one.on && !named(*id, &|intent| matches!(intent, Intent::Start { .. }))
                    || !named(*id, &made)
                {
                    differs.push(format!("{} was made and runs {}", one.name, one.on));
                }
                continue;
            };
            if was.on != one.on
                && !named(*id, &|intent| {
                    matches!(
                        intent,
                        Intent::Start { .. } | Intent::Pause { .. } | Intent::Restart { .. }
                    )
                })
            {
                differs.push(format!("{} ran {} and runs {}", one.name, was.on, one.on));
            }
            for who in was.assigned.symmetric_difference(&one.assigned) {
                let named = named(*id, &|intent| match intent {
                    Intent::Assign { principal_id, .. } | Intent::Unassign { principal_id, .. } => {
                        *principal_id == who.to_string()
                    }
                    _ => false,
                });
                if !named {
                    differs.push(format!("{}: assignment of {who}", one.name));
                }
            }
            if was.settings != one.settings
                && !named(*id, &|intent| matches!(intent, Intent::SaveSecrets { .. }))
            {
                differs.push(format!(
                    "{}: settings {:?} and now {:?}",
                    one.name, was.settings, one.settings
                ));
            }
            if was.required != one.required {
                differs.push(format!("{}: assignment required", one.name));
            }
        }
        for (id, was) in &self.found {
            if !now.contains_key(id) && !self.touched.contains(id) {
                differs.push(format!("{} is gone", was.name));
            }
        }
        if !differs.is_empty() {
            self.broken
                .push(format!("after the rollback: {}", differs.join("; ")));
        }
    }
}

fn is_about(begun: &Begun, id: Uuid) -> bool {
    let id = id.to_string();
    begun
        .ids
        .values()
        .chain(begun.brought.values())
        .any(|one| *one == id)
}

pub(crate) fn standings(stage: &Stage) -> BTreeMap<Uuid, Standing> {
    stage.entra.read(|directory| {
        let all = directory.service_principals.iter();
        all.filter(|one| one.template_id.is_some())
            .map(|one| (one.id, Standing::of(one)))
            .collect()
    })
}

/// People whom a connector has brought, and who are in its scope still.
fn carried(directory: &Directory, one: &ServicePrincipal) -> BTreeSet<Uuid> {
    let jobs = one.synchronization.jobs.iter();
    jobs.flat_map(|job| {
        let scope = in_scope(directory, one, job);
        let links = job.links.iter();
        links
            .filter(|(_, link)| link.kind == ObjectKind::User && !link.lost)
            .map(|(id, _)| *id)
            .filter(move |id| scope.contains(id))
            .collect::<Vec<_>>()
    })
    .collect()
}

/// Whom connectors that run have brought to the account.
fn brought_to_the_account(directory: &Directory) -> BTreeSet<Uuid> {
    let all = directory.service_principals.iter();
    let account = all.filter(|one| {
        let address = one.synchronization.secret("BaseAddress");
        let runs = one
            .synchronization
            .jobs
            .iter()
            .any(|job| is_on(job.schedule));
        runs && address.is_some_and(|address| address.contains("/accounts/"))
    });
    account.flat_map(|one| carried(directory, one)).collect()
}
