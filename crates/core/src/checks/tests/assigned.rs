use crate::checks::tests::*;
use crate::model::setup::Scope;
use crate::observation::principals::EntraUser;

#[test]
fn who_is_assigned() {
    use Status::*;
    let group = |spoil: fn(&mut crate::observation::principals::EntraGroup)| {
        move |_: &mut Setup, world: &mut Observation| {
            spoil(world.entra.principals.groups.get_mut("g1").unwrap())
        }
    };
    assert_eq!(
        status("someone-assigned", |_, world| known(
            &mut first(world).assignments
        )
        .clear()),
        Fail
    );
    assert_eq!(
        status("someone-assigned", |_, world| first(world).assignments =
            Seen::default()),
        Unknown
    );
    let nested = after(
        "nested-groups",
        group(|group| {
            group.nested = entra(vec![crate::observation::principals::NestedGroup {
                id: "g9".into(),
                display_name: "inner".into(),
            }]);
            group.transitive_users = entra(63);
        }),
    );
    assert_eq!(nested.status, Warn);
    assert!(
        nested
            .subjects
            .iter()
            .any(|subject| subject.note.contains("inner: 43 people are left out"))
    );
    assert_eq!(
        status(
            "nested-groups",
            group(|group| group.nested = Seen::default())
        ),
        Unknown
    );
    assert_eq!(
        status(
            "service-principals",
            group(|group| group.service_principals = entra(vec!["sp".into()]))
        ),
        Warn
    );
    assert_eq!(
        status("service-principals", |_, world| known(
            &mut first(world).assignments
        )
        .push(assignment("sp", "robot", PrincipalKind::ServicePrincipal))),
        Warn
    );
    assert_eq!(status("service-principals", |_, _| {}), Pass);
    assert_eq!(
        status(
            "group-provisionable",
            group(|group| group.security_enabled = false)
        ),
        Fail
    );
    let wants = |name: &str| {
        let wanted = WantedAssignment {
            kind: PrincipalKind::Group,
            id: "g3".into(),
            display_name: Some(name.into()),
        };
        move |setup: &mut Setup, _: &mut Observation| setup.want.assign.push(wanted)
    };
    assert_eq!(status("reserved-names", wants("Admins")), Fail);
    assert_eq!(status("reserved-names", wants("data-admins")), Pass);
    // Renamed in Entra since it was assigned: the name it has now travels.
    let renamed = group(|group| group.display_name = "admins".into());
    assert_eq!(status("reserved-names", renamed), Fail);
    assert_eq!(status("name-clash", wants("Databricks-Users")), Fail);
    let taken = |external: Option<&str>, name: &str| {
        let group = DatabricksGroup {
            id: "77".into(),
            display_name: name.into(),
            external_id: external.map(Into::into),
            ..DatabricksGroup::default()
        };
        move |setup: &mut Setup, world: &mut Observation| {
            setup.want.assign.push(WantedAssignment {
                kind: PrincipalKind::Group,
                id: "g3".into(),
                display_name: Some("analysts".into()),
            });
            known(&mut world.databricks.directory.groups).push(group);
        }
    };
    assert_eq!(
        status("name-clash", taken(Some("someone-else"), "analysts")),
        Fail
    );
    assert_eq!(status("name-clash", taken(None, "Analysts")), Fail);
    assert_eq!(status("name-clash", taken(None, "analysts")), Pass);
    assert_eq!(
        status("name-clash", |_, world| world.databricks.directory.groups =
            Seen::default()),
        Unknown
    );
    let person = |spoil: fn(&mut crate::observation::principals::EntraUser)| {
        move |_: &mut Setup, world: &mut Observation| {
            spoil(world.entra.principals.users.get_mut("u00").unwrap())
        }
    };
    assert_eq!(status("guests", person(|user| user.guest = true)), Warn);
    assert_eq!(status("guests", |_, _| {}), Pass);
    assert_eq!(
        status("guests", |_, world| world.entra.principals.complete =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("missing-mail", |_, world| {
            world.entra.principals.users.get_mut("u00").unwrap().mail = None;
            known(&mut the_job(world).schema)
                .user
                .as_mut()
                .unwrap()
                .attributes[1]
                .source = Some("mail".into());
        }),
        Warn
    );
    assert_eq!(
        status("missing-mail", person(|user| user.mail = None)),
        Pass
    );
    assert_eq!(
        status("account-limits", |_, world| world
            .databricks
            .directory
            .user_total =
            databricks(7_999)),
        Warn
    );
    assert_eq!(
        status("account-limits", |_, world| world
            .databricks
            .directory
            .user_total =
            databricks(10_000)),
        Fail
    );
    assert_eq!(
        status("account-limits", |_, world| world
            .databricks
            .directory
            .group_total =
            Seen::default()),
        Unknown
    );
    let admin = |spoil: fn(&mut Admin)| {
        move |_: &mut Setup, world: &mut Observation| {
            spoil(&mut known(&mut world.databricks.admins)[0])
        }
    };
    assert_eq!(status("own-admin-kept", |_, _| {}), Pass);
    assert_eq!(
        status("own-admin-kept", admin(|admin| admin.active = false)),
        Fail
    );
    assert_eq!(
        status("own-admin-kept", admin(|admin| admin.user_name = mail(3))),
        Fail
    );
    assert_eq!(
        status("own-admin-kept", |_, world| world.databricks.admins =
            Seen::default()),
        Unknown
    );
    // Wanted for everyone: who is in Entra at all is in reach, assigned or not.
    let everyone = |external_id: Option<&'static str>, in_entra: bool, complete: bool| {
        status("own-admin-kept", |setup, world| {
            setup.want.scope = Some(Scope::All);
            let admin = &mut known(&mut world.databricks.admins)[0];
            admin.external_id = external_id.map(Into::into);
            let root = EntraUser {
                user_principal_name: admin.user_name.clone().into(),
                ..EntraUser::default()
            };
            let principals = &mut world.entra.principals;
            if in_entra {
                principals.users.insert("root".into(), root);
            }
            if !complete {
                principals.complete = Seen::default();
            }
        })
    };
    assert_eq!(everyone(None, false, true), Pass);
    assert_eq!(everyone(None, true, true), Fail);
    assert_eq!(everyone(Some("somebody"), false, true), Fail);
    assert_eq!(everyone(None, false, false), Unknown);
}
