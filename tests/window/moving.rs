//! Workspace connectors moved to the account: from the start page to "moved, everyone kept access", back, and again.

use std::time::Duration;

use fantoccini::key::Key;
use serde_json::{Value, json};
use usher_practice::entra::sample;
use usher_practice::{Change, FaultKind, FaultRule, Options, Practice, TimeScale};
use usher_tests::Home;
use usher_tests::window::{Driver, Look, Page};

use crate::looks::Looks;
use crate::tour;

/// Into the practice tenant of a move, and as far as a sign-in on both sides.
async fn sign_in(page: &Page) {
    page.find("heading", "What would you like to do?").await;
    page.press("Practise").await;
    page.choose("A move with three workspaces").await;
    page.press("Start practice").await;
    page.find("button", "Leave practice").await;
    page.press("Move workspace connectors to the account").await;
    page.press("Start the set-up").await;
    page.find("heading", "Prepare").await;
    page.press("Continue").await;

    page.find("heading", "Enable provisioning").await;
    page.press("Copy Account SCIM URL").await;
    page.paste("Account SCIM URL").await;
    page.press("Copy SCIM token").await;
    page.paste("SCIM token").await;
    page.wait_for("kept in memory for this run").await;

    page.press("Sign in").await;
    page.find("heading", "Sign in to Entra").await;
    page.choose("As an application, with a client secret").await;
    page.press("Use these values").await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;
}

#[tokio::test]
async fn a_move_there_and_back_and_there_again() {
    let mut looks = Looks::at("move");
    let home = Home::new();
    let driver = Driver::start(&home, Look::Light).await;
    let page = &driver.open(&["--practice"]).await;
    sign_in(page).await;

    page.find("heading", "Connectors and workspaces").await;
    page.press_one("to find workspaces", |name| {
        name == "Find the workspaces behind them"
    })
    .await;
    page.wait_for("identity federation not known").await;
    looks.take(page, "1-connectors").await;
    page.press("Use these values").await;
    page.press_one("to look again", |name| {
        name == "Look with what is known now"
    })
    .await;
    page.wait_for("All workspaces of the account.").await;
    page.wait_for("will be paused").await;
    workspace_token(page, 1001, "harbour-analytics (1001)").await;
    page.press_one("to look again", |name| {
        name == "Look with what is known now"
    })
    .await;
    page.wait_for("local groups").await;
    looks.take(page, "2-inventory").await;

    page.press("Coverage").await;
    page.find("heading", "Coverage").await;
    page.find("table", "Coverage").await;
    page.choose("Covered").await;
    page.wait_for("databricks-users").await;
    looks.take(page, "3-coverage").await;

    page.press("Move").await;
    for round in ["first", "second"] {
        page.find("heading", "Move").await;
        page.wait_for("Pause Databricks harbour-finance").await;
        if round == "first" {
            looks.take(page, "4-plan").await;
        } else {
            belt(page).await;
        }
        tour::make(page).await;
        page.wait_for("Moved: everyone kept access").await;
        page.wait_for("everything that was seen is as it was").await;
        if round == "first" {
            looks.take(page, "5-moved").await;
            tidy_up(page, &home, &mut looks).await;
        }
        back(page).await;
    }
    page.wait_for("Pause Databricks harbour-finance").await;
    looks.end();
}

/// Gives a workspace's personal access token: without it nobody sees the workspace's own groups.
async fn workspace_token(page: &Page, id: u64, label: &str) {
    page.unfold(&format!("Personal access token: {label}"))
        .await;
    let field = format!("Personal access token of {label}");
    page.fill(&field, &usher_practice::ids::pat(id)).await;
    page.press("Keep the token").await;
    page.find("group", &field).await;
}

/// The safety belt is offered, and the plan begins and ends with it.
async fn belt(page: &Page) {
    page.choose("Put it on").await;
    page.wait_for("Put the safety belt on").await;
    page.wait_for("Take the safety belt off").await;
    page.screenshot("move-belt").await;
}

/// The local groups of the workspaces, and the list that a person takes along.
async fn tidy_up(page: &Page, home: &Home, looks: &mut Looks) {
    page.press("Tidy up").await;
    page.find("heading", "Tidy up").await;
    page.find("region", "Local groups").await;
    page.wait_for("data-readers").await;
    looks.take(page, "6-tidy-up").await;
    page.press("Save as CSV").await;
    page.wait_for("Saved").await;
    let saved = home.files_holding("data-readers");
    assert!(
        saved
            .iter()
            .any(|file| file.extension().is_some_and(|it| it == "csv")),
        "{saved:?}"
    );
    page.press("Move").await;
}

/// Takes the move back, in the order that a move asks for.
async fn back(page: &Page) {
    tour::open_rollback(page).await;
    page.wait_for("only then is it started again").await;
    take_back(page).await;
    page.wait_for("Taken back").await;
    page.gone("button", "Cancel").await;
    page.screenshot("move-taken-back").await;
    page.key(Key::Escape).await;
    page.gone("dialog", "Take changes back").await;
}

async fn take_back(page: &Page) {
    page.press_one("that takes back", |name| {
        name.starts_with("Take ") && name.ends_with(" back")
    })
    .await;
}

/// A window on a move whose set-up says everything but the secrets, on a practice tenant whose log the test reads.
struct Watched {
    home: Home,
    practice: Practice,
    driver: Driver,
    page: Page,
    /// How often anybody had been made inactive before.
    deactivated: usize,
}

/// Polling as in tests: otherwise two looks at a paused job are half a minute apart.
const QUICK: [&str; 2] = ["env", "USHER_WAIT_SCALE=0.01"];

impl Watched {
    async fn begin() -> Self {
        let options = Options {
            scenario: "migrate-small".to_owned(),
            time: TimeScale::Every(Duration::from_millis(300)),
            ..Options::default()
        };
        let practice = Practice::start(options).await;
        let practice = practice.expect("the practice tenant starts");
        let home = Home::new();
        let details = practice.details();
        let workspace = |(id, url): (&String, &String)| json!({ "id": id, "url": url, "federated": id != "1003" });
        let workspaces: Vec<Value> = details.endpoints.workspaces.iter().map(workspace).collect();
        let setup = json!({
            "schema": "usher.setup/1", "name": "Contoso", "journey": "migrate", "cloud": "azure",
            "entra": { "tenantId": details.tenant_id, "clientId": details.client_id, "signIn": "client-secret" },
            "databricks": { "accountId": details.account_id, "scimUrl": details.scim_url, "workspaces": workspaces },
            "want": { "provisioning": "on" },
        });
        home.write("setup.json", &setup.to_string());
        let deactivated = deactivations(&practice);
        let (driver, page) = Self::open(&home, &practice).await;
        Self {
            home,
            practice,
            driver,
            page,
            deactivated,
        }
    }

    /// Opens the window, and goes as far as the plan of the move.
    async fn open(home: &Home, practice: &Practice) -> (Driver, Page) {
        let quick = QUICK.map(str::to_owned);
        let driver = Driver::start_under(home, Look::Light, &quick).await;
        let page = tour::open_setup(&driver, home, practice).await;
        let details = practice.details();
        page.press("Enable provisioning").await;
        for (step, field, secret) in [
            (None, "SCIM token", &details.scim_token),
            (Some("Sign in"), "Client secret", &details.client_secret),
        ] {
            if let Some(step) = step {
                page.press(step).await;
            }
            page.fill(field, secret).await;
            page.press("Keep the token").await;
            page.wait_for("kept in memory for this run").await;
        }
        page.press_one("to sign in", |name| name == "Sign in to Entra")
            .await;
        page.find("heading", "Connectors and workspaces").await;
        page.press("Move").await;
        page.find("heading", "Move").await;
        (driver, page)
    }

    /// The window is killed and opened again.
    async fn killed(self) -> Self {
        let Self {
            home,
            practice,
            driver,
            page: _,
            deactivated,
        } = self;
        driver.kill().await;
        practice.control().faults.clear();
        let (driver, page) = Self::open(&home, &practice).await;
        Self {
            home,
            practice,
            driver,
            page,
            deactivated,
        }
    }

    /// Makes the changes of the plan, and sees the run to its end. Nobody signs in to Databricks here, so whether the workspaces have
    /// everybody is a person's to say: the tenant itself says when all is done.
    async fn make(&self) {
        tour::make(&self.page).await;
        tour::until("the old connectors are paused", || {
            self.running() == [STAYS]
        })
        .await;
        self.page.gone("button", "Cancel").await;
    }

    /// What was done to connectors since so many changes, in order.
    fn done_since(&self, known: usize) -> Vec<&'static str> {
        let changes = self.practice.changes();
        changes
            .iter()
            .skip(known)
            .filter_map(to_a_connector)
            .collect()
    }

    fn changes(&self) -> usize {
        self.practice.changes().len()
    }

    /// Which workspace connectors run, by name.
    fn running(&self) -> Vec<String> {
        self.practice.entra().read(|directory| {
            let all = directory.service_principals.iter();
            let runs = all.filter(|one| {
                let mut jobs = one.synchronization.jobs.iter();
                jobs.any(|job| job.schedule.name() == "Active")
            });
            let names = runs.map(|one| one.display_name.clone());
            let mut names: Vec<String> = names
                .filter(|name| name.starts_with("Databricks "))
                .collect();
            names.sort();
            names
        })
    }

    fn nobody_was_deactivated(&self) {
        let now = deactivations(&self.practice);
        assert_eq!(now, self.deactivated, "somebody was deactivated");
    }
}

/// How often anybody was made inactive so far, by the tenant's own log.
fn deactivations(practice: &Practice) -> usize {
    let off = |change: &&Change| {
        change.before.to_string().contains(r#""active":true"#)
            && change.after.to_string().contains(r#""active":false"#)
    };
    practice.changes().iter().filter(off).count()
}

/// What a change of the log did to a connector, as far as a move does it.
fn to_a_connector(change: &Change) -> Option<&'static str> {
    let wears = |stored: &Value| {
        let mut pairs = stored.as_array().into_iter().flatten();
        pairs.any(|pair| {
            let value = pair["value"].as_str().unwrap_or_default();
            pair["key"] == "SkipOutOfScopeDeletions" && value.eq_ignore_ascii_case("true")
        })
    };
    match (change.method.as_str(), change.path.rsplit('/').next()?) {
        ("POST", "pause") => Some("pause"),
        ("POST", "start") => Some("start"),
        ("PUT", "secrets") => match (wears(&change.before), wears(&change.after)) {
            (false, true) => Some("belt on"),
            (true, false) => Some("belt off"),
            (false, false) | (true, true) => Some("settings"),
        },
        _ => None,
    }
}

const RETIRED: [&str; 2] = ["Databricks harbour-analytics", "Databricks harbour-finance"];
const STAYS: &str = "Databricks harbour-research";

#[tokio::test]
async fn the_belt_is_put_on_first_and_taken_off_last_there_and_back_and_there_again() {
    let watched = Watched::begin().await;
    let page = &watched.page;
    page.wait_for("Pause Databricks harbour-finance").await;
    // What a rollback would need and nobody can see is said before anything is paused.
    page.wait_for("When the saved tokens of these connectors end cannot be seen")
        .await;
    page.choose("Put it on").await;
    page.wait_for("Put the safety belt on").await;
    for _ in 0..2 {
        let known = watched.changes();
        watched.make().await;
        let there = ["belt on", "pause", "pause", "belt off"];
        assert_eq!(watched.done_since(known), there);
        assert_eq!(watched.running(), [STAYS]);
        let known = watched.changes();
        back(page).await;
        let and_back = ["belt on", "start", "start", "belt off"];
        assert_eq!(watched.done_since(known), and_back);
        assert_eq!(watched.running(), [RETIRED[0], RETIRED[1], STAYS]);
    }
    watched.nobody_was_deactivated();
}

#[tokio::test]
async fn a_run_that_is_cancelled_in_its_belt_takes_it_off_when_it_goes_on() {
    let watched = Watched::begin().await;
    let page = &watched.page;
    page.wait_for("Pause Databricks harbour-finance").await;
    page.choose("Put it on").await;
    page.wait_for("Put the safety belt on").await;
    let known = watched.changes();
    // The first pause is answered late, so that there is time to cancel: what was sent is seen to its end, and nothing comes after it.
    let late = FaultRule::new("graph", "*/pause", FaultKind::Slow { millis: 6_000 });
    watched
        .practice
        .control()
        .faults
        .add(late.method("POST").times(1));
    tour::make(page).await;
    tour::until("the pause is asked for", || {
        let requests = watched.practice.requests();
        requests.iter().any(|one| one.path.ends_with("/pause"))
    })
    .await;
    page.press("Cancel").await;
    page.gone("button", "Cancel").await;
    assert_eq!(watched.done_since(known), ["belt on", "pause"]);
    // The look after a cancelled run was cancelled with it.
    page.press("Look again").await;
    page.find("button", "Make 2 changes…").await;
    watched.make().await;
    let whole = ["belt on", "pause", "pause", "belt off"];
    tour::until("the belt is taken off", || {
        watched.done_since(known) == whole
    })
    .await;
    watched.nobody_was_deactivated();
}

#[tokio::test]
async fn a_rollback_that_is_killed_in_the_middle_is_gone_on_with_to_its_end() {
    let watched = Watched::begin().await;
    watched
        .page
        .wait_for("Pause Databricks harbour-finance")
        .await;
    watched.make().await;
    let known = watched.changes();
    // The first connector is started, and nobody hears of it.
    let silent = FaultRule::new("graph", "*/start", FaultKind::Never);
    let faults = &watched.practice.control().faults;
    faults.add(silent.method("POST").after_handler());
    tour::open_rollback(&watched.page).await;
    take_back(&watched.page).await;
    tour::until("a connector is started", || {
        watched.done_since(known).contains(&"start")
    })
    .await;
    let watched = watched.killed().await;
    assert_eq!(watched.running().len(), 2, "one is back, one is not");
    back(&watched.page).await;
    assert_eq!(watched.done_since(known), ["start", "start"], "each once");
    assert_eq!(watched.running(), [RETIRED[0], RETIRED[1], STAYS]);
    watched.nobody_was_deactivated();
}

#[tokio::test]
async fn an_admins_own_hand_in_the_portal_is_seen_before_the_next_write() {
    let watched = Watched::begin().await;
    let page = &watched.page;
    page.wait_for("Pause Databricks harbour-finance").await;
    let known = watched.changes();
    let now = jiff::Timestamp::now();
    watched.practice.entra().change(|directory| {
        let group = directory.groups.iter();
        let group = group
            .filter(|group| group.display_name == "databricks-operations")
            .map(|group| group.id)
            .next()
            .expect("the tenant has the group");
        let finance = directory.service_principals.iter();
        let finance = finance
            .filter(|one| one.display_name == RETIRED[1])
            .map(|one| one.id)
            .next()
            .expect("the tenant has the connector");
        sample::assign(directory, finance, group, now);
    });
    tour::make(page).await;
    page.wait_for(
        "has other assignments now, and not by this run. Look again and make the plan anew.",
    )
    .await;
    page.screenshot("move-other-hand").await;
    assert_eq!(
        watched.done_since(known),
        [] as [&str; 0],
        "nothing is written"
    );
    // The look after the run has seen it: the plan is anew, and whoever came by that hand is covered before anything is paused.
    watched.make().await;
    assert_eq!(watched.running(), [STAYS]);
    watched.nobody_was_deactivated();
}
