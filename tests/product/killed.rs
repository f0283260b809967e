//! The real process, killed for real at each of its writes: the next run ends where an undisturbed one ends, nothing is made twice,
//! and nobody loses access meanwhile. The tenant's own logs are the witness.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use usher_practice::{FaultKind, FaultRule};
use usher_tests::process::LIMIT;

use crate::tenant::{Tenant, pattern};

/// When the process is killed, seen from one of its writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// The request was sent, and not carried out.
    Before,
    /// It was carried out, and not answered.
    After,
}

/// A journey whose every write is a place to die at.
struct Journey {
    scenario: &'static str,
    name: &'static str,
    /// How many writes it has at least.
    writes: usize,
    want: fn(&Tenant) -> Value,
}

const ACCOUNT: Journey = Journey {
    scenario: "fresh",
    name: "account",
    writes: 7,
    want: |tenant| {
        let assign = tenant.practice.entra().read(|directory| {
            let user = directory.users.iter().nth(5).map(|user| user.id);
            let mut groups = directory.groups.iter();
            let group = groups
                .find(|group| group.members.len() > 2)
                .map(|one| one.id);
            json!([{ "type": "user", "id": user }, { "type": "group", "id": group }])
        });
        json!({ "assignmentRequired": false, "scope": "assigned", "provisioning": "on",
                "notificationEmail": "iam@contoso.example", "deleteThreshold": 500, "assign": assign })
    },
};

const MOVE: Journey = Journey {
    scenario: "migrate-gap",
    name: "migrate",
    writes: 3,
    want: |_| json!({ "provisioning": "on" }),
};

impl Journey {
    async fn begin(&self) -> Tenant {
        let tenant = Tenant::start(self.scenario, self.name, json!({})).await;
        let wanted = tenant.wanted(self.name, (self.want)(&tenant));
        tenant.save(&wanted);
        tenant
    }

    /// Runs until nothing is left to do, as a person would who runs it again.
    async fn finish(&self, tenant: &Tenant, what: &str) {
        for _ in 0..4 {
            let ran = tenant.run(&["apply", "--yes", "--json"]).await;
            if ran.code == Some(0) && ran.json()["changes"] == json!([]) {
                return;
            }
        }
        let ran = tenant.run(&["apply", "--yes", "--json"]).await;
        assert_eq!(
            (ran.code, &ran.json()["changes"]),
            (Some(0), &json!([])),
            "{what}: it never ends: {ran:#?}"
        );
    }
}

/// From one look into the tenant's logs to the next.
const EVERY: Duration = Duration::from_millis(5);

/// Waits for something the tenant's logs tell.
async fn until(what: &str, happened: impl Fn() -> bool) {
    let seen = async {
        while !happened() {
            tokio::time::sleep(EVERY).await;
        }
    };
    let waited = tokio::time::timeout(LIMIT, seen).await;
    waited.unwrap_or_else(|_| panic!("{what}: it did not come so far"));
}

/// Starts a run and kills its process at the write that `rule` holds.
async fn kill_at(tenant: &Tenant, rule: FaultRule, what: &str) {
    let faults = &tenant.practice.control().faults;
    let place = (rule.method.clone(), rule.path.clone());
    let (after, skip) = (rule.after_handler, rule.skip);
    let carried_out = || {
        let changes = tenant.practice.changes().into_iter();
        let here = changes.filter(|one| (one.method.clone(), pattern(&one.path)) == place);
        here.count()
    };
    faults.add(rule);
    let mut command = tenant.usher(&["apply", "--yes"]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.kill_on_drop(true).spawn().expect("usher starts");
    let held = || faults.rules().iter().all(|rule| rule.times == Some(0));
    until(what, held).await;
    if after {
        let done = usize::try_from(skip).expect("a small number");
        until(what, || carried_out() > done).await;
    }
    child.kill().await.expect("a process can be killed");
    faults.clear();
}

async fn killed(journey: &Journey, when: When) {
    let calm = journey.begin().await;
    let first = calm.run(&["apply", "--yes", "--json"]).await;
    assert_eq!(first.code, Some(0), "{first:#?}");
    let writes = calm.writes();
    assert!(writes.len() >= journey.writes, "{writes:#?}");
    journey.finish(&calm, "undisturbed").await;
    let end = calm.connectors();

    let mut met = std::collections::BTreeMap::<(String, String), u32>::new();
    for write in &writes {
        let place = (write.method.clone(), pattern(&write.path));
        let skip = met.entry(place.clone()).or_default();
        let mut rule = FaultRule::new("graph", &place.1, FaultKind::Never)
            .method(&place.0)
            .times(1);
        (rule.skip, rule.after_handler) = (*skip, when == When::After);
        *skip += 1;
        let what = format!("killed {when:?} {} {}", write.method, write.path);

        let tenant = journey.begin().await;
        let deactivated = tenant.deactivations();
        kill_at(&tenant, rule, &what).await;
        journey.finish(&tenant, &what).await;
        assert_eq!(tenant.connectors(), end, "{what}");
        assert_eq!(
            tenant.deactivations(),
            deactivated,
            "{what}: somebody was deactivated"
        );
    }
}

#[tokio::test]
async fn the_account_journey_before_each_write() {
    killed(&ACCOUNT, When::Before).await;
}

#[tokio::test]
async fn the_account_journey_after_each_write() {
    killed(&ACCOUNT, When::After).await;
}

#[tokio::test]
async fn a_move_before_each_write() {
    killed(&MOVE, When::Before).await;
}

#[tokio::test]
async fn a_move_after_each_write() {
    killed(&MOVE, When::After).await;
}
