use std::collections::BTreeSet;

use super::*;
use crate::connection::{Fault, FaultCode, Verdict as Connection, fault::FaultContext};
use crate::model::setup::{PrincipalKind, SignIn, WantedAssignment};
use crate::model::{DatabricksCloud, EntraCloud};
use crate::observation::connector::*;
use crate::observation::databricks::*;
use crate::observation::entra::*;
use crate::observation::{Observation, Seen};
use crate::testing::*;

fn found(setup: &Setup, seen: &Observation, check: &str) -> Finding {
    let report = judge(setup, seen, now());
    report
        .findings
        .into_iter()
        .find(|finding| finding.check == check)
        .unwrap_or_else(|| panic!("{check} was not judged"))
}

/// Spoils set-up and world, and says how a check comes out.
fn after(check: &str, spoil: impl FnOnce(&mut Setup, &mut Observation)) -> Finding {
    let (mut setup, mut world) = (setup(), world());
    spoil(&mut setup, &mut world);
    let finding = found(&setup, &world, check);
    match finding.status {
        Status::Warn | Status::Fail => assert!(
            finding
                .fix
                .as_deref()
                .is_some_and(|fix| fix.starts_with("1. ")),
            "{check}: no fix"
        ),
        Status::Unknown => assert!(
            finding
                .reason
                .as_deref()
                .is_some_and(|reason| !reason.is_empty()),
            "{check}: no reason"
        ),
        Status::Pass | Status::NotApplicable => {}
    }
    finding
}

fn status(check: &str, spoil: impl FnOnce(&mut Setup, &mut Observation)) -> Status {
    after(check, spoil).status
}

fn workspace(world: &mut Observation) -> &mut WorkspaceFacts {
    &mut world.databricks.workspaces[0]
}

fn the_job(world: &mut Observation) -> &mut Job {
    &mut known(&mut first(world).jobs)[0]
}

fn users(world: &mut Observation) -> &mut Vec<DatabricksUser> {
    known(&mut world.databricks.directory.users)
}

#[test]
fn ids_are_unique_and_titles_are_said_once() {
    let checks: Vec<&Check> = CATALOGUE
        .iter()
        .flat_map(|section| section.checks)
        .collect();
    assert_eq!(
        checks
            .iter()
            .map(|check| check.id)
            .collect::<BTreeSet<_>>()
            .len(),
        checks.len()
    );
    assert_eq!(
        checks
            .iter()
            .map(|check| check.title)
            .collect::<BTreeSet<_>>()
            .len(),
        checks.len()
    );
    assert_eq!(checks.len(), 55);
}

#[test]
fn every_journey_gets_one_finding_a_check() {
    for journey in [Journey::Account, Journey::Workspace, Journey::Migrate] {
        let setup = Setup { journey, ..setup() };
        for seen in [world(), fresh(), Observation::default()] {
            let report = judge(&setup, &seen, now());
            let ids: Vec<&str> = report
                .findings
                .iter()
                .map(|finding| finding.check.as_str())
                .collect();
            assert_eq!(
                ids,
                of_journey(journey)
                    .map(|check| check.id)
                    .collect::<Vec<_>>()
            );
            for finding in &report.findings {
                assert_eq!(
                    matches!(finding.status, Status::Warn | Status::Fail),
                    finding.fix.is_some(),
                    "{}",
                    finding.check
                );
                assert_eq!(
                    finding.status == Status::Unknown,
                    finding.reason.is_some(),
                    "{}",
                    finding.check
                );
            }
        }
    }
}

#[test]
fn a_good_world_has_nothing_to_do() {
    let report = judge(&setup(), &world(), now());
    let bad: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| matches!(finding.status, Status::Fail | Status::Unknown))
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
    // Automatic identity management is worth a thought, and the admin outside Entra did not come through SCIM.
    let warned: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.status == Status::Warn)
        .map(|finding| finding.check.as_str())
        .collect();
    assert_eq!(warned, ["aim-considered", "outside-scim"]);
}

#[test]
fn nothing_seen_is_never_a_pass() {
    let setup = Setup {
        entra: crate::model::setup::EntraSetup {
            cloud: EntraCloud::UsGovL4,
            ..setup().entra
        },
        ..setup()
    };
    for finding in judge(&setup, &Observation::default(), now()).findings {
        let input_alone = ["token-age", "cloud-supported"].contains(&finding.check.as_str());
        assert!(
            finding.status == Status::Unknown || input_alone,
            "{} is {:?}",
            finding.check,
            finding.status
        );
    }
}

#[test]
fn a_persons_word_fills_gaps_and_overrules_nothing() {
    let word = Attestation {
        by: "Ada".into(),
        at: ago(5),
        note: Some("seen in the console".into()),
    };
    let gap = after("premium-plan", |setup, world| {
        workspace(world).pricing_tier = Seen::default();
        setup.attested.insert("premium-plan".into(), word.clone());
    });
    assert_eq!(
        (gap.status, gap.how, gap.observed_at),
        (Status::Pass, How::Attested, ago(5))
    );
    assert!(
        gap.evidence
            .iter()
            .any(|evidence| evidence.value.contains("Ada"))
    );
    let wrong = after("premium-plan", |setup, world| {
        workspace(world).pricing_tier = databricks("STANDARD".into());
        setup.attested.insert("premium-plan".into(), word);
    });
    assert_eq!((wrong.status, wrong.how), (Status::Fail, How::Databricks));
}

#[test]
fn unknown_says_what_would_tell() {
    let finding = after("connection-from-entra", |_, world| {
        first(world).saved_credentials = Seen::needing(
            "Entra was not asked.",
            "the Microsoft Graph permission Synchronization.ReadWrite.All",
        );
    });
    assert!(
        finding
            .reason
            .unwrap()
            .contains("Synchronization.ReadWrite.All")
    );
}

#[test]
fn by_hand_everything_of_entra_can_be_attested() {
    let (mut setup, mut world) = (setup(), world());
    setup.entra.sign_in = Some(SignIn::ByHand);
    world.entra = crate::observation::EntraFacts::default();
    for check in [
        "provisioning-on",
        "secret-saved",
        "someone-assigned",
        "assignment-required",
    ] {
        assert_eq!(
            found(&setup, &world, check).status,
            Status::Unknown,
            "{check}"
        );
        setup.attested.insert(
            check.into(),
            Attestation {
                by: "Ada".into(),
                at: now(),
                note: None,
            },
        );
        assert_eq!(found(&setup, &world, check).how, How::Attested, "{check}");
    }
}

#[test]
fn before_starting() {
    use Status::*;
    assert_eq!(
        status("aim-considered", |setup, _| setup.cloud =
            DatabricksCloud::Aws),
        NotApplicable
    );
    assert_eq!(
        status("aim-considered", |_, world| workspace(world).federated =
            databricks(false)),
        Pass
    );
    assert_eq!(
        status("aim-considered", |_, world| workspace(world).federated =
            Seen::default()),
        Unknown
    );
    let word = Attestation {
        by: "Ada".into(),
        at: now(),
        note: None,
    };
    assert_eq!(
        status("aim-considered", |setup, _| {
            setup.attested.insert("aim-considered".into(), word);
        }),
        Pass
    );

    assert_eq!(
        status("premium-plan", |_, world| workspace(world).pricing_tier =
            databricks("STANDARD".into())),
        Fail
    );
    assert_eq!(
        status("premium-plan", |_, world| workspace(world).pricing_tier =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("databricks-admin", |_, world| world
            .databricks
            .second_credential_is_admin =
            databricks(false)),
        Fail
    );
    assert_eq!(
        status("databricks-admin", |_, world| world
            .databricks
            .second_credential_is_admin =
            Seen::default()),
        Unknown
    );
    assert_eq!(status("databricks-admin", |_, _| {}), Pass);

    let none = after("entra-role", |_, world| {
        known(&mut world.entra.signed_in)
            .permissions
            .pop()
            .map(drop)
            .unwrap()
    });
    assert_eq!(none.status, Fail);
    assert!(
        none.evidence
            .iter()
            .any(|evidence| evidence.value == "Synchronization.Read.All")
    );
    let person = |roles: Seen<Vec<String>>| {
        status("entra-role", |_, world| {
            let signed_in = known(&mut world.entra.signed_in);
            signed_in.kind = IdentityKind::Delegated;
            signed_in.directory_roles = roles;
        })
    };
    assert_eq!(
        person(entra(vec!["158c047a-c907-4556-b7ef-446551a6b5f7".into()])),
        Pass
    );
    assert_eq!(
        person(entra(vec!["f2ef992c-3afb-46b9-b7cf-a126ee74c451".into()])),
        Fail
    );
    assert_eq!(person(Seen::default()), Unknown);
    assert_eq!(
        status("entra-role", |_, world| world.entra.signed_in =
            Seen::default()),
        Unknown
    );

    assert_eq!(
        status("group-licence", |_, world| world.entra.licences =
            entra(Vec::new())),
        Fail
    );
    assert_eq!(
        status("group-licence", |_, world| world.entra.licences =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("group-licence", |setup, world| {
            setup.want.assign.clear();
            known(&mut first(world).assignments).clear();
        }),
        NotApplicable
    );
    assert_eq!(
        status("cloud-supported", |setup, _| setup.entra.cloud =
            EntraCloud::China),
        Fail
    );
    assert_eq!(
        status("cloud-supported", |_, world| world.entra.template =
            entra(None)),
        Fail
    );
    assert_eq!(
        status("cloud-supported", |setup, world| {
            setup.entra.cloud = EntraCloud::UsGovL4;
            world.entra.template = Seen::default();
        }),
        Unknown
    );
    assert_eq!(
        status("same-account", |_, world| workspace(world).account_id =
            databricks("other".into())),
        Fail
    );
    assert_eq!(
        status("same-account", |_, world| workspace(world).account_id =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("same-account", |setup, world| {
            setup.databricks.workspaces.clear();
            world.databricks.workspaces.clear();
        }),
        NotApplicable
    );
    assert_eq!(
        status("same-tenant", |_, world| workspace(world).tenant =
            databricks("other".into())),
        Fail
    );
    assert_eq!(
        status("same-tenant", |_, world| workspace(world).tenant =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("same-tenant", |setup, _| setup.cloud = DatabricksCloud::Gcp),
        NotApplicable
    );
    assert_eq!(
        status("identity-federation", |_, world| workspace(world)
            .federated =
            databricks(false)),
        Warn
    );
    assert_eq!(
        status("identity-federation", |_, world| workspace(world)
            .federated =
            Seen::default()),
        Unknown
    );
}

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
}

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
        count: 3,
        examples: vec!["Ada".into()],
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
    assert_eq!(
        status("deletions-held", |_, world| known(&mut first(world).log)
            .staged_deletes = 4),
        Fail
    );
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
    assert_eq!(
        status("outside-scim", |_, world| drop(users(world).pop())),
        Pass
    );
    assert_eq!(
        status("case-clash", |_, world| users(world)[3].user_name =
            mail(3).to_uppercase().into()),
        Warn
    );
    assert_eq!(status("case-clash", |_, _| {}), Pass);
}

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

#[test]
fn the_owner_of_a_personal_access_token() {
    use Status::*;
    let owner = |admin: bool, name: &str| TokenOwner {
        id: "1".into(),
        user_name: name.into(),
        external_id: None,
        active: true,
        is_admin: admin,
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
}
