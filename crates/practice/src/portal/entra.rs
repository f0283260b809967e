//! Presses in the Microsoft Entra admin center and on Microsoft's sign-in page.

use std::collections::HashSet;

use jiff::SignedDuration;
use uuid::Uuid;

use super::PortalPress;
use crate::entra::connector::ScheduleState;
use crate::entra::directory::{Directory, Group, Member, ServicePrincipal};
use crate::entra::registration::ClientSecret;
use crate::entra::sample::{self, accounts};
use crate::scenario::Stage;
use crate::seed::EVERYONE_GROUP;

const ADMIN_CENTER: &str = "Microsoft Entra admin center";
const SIGN_IN: &str = "Microsoft sign-in page";

/// How long a new client secret lasts.
const SECRET_LASTS: SignedDuration = SignedDuration::from_hours(24 * 180);

pub(crate) const RENEW_CLIENT_SECRET: PortalPress = PortalPress {
    name: "renew-client-secret",
    title: "Make a new client secret",
    portal: ADMIN_CENTER,
    does: |stage, details| {
        let now = stage.harness.clock.now();
        let secret = ClientSecret {
            id: Uuid::new_v4(),
            value: format!("Prc8Q~practice.only-{}", Uuid::new_v4().simple()),
            expires: now
                .checked_add(SECRET_LASTS)
                .unwrap_or(jiff::Timestamp::MAX),
        };
        details.client_secret.clone_from(&secret.value);
        stage.entra.change(|directory| {
            if let Some(registration) = directory.registrations.first_mut() {
                registration.secrets.push(secret);
            }
        });
    },
};

pub(crate) const GRANT_CONSENT: PortalPress = PortalPress {
    name: "grant-consent",
    title: "Add the permissions and grant admin consent",
    portal: ADMIN_CENTER,
    does: |stage, _| {
        stage.entra.turn(|knobs| knobs.consent_missing = false);
        stage.entra.change(|directory| {
            if let Some(registration) = directory.registrations.first_mut() {
                registration.application_permissions =
                    sample::PERMISSIONS.map(str::to_owned).to_vec();
            }
        });
    },
};

pub(crate) const ACTIVATE_ROLE: PortalPress = PortalPress {
    name: "activate-role",
    title: "Activate the role Cloud Application Administrator",
    portal: ADMIN_CENTER,
    does: |stage, _| {
        stage.entra.change(|directory| {
            for account in &mut directory.accounts {
                account
                    .active_roles
                    .append(&mut account.eligible_roles.clone());
            }
        });
    },
};

pub(crate) const CHOOSE_ADMIN_ACCOUNT: PortalPress = PortalPress {
    name: "choose-admin-account",
    title: "Choose the account of a Cloud Application Administrator",
    portal: SIGN_IN,
    does: |stage, _| {
        let admin = sample::account_name(accounts::ADMIN);
        stage.entra.turn(|knobs| knobs.auto_approve = Some(admin));
    },
};

pub(crate) const ALLOW_DEVICE_CODES: PortalPress = PortalPress {
    name: "allow-device-codes",
    title: "Leave this sign-in out of the policy that blocks device codes",
    portal: ADMIN_CENTER,
    does: |stage, _| stage.entra.turn(|knobs| knobs.device_code_fault = None),
};

pub(crate) const PASS_CONDITIONAL_ACCESS: PortalPress = PortalPress {
    name: "pass-conditional-access",
    title: "Meet what the Conditional Access policy asks for",
    portal: ADMIN_CENTER,
    does: |stage, _| stage.entra.turn(|knobs| knobs.sign_in_fault = None),
};

pub(crate) const TAKE_NESTED_GROUP_APART: PortalPress = PortalPress {
    name: "take-nested-group-apart",
    title: "Make the inner group's people direct members, and take the inner group out",
    portal: ADMIN_CENTER,
    does: |stage, _| {
        stage.entra.change(|directory| {
            let outer: Vec<Uuid> = directory.groups.iter().map(|group| group.id).collect();
            for id in outer {
                flatten(directory, &id);
            }
        });
    },
};

pub(crate) const TAKE_SERVICE_PRINCIPAL_OUT: PortalPress = PortalPress {
    name: "take-service-principal-out",
    title: "Take the service principal out of the assigned group",
    portal: ADMIN_CENTER,
    does: |stage, _| {
        stage.entra.change(|directory| {
            for group in directory.groups.iter_mut() {
                let travels = |member: &Member| !matches!(member, Member::ServicePrincipal(_));
                group.members.retain(travels);
            }
        });
    },
};

pub(crate) const PAUSE_OTHER_CONNECTOR: PortalPress = PortalPress {
    name: "pause-other-connector",
    title: "Pause provisioning of the other connector",
    portal: ADMIN_CENTER,
    does: |stage, _| pause(stage, |one| one.display_name != sample::GALLERY_NAME),
};

pub(crate) const PAUSE_OWN_APPLICATION: PortalPress = PortalPress {
    name: "pause-own-application",
    title: "Pause provisioning of the application of one's own",
    portal: ADMIN_CENTER,
    does: |stage, _| {
        pause(stage, |one| {
            one.template_id.as_deref() == Some(sample::CUSTOM_TEMPLATE_ID)
        });
    },
};

pub(crate) const ASSIGN_EVERYONE_ELSE: PortalPress = PortalPress {
    name: "assign-everyone-else",
    title: "Assign the people who would leave the scope",
    portal: ADMIN_CENTER,
    does: |stage, _| {
        let now = stage.harness.clock.now();
        stage.entra.change(|directory| {
            let Some(connector) = directory.service_principals.iter().next() else {
                return;
            };
            let covered = covered(directory, connector);
            let jobs = connector.synchronization.jobs.iter();
            let carried = jobs.flat_map(|job| job.links.keys());
            let carried: Vec<Uuid> = carried
                .filter(|id| !covered.contains(id))
                .copied()
                .collect();
            let connector = connector.id;
            for id in carried {
                sample::assign(directory, connector, id, now);
            }
        });
    },
};

pub(crate) const FILL_IN_MAIL: PortalPress = PortalPress {
    name: "fill-in-mail",
    title: "Enter the mail addresses that are missing",
    portal: ADMIN_CENTER,
    does: |stage, _| {
        stage.entra.change(|directory| {
            for user in directory.users.iter_mut() {
                user.mail
                    .get_or_insert_with(|| user.user_principal_name.clone());
            }
        });
    },
};

pub(crate) const PUT_PEOPLE_BACK: PortalPress = PortalPress {
    name: "put-people-back",
    title: "Put the people back into the group they were taken out of",
    portal: ADMIN_CENTER,
    does: |stage, _| {
        let id = stage.group(EVERYONE_GROUP);
        let people = stage.people.people.iter();
        let people = people.map(|person| Member::User(person.entra_id)).collect();
        stage.entra.change(|directory| {
            if let Some(group) = directory.groups.get_mut(&id) {
                group.members = people;
            }
        });
    },
};

pub(crate) const RESTART_PROVISIONING: PortalPress = PortalPress {
    name: "restart-provisioning",
    title: "Restart provisioning",
    portal: ADMIN_CENTER,
    does: |stage, _| restart(stage),
};

pub(crate) const SAVE_TOKEN_IN_ENTRA: PortalPress = PortalPress {
    name: "save-token-in-entra",
    title: "Save the new token in the account connector, and restart provisioning",
    portal: ADMIN_CENTER,
    does: |stage, details| {
        stage.entra.change(|directory| {
            let mut all = directory.service_principals.iter_mut();
            if let Some(account) = all.find(|one| one.display_name == sample::GALLERY_NAME) {
                let secrets = &mut account.synchronization.secrets;
                secrets.insert("SecretToken".to_owned(), details.scim_token.clone());
            }
        });
        restart(stage);
    },
};

pub(crate) const UNASSIGN_RESERVED_GROUP: PortalPress = PortalPress {
    name: "unassign-reserved-group",
    title: "Take the group called admins off the application",
    portal: ADMIN_CENTER,
    does: |stage, _| unassign_groups(stage, |group| group.display_name == "admins"),
};

pub(crate) const UNASSIGN_TOWN_HALL: PortalPress = PortalPress {
    name: "unassign-mail-group",
    title: "Take the group that is not security-enabled off the application",
    portal: ADMIN_CENTER,
    does: |stage, _| unassign_groups(stage, |group| !group.security_enabled),
};

pub(crate) const UNASSIGN_GUEST: PortalPress = PortalPress {
    name: "unassign-guest",
    title: "Take the guest off the application",
    portal: ADMIN_CENTER,
    does: |stage, _| {
        unassign(stage, |directory, id| {
            directory.users.get(id).is_some_and(|user| user.guest)
        })
    },
};

/// The people of the groups inside become direct members; the groups inside leave.
fn flatten(directory: &mut Directory, id: &Uuid) {
    let Some(outer) = directory.groups.get(id) else {
        return;
    };
    let nested = |member: &Member| matches!(member, Member::Group(_));
    if !outer.members.iter().any(nested) {
        return;
    }
    let mut members = directory.transitive_members(outer);
    members.retain(|member| !nested(member));
    if let Some(outer) = directory.groups.get_mut(id) {
        outer.members = members;
    }
}

/// Who is assigned, or directly in a group that is.
fn covered(directory: &Directory, connector: &ServicePrincipal) -> HashSet<Uuid> {
    let assigned = connector.assignments.iter().map(|one| one.principal_id);
    let mut covered: HashSet<Uuid> = assigned.collect();
    let groups = covered.iter().filter_map(|id| directory.groups.get(id));
    let people: Vec<Uuid> = groups
        .flat_map(|group| &group.members)
        .map(Member::id)
        .collect();
    covered.extend(people);
    covered
}

/// Restarts every connector that is on.
fn restart(stage: &Stage) {
    stage.entra.change(|directory| {
        let all = directory.service_principals.iter_mut();
        let jobs = all.flat_map(|one| &mut one.synchronization.jobs);
        for job in jobs.filter(|job| job.schedule == ScheduleState::Active) {
            job.restart("");
        }
    });
    stage.entra.wake();
}

fn pause(stage: &Stage, which: impl Fn(&ServicePrincipal) -> bool) {
    stage.entra.change(|directory| {
        let all = directory.service_principals.iter_mut();
        for connector in all.filter(|one| which(one)) {
            for job in &mut connector.synchronization.jobs {
                job.pause();
            }
        }
    });
}

fn unassign_groups(stage: &Stage, which: impl Fn(&Group) -> bool) {
    unassign(stage, |directory, id| {
        directory.groups.get(id).is_some_and(&which)
    });
}

fn unassign(stage: &Stage, which: impl Fn(&Directory, &Uuid) -> bool) {
    stage.entra.change(|directory| {
        let all = directory.service_principals.iter();
        let assigned = all
            .flat_map(|one| &one.assignments)
            .map(|one| one.principal_id);
        let leaving: Vec<Uuid> = assigned.filter(|id| which(directory, id)).collect();
        for connector in directory.service_principals.iter_mut() {
            connector
                .assignments
                .retain(|one| !leaving.contains(&one.principal_id));
        }
    });
}
