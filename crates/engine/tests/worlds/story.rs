//! The story of one world: the move is applied, killed, resumed, tidied up, rolled back and applied again, while cycles run and
//! other hands work.

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use usher_core::model::{Endpoints, Secret, Setup, World as Reach};
use usher_core::outcome::{ChangeOutcome, ChangeState};
use usher_core::plan::{ChangeKind, Plan, PlanOptions, plan};
use usher_engine::apply::{
    Applied, ApplyEvent, Executor, Journal, MemoryJournal, ScimToken, Work, created_application,
    looking_back,
};
use usher_engine::observe::Observed;
use usher_entra::graph::Graph;
use usher_practice::provisioning;
use usher_practice::scenario::Stage;
use usher_transport::{CancellationToken, Client, ClientConfig};
use uuid::Uuid;

use crate::hand;
use crate::journal::{Kill, Mortal};
use crate::law::Law;
use crate::line::{Line, Strike};
use crate::look::Look;
use crate::world::{NAME, World};

/// From one cycle of every connector to the next, of the virtual clock; for the practice tenant they are 40 minutes.
const CYCLE: Duration = Duration::from_secs(120);

/// How long a run waits for cycles.
const PATIENCE: Duration = Duration::from_secs(40 * 60);

/// How the product sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Eyes {
    Open,
    /// See [`Look::blind`].
    Blind,
}

/// Lives through a story on a virtual clock, with cycles.
pub(crate) fn on_virtual_time<T>(
    make: impl AsyncFnOnce() -> (World, T),
    test: impl AsyncFnOnce(&mut Story, T),
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let (world, about) = make().await;
        let mut story = Story::of(world, QUIET, Eyes::Open);
        let law = Arc::clone(&story.law);
        let ticks = cycles(story.stage.clone(), law, Arc::default(), QUIET);
        tokio::select! {
            () = test(&mut story, about) => {}
            () = ticks => unreachable!("cycles never end"),
        }
        assert_eq!(story.law.lock().unwrap().broken, Vec::<String>::new());
    });
}

/// Lives through a world. Gives what happened in it, or what broke.
pub(crate) fn live(number: u64, eyes: Eyes, aloud: bool) -> Result<Vec<&'static str>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let world = World::make(number).await;
        let mut story = Story::of(world, number, eyes);
        let law = Arc::clone(&story.law);
        let told = Arc::clone(&story.told);
        let stage = story.stage.clone();
        let ticks = cycles(stage, Arc::clone(&law), Arc::clone(&told), number);
        let marks = tokio::select! {
            marks = story.tell() => marks,
            () = ticks => unreachable!("cycles never end"),
        };
        law.lock().unwrap().once();
        let broken = std::mem::take(&mut law.lock().unwrap().broken);
        let told = told.lock().unwrap();
        if aloud {
            println!("{}", told.join("\n"));
        }
        if broken.is_empty() {
            Ok(marks)
        } else {
            Err(broken.join("\n    "))
        }
    })
}

/// A client that is never used; reading the machine's certificates for each world would take longer than the world.
fn nobody_to_call(stage: &Stage) -> Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let make = || {
        let endpoints = serde_json::to_string(&stage.details.endpoints).unwrap();
        let reach = Reach::Mapped(Endpoints::parse(&endpoints).unwrap());
        Client::new(ClientConfig::new(reach)).unwrap()
    };
    CLIENT.get_or_init(make).clone()
}

/// The number of a world in which no other hand works by itself.
pub(crate) const QUIET: u64 = u64::MAX;

pub(crate) type Told = Arc<Mutex<Vec<String>>>;

/// Cycles run by themselves, and other hands work between them.
pub(crate) async fn cycles(stage: Stage, law: Arc<Mutex<Law>>, told: Told, number: u64) {
    let mut chance = StdRng::seed_from_u64(number ^ 0x5eed_0001);
    let busy = number != QUIET && chance.random_bool(0.3);
    loop {
        tokio::time::sleep(CYCLE).await;
        stage.harness.clock.advance(Duration::from_secs(40 * 60));
        if busy && chance.random_bool(0.15) {
            let done = hand::act(&stage, &mut law.lock().unwrap(), &mut chance);
            told.lock().unwrap().push(format!("another hand {done}"));
        }
        let all: Vec<Uuid> = stage.entra.read(|directory| {
            let all = directory.service_principals.iter();
            all.map(|one| one.id).collect()
        });
        for connector in all {
            let ran = provisioning::run_all(&stage.entra, Some(connector)).await;
            if !ran.is_empty() {
                law.lock().unwrap().after_cycle(connector);
            }
        }
    }
}

/// Another hand, that acts right after a change has settled.
pub(crate) type Hand = Box<dyn Fn(&Stage, &ChangeOutcome) + Send + Sync>;

/// A world with everything that a run needs.
pub(crate) struct Story {
    pub(crate) stage: Stage,
    pub(crate) setup: Setup,
    pub(crate) hand: Option<Hand>,
    graph: Graph,
    pub(crate) line: Arc<Line>,
    /// Cancels what is carried out.
    cancel: CancellationToken,
    pub(crate) look: Look,
    token: ScimToken,
    pub(crate) journal: MemoryJournal,
    pub(crate) law: Arc<Mutex<Law>>,
    chance: StdRng,
    told: Told,
    marks: Vec<&'static str>,
}

/// What a run came to.
enum Run {
    Killed,
    Refused,
    Ran(Applied),
}

impl Story {
    pub(crate) fn of(world: World, number: u64, eyes: Eyes) -> Self {
        let World {
            stage,
            account,
            federated,
            want,
            chance,
            told,
        } = world;
        let line = Arc::new(Line::new(stage.entra.clone()));
        let base = format!("{}/v1.0", stage.details.endpoints.graph);
        let graph = Graph::over(line.clone(), base.parse().unwrap(), 1.0);
        let cancel = CancellationToken::new();
        let look = Look {
            graph: graph.clone(),
            http: nobody_to_call(&stage),
            databricks: stage.databricks.clone(),
            federated,
            cancel: cancel.clone(),
            blind: eyes == Eyes::Blind,
            early: AtomicU32::new(0),
        };
        let setup = serde_json::from_value(serde_json::json!({
            "schema": "usher.setup/1", "name": format!("World {number}"), "journey": "migrate", "cloud": "azure",
            "entra": {
                "tenantId": stage.details.tenant_id, "signIn": "client-secret", "clientId": stage.details.client_id,
                "app": { "displayName": NAME, "servicePrincipalId": account.map(|id| id.to_string()) },
            },
            "databricks": {
                "accountId": stage.details.account_id, "scimUrl": stage.details.scim_url, "workspaces": [],
            },
            "want": want,
        }))
        .unwrap();
        let mut law = Law::new(&stage);
        law.belted = account.filter(|_| want["safetyBelt"] == true);
        Self {
            token: ScimToken {
                url: stage.details.scim_url.parse().unwrap(),
                secret: Secret::new(stage.details.scim_token.clone()),
            },
            law: Arc::new(Mutex::new(law)),
            told: Arc::new(Mutex::new(told)),
            journal: MemoryJournal::default(),
            marks: Vec::new(),
            hand: None,
            setup,
            graph,
            line,
            cancel,
            look,
            chance,
            stage,
        }
    }

    fn mark(&mut self, mark: &'static str) {
        if !self.marks.contains(&mark) {
            self.marks.push(mark);
        }
    }

    fn say(&self, text: String) {
        self.told.lock().unwrap().push(text);
    }

    async fn tell(&mut self) -> Vec<&'static str> {
        for round in 0..2 {
            if self.until_settled(false).await && self.chance.random_bool(0.3) {
                self.setup.want.unassign_retired = true;
                self.until_settled(false).await;
                self.setup.want.unassign_retired = false;
            }
            if round == 1 || !self.chance.random_bool(0.6) {
                break;
            }
            if self.look.blind || self.chance.random_bool(0.35) {
                let told = hand::people_leave(&self.stage, &mut self.law.lock().unwrap());
                self.say(format!("another hand {told}"));
            }
            if self.until_settled(true).await {
                self.mark("rolled back");
                let lines = self.journal.lines();
                self.law.lock().unwrap().rolled_back(&lines);
            }
            if self.chance.random_bool(0.5) {
                break;
            }
        }
        // Whatever was set in motion comes to its end.
        tokio::time::sleep(CYCLE * 4).await;
        if self
            .told
            .lock()
            .unwrap()
            .iter()
            .any(|line| line.starts_with("another hand"))
        {
            self.mark("other hand");
        }
        std::mem::take(&mut self.marks)
    }

    /// Runs, with faults and kills at first, until a run comes to its end. Whether that was a good one.
    async fn until_settled(&mut self, back: bool) -> bool {
        for attempt in 0..5 {
            let calm = attempt >= 3 || self.chance.random_bool(0.35);
            let kill = (!calm && self.chance.random_bool(0.5)).then(|| Kill {
                after: self.chance.random_range(1..9),
                on_disk: self.chance.random_bool(0.5),
            });
            let strikes = if calm { Vec::new() } else { self.strikes() };
            self.line.strike(strikes);
            let run = self.run(back, kill).await;
            let struck = self.line.struck();
            self.line.strike(Vec::new());
            if !struck.is_empty() {
                self.say(format!("  struck: {struck:?}"));
                self.mark("struck");
            }
            match run {
                Run::Killed => self.mark("killed"),
                Run::Refused => {
                    self.mark("refused");
                    return false;
                }
                Run::Ran(applied) => {
                    let undone = applied.outcome.changes.iter().any(|change| {
                        matches!(change.state, ChangeState::Failed | ChangeState::NotTried)
                    });
                    if !undone {
                        self.law.lock().unwrap().ended();
                        return true;
                    }
                }
            }
            // The next morning.
            tokio::time::sleep(CYCLE * 2).await;
        }
        false
    }

    fn strikes(&mut self) -> Vec<(u32, Strike)> {
        const ALL: [Strike; 5] = [
            Strike::Refused,
            Strike::CutBefore,
            Strike::CutAfter,
            Strike::BrokenAfter,
            Strike::Broken,
        ];
        let count = self.chance.random_range(0..3);
        (0..count)
            .map(|_| {
                let strike = ALL[self.chance.random_range(0..ALL.len())];
                (self.chance.random_range(0..5), strike)
            })
            .collect()
    }

    async fn run(&mut self, back: bool, kill: Option<Kill>) -> Run {
        let what = if back { "rollback" } else { "apply" };
        self.say(format!("{what}, kill {kill:?}"));
        let mut journal = Mortal::new(self.journal.clone(), kill).forgetting(self.look.blind);
        let death = journal.death();
        let done = tokio::select! {
            run = self.once(back, &mut journal) => run,
            () = death => None,
        };
        let Some((refusals, applied)) = done else {
            self.say("  killed".to_owned());
            return Run::Killed;
        };
        if let Some(id) = created_application(&self.journal.lines()) {
            self.setup.entra.app.service_principal_id = Some(id);
        }
        let Some(applied) = applied else {
            self.say(format!("  refused: {refusals:?}"));
            return Run::Refused;
        };
        for change in &applied.outcome.changes {
            self.say(format!(
                "  {} {:?} {}",
                change.id,
                change.state,
                change
                    .error
                    .as_deref()
                    .or(change.reason.as_deref())
                    .unwrap_or_default()
            ));
            match (change.kind, change.state) {
                (ChangeKind::Pause, ChangeState::Done) => self.mark("paused"),
                (ChangeKind::Unassign, ChangeState::Done) => self.mark("unassigned"),
                _ => {}
            }
        }
        Run::Ran(applied)
    }

    /// One run as a face makes it: recover, look, plan, carry out.
    async fn once(
        &mut self,
        back: bool,
        journal: &mut Mortal,
    ) -> Option<(Vec<String>, Option<Applied>)> {
        self.recover(journal).await;
        if back {
            let observed = self.looked_back(journal).await;
            let applied = self.take_back(&observed, journal).await;
            return Some((Vec::new(), Some(applied)));
        }
        let (plan, observed) = self.planned().await;
        if !plan.refusals.is_empty() {
            let why = plan.refusals.iter();
            return Some((
                why.map(|one| format!("{}: {}", one.check, one.title))
                    .collect(),
                None,
            ));
        }
        let applied = self.carry(&plan, &observed, journal).await;
        Some((Vec::new(), Some(applied)))
    }

    /// What became of the last run, by the journal and the world.
    pub(crate) async fn recover(&mut self, journal: &mut dyn Journal) {
        let (graph, cancel) = (self.graph.clone(), self.cancel.clone());
        let mut executor = Executor {
            graph: &graph,
            journal,
            token: Some(&self.token),
            events: &|_| {},
            cancel: &cancel,
        };
        executor.recover().await.unwrap();
        if let Some(id) = created_application(&executor.journal.lines()) {
            self.setup.entra.app.service_principal_id = Some(id);
        }
    }

    /// What cancels the runs from now on.
    pub(crate) fn cancellable(&mut self) -> CancellationToken {
        self.cancel = CancellationToken::new();
        self.look.cancel = self.cancel.clone();
        self.cancel.clone()
    }

    /// A fresh look, by which what the journal tells can be taken back.
    pub(crate) async fn looked_back(&self, journal: &dyn Journal) -> Observed {
        let setup = looking_back(&self.setup, &journal.lines());
        self.look.observe(&setup).await
    }

    /// Takes back what the journal tells, by this look.
    pub(crate) async fn take_back(
        &self,
        observed: &Observed,
        journal: &mut dyn Journal,
    ) -> Applied {
        self.carry_out(Work::Rollback, observed, journal).await
    }

    /// Graph, as this story's runs have it.
    pub(crate) fn graph(&self) -> Graph {
        self.graph.clone()
    }

    /// A fresh look, and the plan by it.
    pub(crate) async fn planned(&self) -> (Plan, Observed) {
        let observed = self.look.observe(&self.setup).await;
        let options = PlanOptions {
            token_held: true,
            admin_confirmed: true,
            address_fault: None,
        };
        let seen = &observed.observation;
        let plan = plan(&self.setup, seen, options, Timestamp::now());
        (plan, observed)
    }

    /// Carries a plan out that was made by this look.
    pub(crate) async fn carry(
        &self,
        plan: &Plan,
        observed: &Observed,
        journal: &mut dyn Journal,
    ) -> Applied {
        let work = Work::Apply {
            plan,
            only: None,
            patience: Some(PATIENCE),
        };
        self.carry_out(work, observed, journal).await
    }

    async fn carry_out(
        &self,
        work: Work<'_>,
        observed: &Observed,
        journal: &mut dyn Journal,
    ) -> Applied {
        let events = |event: ApplyEvent| {
            if let ApplyEvent::Settled { outcome } = event {
                watch(&self.law, &outcome);
                if let Some(hand) = &self.hand {
                    hand(&self.stage, &outcome);
                }
            }
        };
        let mut executor = Executor {
            graph: &self.graph,
            journal,
            token: Some(&self.token),
            events: &events,
            cancel: &self.cancel,
        };
        executor
            .carry_out(work, &self.setup, observed, &self.look)
            .await
            .unwrap()
    }
}

/// An old connector that was just paused is judged at once.
fn watch(law: &Mutex<Law>, outcome: &ChangeOutcome) {
    let paused = outcome.kind == ChangeKind::Pause && outcome.state == ChangeState::Done;
    let id = outcome
        .id
        .strip_prefix("pause:")
        .and_then(|id| id.parse().ok());
    if let Some(old) = id.filter(|_| paused) {
        law.lock().unwrap().retired(old);
    }
}
