use std::collections::BTreeSet;

use jiff::Timestamp;

use super::*;
use crate::checks::{CATALOGUE, judge};
use crate::journey::steps;
use crate::model::Setup;
use crate::model::setup::Journey;
use crate::observation::Observation;

const JOURNEYS: [Journey; 3] = [Journey::Account, Journey::Workspace, Journey::Migrate];

/// The commands of the command line that an entry may name (`contracts/cli.md`).
const COMMANDS: [&str; 3] = ["apply", "export --as terraform", "export --as graph-script"];

/// The ids of a journey's steps.
fn step_ids(journey: Journey) -> BTreeSet<String> {
    let mut setup: Setup = serde_json::from_str(
        r#"{"schema":"usher.setup/1","name":"x","journey":"account","cloud":"azure"}"#,
    )
    .unwrap();
    setup.journey = journey;
    let seen = Observation::default();
    let report = judge(&setup, &seen, Timestamp::UNIX_EPOCH);
    steps(&setup, &seen, &report, false)
        .into_iter()
        .map(|step| step.id)
        .collect()
}

fn exists(carrier: Carrier) -> bool {
    match carrier {
        Carrier::Start | Carrier::Fault(_) => true,
        Carrier::Page(step) => JOURNEYS
            .iter()
            .any(|journey| step_ids(*journey).contains(step)),
        Carrier::Check(id) => CATALOGUE
            .iter()
            .flat_map(|section| section.checks)
            .any(|check| check.id == id),
        Carrier::Tip(id) => TIPS.iter().any(|tip| tip.id == id),
        Carrier::Command(command) => COMMANDS.contains(&command),
    }
}

#[test]
fn every_entry_is_carried_by_something_that_exists() {
    for entry in entries() {
        assert!(
            !entry.carried_by.is_empty(),
            "{} is carried by nothing",
            entry.id
        );
        for carrier in entry.carried_by {
            assert!(
                exists(*carrier),
                "{} names {carrier:?}, which does not exist",
                entry.id
            );
        }
    }
}

/// How much the article has, counted by hand: an entry that is taken out is missed.
#[test]
fn no_entry_of_the_article_is_lost() {
    let counts: Vec<usize> = ARTICLE
        .iter()
        .map(|section| section.entries.len())
        .collect();
    assert_eq!(counts, [6, 5, 6, 12, 12, 8, 17, 10, 6, 14, 9]);
    let of = |kind: Kind| entries().filter(|entry| entry.kind == kind).count();
    assert_eq!(
        (
            of(Kind::Requirement),
            of(Kind::Tip),
            of(Kind::Troubleshooting)
        ),
        (10, 14, 9)
    );
}

#[test]
fn ids_are_unique() {
    let ids: BTreeSet<&str> = entries().map(|entry| entry.id).collect();
    assert_eq!(ids.len(), entries().count());
    let texts: BTreeSet<&str> = TIPS.iter().map(|tip| tip.id).collect();
    assert_eq!(texts.len(), TIPS.len());
}

#[test]
fn every_text_carries_an_entry_and_stands_beside_a_step() {
    for tip in &TIPS {
        let carries = entries().any(|entry| entry.carried_by.contains(&Carrier::Tip(tip.id)));
        assert!(carries, "{} carries no entry", tip.id);
        let shown: Vec<Journey> = JOURNEYS
            .into_iter()
            .filter(|journey| tips(tip.step, *journey).any(|shown| shown == tip))
            .collect();
        assert!(!shown.is_empty(), "{} is shown nowhere", tip.id);
        for journey in shown {
            assert!(
                step_ids(journey).contains(tip.step),
                "{} stands beside {}, which {journey:?} does not have",
                tip.id,
                tip.step
            );
        }
    }
}

#[test]
fn words_are_plain() {
    let gists = entries()
        .map(|entry| entry.gist)
        .chain(entries().filter_map(|entry| entry.today));
    for text in gists.chain(TIPS.iter().map(|tip| tip.text)) {
        assert!(
            text.ends_with(['.', '?']) && !text.contains('!') && !text.contains('|'),
            "{text}"
        );
        assert!(
            !text.to_lowercase().contains("please") && !text.contains("  "),
            "{text}"
        );
    }
}

#[test]
fn the_page_is_the_table() {
    crate::golden::holds("docs/article.md", &markdown());
}
