mod application;
mod assigned;
mod before;
mod connection;
mod moving;
mod sync;
mod table;

use std::collections::BTreeSet;

use super::*;
use crate::connection::{Fault, FaultCode, Verdict as Connection, fault::FaultContext};
use crate::model::setup::{PrincipalKind, SignIn, WantedAssignment};
use crate::model::{DatabricksCloud, EntraCloud};
use crate::observation::connector::*;
use crate::observation::databricks::*;
use crate::observation::entra::*;
use crate::observation::{Connector, Observation, Principals, Seen};
use crate::testing::*;

fn found(setup: &Setup, seen: &Observation, check: &str) -> Finding {
    let report = judge(setup, seen, now());
    report
        .findings
        .into_iter()
        .find(|finding| finding.check == check)
        .unwrap_or_else(|| panic!("{check} was not judged"))
}

/// Spoils set-up and world, and says how a check comes out.
fn after(check: &str, spoil: impl FnOnce(&mut Setup, &mut Observation)) -> Finding {
    let (mut setup, mut world) = (setup(), world());
    spoil(&mut setup, &mut world);
    let finding = found(&setup, &world, check);
    match finding.status {
        Status::Warn | Status::Fail => assert!(
            finding
                .fix
                .as_deref()
                .is_some_and(|fix| fix.starts_with("1. ")),
            "{check}: no fix"
        ),
        Status::Unknown => assert!(
            finding
                .reason
                .as_deref()
                .is_some_and(|reason| !reason.is_empty()),
            "{check}: no reason"
        ),
        Status::Pass | Status::NotApplicable => {}
    }
    finding
}

fn status(check: &str, spoil: impl FnOnce(&mut Setup, &mut Observation)) -> Status {
    after(check, spoil).status
}

fn workspace(world: &mut Observation) -> &mut WorkspaceFacts {
    &mut world.databricks.workspaces[0]
}

fn the_job(world: &mut Observation) -> &mut Job {
    &mut known(&mut first(world).jobs)[0]
}

fn users(world: &mut Observation) -> &mut Vec<DatabricksUser> {
    known(&mut world.databricks.directory.users)
}

#[test]
fn ids_are_unique_and_titles_are_said_once() {
    let checks: Vec<&Check> = CATALOGUE
        .iter()
        .flat_map(|section| section.checks)
        .collect();
    assert_eq!(
        checks
            .iter()
            .map(|check| check.id)
            .collect::<BTreeSet<_>>()
            .len(),
        checks.len()
    );
    assert_eq!(
        checks
            .iter()
            .map(|check| check.title)
            .collect::<BTreeSet<_>>()
            .len(),
        checks.len()
    );
    assert_eq!(checks.len(), 55);
}

#[test]
fn every_check_says_what_it_wants_and_why() {
    let told: Vec<&str> = about::ALL.iter().map(|about| about.check).collect();
    let checks: Vec<&str> = CATALOGUE
        .iter()
        .flat_map(|section| section.checks)
        .map(|check| check.id)
        .collect();
    assert_eq!(told, checks);
    for about in about::ALL {
        assert!(about.why.ends_with('.'), "{}", about.check);
        assert!(!about.wanted.ends_with('.'), "{}", about.check);
        assert!(about.link.starts_with("https://"), "{}", about.check);
    }
}

#[test]
fn every_journey_gets_one_finding_a_check() {
    for journey in [Journey::Account, Journey::Workspace, Journey::Migrate] {
        let setup = Setup { journey, ..setup() };
        for seen in [world(), fresh(), Observation::default()] {
            let report = judge(&setup, &seen, now());
            let ids: Vec<&str> = report
                .findings
                .iter()
                .map(|finding| finding.check.as_str())
                .collect();
            assert_eq!(
                ids,
                of_journey(journey)
                    .map(|check| check.id)
                    .collect::<Vec<_>>()
            );
            for finding in &report.findings {
                assert_eq!(
                    matches!(finding.status, Status::Warn | Status::Fail),
                    finding.fix.is_some(),
                    "{}",
                    finding.check
                );
                assert_eq!(
                    finding.status == Status::Unknown,
                    finding.reason.is_some(),
                    "{}",
                    finding.check
                );
            }
        }
    }
}

#[test]
fn a_good_world_has_nothing_to_do() {
    let report = judge(&setup(), &world(), now());
    let bad: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| matches!(finding.status, Status::Fail | Status::Unknown))
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
    // Automatic identity management is worth a thought.
    let warned: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.status == Status::Warn)
        .map(|finding| finding.check.as_str())
        .collect();
    assert_eq!(warned, ["aim-considered"]);
}

#[test]
fn nothing_seen_is_never_a_pass() {
    let setup = Setup {
        entra: crate::model::setup::EntraSetup {
            cloud: EntraCloud::UsGovL4,
            ..setup().entra
        },
        ..setup()
    };
    for finding in judge(&setup, &Observation::default(), now()).findings {
        let input_alone = ["token-age", "cloud-supported"].contains(&finding.check.as_str());
        assert!(
            finding.status == Status::Unknown || input_alone,
            "{} is {:?}",
            finding.check,
            finding.status
        );
    }
}

#[test]
fn a_persons_word_fills_gaps_and_overrules_nothing() {
    let word = Attestation {
        by: "Ada".into(),
        at: ago(5),
        note: Some("seen in the console".into()),
    };
    let gap = after("premium-plan", |setup, world| {
        workspace(world).pricing_tier = Seen::default();
        setup.attested.insert("premium-plan".into(), word.clone());
    });
    assert_eq!(
        (gap.status, gap.how, gap.observed_at),
        (Status::Pass, How::Attested, ago(5))
    );
    assert!(
        gap.evidence
            .iter()
            .any(|evidence| evidence.value.contains("Ada"))
    );
    let wrong = after("premium-plan", |setup, world| {
        workspace(world).pricing_tier = databricks("STANDARD".into());
        setup.attested.insert("premium-plan".into(), word);
    });
    assert_eq!((wrong.status, wrong.how), (Status::Fail, How::Databricks));
}

#[test]
fn unknown_says_what_would_tell() {
    let finding = after("connection-from-entra", |_, world| {
        first(world).saved_credentials = Seen::needing(
            "Entra was not asked.",
            "the Microsoft Graph permission Synchronization.ReadWrite.All",
        );
    });
    assert!(
        finding
            .reason
            .unwrap()
            .contains("Synchronization.ReadWrite.All")
    );
}

#[test]
fn by_hand_everything_of_entra_can_be_attested() {
    let (mut setup, mut world) = (setup(), world());
    setup.entra.sign_in = Some(SignIn::ByHand);
    world.entra = crate::observation::EntraFacts::default();
    for check in [
        "provisioning-on",
        "secret-saved",
        "someone-assigned",
        "assignment-required",
    ] {
        assert_eq!(
            found(&setup, &world, check).status,
            Status::Unknown,
            "{check}"
        );
        setup.attested.insert(
            check.into(),
            Attestation {
                by: "Ada".into(),
                at: now(),
                note: None,
            },
        );
        assert_eq!(found(&setup, &world, check).how, How::Attested, "{check}");
    }
}

#[test]
fn by_hand_databricks_shows_whether_anybody_came() {
    let (mut setup, mut world) = (setup(), world());
    setup.entra.sign_in = Some(SignIn::ByHand);
    world.entra = crate::observation::EntraFacts::default();
    let word = |setup: &mut Setup, check: &str| {
        let word = Attestation {
            by: "Ada".into(),
            at: now(),
            note: None,
        };
        setup.attested.insert(check.into(), word);
    };
    let linked = |user: &&mut DatabricksUser| user.active && user.external_id.is_some();
    let there = users(&mut world).iter_mut().filter(linked).count();
    let came = found(&setup, &world, "users-arrived");
    assert_eq!(
        came.status,
        Status::Unknown,
        "that it is everybody, nobody has said"
    );
    assert_eq!(came.evidence[0].value, format!("{there} people"));
    let mut told = setup.clone();
    word(&mut told, "users-arrived");
    word(&mut told, "groups-arrived");
    for (check, value) in [("users-arrived", "people"), ("groups-arrived", "group")] {
        let told = found(&told, &world, check);
        assert_eq!((told.status, told.how), (Status::Pass, How::Attested));
        assert!(
            told.evidence[0].value.contains(value),
            "{:?}",
            told.evidence
        );
    }

    for user in users(&mut world) {
        user.external_id = None;
    }
    assert_eq!(
        found(&setup, &world, "users-arrived").status,
        Status::Unknown
    );
    // What is seen counts more than what is said, once provisioning is said to be on.
    word(&mut told, "provisioning-on");
    let seen = found(&told, &world, "users-arrived");
    assert_eq!((seen.status, seen.how), (Status::Warn, How::Databricks));
    assert!(seen.fix.unwrap().contains("20 minutes"));
}
