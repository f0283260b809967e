//! Graph answers nothing but 429 for a minute, at any moment of the account journey: it waits as long as it is asked to, or for as
//! long as it takes where nobody says, and gets through. Nothing is lost or made twice. On a virtual clock: a minute takes none.

use std::time::Duration;

use usher_core::outcome::ChangeState;
use usher_engine::apply::{CycleEnd, Journal as _, wait_for_cycle};
use usher_entra::graph::GetJob;

use crate::interrupted::{end_state, finish, fresh, run, undisturbed};
use crate::line::{Asked, Moment, STORM, Strike};
use crate::story::Story;

/// What a 429 may say: nothing; a whole number of seconds, again and again; a decimal one; the whole minute at once.
const ASKED: [Asked; 4] = [
    None,
    Some(Duration::from_secs(5)),
    Some(Duration::from_millis(1_500)),
    Some(STORM),
];

/// Runs, and comes to its end by itself; the next run finds nothing left to do.
async fn gets_through(story: &mut Story, what: &str) {
    let begun = tokio::time::Instant::now();
    let mut journal = story.journal.clone();
    let applied = run(story, &mut journal).await;
    assert!(begun.elapsed() >= STORM, "{what}: nothing was waited for");
    let good = |state| matches!(state, ChangeState::Done | ChangeState::Skipped);
    let all = &applied.outcome.changes;
    assert!(all.iter().all(|one| good(one.state)), "{what}: {all:#?}");
    finish(story, &mut journal, what).await;
}

fn at_each_write(strike: impl Fn(Asked) -> Strike) {
    let calm = undisturbed();
    for asked in ASKED {
        for at in 0..calm.writes {
            let strike = strike(asked);
            let what = format!("{strike:?} at write {at}");
            fresh(async |story| {
                story.line.strike(vec![(at, strike)]);
                gets_through(story, &what).await;
                assert_eq!(story.line.struck().len(), 1, "{what}");
                assert_eq!(end_state(story), calm.end, "{what}");
            });
        }
    }
}

#[test]
fn throttled_at_each_write() {
    at_each_write(Strike::Throttled);
}

#[test]
fn throttled_and_then_answered_500_after_it_happened_at_each_write() {
    at_each_write(Strike::ThrottledThenBroken);
}

#[test]
fn throttled_while_it_looks_and_plans() {
    let calm = undisturbed();
    for asked in ASKED {
        for after in [0, 3, 9] {
            fresh(async |story| {
                let what = format!("429 ({asked:?}) for a minute after {after} requests");
                story.line.at_request(after, Moment::Storm(asked));
                gets_through(story, &what).await;
                assert!(story.line.has_happened(), "{what}: it never came");
                assert_eq!(end_state(story), calm.end);
            });
        }
    }
}

#[test]
fn throttled_while_the_first_cycle_is_waited_for() {
    for asked in ASKED {
        fresh(async |story| {
            let mut journal = story.journal.clone();
            run(story, &mut journal).await;
            let made = story.setup.entra.app.service_principal_id.clone();
            let principal =
                made.or_else(|| usher_engine::apply::created_application(&journal.lines()));
            let get = job_of(story, &principal.unwrap());
            story.line.at_request(2, Moment::Storm(asked));
            let (events, cancel) = (|_| {}, tokio_util::sync::CancellationToken::new());
            let since = jiff::Timestamp::UNIX_EPOCH;
            let patience = Duration::from_secs(3600);
            let graph = story.graph();
            let watched = wait_for_cycle(&graph, &get, since, patience, &events, &cancel);
            let end = watched.await.unwrap();
            assert!(
                matches!(end, CycleEnd::Completed { .. }),
                "{asked:?}: {end:?}"
            );
        });
    }
}

fn job_of(story: &Story, principal: &str) -> GetJob {
    let job = story.stage.entra.read(|directory| {
        let one = directory
            .service_principals
            .get(&principal.parse().unwrap());
        one.and_then(|one| one.synchronization.jobs.first())
            .map(|job| job.id.clone())
    });
    GetJob {
        service_principal: principal.to_owned(),
        job: job.unwrap(),
    }
}
