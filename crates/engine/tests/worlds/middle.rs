//! Another hand in the middle of a move, and a move that is left alone for days.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use usher_core::outcome::ChangeState::{self, Done, Failed, NotTried};
use usher_engine::apply::{Applied, MemoryJournal};
use usher_practice::entra::connector::ScheduleState;
use usher_practice::entra::sample;
use usher_practice::scenario::Stage;
use uuid::Uuid;

use crate::story::{Story, on_virtual_time};
use crate::world::World;

/// A move of two connectors, on a virtual clock, with cycles.
fn moving<F: AsyncFnOnce(&mut Story, [Uuid; 2])>(test: F) {
    on_virtual_time(World::well, test);
}

/// Plans and carries out; right after the first pause another hand does this.
async fn disturbed(story: &mut Story, hand: fn(&Stage, Uuid, Uuid), old: [Uuid; 2]) -> Applied {
    let account = story.setup.entra.app.service_principal_id.as_deref();
    let account: Uuid = account.unwrap().parse().unwrap();
    let (plan, observed) = story.planned().await;
    let pauses = old.map(|id| format!("pause:{id}"));
    let ids: Vec<&String> = plan.changes.iter().map(|change| &change.id).collect();
    assert_eq!(
        ids,
        pauses.iter().collect::<Vec<_>>(),
        "{:?}",
        plan.refusals
    );
    let first = pauses[0].clone();
    story.hand = Some(Box::new(move |stage, outcome| {
        if outcome.id == first {
            hand(stage, account, old[0]);
        }
    }));
    let mut journal = story.journal.clone();
    story.carry(&plan, &observed, &mut journal).await
}

fn states(applied: &Applied) -> Vec<ChangeState> {
    let changes = applied.outcome.changes.iter();
    changes.map(|change| change.state).collect()
}

fn runs(stage: &Stage, id: Uuid) -> bool {
    stage.entra.read(|directory| {
        let one = directory.service_principals.get(&id).unwrap();
        one.synchronization.jobs[0].schedule == ScheduleState::Active
    })
}

fn last_words(applied: &Applied) -> String {
    let last = applied.outcome.changes.last().unwrap();
    last.error.clone().unwrap_or_default()
}

#[test]
fn an_assignment_changed_by_another_hand_is_noticed_before_the_next_pause() {
    moving(async |story, old| {
        let take_off = |stage: &Stage, account: Uuid, _: Uuid| {
            stage.entra.change(|directory| {
                let one = directory.service_principals.get_mut(&account).unwrap();
                one.assignments.clear();
            });
            // What it takes from people now is that hand's doing.
            stage.job(account, |job| job.pause());
        };
        let applied = disturbed(story, take_off, old).await;
        assert_eq!(states(&applied), [Done, Failed]);
        assert!(
            last_words(&applied).contains("and not by this run"),
            "{}",
            last_words(&applied)
        );
        assert!(runs(&story.stage, old[1]));
    });
}

#[test]
fn a_group_assigned_by_another_hand_is_noticed_as_well() {
    moving(async |story, old| {
        let add = |stage: &Stage, account: Uuid, _: Uuid| {
            let now = stage.harness.clock.now();
            let group = stage.group("databricks-finance");
            stage
                .entra
                .change(|directory| sample::assign(directory, account, group, now));
        };
        let applied = disturbed(story, add, old).await;
        assert_eq!(states(&applied), [Done, Failed]);
        assert!(last_words(&applied).contains("has other assignments now"));
        assert!(runs(&story.stage, old[1]));
    });
}

#[test]
fn a_connector_that_another_hand_starts_again_ends_the_run() {
    moving(async |story, old| {
        let start = |stage: &Stage, _: Uuid, old: Uuid| stage.job(old, |job| job.start());
        let applied = disturbed(story, start, old).await;
        assert!(applied.troubled || states(&applied)[1] == Failed);
        assert_ne!(states(&applied)[1], Done);
        assert!(runs(&story.stage, old[1]));
    });
}

#[test]
fn an_application_that_another_hand_deletes_is_noticed() {
    moving(async |story, old| {
        let delete = |stage: &Stage, account: Uuid, _: Uuid| {
            stage.entra.change(|directory| {
                directory.service_principals.remove(&account);
            });
        };
        let applied = disturbed(story, delete, old).await;
        assert_eq!(states(&applied), [Done, Failed]);
        assert!(
            last_words(&applied).contains("is gone"),
            "{}",
            last_words(&applied)
        );
        assert!(runs(&story.stage, old[1]));
    });
}

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The nights and days between, with all their cycles.
/// A cycle ends while both sides are read: its end is seen, and the people it brought are not yet.
#[test]
fn whoever_is_missing_from_the_account_is_looked_for_twice() {
    for (early, expected) in [(1, [Done, Done]), (2, [Failed, NotTried])] {
        moving(async move |story, _| {
            let (plan, observed) = story.planned().await;
            story.look.early.store(early, Relaxed);
            let mut journal = story.journal.clone();
            let applied = story.carry(&plan, &observed, &mut journal).await;
            assert_eq!(states(&applied), expected, "{applied:#?}");
        });
    }
}

async fn days_pass(story: &Story, days: u32) {
    story.stage.harness.clock.advance(DAY * days);
    tokio::time::sleep(Duration::from_secs(1200)).await;
}

#[test]
fn a_move_left_in_the_middle_goes_on_after_days_with_a_fresh_look() {
    moving(async |story, old| {
        let (mut plan, observed) = story.planned().await;
        // On the first day only the first connector is paused.
        plan.changes.truncate(1);
        let mut journal = story.journal.clone();
        let applied = story.carry(&plan, &observed, &mut journal).await;
        assert_eq!(states(&applied), [Done]);
        days_pass(story, 2).await;
        story.recover(&mut story.journal.clone()).await;
        let (plan, observed) = story.planned().await;
        let left: Vec<&str> = plan.changes.iter().map(|change| &*change.id).collect();
        assert_eq!(left, [format!("pause:{}", old[1])]);
        let applied = story.carry(&plan, &observed, &mut journal).await;
        assert_eq!(states(&applied), [Done]);
        assert!(!runs(&story.stage, old[0]) && !runs(&story.stage, old[1]));
    });
}

#[test]
fn a_plan_of_days_ago_stops_where_the_world_has_moved() {
    moving(async |story, old| {
        let (plan, observed) = story.planned().await;
        days_pass(story, 2).await;
        let now = story.stage.harness.clock.now();
        let group = story.stage.group("databricks-finance");
        story
            .stage
            .entra
            .change(|directory| sample::assign(directory, old[1], group, now));
        let mut journal = MemoryJournal::default();
        let applied = story.carry(&plan, &observed, &mut journal).await;
        assert_eq!(states(&applied), [Failed, NotTried]);
        assert!(runs(&story.stage, old[0]) && runs(&story.stage, old[1]));
        // The next morning's plan goes by how it is now.
        let (plan, observed) = story.planned().await;
        let applied = story.carry(&plan, &observed, &mut journal).await;
        assert!(
            states(&applied).iter().all(|state| *state == Done),
            "{applied:?}"
        );
    });
}
