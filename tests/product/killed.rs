//! The real process, killed for real at each of its writes: the next run ends where an undisturbed one ends, nothing is made twice,
//! and nobody loses access meanwhile. The tenant's own logs are the witness.

use std::process::Stdio;
use std::time::Duration;

use usher_practice::{FaultKind, FaultRule};
use usher_tests::process::LIMIT;

use crate::journeys::{ACCOUNT, Journey, MOVE};
use crate::tenant::{Tenant, pattern};

/// When the process is killed, seen from one of its writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// The request was sent, and not carried out.
    Before,
    /// It was carried out, and not answered.
    After,
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
    let calm = journey.undisturbed().await;
    for (place, write) in calm.places(FaultKind::Never) {
        let mut rule = place;
        rule.after_handler = when == When::After;
        let what = format!("killed {when:?} {write}");

        let tenant = journey.begin().await;
        let deactivated = tenant.deactivations();
        kill_at(&tenant, rule, &what).await;
        journey.finish(&tenant, &what).await;
        assert_eq!(tenant.connectors(), calm.end, "{what}");
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
