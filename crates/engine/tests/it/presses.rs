//! Every scenario leads from its symptom to its fix: by what is pressed in the consoles, by what Usher plans, and by a cycle.

use futures::StreamExt as _;
use jiff::Timestamp;
use serde_json::json;
use usher_core::checks::judge;
use usher_core::connection::Verdict;
use usher_core::finding::{Finding, Status};
use usher_core::model::Secret;
use usher_core::model::setup::Journey;
use usher_core::outcome::{ChangeOutcome, ChangeState};
use usher_core::plan::{PlanOptions, account::fix};
use usher_engine::observe::Entra;
use usher_entra::signin::{Access, SignInFault, SignedIn};
use usher_practice::entra::Knobs;
use usher_practice::entra::sample::{account_name, accounts};
use usher_practice::provisioning::run_all;
use usher_practice::scenarios;
use usher_transport::CancellationToken;

use crate::catalogue::{As, TABLE, arrange};
use crate::doctor;
use crate::session_move::Walk;
use crate::sign_in::{browser, no_browser, service};
use crate::tenant::{NAME, Tenant, memory, troubles};

/// Tenants of tens of thousands of people are the same from near, and take minutes.
const LARGE: [&str; 4] = [
    "large",
    "large-group",
    "migrate-large",
    "migrate-large-throttled",
];
/// The one that takes as long as all others.
const CROWDED: &str = "ten-thousand-users";
/// What stands in the way of a person's sign-in, or of the application's.
const SIGN_IN: [&str; 7] = [
    "secret-expired",
    "device-code-blocked",
    "conditional-access",
    "role-not-active",
    "guest-account",
    "other-tenant",
    "no-consent",
];
/// What a scenario goes on to tell after its fix, and why that is right.
const STAYS: &[(&str, &str)] = &[
    // A question of its own, whatever else is wrong.
    ("*", "aim-considered"),
    // Somebody who is a guest stays one, and the fix keeps them.
    ("sync-all", "guests"),
    ("sync-all", "users-arrived"),
    // A connector for a workspace that uses the account's identities brings no groups; the scenario is about the token.
    ("token-expires-soon", "cycle-errors"),
    ("token-expires-soon", "groups-arrived"),
    // The local group stays, under a name that is in nobody's way.
    ("local-twins", "local-groups"),
];

fn is_bad(finding: &Finding) -> bool {
    matches!(finding.status, Status::Fail | Status::Warn)
}

fn bad(findings: &[Finding]) -> Vec<&str> {
    let bad = findings.iter().filter(|finding| is_bad(finding));
    bad.map(|finding| finding.check.as_str()).collect()
}

fn how_to_look_at(name: &str) -> As {
    let bad = TABLE.iter().map(|(_, bad, _)| bad);
    let mut days = bad.chain(TABLE.iter().map(|(.., good)| good));
    match days.find(|day| day.0 == name && day.1 != As::China) {
        Some(day) => day.1,
        None => As::Account,
    }
}

/// A scenario on its way from the symptom to the fix.
struct Day {
    name: &'static str,
    tenant: Tenant,
}

impl Day {
    async fn begin(name: &'static str) -> Self {
        let mut tenant = match name {
            "slow-to-appear" => Box::pin(Tenant::patient(name)).await,
            _ => Box::pin(Tenant::start(name)).await,
        };
        arrange(&mut tenant, how_to_look_at(name));
        let want = &mut tenant.setup.want;
        if tenant.setup.journey != Journey::Migrate {
            want.notification_email = Some("iam@contoso.example".to_owned());
        }
        want.assignment_required = Some(tenant.setup.journey == Journey::Workspace);
        Self { name, tenant }
    }

    async fn look(&self) -> Vec<Finding> {
        let observed = Box::pin(self.tenant.observe()).await;
        judge(&self.tenant.setup, &observed.observation, Timestamp::now()).findings
    }

    /// Presses everything, takes the credentials anew, and signs in again.
    async fn press(&mut self) {
        let practice = &self.tenant.practice;
        for press in practice.portal_presses() {
            practice.press(press.name).unwrap();
        }
        let details = practice.live_details();
        let pats = details.pats.iter();
        let pats = pats.map(|(id, pat)| (id.clone(), Secret::new(pat.clone())));
        self.tenant.secrets.workspace_tokens = pats.collect();
        let token = match self.tenant.setup.journey {
            Journey::Workspace => &details.pats["1001"],
            _ => &details.scim_token,
        };
        self.tenant.secrets.scim_token = Some(Secret::new(token.clone()));
        self.tenant.sign_in().await;
    }

    /// What a person decides in Usher itself: which workspaces, which application, who is assigned.
    fn decide(&mut self) {
        let somebody = self.somebody();
        let setup = &mut self.tenant.setup;
        match self.name {
            "wrong-account" => setup.databricks.workspaces.truncate(1),
            // A new application from the gallery takes over.
            "own-application" => {
                setup.entra.app.display_name = Some(NAME.to_owned());
                setup.entra.app.service_principal_id = None;
            }
            _ => {}
        }
        if setup.want.assign.is_empty() {
            setup.want.assign = serde_json::from_value(json!([somebody])).unwrap();
        }
    }

    /// Who is to be assigned: the group of everyone, or one person where there is little room.
    fn somebody(&self) -> serde_json::Value {
        self.tenant.practice.entra().read(|directory| {
            if self.name == CROWDED {
                let user = directory.users.iter().next().unwrap();
                return json!({ "type": "user", "id": user.id.to_string(), "displayName": user.display_name });
            }
            let name = "databricks-users";
            let mut groups = directory.groups.iter();
            let group = groups.find(|group| group.display_name == name).unwrap();
            json!({ "type": "group", "id": group.id.to_string(), "displayName": name })
        })
    }

    /// What Usher plans: the whole set-up where there is none yet, else finding by finding.
    async fn plan(&mut self) {
        let mut journal = memory();
        let findings = self.look().await;
        let unfinished = ["provisioning-automatic", "someone-assigned"];
        if bad(&findings)
            .iter()
            .any(|check| unfinished.contains(check))
        {
            let applied = Box::pin(self.tenant.run(&mut journal)).await.unwrap();
            assert!(
                !applied.has_failed(),
                "{}: {:?}",
                self.name,
                troubles(&applied)
            );
            return;
        }
        let options = PlanOptions {
            token_held: true,
            admin_confirmed: true,
            address_fault: None,
        };
        for finding in findings.iter().filter(|finding| is_bad(finding)) {
            let observed = Box::pin(self.tenant.observe()).await;
            let (setup, seen) = (&self.tenant.setup, &observed.observation);
            let plan = fix::plan(&finding.check, setup, seen, options, Timestamp::now());
            if let Some(plan) = plan.filter(|plan| !plan.changes.is_empty()) {
                let applied = Box::pin(self.tenant.apply(&plan, &observed, &mut journal)).await;
                let applied = applied.unwrap();
                assert!(
                    !applied.has_failed(),
                    "{}: {:?}",
                    self.name,
                    troubles(&applied)
                );
            }
        }
    }
}

/// Checks of the catalogue's table that this scenario is there for.
fn meant(name: &str) -> Vec<&'static str> {
    let day = (name, how_to_look_at(name));
    let rows = TABLE.iter().filter(|(_, bad, _)| *bad == day);
    rows.map(|(check, ..)| *check).collect()
}

/// What is still wrong after everything was pressed, planned and carried out.
async fn from_symptom_to_fix(name: &'static str) -> Vec<String> {
    let mut day = Box::pin(Day::begin(name)).await;
    let before = day.look().await;
    let mut wrong = Vec::new();
    for check in meant(name) {
        if name != "connected" && !bad(&before).contains(&check) && check != "connectors-found" {
            wrong.push(format!("{name}: {check} is no symptom"));
        }
    }
    Box::pin(day.press()).await;
    day.decide();
    Box::pin(day.plan()).await;
    drop(run_all(day.tenant.practice.entra(), None).await);
    for finding in day.look().await.iter().filter(|finding| is_bad(finding)) {
        let stays = |(scenario, check): &(&str, &str)| {
            (*scenario == "*" || *scenario == name) && *check == finding.check
        };
        if !STAYS.iter().any(stays) {
            let subjects = finding.subjects.iter();
            let subjects: Vec<String> = subjects
                .filter(|subject| subject.status != Status::Pass)
                .map(|subject| format!("{} {}", subject.subject, subject.note))
                .take(3)
                .collect();
            wrong.push(format!(
                "{name}: {} is {:?} at the end: {:?} {subjects:?}",
                finding.check, finding.status, finding.evidence
            ));
        }
    }
    wrong
}

async fn all_lead_to_their_fix(names: impl Iterator<Item = &'static str>) {
    let wrong: Vec<Vec<String>> = futures::stream::iter(names)
        // Whole runs are large states: each on the heap, not on the test's stack.
        .map(|name| Box::pin(from_symptom_to_fix(name)))
        .buffer_unordered(2)
        .collect()
        .await;
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The scenarios that are looked at by checks, as opposed to sign-ins, moves and tests of the connection.
fn checked() -> Vec<&'static str> {
    let names = scenarios().into_iter().map(|scenario| scenario.name);
    let others = |name: &&str| {
        !LARGE.contains(name)
            && !SIGN_IN.contains(name)
            && !name.starts_with("migrate")
            && !name.starts_with("fault-")
            && *name != CROWDED
    };
    names.filter(others).collect()
}

/// A quarter of them: a test of all would take minutes on a busy machine.
async fn a_quarter_leads_to_its_fix(from: usize) {
    let names = checked();
    all_lead_to_their_fix(names.iter().copied().skip(from).step_by(4)).await;
}

#[tokio::test]
async fn scenarios_lead_from_their_symptom_to_their_fix() {
    a_quarter_leads_to_its_fix(0).await;
}

#[tokio::test]
async fn scenarios_lead_to_their_fix_second_quarter() {
    a_quarter_leads_to_its_fix(1).await;
}

#[tokio::test]
async fn scenarios_lead_to_their_fix_third_quarter() {
    a_quarter_leads_to_its_fix(2).await;
}

#[tokio::test]
async fn scenarios_lead_to_their_fix_last_quarter() {
    a_quarter_leads_to_its_fix(3).await;
}

#[tokio::test]
async fn so_does_the_account_that_is_full() {
    all_lead_to_their_fix([CROWDED].into_iter()).await;
}

#[tokio::test]
async fn every_fault_of_the_connection_goes_by_what_is_pressed() {
    // All is well after one more try, or with another sign-in than that of the token.
    let passing = ["fault-rate-limited-once", "fault-oauth-throttled"];
    let names = scenarios().into_iter().map(|scenario| scenario.name);
    let names = names.filter(|name| name.starts_with("fault-"));
    let wrong: Vec<Option<&str>> = futures::stream::iter(names)
        .map(|name| async move {
            let (report, practice) = doctor::scenario(name).await;
            let fails = report.verdict == Verdict::Fail;
            for press in practice.portal_presses() {
                practice.press(press.name).unwrap();
            }
            let after = doctor::again(&practice).await;
            let right = fails != passing.contains(&name)
                && after.verdict == Verdict::Pass
                && practice.portal_presses().is_empty() == (name == passing[0]);
            (!right).then_some(name)
        })
        .buffer_unordered(4)
        .collect()
        .await;
    let wrong: Vec<&str> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// A sign-in as the scenario asks for it.
async fn sign_in(tenant: &Tenant, name: &str) -> Result<SignedIn, SignInFault> {
    let cancel = CancellationToken::new();
    let service = service(tenant);
    match name {
        "secret-expired" => {
            let secret = Secret::new(tenant.practice.live_details().client_secret);
            SignedIn::with_client_secret(service, secret, &cancel).await
        }
        "device-code-blocked" => {
            let admin = account_name(accounts::ADMIN);
            let turn = |knobs: &mut Knobs| knobs.auto_approve = Some(admin);
            tenant.practice.entra().turn(turn);
            SignedIn::with_device_code(service, Access::Read, &no_browser(), &cancel).await
        }
        _ => {
            let entra = tenant.practice.entra();
            let admin = account_name(accounts::ADMIN);
            entra.turn(|knobs| {
                knobs.auto_approve.get_or_insert(admin);
            });
            let browser = browser(|back| vec![back]);
            SignedIn::with_browser(service, Access::Read, &browser, &cancel).await
        }
    }
}

/// Whether the sign-in came about and may do what is needed.
async fn gets_in(tenant: &Tenant, name: &str) -> bool {
    let Ok(signed_in) = sign_in(tenant, name).await else {
        return false;
    };
    let entra = Entra::new(signed_in).unwrap();
    let observed = tenant.observe_with(&entra).await;
    let findings = judge(&tenant.setup, &observed.observation, Timestamp::now()).findings;
    let mut findings = findings.iter();
    let role = findings
        .find(|finding| finding.check == "entra-role")
        .unwrap();
    role.status == Status::Pass
}

#[tokio::test]
async fn every_sign_in_that_is_kept_out_gets_in_by_what_is_pressed() {
    for name in SIGN_IN.into_iter().chain(["global-reader"]) {
        let tenant = Tenant::before_the_door_shuts(name).await;
        assert!(!gets_in(&tenant, name).await, "{name}");
        for press in tenant.practice.portal_presses() {
            tenant.practice.press(press.name).unwrap();
        }
        assert!(gets_in(&tenant, name).await, "{name}");
    }
}

#[tokio::test]
async fn a_move_on_a_bad_day_comes_to_its_end_by_what_is_pressed() {
    for name in scenarios().into_iter().map(|scenario| scenario.name) {
        if !name.starts_with("migrate") || LARGE.contains(&name) {
            continue;
        }
        let walk = Walk::begin(name, true).await;
        let before = walk.deactivations();
        for press in walk.practice.portal_presses() {
            walk.practice.press(press.name).unwrap();
        }
        drop(run_all(walk.practice.entra(), None).await);
        walk.workspaces().await;
        let (result, _) = walk.apply().await;
        let failed = |change: &&ChangeOutcome| change.state == ChangeState::Failed;
        let failed: Vec<_> = result.outcome.changes.iter().filter(failed).collect();
        assert!(failed.is_empty(), "{name}: {failed:?}");
        assert_eq!(
            walk.deactivations(),
            before,
            "{name}: somebody was deactivated"
        );
        let view = walk.look().await;
        let fails = view
            .findings
            .iter()
            .filter(|one| one.finding.status == Status::Fail);
        let fails: Vec<&str> = fails.map(|one| one.finding.check.as_str()).collect();
        assert!(fails.is_empty(), "{name}: {fails:?}");
    }
}
