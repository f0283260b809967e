//! The moves on a bad day: throttling, a workspace that does not answer, an expired token, a quarantine, a lost answer, a cycle
//! that never ends. Nobody may lose access on any of them.

use std::time::Duration;

use super::migrate::{admit_the_admin, nest_contractors, small};
use super::migrate_large;
use super::{Scenario, Stage, Tenant, scenario};
use crate::entra::connector::Progress;
use crate::entra::sample;
use crate::harness::{FaultKind, FaultRule, IssuedToken, TokenKind};
use crate::portal;

/// What the product names itself by: the provisioning service is not disturbed.
const USHER: &str = "usher/";

/// The scenarios of this file.
pub(super) const SCENARIOS: &[Scenario] = &[
    scenario(
        "migrate-small-throttled",
        "A move with three workspaces, throttled",
        "As the move with three workspaces; Graph, the account and the workspaces answer some requests with 429 and ask to wait.",
        |tenant| {
            begin(tenant, false);
            throttle(tenant, 2);
        },
    )
    .pressing(&[portal::RENAME_LOCAL_GROUP]),
    scenario(
        "migrate-small-workspace-down",
        "A move with three workspaces, one out of order",
        "As the move with three workspaces; one of them answers 500 to whatever is asked of its users and groups.",
        |tenant| {
            begin(tenant, false);
            break_workspace(tenant, 1001);
        },
    )
    .pressing(&[portal::WAIT_FOR_DATABRICKS, portal::RENAME_LOCAL_GROUP]),
    scenario(
        "migrate-small-expired-token",
        "A move with three workspaces, one token expired",
        "As the move with three workspaces; the personal access token of one of them has run out, and its connector is in quarantine.",
        |tenant| {
            begin(tenant, false);
            tenant.opening = Some(|stage| {
                Box::pin(async move {
                    small(stage.clone(), false).await;
                    expire(&stage, 1002);
                    stage.run_named("Databricks harbour-finance").await;
                })
            });
        },
    )
    .pressing(&[portal::GENERATE_WORKSPACE_TOKENS, portal::RENAME_LOCAL_GROUP]),
    scenario(
        "migrate-small-quarantine",
        "A move whose account connector is in quarantine",
        "As the move with three workspaces; the account connector's token was regenerated in Databricks, and its job is in quarantine.",
        |tenant| {
            begin(tenant, false);
            tenant.opening = Some(|stage| {
                Box::pin(async move {
                    small(stage.clone(), false).await;
                    stage.entra.change(|directory| {
                        let mut all = directory.service_principals.iter_mut();
                        let account = all.find(|one| one.display_name == sample::GALLERY_NAME);
                        if let Some(account) = account {
                            let secrets = &mut account.synchronization.secrets;
                            secrets.insert("SecretToken".to_owned(), "regenerated".to_owned());
                        }
                    });
                    stage.run_named(sample::GALLERY_NAME).await;
                })
            });
        },
    )
    .pressing(&[portal::SAVE_TOKEN_IN_ENTRA, portal::RENAME_LOCAL_GROUP]),
    scenario(
        "migrate-gap-lost-answer",
        "A move with a gap, an answer lost",
        "As the move with a gap; the first assignment happens, and its answer is lost on the way.",
        |tenant| {
            begin(tenant, true);
            let mut lost = FaultRule::new("graph", "*/appRoleAssignedTo*", FaultKind::Cut)
                .method("POST")
                .user_agent(USHER)
                .times(1);
            lost.after_handler = true;
            tenant.faults.push(lost);
        },
    )
    .pressing(&[portal::GIVE_WORKSPACE, portal::RENAME_LOCAL_GROUP]),
    scenario(
        "migrate-gap-endless-cycle",
        "A move with a gap, a cycle without end",
        "As the move with a gap; a cycle of the account connector has begun and never comes to its end.",
        |tenant| {
            begin(tenant, true);
            tenant.opening = Some(|stage| {
                Box::pin(async move {
                    small(stage.clone(), true).await;
                    let now = stage.harness.clock.now();
                    if let Some(account) = stage.named(sample::GALLERY_NAME) {
                        stage.job(account, |job| {
                            job.progress = Some(Progress {
                                completed: 1,
                                total: 9,
                                observed: now,
                            });
                        });
                    }
                })
            });
        },
    )
    .pressing(&[portal::WAIT_FOR_CYCLE_TO_END, portal::GIVE_WORKSPACE, portal::RENAME_LOCAL_GROUP]),
    Scenario {
        name: "migrate-large-throttled",
        title: "A move of the size of a large company, throttled",
        description: "As the move of the size of a large company; Graph, the account and the workspaces each answer five requests with 429 and ask to wait a second, and one workspace answers 500 to whatever is asked of its users and groups. The plan waits, says what it could not see, and loses nothing.",
        people: migrate_large::PEOPLE,
        build: |tenant| {
            migrate_large::build(tenant);
            throttle(tenant, 5);
            break_workspace(tenant, 1001);
        },
        presses: &[portal::WAIT_FOR_DATABRICKS],
    },
];

fn begin(tenant: &mut Tenant, gap: bool) {
    nest_contractors(tenant);
    admit_the_admin(tenant);
    tenant.opening = Some(if gap {
        |stage| small(stage, true)
    } else {
        |stage| small(stage, false)
    });
}

/// So many answers of each kind of host are 429, after some that are not.
fn throttle(tenant: &mut Tenant, times: u32) {
    let body = r#"{"error_code":"RESOURCE_EXHAUSTED","message":"Too many requests.","error":{"code":"TooManyRequests","message":"Too many requests."}}"#;
    for (host, path) in [
        ("graph", "*"),
        ("account", "*/api/*"),
        ("workspace-*", "*/scim/*"),
    ] {
        let kind = FaultKind::Status {
            code: 429,
            headers: vec![("retry-after".to_owned(), "1".to_owned())],
            body: body.to_owned(),
        };
        let mut rule = FaultRule::new(host, path, kind)
            .user_agent(USHER)
            .times(times);
        rule.skip = 3;
        tenant.faults.push(rule);
    }
}

fn break_workspace(tenant: &mut Tenant, id: u64) {
    let kind = FaultKind::Status {
        code: 500,
        headers: Vec::new(),
        body: r#"{"error_code":"INTERNAL_ERROR","message":"Internal server error."}"#.to_owned(),
    };
    let host = format!("workspace-{id}");
    tenant
        .faults
        .push(FaultRule::new(&host, "*/scim/*", kind).user_agent(USHER));
}

/// The workspace's personal access tokens have run out.
fn expire(stage: &Stage, workspace: u64) {
    let tokens = &stage.harness.tokens;
    let now = stage.harness.clock.now();
    let before = now.checked_sub(Duration::from_secs(60)).unwrap_or(now);
    for (value, token) in tokens.of_kind(&TokenKind::PersonalAccess { workspace }) {
        let expires = Some(before);
        tokens.insert(value, IssuedToken { expires, ..token });
    }
}

impl Stage {
    fn named(&self, name: &str) -> Option<uuid::Uuid> {
        self.entra.read(|directory| {
            let mut all = directory.service_principals.iter();
            all.find(|one| one.display_name == name).map(|one| one.id)
        })
    }

    async fn run_named(&self, name: &str) {
        if let Some(connector) = self.named(name) {
            drop(crate::provisioning::run_all(&self.entra, Some(connector)).await);
        }
    }
}
