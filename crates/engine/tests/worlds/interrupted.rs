//! Whatever interrupts the account journey at whichever write or line of the journal: the next run ends where an undisturbed one
//! ends, and nothing is made twice (`contracts/cli.md`, rules 5 and 8). On a virtual clock: a window of ten minutes takes none.

use serde_json::{Value, json};
use usher_core::model::setup::Journey;
use usher_engine::apply::{Applied, Journal, MemoryJournal};

use crate::journal::{Kill, Mortal};
use crate::line::Strike;
use crate::story::{Story, on_virtual_time};
use crate::world::{NAME, World};

/// What an undisturbed run comes to, and how many writes and journal lines it takes.
pub(crate) struct Undisturbed {
    pub(crate) end: Value,
    pub(crate) writes: u32,
    lines: u32,
}

/// A tenant in which everything is to be set up.
pub(crate) fn fresh(test: impl AsyncFnOnce(&mut Story)) {
    on_virtual_time(
        async || (World::fresh(), ()),
        async |story, ()| {
            story.setup.journey = Journey::Account;
            story.setup.want = serde_json::from_value(wanted(story)).unwrap();
            test(story).await;
        },
    );
}

fn wanted(story: &Story) -> Value {
    let assign = story.stage.entra.read(|directory| {
        let user = directory.users.iter().nth(5).map(|user| user.id);
        let mut groups = directory.groups.iter();
        let group = groups.find(|group| group.members.len() > 2);
        json!([{ "type": "user", "id": user }, { "type": "group", "id": group.map(|one| one.id) }])
    });
    json!({ "assignmentRequired": false, "scope": "assigned", "provisioning": "on",
            "notificationEmail": "iam@contoso.example", "deleteThreshold": 500, "assign": assign })
}

/// Every application of the set-up's name as it stands, without what differs from run to run.
pub(crate) fn end_state(story: &Story) -> Value {
    story.stage.entra.read(|directory| {
        let all = directory.service_principals.iter();
        let named = all.filter(|one| one.display_name == NAME).map(|one| {
            let assigned = one.assignments.iter();
            let mut assigned: Vec<String> =
                assigned.map(|row| row.principal_id.to_string()).collect();
            assigned.sort();
            let jobs = one.synchronization.jobs.iter();
            json!({
                "assignmentRequired": one.assignment_required,
                "assigned": assigned,
                "settings": one.synchronization.secrets,
                "jobs": jobs.map(|job| job.schedule.name()).collect::<Vec<_>>(),
            })
        });
        named.collect()
    })
}

/// One run as a face makes it.
pub(crate) async fn run(story: &mut Story, journal: &mut dyn Journal) -> Applied {
    story.recover(journal).await;
    let (plan, observed) = story.planned().await;
    assert_eq!(plan.refusals, [], "the plan is refused");
    story.carry(&plan, &observed, journal).await
}

/// Runs until nothing is left to do, as a person would who runs it again.
pub(crate) async fn finish(story: &mut Story, journal: &mut MemoryJournal, what: &str) {
    for _ in 0..5 {
        let applied = run(story, journal).await;
        if applied.outcome.changes.is_empty() {
            return;
        }
        assert!(!applied.interrupted, "{what}");
    }
    panic!("{what}: it never ends");
}

pub(crate) fn undisturbed() -> Undisturbed {
    let mut calm = None;
    fresh(async |story| {
        let mut journal = story.journal.clone();
        run(story, &mut journal).await;
        calm = Some(Undisturbed {
            end: end_state(story),
            writes: story.line.writes(),
            lines: u32::try_from(journal.lines().len()).unwrap(),
        });
        finish(story, &mut journal, "undisturbed").await;
    });
    let calm = calm.unwrap();
    assert!(calm.writes >= 7, "only {} writes", calm.writes);
    assert_eq!(calm.end.as_array().map(Vec::len), Some(1));
    calm
}

/// The strike at each write.
fn struck(strike: Strike) {
    let calm = undisturbed();
    for at in 0..calm.writes {
        let what = format!("{strike:?} at write {at}");
        fresh(async |story| {
            story.line.strike(vec![(at, strike)]);
            let mut journal = story.journal.clone();
            let line = story.line.clone();
            tokio::select! {
                _ = run(story, &mut journal) => {}
                () = line.death() => {}
            }
            assert_eq!(story.line.struck().len(), 1, "{what}");
            finish(story, &mut journal, &what).await;
            assert_eq!(end_state(story), calm.end, "{what}");
        });
    }
}

#[test]
fn refused_at_each_write() {
    struck(Strike::Refused);
}

#[test]
fn answered_503_before_it_happened_at_each_write() {
    struck(Strike::Broken);
}

#[test]
fn answered_500_after_it_happened_at_each_write() {
    struck(Strike::BrokenAfter);
}

#[test]
fn cut_before_it_happened_at_each_write() {
    struck(Strike::CutBefore);
}

#[test]
fn cut_after_it_happened_at_each_write() {
    struck(Strike::CutAfter);
}

#[test]
fn an_unreadable_answer_at_each_write() {
    struck(Strike::GarbageAfter);
}

#[test]
fn killed_before_each_write() {
    struck(Strike::DieBefore);
}

#[test]
fn killed_after_each_write() {
    struck(Strike::DieAfter);
}

#[test]
fn killed_at_each_boundary_of_the_journal() {
    let calm = undisturbed();
    for after in 1..=calm.lines {
        for on_disk in [false, true] {
            let kill = Kill { after, on_disk };
            let what = format!("{kill:?}");
            fresh(async |story| {
                let mut journal = story.journal.clone();
                let mut mortal = Mortal::new(journal.clone(), Some(kill));
                let death = mortal.death();
                tokio::select! {
                    _ = run(story, &mut mortal) => panic!("{what}: it was not killed"),
                    () = death => {}
                }
                finish(story, &mut journal, &what).await;
                assert_eq!(end_state(story), calm.end, "{what}");
            });
        }
    }
}
