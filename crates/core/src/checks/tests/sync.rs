use crate::checks::tests::*;

fn quarantine(reason: &str) -> Quarantine {
    Quarantine {
        since: Some(ago(60 * 24 * 10)),
        next_attempt: None,
        reason: reason.into(),
        error_code: None,
        error_message: None,
    }
}

#[test]
fn the_sync() {
    use Status::*;
    let held = after("job-healthy", |_, world| {
        the_job(world).quarantine = Some(quarantine("EncounteredQuarantineException"))
    });
    assert_eq!(held.status, Fail);
    assert!(
        held.evidence
            .iter()
            .any(|evidence| evidence.value == "18 days")
    );
    assert_eq!(
        status("job-healthy", |_, world| the_job(world).code =
            JobCode::NotConfigured),
        Fail
    );
    assert_eq!(
        status("job-healthy", |_, world| known(&mut first(world).jobs)
            .clear()),
        Unknown
    );
    // A state that nobody wrote down is no proof of health; those of a job about to run are known (facts/entra §9).
    for (code, expected) in [
        ("InProgress", Pass),
        ("NotStarted", Pass),
        ("Melting", Unknown),
    ] {
        let found = status("job-healthy", |_, world| {
            the_job(world).code = JobCode::Other(code.to_owned())
        });
        assert_eq!(found, expected, "{code}");
    }
    assert_eq!(status("cycle-recent", |_, _| {}), Pass);
    assert_eq!(
        status("cycle-recent", |_, world| the_job(world)
            .last_success
            .as_mut()
            .unwrap()
            .ended = Some(ago(121))),
        Warn
    );
    assert_eq!(
        status("cycle-recent", |_, world| {
            the_job(world).last = None;
            the_job(world).last_success = None;
        }),
        Warn
    );
    assert_eq!(
        status("cycle-recent", |_, world| the_job(world)
            .last
            .as_mut()
            .unwrap()
            .state =
            ExecutionState::Failed),
        Fail
    );
    let failure = LogFailure {
        code: "DuplicateTargetEntries".into(),
        reason: "two".into(),
        objects: vec![LogObject {
            id: "u1".into(),
            name: "Ada".into(),
        }],
    };
    assert_eq!(
        status("cycle-errors", |_, world| known(&mut first(world).log)
            .failures
            .push(failure)),
        Warn
    );
    assert_eq!(
        status("cycle-errors", |_, world| the_job(world)
            .last
            .as_mut()
            .unwrap()
            .escrowed = 2),
        Warn
    );
    assert_eq!(
        status("cycle-errors", |_, world| first(world).log =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("deletions-held", |_, world| the_job(world).quarantine =
            Some(quarantine("TooManyDeletes"))),
        Fail
    );
    // The log goes on telling of deletions that were decided about: they are held in quarantine alone.
    let staged = |reason: Option<&'static str>| {
        status("deletions-held", |_, world| {
            the_job(world).quarantine = reason.map(quarantine);
            known(&mut first(world).log).staged_deletes = 4;
        })
    };
    assert_eq!(staged(Some("EncounteredQuarantineException")), Fail);
    assert_eq!(staged(None), Pass);
    assert_eq!(status("deletions-held", |_, _| {}), Pass);

    assert_eq!(
        status("users-arrived", |_, world| users(world)
            .retain(|user| *user.user_name != *mail(3))),
        Fail
    );
    assert_eq!(
        status("users-arrived", |_, world| users(world)[3].active = false),
        Fail
    );
    assert_eq!(
        status("users-arrived", |_, world| users(world)[3].external_id =
            Some("else".into())),
        Warn
    );
    assert_eq!(
        status("users-arrived", |_, world| {
            users(world).clear();
            the_job(world).last_success = None;
        }),
        Warn
    );
    assert_eq!(
        status("users-arrived", |_, world| {
            users(world).clear();
            known(&mut first(world).assignments)[0].created = Some(ago(1));
        }),
        Warn
    );
    assert_eq!(
        status("users-arrived", |_, world| world
            .databricks
            .directory
            .users = Seen::default()),
        Unknown
    );
    assert_eq!(
        status("users-arrived", |_, world| known(
            &mut first(world).assignments
        )
        .clear()),
        NotApplicable
    );
    assert_eq!(
        status("users-arrived", |_, world| users(world)[3].user_name =
            "former@contoso.example".into()),
        Warn
    );
    let guest = |_: &mut Setup, world: &mut Observation| {
        let user = world.entra.principals.users.get_mut("u03").unwrap();
        user.guest = true;
        user.user_principal_name = "ada_fabrikam.example#EXT#@contoso.example".into();
        users(world)[3].user_name = "ada_fabrikam.example@contoso.example".into();
        users(world)[3].email = None;
    };
    assert_eq!(status("users-arrived", guest), Pass);
    assert!(
        after("guests", guest).subjects[0]
            .note
            .contains("ada_fabrikam.example@contoso.example")
    );
    let groups = |spoil: fn(&mut Vec<DatabricksGroup>)| {
        move |_: &mut Setup, world: &mut Observation| {
            spoil(known(&mut world.databricks.directory.groups))
        }
    };
    assert_eq!(status("groups-arrived", |_, _| {}), Pass);
    assert_eq!(
        status("groups-arrived", groups(|groups| groups.truncate(1))),
        Fail
    );
    assert_eq!(
        status(
            "groups-arrived",
            groups(|groups| groups[0].display_name = "renamed".into())
        ),
        Warn
    );
    assert_eq!(
        status(
            "groups-arrived",
            groups(|groups| drop(groups[0].members.as_mut().unwrap().pop()))
        ),
        Fail
    );
    assert_eq!(
        status("groups-arrived", groups(|groups| groups[0].members = None)),
        Pass
    );
    assert_eq!(
        status("inactive-users", |_, world| users(world)[3].active = false),
        Warn
    );
    assert_eq!(status("inactive-users", |_, _| {}), Pass);
    assert_eq!(
        status("removed-by-hand", |_, world| users(world)
            .retain(|user| *user.user_name != *mail(3))),
        Warn
    );
    assert_eq!(
        status("removed-by-hand", |_, world| first(world).log =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("outside-scim", |_, world| world
            .databricks
            .directory
            .users = Seen::default()),
        Unknown
    );
    // An admin outside SCIM is what `own-admin-kept` asks for; anybody else without an external id is a stranger.
    assert_eq!(status("outside-scim", |_, _| {}), Pass);
    assert_eq!(
        status("outside-scim", |_, world| world.databricks.admins =
            Seen::default()),
        Warn
    );
    assert_eq!(
        status("outside-scim", |_, world| users(world)[3].external_id =
            Some("another".into())),
        Warn
    );
    assert_eq!(
        status("case-clash", |_, world| users(world)[3].user_name =
            mail(3).to_uppercase().into()),
        Warn
    );
    assert_eq!(status("case-clash", |_, _| {}), Pass);
}
