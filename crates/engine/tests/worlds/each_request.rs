//! The account journey and its rollback, ended at each of their requests in turn, reads and writes alike: killed before it or after
//! it, or interrupted by a person while it is under way. Each is taken up again, and ends where an undisturbed one ends.

use serde_json::Value;
use usher_core::outcome::ChangeState;
use usher_engine::apply::{Applied, MemoryJournal};
use usher_engine::observe::Observed;

use crate::interrupted::{end_state, finish, fresh, run, undisturbed};
use crate::line::Moment;
use crate::story::Story;

/// How a run ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Early {
    KilledBefore,
    KilledAfter,
    Interrupted,
}

/// Lets `work` end early at its request of this number. Whether it has so many.
async fn ended(
    story: &mut Story,
    early: Early,
    after: u32,
    work: impl AsyncFnOnce(&Story) -> Applied,
) -> bool {
    let cancel = story.cancellable();
    let moment = match early {
        Early::KilledBefore => Moment::DieBefore,
        Early::KilledAfter => Moment::DieAfter,
        Early::Interrupted => Moment::Cancel(cancel),
    };
    let line = story.line.clone();
    line.at_request(after, moment);
    let came_to_its_end = tokio::select! {
        applied = work(story) => Some(applied),
        () = line.death() => None,
    };
    // The next run is another process.
    story.cancellable();
    if !line.has_happened() {
        line.forget_moment();
        return false;
    }
    let interrupted = came_to_its_end.is_some_and(|applied| applied.interrupted);
    assert_eq!(
        interrupted,
        early == Early::Interrupted,
        "{early:?} at request {after}"
    );
    true
}

/// Goes through every request of something; `at` lives through one end of it, and says whether there was such a request.
fn at_each_request(early: Early, least: usize, mut at: impl FnMut(Early, u32) -> bool) {
    let requests = (0..).take_while(|after| at(early, *after)).count();
    assert!(requests >= least, "{early:?}: only {requests} requests");
}

async fn carry(
    story: &Story,
    by: &(usher_core::plan::Plan, Observed),
    journal: &mut MemoryJournal,
) -> Applied {
    story.carry(&by.0, &by.1, journal).await
}

fn the_account_journey(early: Early) {
    let calm = undisturbed();
    at_each_request(early, 50, |early, after| {
        let mut happened = false;
        fresh(async |story| {
            let what = format!("{early:?} at request {after}");
            let by = story.planned().await;
            let mut journal = story.journal.clone();
            happened = ended(story, early, after, async |story| {
                carry(story, &by, &mut journal).await
            })
            .await;
            finish(story, &mut story.journal.clone(), &what).await;
            assert_eq!(end_state(story), calm.end, "{what}");
        });
        happened
    });
}

#[test]
fn the_account_journey_is_killed_before_each_request() {
    the_account_journey(Early::KilledBefore);
}

#[test]
fn the_account_journey_is_killed_after_each_request() {
    the_account_journey(Early::KilledAfter);
}

#[test]
fn the_account_journey_is_interrupted_at_each_request() {
    the_account_journey(Early::Interrupted);
}

/// Takes everything back, and again until nothing of it is open.
async fn all_taken_back(
    story: &Story,
    journal: &mut MemoryJournal,
    what: &str,
) -> Vec<ChangeState> {
    for _ in 0..4 {
        let observed = story.looked_back(journal).await;
        let applied = story.take_back(&observed, journal).await;
        let states: Vec<_> = applied
            .outcome
            .changes
            .iter()
            .map(|one| one.state)
            .collect();
        let open =
            |state: &ChangeState| matches!(state, ChangeState::Failed | ChangeState::NotTried);
        if !applied.interrupted && !states.iter().any(open) {
            return states;
        }
    }
    panic!("{what}: it never ends");
}

/// Everything that was set up.
async fn set_up(story: &mut Story) -> MemoryJournal {
    let mut journal = story.journal.clone();
    run(story, &mut journal).await;
    journal
}

#[test]
fn its_rollback_is_ended_at_each_request() {
    let mut calm = Value::Null;
    fresh(async |story| {
        let mut journal = set_up(story).await;
        let states = all_taken_back(story, &mut journal, "undisturbed").await;
        assert!(states.contains(&ChangeState::Undone), "{states:?}");
        calm = end_state(story);
    });
    let lived_through = |early, after| {
        let mut happened = false;
        fresh(async |story| {
            let what = format!("rollback, {early:?} at request {after}");
            let mut journal = set_up(story).await;
            let observed = story.looked_back(&journal).await;
            happened = ended(story, early, after, async |story| {
                story.take_back(&observed, &mut journal).await
            })
            .await;
            let mut journal = story.journal.clone();
            story.recover(&mut journal).await;
            all_taken_back(story, &mut journal, &what).await;
            assert_eq!(end_state(story), calm, "{what}");
        });
        happened
    };
    for early in [Early::KilledBefore, Early::KilledAfter, Early::Interrupted] {
        at_each_request(early, 15, lived_through);
    }
}
