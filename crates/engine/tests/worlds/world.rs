//! A random world: people, groups, workspaces, connectors of every state and scope.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng, SeedableRng};
use serde_json::json;
use usher_practice::databricks::Databricks;
use usher_practice::entra::connector::ScheduleState;
use usher_practice::entra::directory::{Directory, Member, User};
use usher_practice::entra::sample::{self, Connector};
use usher_practice::harness::Harness;
use usher_practice::ids;
use usher_practice::scenario::{Stage, Tenant};
use usher_practice::seed::People;
use usher_practice::unplugged::unplugged;
use uuid::Uuid;

/// How a connector begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Has run, and runs.
    Runs,
    /// Has run, and was paused.
    Paused,
    /// Never started.
    New,
    /// Runs, in quarantine: its token is refused.
    Quarantined,
}

/// What is known about whether a workspace is identity-federated.
pub(crate) const WORKSPACES: usize = ids::WORKSPACES.len();

/// A world, and what the set-up asks for.
pub(crate) struct World {
    pub(crate) stage: Stage,
    /// The account connector, where there is one.
    pub(crate) account: Option<Uuid>,
    /// By workspace: federated, not, or not to be seen.
    pub(crate) federated: [Option<bool>; WORKSPACES],
    /// The set-up's `want`.
    pub(crate) want: serde_json::Value,
    /// Chance for the rest of the story.
    pub(crate) chance: StdRng,
    /// What was made, for people.
    pub(crate) told: Vec<String>,
}

pub(crate) const NAME: &str = "Databricks account";

impl World {
    pub(crate) async fn make(number: u64) -> Self {
        let mut chance = StdRng::seed_from_u64(number);
        let people = People::generate(number, chance.random_range(5..13));
        let mut harness = Harness::default();
        if chance.random_bool(0.3) {
            // Cycles take time, so that a pause falls into one.
            harness.latency = std::time::Duration::from_secs(2);
        }
        let mut tenant = Tenant::usual(people, harness);
        let users: Vec<Uuid> = tenant
            .people
            .people
            .iter()
            .map(|person| person.entra_id)
            .collect();
        let groups = groups(&mut chance, &mut tenant.directory, &users);
        let mut told = Vec::new();
        for user in tenant.directory.users.iter_mut() {
            spoil(&mut chance, user);
        }
        let federated = [(); WORKSPACES].map(|()| match chance.random_range(0..10) {
            0 => None,
            1 | 2 => Some(false),
            _ => Some(true),
        });
        let stage = unplugged(tenant);
        federate(&stage.databricks, |_| false);
        let mut world = Self {
            account: None,
            federated,
            want: json!({}),
            chance,
            told: Vec::new(),
            stage,
        };
        if world.chance.random_bool(0.85) {
            let mut connector = world.stage.account_connector();
            NAME.clone_into(&mut connector.name);
            let generous = world.chance.random_bool(0.6);
            let assigned = world.some(&groups, &users, if generous { 5 } else { 2 });
            let id = world.connector(connector, &assigned, &mut told).await;
            world.account = Some(id);
        }
        for workspace in &ids::WORKSPACES {
            for copy in 0..*[0, 1, 1, 1, 2].choose(&mut world.chance).unwrap() {
                let mut connector = world.stage.workspace_connector(workspace);
                if copy > 0 {
                    connector.name.push_str(" (second)");
                }
                let assigned = world.some(&groups, &users, 3);
                world.connector(connector, &assigned, &mut told).await;
            }
        }
        for (at, workspace) in ids::WORKSPACES.iter().enumerate() {
            // What cannot be seen may be either.
            let truth = world.federated[at].unwrap_or_else(|| world.chance.random());
            federate_one(&world.stage.databricks, workspace.id, truth);
            told.push(format!(
                "{}: federated {:?}",
                workspace.id, world.federated[at]
            ));
        }
        world.want(&groups, &users);
        told.push(format!("want {}", world.want));
        world.told = told;
        world
    }

    /// A world in which everything is well: the account connector runs and covers the two workspace connectors, which run.
    pub(crate) async fn well() -> (Self, [Uuid; 2]) {
        let tenant = Tenant::usual(People::generate(7, 10), Harness::default());
        let stage = unplugged(tenant);
        federate(&stage.databricks, |_| false);
        let everyone = stage.group(usher_practice::seed::EVERYONE_GROUP);
        let engineers = stage.group("databricks-engineers");
        let mut account = stage.account_connector();
        NAME.clone_into(&mut account.name);
        let account = stage.put(&account, &[everyone]);
        stage.run(account).await;
        let mut old = [Uuid::nil(); 2];
        for (workspace, old) in ids::WORKSPACES.iter().zip(&mut old) {
            *old = stage.put(&stage.workspace_connector(workspace), &[engineers]);
            stage.run(*old).await;
        }
        federate(&stage.databricks, |_| true);
        let world = Self {
            stage,
            account: Some(account),
            federated: [Some(true); WORKSPACES],
            want: json!({ "provisioning": "on" }),
            chance: StdRng::seed_from_u64(7),
            told: Vec::new(),
        };
        (world, old)
    }

    /// A world in which nothing has been set up yet.
    pub(crate) fn fresh() -> Self {
        let tenant = Tenant::usual(People::generate(7, 10), Harness::default());
        Self {
            stage: unplugged(tenant),
            account: None,
            federated: [Some(true); WORKSPACES],
            want: json!({}),
            chance: StdRng::seed_from_u64(7),
            told: Vec::new(),
        }
    }

    /// A connector of a random state, and which has run where its state says so.
    async fn connector(
        &mut self,
        mut connector: Connector,
        assigned: &[Uuid],
        told: &mut Vec<String>,
    ) -> Uuid {
        let chance = &mut self.chance;
        let state = match chance.random_range(0..20) {
            0 | 1 => State::New,
            2..=4 => State::Paused,
            5 => State::Quarantined,
            _ => State::Runs,
        };
        connector.sync_all = chance.random_bool(0.04);
        connector.delete_threshold = chance.random_bool(0.5).then_some(500);
        let id = self.stage.put(&connector, assigned);
        if self.chance.random_bool(0.15) {
            let twist = twist(&mut self.chance);
            told.push(format!("{} has {twist}", connector.name));
            self.stage.job(id, |job| bend(&mut job.schema, twist));
        }
        if state != State::New {
            self.stage.run(id).await;
        }
        match state {
            State::Paused => {
                self.stage.job(id, |job| job.pause());
                self.drift(assigned);
            }
            State::Quarantined => {
                self.stage.entra.change(|directory| {
                    let principal = directory.service_principals.get_mut(&id).unwrap();
                    let secrets = &mut principal.synchronization.secrets;
                    secrets.insert("SecretToken".to_owned(), "dapi0".to_owned());
                });
                drop(usher_practice::provisioning::run_all(&self.stage.entra, Some(id)).await);
            }
            State::Runs | State::New => {}
        }
        let names = self.names(assigned);
        told.push(format!(
            "{} {id}: {state:?}, all {}, assigned {names:?}",
            connector.name, connector.sync_all
        ));
        id
    }

    /// Somebody left a group while its connector stood still: what it brought is more than what it carries.
    fn drift(&mut self, assigned: &[Uuid]) {
        if !self.chance.random_bool(0.5) {
            return;
        }
        let Some(group) = assigned.choose(&mut self.chance) else {
            return;
        };
        self.stage.entra.change(|directory| {
            if let Some(group) = directory.groups.get_mut(group) {
                group.members.pop();
            }
        });
    }

    /// Some groups and people.
    fn some(&mut self, groups: &[Uuid], users: &[Uuid], most: usize) -> Vec<Uuid> {
        let count = self.chance.random_range(1..=most);
        let mut some: Vec<Uuid> = groups
            .choose_multiple(&mut self.chance, count)
            .copied()
            .collect();
        if self.chance.random_bool(0.4) {
            some.extend(users.choose(&mut self.chance));
        }
        some
    }

    fn names(&self, ids: &[Uuid]) -> Vec<String> {
        self.stage.entra.read(|directory| {
            ids.iter()
                .map(|id| {
                    directory
                        .principal(id)
                        .map_or_else(String::new, |(_, name)| name.to_owned())
                })
                .collect()
        })
    }

    fn want(&mut self, groups: &[Uuid], users: &[Uuid]) {
        let mut assign = Vec::new();
        if self.chance.random_bool(0.5) {
            for id in self.some(groups, users, 2) {
                let kind = if groups.contains(&id) {
                    "group"
                } else {
                    "user"
                };
                assign.push(json!({ "type": kind, "id": id.to_string() }));
            }
        }
        let old: Vec<String> = self.stage.entra.read(|directory| {
            let all = directory.service_principals.iter();
            all.filter(|one| Some(one.id) != self.account)
                .map(|one| one.id.to_string())
                .collect()
        });
        let retire = self.chance.random_bool(0.2).then(|| {
            old.choose(&mut self.chance)
                .cloned()
                .into_iter()
                .collect::<Vec<_>>()
        });
        let mut want = json!({
            "provisioning": "on",
            "assign": assign,
            "coverGaps": self.chance.random_bool(0.85),
            "retire": retire,
        });
        if self.chance.random_bool(0.1) {
            want["provisioning"] = json!(null);
        }
        if self.chance.random_bool(0.3) {
            want["safetyBelt"] = json!(true);
        }
        if self.chance.random_bool(0.5) {
            want["scope"] = json!("assigned");
        }
        if self.chance.random_bool(0.3) {
            want["deleteThreshold"] = json!(500);
        }
        if self.chance.random_bool(0.2) {
            want["assignmentRequired"] = json!(self.chance.random_bool(0.5));
        }
        self.want = want;
    }
}

/// A mapping or filter that is not the usual one.
fn twist(chance: &mut StdRng) -> &'static str {
    [
        "a filter that holds",
        "a filter that leaves people out",
        "a filter nobody can evaluate",
        "a filter by an attribute nobody reads",
        "user names from mail",
        "user names from an expression",
        "no users",
    ]
    .choose(chance)
    .unwrap()
}

fn bend(schema: &mut serde_json::Value, twist: &str) {
    let users = schema
        .pointer_mut("/synchronizationRules/0/objectMappings/0")
        .unwrap();
    let filter = |operator: &str, attribute: &str, value: &str| {
        json!({ "groups": [{ "name": "a", "clauses": [{
            "operatorName": operator, "sourceOperandName": attribute, "targetOperand": { "values": [value] },
        }] }] })
    };
    match twist {
        "a filter that holds" => users["scope"] = filter("IS NOT NULL", "userPrincipalName", ""),
        "a filter that leaves people out" => users["scope"] = filter("IS NOT NULL", "mail", ""),
        "a filter nobody can evaluate" => {
            users["scope"] = filter("REGEX MATCH", "displayName", "[A-M].*")
        }
        "a filter by an attribute nobody reads" => {
            users["scope"] = filter("EQUALS", "extensionAttribute4", "lakehouse")
        }
        "user names from mail" => {
            users["attributeMappings"][0]["source"] = json!({ "type": "Attribute", "name": "mail", "expression": "[mail]", "parameters": [] })
        }
        "user names from an expression" => {
            users["attributeMappings"][0]["source"] = json!({ "type": "Function", "name": "ToLower",
                "expression": "ToLower([userPrincipalName])", "parameters": [] })
        }
        _ => users["enabled"] = json!(false),
    }
}

/// Groups that overlap, some of them nested.
fn groups(chance: &mut StdRng, directory: &mut Directory, users: &[Uuid]) -> Vec<Uuid> {
    let old: Vec<Uuid> = directory.groups.iter().map(|group| group.id).collect();
    for id in old {
        directory.groups.remove(&id);
    }
    let mut made: Vec<Uuid> = Vec::new();
    for at in 0..chance.random_range(3..7) {
        let count = chance.random_range(0..=users.len().min(6));
        let mut members: Vec<Member> = users
            .choose_multiple(chance, count)
            .map(|id| Member::User(*id))
            .collect();
        if chance.random_bool(0.3)
            && let Some(inner) = made.choose(chance)
        {
            members.push(Member::Group(*inner));
        }
        if chance.random_bool(0.1) {
            members.push(Member::ServicePrincipal(sample::stable_id("a robot")));
        }
        let id = sample::stable_id(&format!("group {at}"));
        directory
            .groups
            .put(sample::group(id, &format!("team-{at}"), members));
        made.push(id);
    }
    made
}

fn spoil(chance: &mut StdRng, user: &mut User) {
    if chance.random_bool(0.06) {
        user.account_enabled = false;
    }
    if chance.random_bool(0.1) {
        user.mail = None;
    }
}

fn federate(databricks: &Databricks, which: impl Fn(u64) -> bool) {
    for workspace in databricks.world().workspaces.values_mut() {
        workspace.federated = which(workspace.id);
    }
}

fn federate_one(databricks: &Databricks, id: u64, truth: bool) {
    let mut world = databricks.world();
    if let Some(workspace) = world.workspaces.get_mut(&id) {
        workspace.federated = truth;
    }
}

/// Whether a job's schedule is on.
pub(crate) fn is_on(state: ScheduleState) -> bool {
    state == ScheduleState::Active
}
