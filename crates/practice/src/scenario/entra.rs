//! The scenarios of the Entra side: connectors in the states an admin meets.

use std::time::Duration;

use futures::future::BoxFuture;
use uuid::Uuid;

use super::{Scenario, Stage, scenario};
use crate::entra::connector::ScheduleState;
use crate::entra::directory::{Directory, Member};
use crate::entra::sample::{self, Connector, accounts};
use crate::entra::schema;
use crate::harness::{FaultKind, FaultRule, IssuedToken, TokenKind};
use crate::ids;
use crate::portal;
use crate::seed::EVERYONE_GROUP;

/// People of the large tenant.
const LARGE: usize = 100_000;
/// People of the large group.
const LARGE_GROUP: usize = 40_000;
/// Groups of the large tenant, those of the departments aside.
const LARGE_GROUPS: usize = 5_000;
/// A valid account SCIM token that stands in Entra and nowhere else.
const TOKEN_NOBODY_HAS: &str = "dsapi5e0b7c41d8f29a63b1e4078c52fd96a3";

/// The scenarios of this file.
pub(super) const SCENARIOS: &[Scenario] = &[
    scenario(
        "connected",
        "Everything runs",
        "The account connector is set up as it should be, has run, and all 25 people and their groups have arrived.",
        |tenant| tenant.opening = Some(connected),
    ),
    scenario(
        "quarantine",
        "The connector is in quarantine",
        "The account connector ran, then its token was regenerated in Databricks: the last cycles failed and the job is in quarantine.",
        |tenant| tenant.opening = Some(quarantine),
    ),
    scenario(
        "nested-groups",
        "Groups in groups",
        "An assigned group holds another group and a service principal, so five people are left out.",
        |tenant| {
            nest(&mut tenant.directory);
            tenant.opening = Some(nested_groups);
        },
    )
    .pressing(&[portal::TAKE_NESTED_GROUP_APART, portal::TAKE_SERVICE_PRINCIPAL_OUT]),
    scenario(
        "two-connectors",
        "Two connectors for one account",
        "Two connectors push into the same Databricks account, with overlapping people.",
        |tenant| tenant.opening = Some(two_connectors),
    ),
    scenario(
        "hidden-connector",
        "A connector of another template",
        "A workspace's connector was made as an application of one's own, so only a look at every application finds it.",
        |tenant| tenant.opening = Some(hidden_connector),
    )
    .pressing(&[portal::PAUSE_OTHER_CONNECTOR]),
    scenario(
        "no-p1-licence",
        "No P1 or P2 licence",
        "The tenant has only the free edition of Entra ID: groups cannot be assigned and there are no provisioning logs.",
        |tenant| free_edition(&mut tenant.directory),
    )
    .pressing(&[portal::BUY_P1]),
    scenario(
        "paused",
        "The connector is paused",
        "Everything was set up and has run, then somebody paused the connector.",
        |tenant| tenant.opening = Some(paused),
    ),
    scenario(
        "wrong-base-address",
        "The tenant URL is wrong",
        "The connector's tenant URL is the address of the console and not the SCIM URL, so it never ran well.",
        |tenant| tenant.opening = Some(wrong_base_address),
    ),
    scenario(
        "masked-secret-only",
        "Nobody has the token",
        "The connector runs with a token that is saved in Entra and that nobody has a copy of.",
        |tenant| {
            let token = IssuedToken {
                kind: TokenKind::AccountScim,
                principal: String::new(),
                audience: String::new(),
                scopes: Vec::new(),
                issued: tenant.harness.clock.now(),
                expires: None,
                comment: String::new(),
            };
            tenant.harness.tokens.insert(TOKEN_NOBODY_HAS, token);
            tenant.opening = Some(masked_secret_only);
        },
    )
    .pressing(&[portal::GENERATE_SCIM_TOKEN]),
    scenario(
        "unassigned",
        "Nobody is assigned",
        "The connector runs, and nobody is assigned to it.",
        |tenant| tenant.opening = Some(unassigned),
    ),
    scenario(
        "sync-all",
        "Everybody is in scope",
        "The connector synchronizes all users and groups of the tenant, not only those assigned.",
        |tenant| tenant.opening = Some(sync_all),
    )
    .pressing(&[portal::ASSIGN_EVERYONE_ELSE]),
    scenario(
        "works-here-not-from-entra",
        "Works here, refused from Entra",
        "The connector ran until an IP access list came: this machine reaches Databricks, Entra is refused.",
        |tenant| tenant.opening = Some(works_here_not_from_entra),
    )
    .pressing(&[portal::ALLOW_ENTRA_ADDRESSES]),
    scenario(
        "wrong-mapping",
        "Wrong attribute mappings",
        "The work address comes from another attribute than the user name, and externalId is not the object id; some people have no mail.",
        |tenant| {
            for user in tenant.directory.users.iter_mut().skip(3).step_by(8) {
                user.mail = None;
            }
            tenant.opening = Some(wrong_mapping);
        },
    )
    .pressing(&[portal::FILL_IN_MAIL]),
    scenario(
        "deletions-held",
        "Deletions are held",
        "Most people left the scope at once: the service holds the deletions until a person decides.",
        |tenant| tenant.opening = Some(deletions_held),
    )
    .pressing(&[portal::PUT_PEOPLE_BACK, portal::RESTART_PROVISIONING]),
    scenario(
        "never-ran",
        "Started, not run yet",
        "The connector was started a moment ago: its job shows a failure that is none.",
        |tenant| tenant.opening = Some(never_ran),
    ),
    scenario(
        "global-reader",
        "Signed in as Global Reader",
        "Whoever signs in is Global Reader, who cannot read the provisioning configuration; the application by itself has no Synchronization permission.",
        |tenant| {
            super::sign_in::sign_in_as(tenant, accounts::READER);
            if let Some(registration) = tenant.directory.registrations.first_mut() {
                registration
                    .application_permissions
                    .retain(|permission| !permission.starts_with("Synchronization."));
            }
            tenant.opening = Some(connected);
        },
    )
    .pressing(&[portal::GRANT_CONSENT, portal::CHOOSE_ADMIN_ACCOUNT]),
    scenario(
        "slow-to-appear",
        "New things take a while",
        "A new application, its templates and its job are not found at first, replicas disagree, and calls are throttled with a decimal wait.",
        |tenant| {
            tenant.knobs.new_service_principal = vec![404, 404, 200, 404];
            tenant.knobs.new_templates = vec![401, 204, 204];
            tenant.knobs.new_synchronization = vec![403, 409];
            tenant.knobs.new_job = vec![404, 404];
            tenant.knobs.batch_throttled = 1;
            let kind = FaultKind::Status {
                code: 429,
                headers: vec![("retry-after".to_owned(), "0.128".to_owned())],
                body: r#"{"error":{"code":"TooManyRequests","message":"Too many requests."}}"#
                    .to_owned(),
            };
            tenant
                .faults
                .push(FaultRule::new("graph", "/v1.0/*", kind).times(1));
        },
    ),
    Scenario {
        name: "large",
        title: "A large tenant",
        description: "100,000 people and 5,000 groups in Entra, and no connector yet.",
        people: LARGE,
        build: |tenant| large(&mut tenant.directory),
        presses: &[],
    },
    Scenario {
        name: "large-group",
        title: "A group of 40,000",
        description: "One group in Entra holds 40,000 people: four times as many as a Databricks account takes as documented.",
        people: LARGE_GROUP,
        build: |_| {},
        presses: &[],
    },
];

type Later = BoxFuture<'static, ()>;

/// The account connector with everyone assigned, its first cycle done.
async fn running(stage: &Stage, connector: &Connector) -> Uuid {
    let id = stage.put(connector, &department_groups(stage));
    stage.run(id).await;
    id
}

/// The group of everyone and those of the departments.
fn department_groups(stage: &Stage) -> Vec<Uuid> {
    stage
        .people
        .groups
        .iter()
        .map(|group| group.entra_id)
        .collect()
}

fn connected(stage: Stage) -> Later {
    Box::pin(async move {
        let connector = stage.account_connector();
        running(&stage, &connector).await;
    })
}

fn quarantine(stage: Stage) -> Later {
    Box::pin(async move {
        let id = running(&stage, &stage.account_connector()).await;
        stage.entra.change(|directory| {
            if let Some(principal) = directory.service_principals.get_mut(&id) {
                let old = format!("dsapi{}", "0".repeat(32));
                principal
                    .synchronization
                    .secrets
                    .insert("SecretToken".to_owned(), old);
            }
        });
        for _ in 0..3 {
            stage.harness.clock.advance(Duration::from_secs(6 * 3_600));
            drop(crate::provisioning::run_all(&stage.entra, Some(id)).await);
        }
    })
}

/// Moves five people of the group of everyone into a group inside it, with a service principal beside them.
fn nest(directory: &mut Directory) {
    let inner = sample::stable_id("nested group");
    let outer = directory
        .groups
        .iter()
        .find(|group| group.display_name == EVERYONE_GROUP)
        .map(|group| group.id);
    let Some(outer) = outer.and_then(|id| directory.groups.get_mut(&id)) else {
        return;
    };
    let people = outer
        .members
        .split_off(outer.members.len().saturating_sub(5));
    outer.members.push(Member::Group(inner));
    outer
        .members
        .push(Member::ServicePrincipal(sample::stable_id(
            "registration of the practice client",
        )));
    outer
        .members
        .push(Member::Device(sample::stable_id("a laptop")));
    directory
        .groups
        .put(sample::group(inner, "databricks-contractors", people));
}

fn nested_groups(stage: Stage) -> Later {
    Box::pin(async move {
        let id = stage.put(&stage.account_connector(), &[stage.group(EVERYONE_GROUP)]);
        stage.run(id).await;
    })
}

fn two_connectors(stage: Stage) -> Later {
    Box::pin(async move {
        running(&stage, &stage.account_connector()).await;
        let mut second = stage.account_connector();
        second.name = "Databricks SCIM (old)".to_owned();
        let id = stage.put(&second, &[stage.group("databricks-analysts")]);
        stage.run(id).await;
    })
}

/// Applications without provisioning, beside the hidden connector: more than fit into two batches.
const OTHER_APPLICATIONS: usize = 45;

fn hidden_connector(stage: Stage) -> Later {
    Box::pin(async move {
        running(&stage, &stage.account_connector()).await;
        let mut other = stage.account_connector();
        (other.base_address, other.with_job) = (None, false);
        for number in 1..=OTHER_APPLICATIONS {
            other.name = format!("Intranet {number:02}");
            let id = stage.put(&other, &[]);
            of_another_template(&stage, id);
        }
        let mut hidden = stage.workspace_connector(&ids::WORKSPACES[1]);
        hidden.name = "SCIM to the analysts' workspace".to_owned();
        let id = stage.put(&hidden, &[stage.group("databricks-analysts")]);
        of_another_template(&stage, id);
        stage.job(id, |job| job.template_id = "scim".to_owned());
        stage.run(id).await;
    })
}

fn of_another_template(stage: &Stage, id: Uuid) {
    stage.entra.change(|directory| {
        if let Some(principal) = directory.service_principals.get_mut(&id) {
            principal.template_id = Some(sample::CUSTOM_TEMPLATE_ID.to_owned());
        }
    });
}

fn free_edition(directory: &mut Directory) {
    for sku in &mut directory.skus {
        sku.part_number = "AAD_BASIC".to_owned();
        sku.plans
            .retain(|(_, name)| !name.starts_with("AAD_PREMIUM"));
    }
}

fn paused(stage: Stage) -> Later {
    Box::pin(async move {
        let id = running(&stage, &stage.account_connector()).await;
        stage.job(id, |job| job.pause());
    })
}

fn wrong_base_address(stage: Stage) -> Later {
    Box::pin(async move {
        let mut connector = stage.account_connector();
        let accounts = &stage.details.endpoints.databricks_accounts;
        connector.base_address = Some(format!("{accounts}/settings/user-provisioning"));
        running(&stage, &connector).await;
    })
}

fn masked_secret_only(stage: Stage) -> Later {
    Box::pin(async move {
        let mut connector = stage.account_connector();
        connector.secret_token = Some(TOKEN_NOBODY_HAS.to_owned());
        connector.notification_email = None;
        running(&stage, &connector).await;
    })
}

fn unassigned(stage: Stage) -> Later {
    Box::pin(async move {
        let id = stage.put(&stage.account_connector(), &[]);
        stage.run(id).await;
    })
}

fn sync_all(stage: Stage) -> Later {
    Box::pin(async move {
        let mut connector = stage.account_connector();
        connector.sync_all = true;
        running(&stage, &connector).await;
    })
}

fn works_here_not_from_entra(stage: Stage) -> Later {
    Box::pin(async move {
        let id = running(&stage, &stage.account_connector()).await;
        let kind = FaultKind::Status {
            code: 403,
            headers: Vec::new(),
            body: super::faults::ip_blocked("20.190.129.84"),
        };
        let rule = FaultRule::new("*", "*/scim/*", kind).user_agent(ids::PROVISIONING_USER_AGENT);
        stage.harness.faults.add(rule);
        drop(crate::provisioning::run_all(&stage.entra, Some(id)).await);
    })
}

fn wrong_mapping(stage: Stage) -> Later {
    Box::pin(async move {
        let connector = stage.account_connector();
        let id = stage.put(&connector, &department_groups(&stage));
        stage.job(id, |job| {
            schema::remap(
                &mut job.schema,
                "User",
                "emails[type eq \"work\"].value",
                "mail",
            );
            schema::remap(&mut job.schema, "User", "externalId", "mailNickname");
        });
        stage.run(id).await;
    })
}

fn deletions_held(stage: Stage) -> Later {
    Box::pin(async move {
        let mut connector = stage.account_connector();
        connector.delete_threshold = Some(5);
        let id = stage.put(&connector, &[stage.group(EVERYONE_GROUP)]);
        stage.run(id).await;
        let everyone = stage.group(EVERYONE_GROUP);
        stage.entra.change(|directory| {
            if let Some(group) = directory.groups.get_mut(&everyone) {
                group.members.truncate(5);
            }
        });
        drop(crate::provisioning::run_all(&stage.entra, Some(id)).await);
    })
}

fn never_ran(stage: Stage) -> Later {
    Box::pin(async move {
        let id = stage.put(&stage.account_connector(), &department_groups(&stage));
        // The schedule has not looked yet, and looks only when asked.
        stage.job(id, |job| job.schedule = ScheduleState::Active);
    })
}

/// 5,000 groups of 20 people each, beside those of the departments.
fn large(directory: &mut Directory) {
    let people: Vec<Uuid> = directory.users.iter().map(|user| user.id).collect();
    for index in 0..LARGE_GROUPS {
        let first = index * people.len() / LARGE_GROUPS;
        let members = people.iter().skip(first).take(20);
        let members = members.copied().map(Member::User).collect();
        let name = format!("team-{index:04}");
        directory
            .groups
            .put(sample::group(sample::stable_id(&name), &name, members));
    }
}
