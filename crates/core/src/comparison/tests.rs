use super::*;
use crate::checks::judge;
use crate::finding::How;
use crate::model::setup::Journey;
use crate::testing::*;

fn subject(name: &str, status: Status) -> Subject {
    Subject {
        subject: name.to_owned(),
        status,
        note: "why".to_owned(),
    }
}

fn finding(check: &str, status: Status, subjects: &[(&str, Status)]) -> Finding {
    Finding {
        check: check.to_owned(),
        title: format!("About {check}"),
        wanted: None,
        why: None,
        link: None,
        status,
        weight: Weight::Risks,
        evidence: Vec::new(),
        subjects: subjects
            .iter()
            .map(|(name, status)| subject(name, *status))
            .collect(),
        fix: None,
        reason: None,
        source: "a document".to_owned(),
        observed_at: now(),
        how: How::Entra,
    }
}

fn compare(last: Vec<Finding>, this: Vec<Finding>) -> Comparison {
    let last = Document::new(Report::new(&setup(), last), ago(60));
    Comparison::of(&last, &Report::new(&setup(), this))
}

/// What becomes of one check that goes from one status to another.
fn became(was: Status, is: Status) -> Option<Change> {
    compare(vec![finding("a", was, &[])], vec![finding("a", is, &[])])
        .checks
        .first()
        .map(|compared| compared.change)
}

#[test]
fn every_way_from_one_status_to_another_has_its_name() {
    use Status::{Fail, NotApplicable, Pass, Unknown, Warn};
    let expected = [
        (Pass, Fail, Some(Change::New)),
        (Pass, Warn, Some(Change::New)),
        (Unknown, Fail, Some(Change::New)),
        (NotApplicable, Warn, Some(Change::New)),
        (Fail, Fail, Some(Change::StillThere)),
        (Warn, Warn, Some(Change::StillThere)),
        (Fail, Warn, Some(Change::Changed)),
        (Warn, Fail, Some(Change::Changed)),
        (Fail, Pass, Some(Change::Gone)),
        (Warn, NotApplicable, Some(Change::Gone)),
        // What cannot be seen any longer is not gone.
        (Fail, Unknown, Some(Change::Changed)),
        (Pass, Unknown, Some(Change::Changed)),
        (Unknown, Pass, Some(Change::Changed)),
        (Pass, Pass, None),
        (Unknown, Unknown, None),
        (NotApplicable, Pass, None),
        (Unknown, NotApplicable, None),
    ];
    for (was, is, change) in expected {
        assert_eq!(became(was, is), change, "{was:?} → {is:?}");
    }
}

#[test]
fn people_come_and_go_under_one_check() {
    use Status::{Fail, Pass, Warn};
    let last = [("ada", Fail), ("bob", Warn), ("cy", Pass), ("eve", Fail)];
    let this = [("ada", Fail), ("bob", Pass), ("cy", Warn), ("dan", Fail)];
    let comparison = compare(
        vec![finding("a", Fail, &last)],
        vec![finding("a", Fail, &this)],
    );
    let compared = &comparison.checks[0];
    let names = |subjects: &[Subject]| {
        subjects
            .iter()
            .map(|subject| subject.subject.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(compared.change, Change::StillThere);
    assert_eq!(names(&compared.new_subjects), ["cy", "dan"]);
    assert_eq!(names(&compared.gone_subjects), ["bob", "eve"]);
    assert_eq!(compared.still_there, 1);
}

#[test]
fn nobody_is_gone_who_cannot_be_seen() {
    let comparison = compare(
        vec![finding("a", Status::Fail, &[("ada", Status::Fail)])],
        vec![finding("a", Status::Unknown, &[])],
    );
    assert_eq!(comparison.summary.changed, 1);
    assert!(comparison.checks[0].gone_subjects.is_empty());
}

#[test]
fn a_check_of_one_report_alone_is_compared_as_not_applying_in_the_other() {
    let comparison = compare(
        vec![
            finding("old", Status::Fail, &[]),
            finding("fine", Status::Pass, &[]),
        ],
        vec![finding("new", Status::Warn, &[])],
    );
    let told: Vec<_> = comparison
        .checks
        .iter()
        .map(|compared| (compared.check.as_str(), compared.change))
        .collect();
    assert_eq!(told, [("new", Change::New), ("old", Change::Gone)]);
    assert_eq!(
        (comparison.checks[0].was, comparison.checks[1].is),
        (None, None)
    );
}

#[test]
fn the_same_world_twice_has_no_news() {
    let report = judge(&setup(), &world(), now());
    let last = Document::new(report.clone(), ago(60));
    let comparison = Comparison::of(&last, &report);
    assert_eq!(
        comparison.summary,
        Counts {
            still_there: report.summary.warn,
            ..Counts::default()
        }
    );
    assert!(
        comparison
            .checks
            .iter()
            .all(|compared| compared.new_subjects.is_empty() && compared.gone_subjects.is_empty())
    );
}

#[test]
fn a_printed_report_is_the_next_ones_last_report() {
    let mut world = world();
    let last = judge(&setup(), &world, ago(60));
    first(&mut world).assignment_required = entra(true);
    let this = judge(&setup(), &world, now()).since(&Document::new(last, ago(60)));
    let printed = serde_json::to_string(&Document::new(this, now())).unwrap();
    let read: Document<Report> = serde_json::from_str(&printed).unwrap();
    let told = read.body.comparison.as_ref().unwrap();
    assert_eq!((told.since, told.summary.new), (ago(60), 1));
    assert_eq!(Comparison::of(&read, &read.body).summary.new, 0);
}

#[test]
fn it_reads_well() {
    use Status::{Fail, Pass, Unknown, Warn};
    let many: Vec<String> = (0..100_000)
        .map(|index| format!("person_{index}"))
        .collect();
    let many: Vec<(&str, Status)> = many.iter().map(|name| (name.as_str(), Fail)).collect();
    let comparison = compare(
        vec![
            finding("a", Fail, &[("ada", Fail)]),
            finding("b", Pass, &[]),
            finding("c", Warn, &[("cy", Warn)]),
            finding("d", Pass, &[]),
        ],
        vec![
            finding("a", Pass, &[("ada", Pass)]),
            finding("b", Fail, &many),
            finding("c", Warn, &[("cy", Warn), ("dan", Warn)]),
            finding("d", Unknown, &[]),
        ],
    );
    insta::assert_snapshot!(format!(
        "{}\n\n{}",
        text(&comparison),
        markdown(&comparison)
    ));
}

#[test]
fn a_report_fits_its_set_up_and_no_other() {
    let report = judge(&setup(), &world(), now());
    assert!(report.fits(&setup()));
    let other = |change: fn(&mut crate::model::Setup)| {
        let mut other = setup();
        change(&mut other);
        report.fits(&other)
    };
    assert!(other(|setup| setup.name = "Another name".into()));
    // 2.0 and 2.1 are the same account.
    assert!(other(|setup| {
        setup.databricks.scim_url = Some(scim_url().replace("/2.1/", "/2.0/"));
    }));
    assert!(other(|setup| setup.entra.tenant_id = None));
    assert!(!other(|setup| setup.journey = Journey::Workspace));
    assert!(!other(
        |setup| setup.entra.tenant_id = Some("another".into())
    ));
    assert!(!other(|setup| {
        setup.databricks.scim_url = Some(scim_url().replace(ACCOUNT, TENANT));
    }));
}
