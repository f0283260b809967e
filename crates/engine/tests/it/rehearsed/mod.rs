//! Every scenario of the practice tenant leads from its symptom to its fix, through the session as the window has it: the trouble
//! shows by name with what to do, a fix is a plan of exactly that, what belongs into a portal is pressed there, and at the next
//! look it is gone.

mod day;
mod table;

use std::collections::BTreeSet;

use futures::StreamExt as _;
use usher_core::finding::{Finding, Status};
use usher_engine::session::view::*;
use usher_practice::scenarios;

use day::Day;
use table::{ELSEWHERE, Look, Row, Shows, TABLE, Way};

/// How many scenarios are rehearsed at once.
const AT_ONCE: usize = 4;

fn is_bad(finding: &Finding) -> bool {
    matches!(finding.status, Status::Fail | Status::Warn)
}

fn of<'a>(view: &'a SetupView, check: &str) -> &'a Finding {
    let mut all = view.findings.iter();
    &all.find(|one| one.finding.check == check).unwrap().finding
}

/// What is wrong with how the trouble shows.
fn shown(shows: Shows, seen: &Result<SetupView, Failure>) -> Vec<String> {
    let view = match (shows, seen) {
        (Shows::Refused(words), Err(failure)) => {
            let told = format!("{} {}", failure.message, failure.meaning);
            let silent = failure.todo.is_empty() || !told.contains(words);
            return silent.then(|| format!("{failure:?}")).into_iter().collect();
        }
        (Shows::Refused(words), Ok(_)) => return vec![format!("{words:?} is not said")],
        (_, Err(failure)) => return vec![format!("{failure:?}")],
        (_, Ok(view)) => view,
    };
    match shows {
        Shows::Found(checks) => (checks.iter().map(|check| of(view, check)))
            .filter(|one| !is_bad(one) || one.fix.as_ref().is_none_or(String::is_empty))
            .map(|one| format!("{} is {:?}: {:?}", one.check, one.status, one.reason))
            .collect(),
        Shows::Unknown(check, words) => {
            let reason = of(view, check).reason.clone().unwrap_or_default();
            let told = reason.contains(words);
            (!told)
                .then(|| format!("{check} says {reason:?}"))
                .into_iter()
                .collect()
        }
        Shows::Nothing | Shows::Refused(_) => Vec::new(),
    }
}

/// What is left of a trouble at the last look.
fn left(shows: Shows, seen: &Result<SetupView, Failure>) -> Vec<String> {
    let view = match seen {
        Ok(view) => view,
        Err(failure) => return vec![format!("{failure:?}")],
    };
    match shows {
        Shows::Found(checks) => (checks.iter().map(|check| of(view, check)))
            .filter(|one| is_bad(one))
            .map(|one| {
                format!(
                    "{} is still {:?}: {:?}",
                    one.check, one.status, one.evidence
                )
            })
            .collect(),
        Shows::Unknown(check, _) => {
            let finding = of(view, check);
            let still = finding.status == Status::Unknown;
            still
                .then(|| format!("{check} is still unknown: {:?}", finding.reason))
                .into_iter()
                .collect()
        }
        Shows::Refused(_) => Vec::new(),
        Shows::Nothing => view.first.iter().cloned().collect(),
    }
}

async fn rehearse((name, look, shows, ways): &Row) -> Vec<String> {
    let day = Day::begin(name, *look).await;
    let seen = day.look().await;
    let mut wrong = shown(*shows, &seen);
    let mut offered: BTreeSet<String> = day.presses().await;
    for way in *ways {
        if let Way::Press(press) = way
            && !offered.remove(*press)
        {
            wrong.push(format!("{press} is no press of it"));
            continue;
        }
        wrong.extend(day.go(*way).await);
    }
    if !offered.is_empty() {
        wrong.push(format!("{offered:?} is left to press"));
    }
    let made = |way: &Way| matches!(way, Way::Fix(_) | Way::SetUp);
    if ways.iter().any(made) {
        day.cycle().await;
    }
    let seen = day.look().await;
    wrong.extend(left(*shows, &seen));
    wrong
        .into_iter()
        .map(|what| format!("{name}: {what}"))
        .collect()
}

async fn rehearse_all(rows: impl Iterator<Item = &'static Row>) {
    let only = std::env::var("USHER_SCENARIO").ok();
    let rows = rows.filter(|row| only.as_deref().is_none_or(|only| only == row.0));
    let wrong: Vec<Vec<String>> = futures::stream::iter(rows)
        .map(rehearse)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_scenario_has_its_way_out() {
    let rows = TABLE.iter().map(|row| row.0).chain(ELSEWHERE);
    let rows: BTreeSet<&str> = rows.collect();
    let all = scenarios();
    let all: BTreeSet<&str> = all.iter().map(|one| one.name).collect();
    assert_eq!(rows, all, "a scenario that nobody has rehearsed");
    assert_eq!(rows.len(), TABLE.len() + ELSEWHERE.len());
}

#[tokio::test]
async fn what_a_check_of_an_existing_set_up_finds_is_put_right() {
    let checked = |row: &&Row| matches!(row.1, Look::Check(_));
    rehearse_all(TABLE.iter().filter(checked)).await;
}

#[tokio::test]
async fn what_a_set_up_or_a_move_runs_into_is_put_right() {
    let begun = |row: &&Row| !matches!(row.1, Look::Check(_) | Look::Test);
    rehearse_all(TABLE.iter().filter(begun)).await;
}

#[tokio::test]
async fn what_the_connection_test_tells_is_put_right() {
    rehearse_all(TABLE.iter().filter(|row| row.1 == Look::Test)).await;
}
