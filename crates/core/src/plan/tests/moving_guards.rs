//! Guards of a move that cannot decide, exceptions by name, and the safety belt.

use super::moving::{estate, ids, old, planned, refused};
use crate::checks::judge;
use crate::finding::Status;
use crate::model::setup::Attestation;
use crate::observation::connector::*;
use crate::observation::{Observation, Seen};
use crate::plan::migrate::{Ready, ready};
use crate::plan::{Intent, Reference};
use crate::testing::*;

#[test]
fn a_workspace_that_is_not_known_to_be_federated_refuses_with_the_connectors_name() {
    let (mut setup, mut seen) = estate();
    seen.databricks.workspaces[0].federated = Seen::default();
    let plan = planned(&setup, &seen);
    assert_eq!(plan.refusals[0].check, "identity-federation");
    assert!(plan.refusals[0].title.contains("workspace 1001"));
    // A workspace that was not looked at is none that is known, either.
    seen.databricks.workspaces.remove(0);
    assert_eq!(refused(&setup, &seen), "identity-federation");
    // Whoever names the connectors decides for the others.
    setup.want.retire = Some(vec!["old-1002".into()]);
    assert_eq!(ids(&planned(&setup, &seen)), ["pause:old-1002"]);
    // What stands still is left as it is.
    setup.want.retire = None;
    known(&mut old(&mut seen, 0).jobs)[0].state = ScheduleState::Paused;
    assert_eq!(ids(&planned(&setup, &seen)), ["pause:old-1002"]);
}

#[test]
fn a_schedule_in_a_state_nobody_knows_is_neither_running_nor_off() {
    let (setup, mut seen) = estate();
    known(&mut old(&mut seen, 0).jobs)[0].state = ScheduleState::Other("Dormant".into());
    assert_eq!(refused(&setup, &seen), "connectors-off");
    let (mut setup, mut seen) = estate();
    setup.want.unassign_retired = true;
    for index in 0..2 {
        known(&mut old(&mut seen, index).jobs)[0].state = ScheduleState::Paused;
    }
    known(&mut old(&mut seen, 1).jobs)[0].state = ScheduleState::Other("Dormant".into());
    let plan = planned(&setup, &seen);
    assert!(plan.changes.is_empty() && !plan.refusals.is_empty());
}

#[test]
fn what_nobody_reads_is_not_taken_for_empty() {
    let by = |attribute: &str| {
        vec![vec![ScopeClause {
            attribute: attribute.into(),
            operator: "IS NULL".into(),
            values: Vec::new(),
        }]]
    };
    let spoiled = |spoil: &dyn Fn(&mut ObjectMapping)| {
        let (setup, mut seen) = estate();
        let schema = known(&mut known(&mut old(&mut seen, 0).jobs)[0].schema);
        spoil(schema.user.as_mut().unwrap());
        planned(&setup, &seen)
    };
    let plan = spoiled(&|users| users.scope = by("extensionAttribute4"));
    assert_eq!(plan.refusals[0].check, "coverage");
    let plan = spoiled(&|users| users.attributes[0].source = Some("onPremisesImmutableId".into()));
    assert_eq!(plan.refusals[0].check, "coverage");
    let plan = spoiled(&|users| users.scope = by("department"));
    assert!(plan.refusals.is_empty());
}

#[test]
fn a_tenant_that_was_read_in_part_does_not_pass_for_everyone() {
    let (mut setup, mut seen) = estate();
    setup.want.scope = Some(crate::model::setup::Scope::All);
    for index in 0..2 {
        known(&mut old(&mut seen, index).secrets).sync_all = Some(true);
    }
    seen.entra.principals.complete = Seen::unknown("The people could not be read.");
    assert_eq!(refused(&setup, &seen), "coverage");
}

#[test]
fn exceptions_are_accepted_by_user_name_and_nobody_else_is() {
    let (mut setup, mut seen) = estate();
    let users = known(&mut seen.databricks.directory.users);
    users[3].active = false;
    users[4].active = false;
    let names = [
        users[3].user_name.to_string(),
        users[4].user_name.to_string(),
    ];
    let Ready::No(refusal) = ready(&setup, &seen) else {
        panic!("two people are not active");
    };
    assert_eq!(refusal.check, "account-sync-proven");
    assert!(names.iter().all(|name| refusal.title.contains(name)));
    let mut accept = |note: String| {
        let attested = Attestation {
            by: "An admin".into(),
            at: now(),
            note: Some(note),
        };
        setup
            .attested
            .insert("account-sync-proven".into(), attested);
        ready(&setup, &seen)
    };
    let Ready::No(refusal) = accept(names[0].to_uppercase()) else {
        panic!("one of them is not accepted");
    };
    assert!(!refusal.title.contains(&names[0]) && refusal.title.contains(&names[1]));
    assert_eq!(accept(names.join(", ")), Ready::Yes);
}

#[test]
fn the_safety_belt_is_put_on_before_anything_and_taken_off_at_the_end() {
    let (mut setup, mut seen) = estate();
    let belt = |word: &str| format!("save-settings:{SP}:safety-belt-{word}");
    setup.want.safety_belt = true;
    let plan = planned(&setup, &seen);
    let (on, off) = (belt("on"), belt("off"));
    assert_eq!(
        ids(&plan),
        [
            on.as_str(),
            "pause:old-1001",
            "pause:old-1002",
            off.as_str()
        ]
    );
    // A move that was left in the middle goes on with it, and takes it off.
    known(&mut first(&mut seen).secrets).skip_out_of_scope_deletions = Some(true);
    let plan = planned(&setup, &seen);
    assert_eq!(
        ids(&plan),
        ["pause:old-1001", "pause:old-1002", off.as_str()]
    );
    for index in 0..2 {
        known(&mut old(&mut seen, index).jobs)[0].state = ScheduleState::Paused;
    }
    assert_eq!(ids(&planned(&setup, &seen)), [off.as_str()]);
    known(&mut first(&mut seen).secrets).skip_out_of_scope_deletions = Some(false);
    assert!(planned(&setup, &seen).changes.is_empty());
}

#[test]
fn a_connector_with_two_jobs_that_run_is_not_paused_by_half() {
    let (setup, mut seen) = estate();
    let jobs = known(&mut old(&mut seen, 0).jobs);
    let second = Job {
        id: "second".into(),
        ..jobs[0].clone()
    };
    jobs.push(second);
    assert_eq!(refused(&setup, &seen), "connectors-off");
    // The one that runs is the one that is paused, whichever it is.
    known(&mut old(&mut seen, 0).jobs)[0].state = ScheduleState::Disabled;
    let plan = planned(&setup, &seen);
    let Intent::Pause { job, .. } = &plan.changes[0].intent else {
        panic!("it is not paused: {plan:?}");
    };
    assert_eq!(job, &Reference::Existing("second".into()));
}

#[test]
fn where_the_accounts_people_cannot_be_read_nothing_is_planned_to_be_paused() {
    let (setup, mut seen) = estate();
    seen.databricks.directory.users = Seen::unknown("The account did not answer.");
    assert_eq!(refused(&setup, &seen), "account-sync-proven");
}

#[test]
fn ids_are_the_same_in_capitals() {
    let (mut setup, seen) = estate();
    setup.want.retire = Some(vec!["OLD-1002".into()]);
    setup.entra.app.service_principal_id = Some(SP.to_uppercase());
    assert_eq!(ids(&planned(&setup, &seen)), ["pause:old-1002"]);
}

#[test]
fn a_plan_says_what_it_could_not_see() {
    let (setup, mut seen) = estate();
    let people = databricks(Vec::new());
    for workspace in &mut seen.databricks.workspaces {
        workspace.directory.users = people.clone();
        workspace.assignments = databricks(Vec::new());
        workspace.token_expires = databricks(None);
    }
    assert_eq!(planned(&setup, &seen).by_hand, []);

    seen.databricks.workspaces[1].directory.users =
        Seen::needing("There is no token.", "a personal access token");
    seen.databricks.workspaces[1].assignments = Seen::unknown("Only an account admin sees this.");
    let mut unreadable = old(&mut seen, 1).clone();
    unreadable.service_principal_id = "somewhere".into();
    unreadable.display_name = "somewhere else".into();
    unreadable.secrets = Seen::unknown("Graph refused.");
    known(&mut seen.entra.connectors).push(unreadable);
    let plan = planned(&setup, &seen);
    assert_eq!(ids(&plan), ["pause:old-1001", "pause:old-1002"]);
    let said: Vec<&str> = plan.by_hand.iter().map(|step| &*step.title).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[0].contains("1002") && !said[0].contains("1001"));
    assert!(plan.by_hand[0].fix.contains("There is no token."));
    assert!(said[1].contains("cannot be compared"));
    assert!(said[2].contains("somewhere else"));
    // Where nothing is paused, there is nothing to watch.
    for index in 0..2 {
        known(&mut old(&mut seen, index).jobs)[0].state = ScheduleState::Paused;
    }
    assert_eq!(planned(&setup, &seen).by_hand, []);
}

#[test]
fn a_token_that_would_leave_a_connector_off_for_good_is_told_before_the_pause() {
    let (setup, mut seen) = estate();
    for workspace in &mut seen.databricks.workspaces {
        workspace.directory.users = databricks(Vec::new());
        workspace.assignments = databricks(Vec::new());
        workspace.token_expires = databricks(None);
    }
    let in_days = |days: i64| now() + jiff::SignedDuration::from_hours(24 * days);
    let age = |seen: &Observation| {
        let report = judge(&setup, seen, now());
        let mut findings = report.findings.into_iter();
        findings
            .find(|finding| finding.check == "token-age")
            .unwrap()
    };
    let told = |seen: &Observation| -> Vec<String> {
        let plan = planned(&setup, seen);
        assert_eq!(ids(&plan), ["pause:old-1001", "pause:old-1002"]);
        let about = plan.by_hand.iter();
        let about = about.filter(|step| step.check == "token-age");
        about
            .map(|step| format!("{}\n{}", step.title, step.fix))
            .collect()
    };
    assert_eq!(age(&seen).status, Status::Pass);
    assert_eq!(told(&seen), [] as [String; 0]);

    seen.databricks.workspaces[0].token_expires = databricks(Some(in_days(200)));
    assert_eq!(told(&seen), [] as [String; 0]);
    seen.databricks.workspaces[0].token_expires = databricks(Some(in_days(5)));
    assert_eq!(age(&seen).status, Status::Warn);
    let [soon] = &told(&seen)[..] else {
        panic!("it ends in five days")
    };
    let day = in_days(5).strftime("%Y-%m-%d").to_string();
    assert!(
        soon.contains("workspace 1001") && soon.contains(&day),
        "{soon}"
    );

    let unseen = "The token's owner has 2 tokens with different ends.";
    seen.databricks.workspaces[0].token_expires = Seen::unknown(unseen);
    assert_eq!(age(&seen).status, Status::Unknown);
    let [said] = &told(&seen)[..] else {
        panic!("it cannot be seen")
    };
    assert!(
        said.contains("workspace 1001") && said.contains(unseen),
        "{said}"
    );

    known(&mut old(&mut seen, 1).saved_credentials).accepted = false;
    let finding = age(&seen);
    assert_eq!(finding.status, Status::Fail);
    assert_eq!(finding.subjects.len(), 2);
    let said = told(&seen);
    assert!(
        said[0].contains("does not accept") && said[0].contains("workspace 1002"),
        "{said:?}"
    );
    // What stands still is started by nobody but a rollback, and that tries the token itself.
    for index in 0..2 {
        known(&mut old(&mut seen, index).jobs)[0].state = ScheduleState::Paused;
    }
    assert_eq!(age(&seen).subjects, []);
}
