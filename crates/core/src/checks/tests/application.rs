use crate::checks::tests::*;

#[test]
fn the_application() {
    use Status::*;
    assert_eq!(
        status("app-from-gallery", |_, world| first(world).template_id =
            None),
        Warn
    );
    assert_eq!(
        status("app-from-gallery", |_, world| world.entra.connectors =
            Seen::default()),
        Unknown
    );
    let second = |state: ScheduleState| {
        let mut other = connector();
        other.service_principal_id = "other".into();
        other.display_name = "Old one".into();
        known(&mut other.secrets).base_address = Some(scim_url().replace("2.1", "2.0"));
        known(&mut other.jobs)[0].state = state;
        other
    };
    assert_eq!(
        status("app-unique", |_, world| known(&mut world.entra.connectors)
            .push(second(ScheduleState::Active))),
        Fail
    );
    assert_eq!(
        status("app-unique", |_, world| known(&mut world.entra.connectors)
            .push(second(ScheduleState::Paused))),
        Pass
    );
    assert_eq!(
        status("app-unique", |_, world| known(&mut world.entra.connectors)
            .push(Connector {
                secrets: Seen::default(),
                ..second(ScheduleState::Active)
            })),
        Unknown
    );
    assert_eq!(
        status("provisioning-automatic", |_, world| known(
            &mut first(world).jobs
        )
        .clear()),
        Fail
    );
    assert_eq!(
        status("provisioning-automatic", |_, world| *world = fresh()),
        Fail
    );
    assert_eq!(
        status("provisioning-automatic", |_, world| first(world).jobs =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("provisioning-on", |_, world| the_job(world).state =
            ScheduleState::Paused),
        Fail
    );
    assert_eq!(
        status("provisioning-on", |_, world| known(&mut first(world).jobs)
            .clear()),
        Fail
    );
    assert_eq!(
        status("provisioning-on", |_, world| the_job(world).state =
            ScheduleState::Other("Resting".into())),
        Unknown
    );
    assert_eq!(
        status("assignment-required", |_, world| first(world)
            .assignment_required =
            entra(true)),
        Fail
    );
    assert_eq!(
        status("assignment-required", |setup, world| {
            setup.want.assignment_required = Some(true);
            first(world).assignment_required = entra(true);
        }),
        Warn
    );
    assert_eq!(
        status("assignment-required", |setup, world| {
            setup.journey = Journey::Workspace;
            first(world).assignment_required = entra(true);
        }),
        Pass
    );
    assert_eq!(
        status("scope-assigned", |_, world| known(
            &mut first(world).secrets
        )
        .sync_all = Some(true)),
        Fail
    );
    assert_eq!(
        status("scope-assigned", |_, world| known(
            &mut first(world).secrets
        )
        .sync_all = None),
        Warn
    );
    let notification = |spoil: fn(&mut Notification)| {
        move |_: &mut Setup, world: &mut Observation| {
            spoil(
                known(&mut first(world).secrets)
                    .notification
                    .as_mut()
                    .unwrap(),
            )
        }
    };
    assert_eq!(
        status("notification-email", notification(|n| n.enabled = false)),
        Warn
    );
    assert_eq!(
        status(
            "notification-email",
            notification(|n| n.recipients = "else@contoso.example".into())
        ),
        Warn
    );
    assert_eq!(
        status(
            "delete-threshold",
            notification(|n| n.delete_threshold_enabled = false)
        ),
        Fail
    );
    assert_eq!(
        status(
            "delete-threshold",
            notification(|n| n.delete_threshold = Some(5000))
        ),
        Warn
    );
    // Nobody knows whether a large number fits people who were not read; Entra's own default fits everybody.
    for (threshold, expected) in [(500, Pass), (5000, Unknown)] {
        let found = status("delete-threshold", |_, world| {
            let secrets = known(&mut first(world).secrets);
            secrets.notification.as_mut().unwrap().delete_threshold = Some(threshold);
            first(world).assignments = Seen::default();
        });
        assert_eq!(found, expected, "{threshold}");
    }
    let user = |spoil: fn(&mut ObjectMapping)| {
        move |_: &mut Setup, world: &mut Observation| {
            spoil(known(&mut the_job(world).schema).user.as_mut().unwrap())
        }
    };
    assert_eq!(
        status(
            "mapping-username",
            user(|mapping| mapping.attributes[1].source = Some("mail".into()))
        ),
        Fail
    );
    assert_eq!(
        status("mapping-username", user(|mapping| mapping.enabled = false)),
        Fail
    );
    assert_eq!(
        status("mapping-username", |_, world| the_job(world).schema =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status(
            "mapping-external-id",
            user(|mapping| mapping.attributes[2].source = Some("mailNickname".into()))
        ),
        Fail
    );
    assert_eq!(
        status("mapping-groups", |_, world| known(
            &mut the_job(world).schema
        )
        .group
        .as_mut()
        .unwrap()
        .enabled = false),
        Fail
    );
    assert_eq!(
        status("mapping-groups", |setup, world| {
            setup.want.assign.clear();
            known(&mut first(world).assignments).clear();
        }),
        NotApplicable
    );
}
