use crate::checks::tests::*;

#[test]
fn the_connection() {
    use Status::*;
    let refused = |world: &mut Observation| {
        let report = known(&mut world.databricks.connection);
        report.verdict = Connection::Fail;
        report.fault = Some(Fault::of(
            FaultCode::TokenRejected,
            &FaultContext::default(),
        ));
    };
    assert_eq!(
        status("connection-from-here", |_, world| refused(world)),
        Fail
    );
    assert_eq!(
        status("connection-from-here", |_, world| world
            .databricks
            .connection =
            Seen::default()),
        Unknown
    );
    let not_accepted = CredentialCheck {
        accepted: false,
        code: Some("InvalidCredentials".into()),
        message: None,
    };
    let blocked = after("connection-from-entra", |_, world| {
        first(world).saved_credentials = entra(not_accepted.clone())
    });
    assert_eq!(blocked.status, Fail);
    assert!(blocked.fix.unwrap().contains("IP access list"));
    let both = after("connection-from-entra", |_, world| {
        refused(world);
        first(world).saved_credentials = entra(not_accepted);
    });
    assert!(!both.fix.unwrap().contains("IP access list"));

    assert_eq!(
        status("endpoint-matches", |setup, _| setup.databricks.scim_url =
            Some(format!("{}/", scim_url()))),
        Pass
    );
    for wrong in [
        format!("{}?aadOptscim062020", scim_url()),
        format!("{}/Users", scim_url()),
        String::new(),
    ] {
        assert_eq!(
            status("endpoint-matches", |_, world| known(
                &mut first(world).secrets
            )
            .base_address = Some(wrong)),
            Fail
        );
    }
    assert_eq!(
        status("endpoint-matches", |_, world| first(world).secrets =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("secret-saved", |_, world| known(
            &mut first(world).secrets
        )
        .token_stored = false),
        Fail
    );

    let days = |days: i64| {
        status("token-age", |setup, _| {
            setup.databricks.token_expires_at =
                Some(now() + jiff::SignedDuration::from_hours(24 * days))
        })
    };
    assert_eq!(
        [days(91), days(90), days(30), days(7), days(-1)],
        [Pass, Warn, Warn, Warn, Fail]
    );
    let assumed = after("token-age", |setup, _| {
        setup.databricks.token_expires_at = None;
        setup.databricks.token_created_at = Some(now());
    });
    assert_eq!(assumed.status, Pass);
    assert!(
        assumed
            .evidence
            .iter()
            .any(|evidence| evidence.value.contains("one year"))
    );
    assert_eq!(
        status("token-age", |setup, _| setup.databricks.token_expires_at =
            None),
        Unknown
    );
}

#[test]
fn the_owner_of_a_personal_access_token() {
    use Status::*;
    let owner = |admin: bool, name: &str| TokenOwner {
        id: "1".into(),
        user_name: name.into(),
        external_id: None,
        active: true,
        is_admin: Some(admin),
        is_service_principal: false,
    };
    let with = |check: &str, seen: Seen<TokenOwner>| {
        status(check, |setup, world| {
            setup.journey = Journey::Workspace;
            world.databricks.token_owner = seen;
        })
    };
    assert_eq!(
        with(
            "pat-owner-admin",
            databricks(owner(true, "root@contoso.example"))
        ),
        Pass
    );
    assert_eq!(
        with(
            "pat-owner-admin",
            databricks(owner(false, "root@contoso.example"))
        ),
        Fail
    );
    assert_eq!(with("pat-owner-admin", Seen::default()), Unknown);
    let nameless = databricks(TokenOwner {
        is_admin: None,
        ..owner(true, "root@contoso.example")
    });
    assert_eq!(with("pat-owner-admin", nameless), Unknown);
    assert_eq!(
        with(
            "pat-owner-unmanaged",
            databricks(owner(true, "root@contoso.example"))
        ),
        Pass
    );
    assert_eq!(
        with("pat-owner-unmanaged", databricks(owner(true, &mail(3)))),
        Fail
    );
    assert_eq!(
        with(
            "pat-owner-unmanaged",
            databricks(TokenOwner {
                is_service_principal: true,
                ..owner(true, &mail(3))
            })
        ),
        Pass
    );
    // Before there is an application, who is to be assigned counts; and everybody where everybody is synchronized.
    let before = |name: &str| {
        status("pat-owner-unmanaged", |setup, world| {
            setup.journey = Journey::Workspace;
            world.databricks.token_owner = databricks(owner(true, name));
            known(&mut world.entra.connectors).clear();
        })
    };
    assert_eq!(before("root@contoso.example"), Pass);
    assert_eq!(before(&mail(3)), Fail);
    let everyone = status("pat-owner-unmanaged", |setup, world| {
        setup.journey = Journey::Workspace;
        world.databricks.token_owner = databricks(TokenOwner {
            external_id: Some("somebody".into()),
            ..owner(true, "root@contoso.example")
        });
        known(&mut first(world).secrets).sync_all = Some(true);
        setup.want.scope = None;
    });
    assert_eq!(everyone, Fail);
}
