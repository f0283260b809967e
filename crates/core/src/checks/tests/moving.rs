use crate::checks::tests::*;

fn workspace_connector() -> Connector {
    let mut old = connector();
    old.service_principal_id = "old".into();
    old.display_name = "prod-provisioning".into();
    known(&mut old.secrets).base_address =
        Some("https://adb-1001.1.azuredatabricks.net/api/2.0/preview/scim".into());
    old
}

fn moving(check: &str, spoil: impl FnOnce(&mut Setup, &mut Observation)) -> Finding {
    after(check, |setup, world| {
        setup.journey = Journey::Migrate;
        known(&mut world.entra.connectors).push(workspace_connector());
        let assignments = GROUPS.iter().map(|(id, name, _)| WorkspaceAssignment {
            principal_id: format!("d{id}"),
            name: (*name).into(),
            is_group: true,
            is_admin: false,
        });
        workspace(world).assignments = databricks(assignments.collect());
        workspace(world).directory.groups = databricks(Vec::new());
        spoil(setup, world);
    })
}

#[test]
fn moving_to_the_account() {
    use Status::*;
    let old = |world: &mut Observation, state: ScheduleState| {
        known(&mut known(&mut world.entra.connectors)[1].jobs)[0].state = state
    };
    assert_eq!(moving("connectors-found", |_, _| {}).status, Pass);
    assert_eq!(
        moving("connectors-found", |_, world| known(
            &mut world.entra.connectors
        )[1]
        .secrets = Seen::default())
        .status,
        Unknown
    );
    assert_eq!(moving("connectors-off", |_, _| {}).status, Fail);
    assert_eq!(
        moving("connectors-off", |setup, _| setup.journey =
            Journey::Account)
        .status,
        Fail
    );
    assert_eq!(
        moving("connectors-off", |_, world| old(
            world,
            ScheduleState::Paused
        ))
        .status,
        Pass
    );
    assert_eq!(
        moving("connectors-off", |_, world| workspace(world).federated =
            databricks(false))
        .status,
        Pass
    );
    assert_eq!(
        moving("connectors-off", |_, world| workspace(world).federated =
            Seen::default())
        .status,
        Unknown
    );
    assert_eq!(
        moving("connectors-off", |_, world| the_job(world).state =
            ScheduleState::Paused)
        .status,
        NotApplicable
    );

    assert_eq!(moving("coverage", |_, _| {}).status, Pass);
    let gap = moving("coverage", |_, world| {
        drop(known(&mut first(world).assignments).pop())
    });
    assert_eq!(gap.status, Fail);
    assert_eq!(
        gap.subjects
            .iter()
            .map(|subject| subject.subject.clone())
            .collect::<Vec<_>>(),
        (20..25).map(mail).collect::<Vec<_>>()
    );
    let clause = ScopeClause {
        attribute: "department".into(),
        operator: "REGEX MATCH".into(),
        values: vec!["x".into()],
    };
    assert_eq!(
        moving("coverage", |_, world| known(&mut the_job(world).schema)
            .user
            .as_mut()
            .unwrap()
            .scope = vec![vec![clause]])
        .status,
        Unknown
    );
    assert_eq!(
        moving("coverage", |setup, _| setup.want.retire = Some(Vec::new())).status,
        NotApplicable
    );

    assert_eq!(moving("account-sync-proven", |_, _| {}).status, Pass);
    assert_eq!(
        moving("account-sync-proven", |_, world| known(
            &mut first(world).assignments
        )[0]
        .created = Some(ago(1)))
        .status,
        Fail
    );
    assert_eq!(
        moving("account-sync-proven", |_, world| users(world)[3].active =
            false)
        .status,
        Fail
    );
    let accepted = moving("account-sync-proven", |setup, world| {
        let user = &mut users(world)[3];
        user.active = false;
        let note = Some(format!("left us: {}", user.user_name));
        let word = Attestation {
            by: "Ada".to_owned(),
            at: ago(1),
            note,
        };
        setup
            .attested
            .insert("account-sync-proven".to_owned(), word);
    });
    assert_eq!(accepted.status, Pass);
    assert_eq!(
        moving("account-sync-proven", |_, world| world
            .databricks
            .directory
            .users =
            Seen::default())
        .status,
        Unknown
    );

    let local = |name: &str| DatabricksGroup {
        id: "l1".into(),
        display_name: name.into(),
        kind: GroupKind::WorkspaceLocal,
        entitlements: vec!["workspace-access".into()],
        ..DatabricksGroup::default()
    };
    assert_eq!(moving("local-groups", |_, _| {}).status, Pass);
    assert_eq!(
        moving("local-groups", |_, world| known(
            &mut workspace(world).directory.groups
        )
        .push(local("team")))
        .status,
        Warn
    );
    assert_eq!(
        moving("local-groups", |_, world| workspace(world)
            .directory
            .groups = Seen::default())
        .status,
        Unknown
    );
    assert_eq!(
        moving("local-name-clash", |_, world| known(
            &mut workspace(world).directory.groups
        )
        .push(local("databricks-users")))
        .status,
        Fail
    );
    // No account group is ever assigned to a workspace that is not federated.
    let apart = moving("local-name-clash", |_, world| {
        workspace(world).federated = databricks(false);
        known(&mut workspace(world).directory.groups).push(local("databricks-users"));
    });
    assert_eq!(apart.status, Pass);
    assert_eq!(moving("local-name-clash", |_, _| {}).status, Pass);
    assert_eq!(moving("workspace-access", |_, _| {}).status, Pass);
    assert_eq!(
        moving("workspace-access", |_, world| drop(
            known(&mut workspace(world).assignments).pop()
        ))
        .status,
        Fail
    );
    assert_eq!(
        moving("workspace-access", |_, world| workspace(world)
            .assignments =
            Seen::default())
        .status,
        Unknown
    );
    let twins = |entitled: bool| {
        move |_: &mut Setup, world: &mut Observation| {
            let mut account = DatabricksGroup {
                kind: GroupKind::Account,
                ..local("team")
            };
            if !entitled {
                account.entitlements.clear();
            }
            let groups = known(&mut workspace(world).directory.groups);
            groups.extend([local("db-temp-team"), account]);
        }
    };
    assert_eq!(moving("entitlements", twins(true)).status, Pass);
    assert_eq!(moving("entitlements", twins(false)).status, Warn);
}
