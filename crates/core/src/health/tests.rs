use super::*;
use crate::checks::judge;
use crate::observation::Connector;
use crate::observation::connector::*;
use crate::testing::{ago, job, known, now, setup, user_id, world};

fn quarantined(reason: &str, days: i64) -> Job {
    Job {
        quarantine: Some(Quarantine {
            since: Some(ago(60 * 24 * days)),
            next_attempt: None,
            reason: reason.into(),
            error_code: None,
            error_message: None,
        }),
        ..job()
    }
}

fn offered(job: &Job, accepted: Option<bool>) -> Vec<String> {
    let said = accepted.map(|accepted| CredentialCheck {
        accepted,
        code: None,
        message: None,
    });
    choices(job, said.as_ref())
        .into_iter()
        .filter(|choice| choice.offered)
        .map(|choice| choice.id)
        .collect()
}

#[test]
fn a_quarantine_has_28_days() {
    let days = |days| {
        clock(&quarantined("EncounteredQuarantineException", days), now())
            .unwrap()
            .days_left
    };
    assert_eq!(days(0), Some(28));
    assert_eq!(days(10), Some(18));
    assert_eq!(days(28), Some(0));
    assert_eq!(days(400), Some(0));
    assert_eq!(clock(&job(), now()), None);
}

#[test]
fn a_restart_is_offered_for_accepted_credentials_after_a_credential_quarantine_alone() {
    let credentials = quarantined("EncounteredQuarantineException", 1);
    assert_eq!(offered(&credentials, Some(true)), ["restart"]);
    assert!(offered(&credentials, Some(false)).is_empty());
    assert!(offered(&credentials, None).is_empty());
    for reason in [
        "TooManyDeletes",
        "EncounteredTotalEscrowThreshold",
        "Unknown",
    ] {
        assert!(offered(&quarantined(reason, 1), Some(true)).is_empty());
    }
    assert!(choices(&job(), None).is_empty());
}

#[test]
fn everybody_of_a_cause_is_in_the_table_and_the_first_few_on_the_page() {
    let object = |index: usize| LogObject {
        id: user_id(index).into(),
        name: format!("=Person {index}").into(),
    };
    let log = LogSummary {
        failures: vec![LogFailure {
            code: "DuplicateTargetEntries".into(),
            reason: "Two, found".into(),
            objects: (0..40).map(object).collect(),
        }],
        ..LogSummary::default()
    };
    let causes = causes(&log);
    assert_eq!((causes[0].count, causes[0].first.len()), (40, 6));
    assert!(causes[0].remedy.starts_with("The person or group exists"));
    let csv = csv(&log);
    assert_eq!(csv.lines().count(), 41);
    assert!(csv.contains("'=Person 7,u07,DuplicateTargetEntries,\"Two, found\""));
}

#[test]
fn what_blocks_comes_first_and_causes_before_what_they_bring() {
    let mut world = world();
    known(&mut first_of(&mut world).jobs)[0] = quarantined("EncounteredQuarantineException", 3);
    known(&mut first_of(&mut world).saved_credentials).accepted = false;
    let report = judge(&setup(), &world, now());
    let begin = super::first(&report.findings).unwrap();
    assert_eq!(begin.check, "connection-from-entra");
    assert_eq!(
        super::first(&judge(&setup(), &crate::testing::world(), now()).findings),
        None
    );
}

fn first_of(world: &mut crate::observation::Observation) -> &mut Connector {
    crate::testing::first(world)
}
