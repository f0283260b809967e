//! A move as the window walks it, on the practice tenant: inventory, coverage, the move, back, and again.

use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use usher_core::coverage::Fate;
use usher_core::inventory::ConnectorPart;
use usher_core::journey::StepState;
use usher_core::model::DatabricksCloud;
use usher_core::model::setup::{Journey, SignIn};
use usher_core::outcome::ChangeState;
use usher_core::plan::ChangeKind;
use usher_engine::session::Progress;
use usher_engine::session::view::*;
use usher_practice::entra::sample::{account_name, accounts};
use usher_practice::{FaultKind, FaultRule, Options, TimeScale};

use crate::sitting::{Sitting, deaf, start};

pub(crate) struct Walk(Sitting);

impl Deref for Walk {
    type Target = Sitting;

    fn deref(&self) -> &Sitting {
        &self.0
    }
}

impl Walk {
    /// A move that is signed in on both sides, with the second Databricks credential or without.
    pub(crate) async fn begin(scenario: &str, second: bool) -> Self {
        let options = Options {
            scenario: scenario.to_owned(),
            time: TimeScale::Every(Duration::from_millis(300)),
            ..Options::default()
        };
        let begun = CreateSetup {
            name: "Move".to_owned(),
            journey: Journey::Migrate,
            cloud: DatabricksCloud::Azure,
        };
        let walk = Self(Sitting::open(options, begun).await);
        walk.databricks(second).await;
        walk.sign_in().await;
        walk
    }

    /// Enters what the Databricks side needs.
    async fn databricks(&self, second: bool) {
        let details = self.practice.details();
        let text = details.scim_url.clone();
        self.session.use_url(RecogniseUrl { text }).await.unwrap();
        self.keep("scim-token", &details.scim_token).await;
        if second {
            let id = details.databricks_client_id.clone();
            self.set(SetupChange::DatabricksClientId(Some(id))).await;
            let secret = &details.databricks_client_secret;
            self.keep("databricks-client-secret", secret).await;
        }
    }

    /// A person signs in with the browser instead.
    async fn as_person(&self, who: &str) {
        let name = account_name(who);
        let entra = self.practice.entra();
        entra.turn(|knobs| knobs.auto_approve = Some(name));
        self.set(SetupChange::SignIn(None)).await;
        self.set(SetupChange::SignIn(Some(SignIn::Browser))).await;
        self.session.sign_in(start("in"), deaf()).await.unwrap();
    }

    /// And takes that sign-in to Azure Databricks.
    async fn to_databricks(&self) -> Result<SetupView, Failure> {
        let job = start("databricks");
        self.session.sign_in_to_databricks(job, deaf()).await
    }

    pub(crate) async fn moving(&self) -> MoveView {
        self.session.move_view(()).await.unwrap()
    }

    /// Takes the workspaces behind the connectors into the set-up, and their tokens.
    pub(crate) async fn workspaces(&self) -> SetupView {
        self.look().await;
        let named = self.session.name_workspaces(start("name"), deaf()).await;
        let named = named.unwrap();
        for workspace in &named.setup.databricks.workspaces {
            let token = &self.practice.details().pats[&workspace.id];
            let slot = json!({ "slot": "workspace-token", "workspaceId": workspace.id });
            self.keep_in(slot, token).await;
        }
        self.look().await
    }

    async fn rows(&self, search: &str, filter: RowFilter) -> RowWindow {
        let request = RowsRequest {
            table: TableId::Coverage,
            search: search.to_owned(),
            filter,
            order: RowOrder::Name,
            offset: 0,
            limit: 100,
        };
        self.session.rows(request).await.unwrap()
    }

    /// Confirms the plan as it stands, and hears what the run tells.
    pub(crate) async fn apply(&self) -> (ApplyResult, Vec<ApplyEvent>) {
        let plan = self.session.plan(()).await.unwrap();
        assert_eq!(plan.refusals, []);
        let request = ApplyRequest {
            job: "apply".to_owned(),
            digest: plan.digest,
            only: None,
            fix: None,
        };
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        let progress: Progress<ApplyEvent> =
            Arc::new(move |event| heard.lock().unwrap().push(event));
        let result = self.session.apply(request, progress).await.unwrap();
        let events = std::mem::take(&mut *told.lock().unwrap());
        (result, events)
    }

    /// How often anybody was made inactive so far.
    pub(crate) fn deactivations(&self) -> usize {
        let changes = self.practice.changes();
        let off = |change: &&usher_practice::Change| {
            change.before.to_string().contains(r#""active":true"#)
                && change.after.to_string().contains(r#""active":false"#)
        };
        changes.iter().filter(off).count()
    }
}

fn state(view: &SetupView, step: &str) -> StepState {
    let step = view.steps.iter().find(|one| one.id == step).unwrap();
    step.state
}

fn tells(events: &[ApplyEvent], words: &str) -> bool {
    let holds = |event: &ApplyEvent| matches!(event, ApplyEvent::Looking { what, .. } if what.contains(words));
    events.iter().any(holds)
}

pub(crate) fn part(view: &MoveView, name: &str) -> ConnectorPart {
    let mut connectors = view.inventory.connectors.iter();
    connectors.find(|one| one.name == name).unwrap().part
}

#[tokio::test]
async fn a_move_from_its_inventory_to_moved_back_and_again() {
    let walk = Walk::begin("migrate-small", true).await;
    let before = walk.deactivations();
    let view = walk.workspaces().await;
    assert_eq!(state(&view, "connectors"), StepState::Done);
    let moving = walk.moving().await;
    assert!(moving.inventory.workspaces_complete && moving.inventory.unnamed.is_empty());
    assert_eq!(moving.inventory.second_is_admin, Some(true));
    assert_eq!(
        part(&moving, "Databricks harbour-finance"),
        ConnectorPart::Retires
    );
    assert_eq!(
        part(&moving, "Databricks harbour-research"),
        ConnectorPart::Stays
    );
    let counts = moving.coverage.unwrap();
    assert_eq!(counts.loses_access, 0);
    assert!(counts.covered > 0 && counts.cannot_travel > 0);

    for round in 0..2 {
        let (result, told) = walk.apply().await;
        let pauses: Vec<_> = result
            .outcome
            .changes
            .iter()
            .filter(|change| change.kind == ChangeKind::Pause)
            .collect();
        assert_eq!(pauses.len(), 2, "{round}: {result:?}");
        assert!(pauses.iter().all(|pause| pause.state == ChangeState::Done));
        assert_eq!(result.workspaces.len(), 3);
        assert!(result.workspaces.iter().all(|one| one.lost.is_empty()));
        assert!(tells(&told, "Reading"), "{told:?}");
        assert!(tells(&told, "Waiting until the last cycle"), "{told:?}");
        assert!(tells(&told, "what they had"), "{told:?}");
        assert_eq!(state(&result.setup, "move"), StepState::Done);
        assert_eq!(walk.session.plan(()).await.unwrap().changes, []);

        let back = walk.session.rollback(start("back"), deaf()).await.unwrap();
        let mut changes = back.outcome.changes.iter();
        assert!(changes.all(|change| change.state == ChangeState::Undone));
        let running = |one: &usher_core::inventory::InventoryConnector| one.running == Some(true);
        assert!(walk.moving().await.inventory.connectors.iter().all(running));
    }
    assert_eq!(walk.deactivations(), before, "somebody was deactivated");
}

#[tokio::test]
async fn somebody_whose_account_was_disabled_since_leaves_no_start_to_a_person() {
    let walk = Walk::begin("migrate-small", true).await;
    walk.workspaces().await;
    walk.apply().await;
    walk.practice.entra().change(|directory| {
        let mut groups = directory.groups.iter();
        let analysts = groups.find(|group| group.display_name == "databricks-analysts");
        let member = analysts.and_then(|group| group.members.first());
        let person = member.expect("the group has people").id();
        let person = directory.users.get_mut(&person);
        person.expect("a person").account_enabled = false;
    });
    walk.look().await;
    let planned = |view: &RollbackView| -> Vec<UndoKind> {
        view.changes.iter().map(|change| change.undo).collect()
    };
    let view = walk.session.planned_rollback(()).await.unwrap();
    assert_eq!(planned(&view), [UndoKind::TakeBack; 2], "{view:?}");

    // A journal of an earlier version does not tell whom a connector carried: it opens, and the start is left to a person.
    let setups = std::fs::read_dir(walk.folder.path().join("data/setups")).unwrap();
    let mut files = setups.map(|file| file.unwrap().path());
    let journal = files.find(|path| path.to_string_lossy().ends_with(".journal.jsonl"));
    let journal = journal.unwrap();
    let text = std::fs::read_to_string(&journal).unwrap();
    let older = text.lines().map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Some(before) = line.get_mut("before").and_then(|one| one.as_object_mut()) {
            before.remove("carried");
        }
        format!("{line}\n")
    });
    let older: String = older.collect();
    assert_ne!(older.len(), text.len());
    std::fs::write(&journal, older).unwrap();
    let view = walk.session.planned_rollback(()).await.unwrap();
    assert_eq!(planned(&view), [UndoKind::Manual; 2], "{view:?}");
    std::fs::write(&journal, text).unwrap();

    let back = walk.session.rollback(start("back"), deaf()).await.unwrap();
    let mut changes = back.outcome.changes.iter();
    assert!(
        changes.all(|change| change.state == ChangeState::Undone),
        "{back:?}"
    );
}

#[tokio::test]
async fn a_look_inside_a_run_tells_how_long_it_still_takes() {
    let walk = Walk::begin("migrate-small", true).await;
    walk.workspaces().await;
    // Long enough for a pace that can be believed; the last workspace is still being read then.
    for (host, millis) in [("workspace-1002", 2_500), ("workspace-1003", 4_500)] {
        let slow = FaultRule::new(host, "*/Me", FaultKind::Slow { millis });
        walk.practice.control().faults.add(slow.times(1));
    }
    let (_, told) = walk.apply().await;
    let estimated = |event: &ApplyEvent| match event {
        ApplyEvent::Looking { what, left, .. } => {
            what.starts_with("Reading workspaces") && left.is_some()
        }
        _ => false,
    };
    assert!(told.iter().any(estimated), "{told:#?}");
}

#[tokio::test]
async fn a_gap_is_a_row_with_what_brings_the_person_and_closed_by_the_plan() {
    let walk = Walk::begin("migrate-gap", true).await;
    walk.workspaces().await;
    let counts = walk.moving().await.coverage.unwrap();
    assert_eq!(counts.loses_access, 1);
    let lost = walk.rows("", RowFilter::LosesAccess).await;
    assert_eq!((lost.matching, lost.rows.len()), (1, 1));
    let row = &lost.rows[0];
    assert_eq!(row.fate, Some(Fate::LosesAccess));
    assert!(row.note.as_deref().unwrap().contains("harbour-finance"));
    let found = walk.rows("harbour-finance", RowFilter::All).await;
    assert!(found.matching > 0 && found.matching < found.total);
    assert!(found.rows.iter().any(|one| one.id == row.id));

    let saved = SaveMoveReport {
        report: MoveReport::Coverage,
        folder: Some(walk.folder.path().display().to_string()),
    };
    let saved = walk.session.save_move_report(saved).await.unwrap();
    let text = std::fs::read_to_string(saved.path).unwrap();
    assert!(text.contains(&row.detail) && text.contains("would lose access"));

    let view = walk.set(SetupChange::CoverGaps(false)).await;
    assert_ne!(state(&view, "coverage"), StepState::Done);
    let refused = walk.session.plan(()).await.unwrap();
    assert_eq!(refused.refusals[0].check, "coverage");
    walk.set(SetupChange::CoverGaps(true)).await;
    let (result, _) = walk.apply().await;
    assert_eq!(result.outcome.changes[0].kind, ChangeKind::Assign);
    let counts = walk.moving().await.coverage.unwrap();
    assert_eq!(counts.loses_access, 0);
}

#[tokio::test]
async fn without_a_second_credential_a_persons_word_on_federation_moves_and_keeps() {
    let walk = Walk::begin("migrate-small", false).await;
    let view = walk.workspaces().await;
    let moving = walk.moving().await;
    assert_eq!(moving.inventory.second_is_admin, None);
    assert_eq!(
        part(&moving, "Databricks harbour-finance"),
        ConnectorPart::Unknown
    );
    let mut workspaces = view.setup.databricks.workspaces;
    assert_eq!(workspaces.len(), 3);
    for workspace in &mut workspaces {
        workspace.federated = Some(workspace.id != "1003");
    }
    walk.set(SetupChange::Workspaces(workspaces)).await;
    walk.look().await;
    let moving = walk.moving().await;
    assert!(moving.inventory.workspaces.iter().all(|one| one.said));
    let (result, _) = walk.apply().await;
    let paused = |name: &str| {
        let mut all = result.outcome.changes.iter();
        let id = &moving
            .inventory
            .connectors
            .iter()
            .find(|one| one.name == name)
            .unwrap()
            .id;
        all.any(|change| change.kind == ChangeKind::Pause && change.id.contains(id))
    };
    assert!(paused("Databricks harbour-analytics") && paused("Databricks harbour-finance"));
    assert!(!paused("Databricks harbour-research"));
}

#[tokio::test]
async fn an_admins_own_sign_in_is_the_second_credential() {
    let walk = Walk::begin("migrate-small", false).await;
    let refused = walk.to_databricks().await;
    assert_eq!(refused.unwrap_err().code, FailureCode::SignIn, "an app");
    walk.as_person(accounts::ADMIN).await;
    let view = walk.to_databricks().await.unwrap();
    assert!(view.setup.databricks.as_signed_in);
    assert_eq!(view.signed_in.unwrap().databricks, Some(true));
    walk.look().await;
    let inventory = walk.moving().await.inventory;
    assert_eq!(inventory.second_is_admin, Some(true));
    assert!(inventory.workspaces_complete);
    // No token of a workspace is kept: the admin sees users and local groups all the same.
    let finance = inventory.workspaces.iter().find(|one| one.id == "1002");
    let finance = finance.unwrap();
    assert_eq!(finance.federated, Some(true));
    assert!(finance.users.is_some_and(|users| users > 0));
    assert!(finance.local_groups.is_some_and(|groups| groups > 0));
    assert_eq!(finance.unseen, Vec::<String>::new());
    let on_disk = std::fs::read_dir(walk.folder.path().join("data/setups")).unwrap();
    for file in on_disk {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("eyJ"), "a token is in a file: {text}");
    }

    // The next sign-in takes it along without a word, and another cloud takes none.
    let view = walk.session.sign_in(start("in"), deaf()).await.unwrap();
    assert_eq!(view.signed_in.unwrap().databricks, Some(true));
    walk.set(SetupChange::Cloud(DatabricksCloud::Aws)).await;
    let elsewhere = walk.to_databricks().await;
    assert_eq!(elsewhere.unwrap_err().code, FailureCode::NotReady);
    walk.look().await;
    assert_eq!(walk.moving().await.inventory.second_is_admin, None);
}

#[tokio::test]
async fn without_consent_or_without_the_role_the_facts_are_asked_for_workspace_by_workspace() {
    let walk = Walk::begin("migrate-small", false).await;
    let entra = walk.practice.entra();
    walk.as_person(accounts::ADMIN).await;
    entra.turn(|knobs| knobs.consent_missing = true);
    let refused = walk.to_databricks().await.unwrap_err();
    assert_eq!(refused.code, FailureCode::SignIn);
    let view = walk.session.current_setup(()).await.unwrap();
    assert!(!view.setup.databricks.as_signed_in);

    entra.turn(|knobs| knobs.consent_missing = false);
    walk.as_person(accounts::GLOBAL_ADMIN).await;
    walk.to_databricks().await.unwrap();
    walk.workspaces().await;
    let inventory = walk.moving().await.inventory;
    assert_eq!(inventory.second_is_admin, None);
    let why = inventory.second_unseen.unwrap();
    assert!(why.contains("refused") || why.contains("token"), "{why}");
    let workspace = &inventory.workspaces[0];
    assert_eq!(workspace.federated, None);
    assert!(!workspace.unseen.is_empty());
    let plan = walk.session.plan(()).await.unwrap();
    assert_eq!(plan.refusals[0].check, "identity-federation");
}

/// A look that is cancelled once it has told of each of these, so many times done; `None`: all that there are.
async fn broken_off(walk: &Walk, points: &'static [(&'static str, Option<u64>)]) {
    let session = walk.session.clone();
    let heard = Mutex::new(vec![false; points.len()]);
    let progress: Progress<ObserveEvent> = Arc::new(move |event| {
        let ObserveEvent::Looking {
            what, done, total, ..
        } = event
        else {
            return;
        };
        let mut heard = heard.lock().unwrap();
        for (heard, (point, count)) in heard.iter_mut().zip(points) {
            *heard |= what.starts_with(point) && done.is_some() && done == count.or(total);
        }
        if heard.iter().all(|heard| *heard) {
            let session = session.clone();
            tokio::spawn(async move {
                let job = "look".to_owned();
                session.cancel(CancelJob { job }).await.unwrap();
            });
        }
    });
    let looked = walk.session.observe(start("look"), progress).await;
    assert_eq!(looked.unwrap_err().code, FailureCode::Cancelled);
}

/// What the next look asks, and what it tells.
async fn looked_again(walk: &Walk) -> (Vec<usher_practice::LoggedRequest>, Vec<String>) {
    let before = walk.practice.requests().len();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let progress: Progress<ObserveEvent> = Arc::new(move |event| {
        if let ObserveEvent::Looking { what, .. } = event {
            heard.lock().unwrap().push(what);
        }
    });
    let looked = walk.session.observe(start("again"), progress).await;
    looked.unwrap();
    let mut requests = walk.practice.requests().split_off(before);
    requests.retain(|one| one.user_agent.starts_with("usher/"));
    let told = std::mem::take(&mut *told.lock().unwrap());
    (requests, told)
}

fn asked(requests: &[usher_practice::LoggedRequest], host: &str, path: &str) -> usize {
    let is = |one: &&usher_practice::LoggedRequest| one.origin == host && one.path.contains(path);
    requests.iter().filter(is).count()
}

#[tokio::test]
async fn a_look_that_is_broken_off_goes_on_from_the_workspaces_it_has_read() {
    let walk = Walk::begin("migrate-small", true).await;
    walk.workspaces().await;
    let faults = &walk.practice.control().faults;
    let silent = FaultRule::new("workspace-1003", "*/scim/*", FaultKind::Never);
    faults.add(silent);
    broken_off(&walk, &[("Reading workspaces", Some(2))]).await;
    faults.clear();
    let (requests, told) = looked_again(&walk).await;
    assert_eq!(asked(&requests, "workspace-1001", ""), 0);
    assert_eq!(asked(&requests, "workspace-1002", ""), 0);
    assert!(asked(&requests, "workspace-1003", "") > 0);
    let says = |what: &String| what.contains("without 2 that were read a moment ago");
    assert!(told.iter().any(says), "{told:?}");
    let workspaces = walk.moving().await.inventory.workspaces;
    assert!(workspaces.iter().all(|one| one.users.is_some()));

    // The next look sees everything anew.
    let (requests, _) = looked_again(&walk).await;
    assert!(asked(&requests, "workspace-1001", "") > 0);
}

#[tokio::test]
async fn a_look_that_is_broken_off_goes_on_from_the_account_and_the_groups_it_has_read() {
    let walk = Walk::begin("migrate-small", true).await;
    let whole = walk.workspaces().await;
    let coverage = walk.moving().await.coverage;
    // Both sides have told who is who, and the members of one group in Databricks never come.
    let faults = &walk.practice.control().faults;
    let stuck = FaultRule::new("account", "*/Groups/*", FaultKind::Never);
    faults.add(FaultRule { skip: 1, ..stuck });
    let silent = FaultRule::new("workspace-1003", "*/scim/*", FaultKind::Never);
    faults.add(silent);
    let points = &[
        ("Reading assigned groups", None),
        ("Reading users of the account", None),
        ("Reading members of groups in Databricks", Some(1)),
    ];
    broken_off(&walk, points).await;
    faults.clear();

    let (_, told) = looked_again(&walk).await;
    // A group whose last answer was still to come is read once more.
    let listed = |told: &[String]| {
        let of = |list: &str| {
            let anew = |what: &String| what.starts_with(list) && !what.contains("without");
            told.iter().any(anew)
        };
        (
            of("Reading users of the account"),
            of("Reading assigned groups"),
        )
    };
    assert_eq!(listed(&told), (false, false), "{told:?}");
    let says = |what: &String| {
        what.starts_with("Reading members of groups") && what.contains("without 1 that")
    };
    assert!(told.iter().any(says), "{told:?}");
    assert_eq!(walk.moving().await.coverage, coverage);
    let again = walk.session.current_setup(()).await.unwrap();
    let status = |view: &SetupView| -> Vec<_> {
        let findings = view.findings.iter();
        findings
            .map(|one| (one.finding.check.clone(), one.finding.status))
            .collect()
    };
    assert_eq!(status(&again), status(&whole));

    // The next look sees everything anew.
    let (_, told) = looked_again(&walk).await;
    assert_eq!(listed(&told), (true, true), "{told:?}");
}
