use super::*;
use crate::checks::judge;
use crate::model::setup::{Attestation, Journey};
use crate::observation::{EntraFacts, Seen};
use crate::testing::*;

fn rail(setup: &Setup, seen: &Observation, token_held: bool) -> Vec<Step> {
    steps(setup, seen, &judge(setup, seen, now()), token_held)
}

fn states(steps: &[Step]) -> Vec<(&str, StepState)> {
    steps
        .iter()
        .map(|step| (step.id.as_str(), step.state))
        .collect()
}

fn state(steps: &[Step], id: &str) -> StepState {
    steps.iter().find(|step| step.id == id).unwrap().state
}

#[test]
fn a_finished_world_is_done_throughout() {
    let steps = rail(&setup(), &world(), true);
    assert!(
        steps.iter().all(|step| step.state == StepState::Done),
        "{:?}",
        states(&steps)
    );
    assert_eq!(next(&steps).unwrap().id, "checklist");
}

#[test]
fn an_empty_set_up_begins_at_the_beginning() {
    let mut setup = setup();
    setup.databricks.scim_url = None;
    setup.entra.sign_in = None;
    let steps = rail(&setup, &Observation::default(), false);
    use StepState::*;
    assert_eq!(
        states(&steps),
        [
            ("prepare", Open),
            ("enable", Open),
            ("test", Blocked),
            ("sign-in", Open),
            ("application", Blocked),
            ("connection", Blocked),
            ("settings", Blocked),
            ("people", Blocked),
            ("start", Blocked),
            ("checklist", Open),
        ]
    );
    assert!(
        steps
            .iter()
            .all(|step| (step.state == Blocked) == step.why.is_some())
    );
    assert_eq!(next(&steps).unwrap().id, "prepare");
}

#[test]
fn a_fresh_tenant_waits_for_its_application() {
    let steps = rail(&setup(), &fresh(), true);
    assert_eq!(next(&steps).unwrap().id, "application");
    assert_eq!(state(&steps, "test"), StepState::Done);
    assert_eq!(state(&steps, "connection"), StepState::Blocked);
}

#[test]
fn what_a_step_is_to_bring_about_is_no_alarm_before_provisioning_runs() {
    let mut seen = world();
    known(&mut first(&mut seen).jobs)[0].state =
        crate::observation::connector::ScheduleState::Paused;
    first(&mut seen).assignment_required = entra(true);
    let steps = rail(&setup(), &seen, true);
    assert_eq!(
        (state(&steps, "settings"), state(&steps, "start")),
        (StepState::Open, StepState::Open)
    );
    let mut seen = world();
    first(&mut seen).assignment_required = entra(true);
    assert_eq!(
        state(&rail(&setup(), &seen, true), "settings"),
        StepState::Attention
    );
}

#[test]
fn by_hand_the_rail_goes_by_a_persons_word() {
    let (mut setup, mut seen) = (setup(), world());
    setup.entra.sign_in = Some(SignIn::ByHand);
    seen.entra = EntraFacts::default();
    let steps = rail(&setup, &seen, true);
    assert_eq!(
        (state(&steps, "sign-in"), state(&steps, "application")),
        (StepState::Done, StepState::Open)
    );
    for check in crate::checks::of_journey(Journey::Account) {
        setup.attested.insert(
            check.id.into(),
            Attestation {
                by: "Ada".into(),
                at: now(),
                note: None,
            },
        );
    }
    let steps = rail(&setup, &seen, true);
    assert!(
        steps.iter().all(|step| step.state == StepState::Done),
        "{:?}",
        states(&steps)
    );
}

#[test]
fn a_refused_connection_asks_for_attention() {
    let mut seen = world();
    let report = known(&mut seen.databricks.connection);
    report.verdict = crate::connection::Verdict::Fail;
    report.fault = Some(crate::connection::Fault::of(
        crate::connection::FaultCode::TokenRejected,
        &Default::default(),
    ));
    assert_eq!(
        state(&rail(&setup(), &seen, true), "test"),
        StepState::Attention
    );
    seen.databricks.connection = Seen::default();
    assert_eq!(state(&rail(&setup(), &seen, true), "test"), StepState::Open);
}

#[test]
fn every_check_has_its_step_on_its_journeys_rail() {
    for journey in [Journey::Account, Journey::Workspace, Journey::Migrate] {
        let setup = Setup { journey, ..setup() };
        let steps = rail(&setup, &world(), true);
        let placed: usize = steps.iter().map(|step| step.checks.len()).sum();
        assert_eq!(
            placed,
            crate::checks::of_journey(journey).count(),
            "{journey:?}"
        );
    }
}

#[test]
fn that_provisioning_is_on_is_not_yet_that_anybody_has_come() {
    let mut seen = world();
    let job = &mut known(&mut first(&mut seen).jobs)[0];
    (job.last, job.last_success) = (None, None);
    assert_eq!(
        state(&rail(&setup(), &seen, true), "start"),
        StepState::Open
    );
}
