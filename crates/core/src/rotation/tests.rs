use super::*;
use crate::model::setup::Attestation;
use crate::observation::Seen;
use crate::observation::connector::CredentialCheck;
use crate::testing::{ago, connection, first, setup, world};

/// A renewal that began an hour ago.
fn renewing() -> (Setup, Observation) {
    let mut setup = setup();
    setup.databricks.token_rotation_began_at = Some(ago(60));
    (setup, world())
}

fn states(setup: &Setup, seen: &Observation, kept: Option<i64>, saved: Option<i64>) -> String {
    let facts = Facts {
        setup,
        seen,
        kept_at: kept.map(ago),
        saved_at: saved.map(ago),
    };
    let letter = |step: &Step| match step.state {
        StepState::Done => 'd',
        StepState::Attention => '!',
        StepState::Open => 'o',
        StepState::Blocked => '-',
    };
    steps(&facts).iter().map(letter).collect()
}

fn tested(seen: &mut Observation, minutes: i64) {
    seen.databricks.connection = Seen::databricks(connection(), ago(minutes));
}

fn asked_entra(seen: &mut Observation, accepted: bool, minutes: i64) {
    let check = CredentialCheck {
        accepted,
        code: None,
        message: None,
    };
    first(seen).saved_credentials = Seen::entra(check, ago(minutes));
}

fn word(setup: &mut Setup, check: &str, minutes: i64) {
    let word = Attestation {
        by: "Ada".into(),
        at: ago(minutes),
        note: None,
    };
    setup.attested.insert(check.into(), word);
}

#[test]
fn each_step_counts_from_the_one_before_it() {
    let (mut setup, mut seen) = renewing();
    tested(&mut seen, 70);
    asked_entra(&mut seen, true, 70);
    // What was so before the renewal began proves nothing about it.
    assert_eq!(states(&setup, &seen, Some(80), Some(75)), "oo-----");
    assert_eq!(states(&setup, &seen, Some(50), Some(75)), "ddo----");
    tested(&mut seen, 40);
    assert_eq!(states(&setup, &seen, Some(50), Some(75)), "dddo---");
    assert_eq!(states(&setup, &seen, Some(50), Some(30)), "ddddo--");
    asked_entra(&mut seen, true, 20);
    assert_eq!(states(&setup, &seen, Some(50), Some(30)), "dddddo-");
    word(&mut setup, "token-age", 10);
    assert_eq!(states(&setup, &seen, Some(50), Some(30)), "ddddddo");
    // Only a look after the old token went proves that Entra does not live by it.
    asked_entra(&mut seen, true, 5);
    tested(&mut seen, 4);
    assert_eq!(states(&setup, &seen, Some(50), Some(30)), "ddddddd");
}

#[test]
fn what_fails_holds_up_what_follows() {
    let (setup, mut seen) = renewing();
    tested(&mut seen, 40);
    asked_entra(&mut seen, false, 20);
    assert_eq!(states(&setup, &seen, Some(50), Some(30)), "dddd!--");
}

#[test]
fn without_a_sign_in_a_persons_word_stands_for_what_entra_has() {
    let (mut setup, mut seen) = renewing();
    tested(&mut seen, 40);
    first(&mut seen).saved_credentials = Seen::default();
    word(&mut setup, "secret-saved", 30);
    assert_eq!(states(&setup, &seen, Some(50), None), "ddddo--");
    word(&mut setup, "connection-from-entra", 25);
    assert_eq!(states(&setup, &seen, Some(50), None), "dddddo-");
}

#[test]
fn nothing_is_under_way_until_it_began() {
    let facts = Facts {
        setup: &setup(),
        seen: &world(),
        kept_at: Some(ago(5)),
        saved_at: None,
    };
    assert!(steps(&facts).is_empty() && !is_complete(&steps(&facts)));
}
