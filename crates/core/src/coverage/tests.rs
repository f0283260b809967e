use super::*;
use crate::model::setup::Journey;
use crate::observation::Connector;
use crate::observation::principals::NestedGroup;
use crate::testing::*;

/// The account connector carries both groups; the old connector of workspace 1001 carries them as well.
fn estate() -> (Setup, Observation) {
    let (mut setup, mut seen) = (setup(), world());
    setup.journey = Journey::Migrate;
    let mut old = connector();
    old.service_principal_id = "old".into();
    old.display_name = "workspace one".into();
    known(&mut old.secrets).base_address =
        Some("https://adb-1001.1.azuredatabricks.net/api/2.0/preview/scim".into());
    known(&mut seen.entra.connectors).push(old);
    (setup, seen)
}

fn old(seen: &mut Observation) -> &mut Connector {
    &mut known(&mut seen.entra.connectors)[1]
}

#[test]
fn everyone_whom_both_bring_is_covered() {
    let (setup, seen) = estate();
    let coverage = Coverage::now(&setup, &seen).unwrap();
    let counts = Counts {
        covered: 25,
        ..Counts::default()
    };
    assert_eq!(coverage.counts(), counts);
    let line = coverage.line(&coverage.rows[0]);
    assert!(line.old.iter().all(|way| {
        way.connector == "workspace one"
            && way
                .workspace
                .as_deref()
                .is_some_and(|name| name.contains("1001"))
            && way.group.is_some()
    }));
    assert!(!line.account.is_empty());
}

#[test]
fn who_would_lose_access_comes_first_with_the_workspace_and_the_group() {
    let (setup, mut seen) = estate();
    known(&mut first(&mut seen).assignments).pop();
    let coverage = Coverage::now(&setup, &seen).unwrap();
    let losing: Vec<CoverageLine> = coverage
        .with(Fate::LosesAccess)
        .map(|row| coverage.line(row))
        .collect();
    assert_eq!(losing.len(), 5);
    assert_eq!(coverage.rows[0].fate, Fate::LosesAccess);
    assert!(losing.iter().all(|line| line.account.is_empty()));
    assert_eq!(losing[0].old[0].group.as_deref(), Some(GROUPS[1].1));
    let csv = coverage.csv();
    let row = csv.lines().nth(1).unwrap();
    assert!(
        row.contains("would lose access") && row.contains("workspace one /"),
        "{row}"
    );

    let wanted = [WantedAssignment {
        kind: PrincipalKind::Group,
        id: GROUPS[1].0.into(),
        display_name: None,
    }];
    let after = Coverage::planned(&setup, &seen, &wanted).unwrap();
    assert_eq!(after.counts().loses_access, 0);
}

#[test]
fn newly_reached_and_those_who_cannot_travel_are_told_apart() {
    let (setup, mut seen) = estate();
    known(&mut old(&mut seen).assignments).pop();
    let nested = NestedGroup {
        id: "inner".into(),
        display_name: "contractors".into(),
    };
    let group = seen.entra.principals.groups.get_mut(GROUPS[0].0).unwrap();
    known(&mut group.nested).push(nested);
    seen.entra
        .principals
        .users
        .get_mut(&*user_id(0))
        .unwrap()
        .enabled = false;
    let coverage = Coverage::now(&setup, &seen).unwrap();
    let counts = coverage.counts();
    assert_eq!((counts.loses_access, counts.newly_reached), (0, 5));
    let notes: Vec<&str> = coverage
        .with(Fate::CannotTravel)
        .filter_map(|row| row.note.as_deref())
        .collect();
    assert_eq!(
        notes,
        [
            "A group inside databricks-users: nobody comes through it.",
            "The account is disabled in Entra."
        ]
    );
}

#[test]
fn another_user_name_is_another_person_in_databricks() {
    let (setup, mut seen) = estate();
    let schema = known(&mut known(&mut old(&mut seen).jobs)[0].schema);
    let mapping = schema.user.as_mut().unwrap();
    mapping.attributes[0].source = Some("objectId".into());
    let coverage = Coverage::now(&setup, &seen).unwrap();
    assert_eq!(coverage.counts().loses_access, 25);
}

#[test]
fn what_cannot_be_read_is_undecided() {
    let (setup, mut seen) = estate();
    seen.entra.principals.groups.remove(GROUPS[0].0);
    assert!(Coverage::now(&setup, &seen).is_err());
    let (setup, mut seen) = estate();
    known(&mut old(&mut seen).secrets).sync_all = Some(true);
    assert!(Coverage::now(&setup, &seen).is_err());
}
