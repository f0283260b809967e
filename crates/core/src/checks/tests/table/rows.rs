//! The table.

use super::worlds::*;
use crate::checks::tests::*;
use crate::observation::principals::NestedGroup;
use Status::{Fail, NotApplicable, Pass, Unknown, Warn};

pub(super) type Row = (&'static str, Status, fn(&mut Setup, &mut Observation));

/// Check, outcome, the world in which it comes out so, and what is spoiled there for it.
pub(super) const TABLE: &[Row] = &[
    // Before starting
    ("aim-considered", Pass, |setup, _| {
        attested(setup, "aim-considered")
    }),
    ("aim-considered", Warn, good),
    ("aim-considered", Unknown, |_, world| {
        workspace(world).federated = nobody()
    }),
    ("aim-considered", NotApplicable, |setup, _| {
        setup.cloud = DatabricksCloud::Aws
    }),
    ("premium-plan", Pass, good),
    ("premium-plan", Fail, |_, world| {
        workspace(world).pricing_tier = databricks("STANDARD".into())
    }),
    ("premium-plan", Unknown, |_, world| {
        workspace(world).pricing_tier = nobody()
    }),
    ("databricks-admin", Pass, good),
    ("databricks-admin", Fail, |_, world| {
        world.databricks.second_credential_is_admin = databricks(false)
    }),
    ("databricks-admin", Unknown, |_, world| {
        world.databricks.second_credential_is_admin = nobody()
    }),
    ("entra-role", Pass, good),
    ("entra-role", Fail, |_, world| {
        known(&mut world.entra.signed_in).permissions.clear()
    }),
    ("entra-role", Unknown, |_, world| {
        world.entra.signed_in = nobody()
    }),
    ("group-licence", Pass, good),
    ("group-licence", Fail, |_, world| {
        world.entra.licences = entra(Vec::new())
    }),
    ("group-licence", Unknown, |_, world| {
        world.entra.licences = nobody()
    }),
    ("group-licence", NotApplicable, no_groups),
    ("cloud-supported", Pass, good),
    ("cloud-supported", Fail, |setup, _| {
        setup.entra.cloud = EntraCloud::China
    }),
    ("cloud-supported", Unknown, |setup, world| {
        setup.entra.cloud = EntraCloud::UsGovL4;
        world.entra.template = nobody();
    }),
    ("same-account", Pass, good),
    ("same-account", Fail, |_, world| {
        workspace(world).account_id = databricks("other".into())
    }),
    ("same-account", Unknown, |_, world| {
        workspace(world).account_id = nobody()
    }),
    ("same-account", NotApplicable, no_workspaces),
    ("same-tenant", Pass, good),
    ("same-tenant", Fail, |_, world| {
        workspace(world).tenant = databricks("other".into())
    }),
    ("same-tenant", Unknown, |_, world| {
        workspace(world).tenant = nobody()
    }),
    ("same-tenant", NotApplicable, |setup, _| {
        setup.cloud = DatabricksCloud::Gcp
    }),
    ("identity-federation", Pass, good),
    ("identity-federation", Warn, |_, world| {
        workspace(world).federated = databricks(false)
    }),
    ("identity-federation", Unknown, |_, world| {
        workspace(world).federated = nobody()
    }),
    ("identity-federation", NotApplicable, no_workspaces),
    // The connection
    ("connection-from-here", Pass, good),
    ("connection-from-here", Fail, |_, world| refuse(world)),
    ("connection-from-here", Unknown, |_, world| {
        world.databricks.connection = nobody()
    }),
    ("connection-from-entra", Pass, good),
    ("connection-from-entra", Fail, |_, world| {
        first(world).saved_credentials = entra(CredentialCheck {
            accepted: false,
            code: Some("CredentialValidationUnavailable".into()),
            message: None,
        })
    }),
    ("connection-from-entra", Unknown, |_, world| {
        first(world).saved_credentials = nobody()
    }),
    ("endpoint-matches", Pass, good),
    ("endpoint-matches", Fail, |_, world| {
        known(&mut first(world).secrets).base_address = None
    }),
    ("endpoint-matches", Unknown, |_, world| {
        first(world).secrets = nobody()
    }),
    ("secret-saved", Pass, good),
    ("secret-saved", Fail, |_, world| {
        known(&mut first(world).secrets).token_stored = false
    }),
    ("secret-saved", Unknown, |_, world| {
        first(world).secrets = nobody()
    }),
    ("token-age", Pass, good),
    ("token-age", Warn, |setup, _| lasts(setup, 5)),
    ("token-age", Fail, |setup, _| lasts(setup, -1)),
    ("token-age", Unknown, |setup, _| {
        setup.databricks.token_expires_at = None
    }),
    ("pat-owner-admin", Pass, |setup, world| {
        owned(setup, world, databricks(owner()))
    }),
    ("pat-owner-admin", Fail, |setup, world| {
        owned(
            setup,
            world,
            databricks(TokenOwner {
                is_admin: Some(false),
                ..owner()
            }),
        )
    }),
    ("pat-owner-admin", Unknown, |setup, world| {
        owned(setup, world, nobody())
    }),
    ("pat-owner-admin", NotApplicable, moving_nothing),
    ("pat-owner-unmanaged", Pass, |setup, world| {
        owned(setup, world, databricks(owner()))
    }),
    ("pat-owner-unmanaged", Fail, |setup, world| {
        owned(
            setup,
            world,
            databricks(TokenOwner {
                user_name: mail(3),
                ..owner()
            }),
        )
    }),
    ("pat-owner-unmanaged", Unknown, |setup, world| {
        owned(setup, world, nobody())
    }),
    ("pat-owner-unmanaged", NotApplicable, moving_nothing),
    // The enterprise application
    ("app-from-gallery", Pass, good),
    ("app-from-gallery", Warn, |_, world| {
        first(world).template_id = None
    }),
    ("app-from-gallery", Unknown, no_entra),
    ("app-unique", Pass, good),
    ("app-unique", Fail, |_, world| second(world, &scim_url())),
    ("app-unique", Unknown, no_entra),
    ("provisioning-automatic", Pass, good),
    ("provisioning-automatic", Fail, |_, world| {
        known(&mut first(world).jobs).clear()
    }),
    ("provisioning-automatic", Unknown, no_entra),
    ("provisioning-on", Pass, good),
    ("provisioning-on", Fail, |_, world| {
        the_job(world).state = ScheduleState::Paused
    }),
    ("provisioning-on", Unknown, no_entra),
    ("assignment-required", Pass, good),
    ("assignment-required", Warn, |setup, world| {
        setup.want.assignment_required = Some(true);
        first(world).assignment_required = entra(true);
    }),
    ("assignment-required", Fail, |_, world| {
        first(world).assignment_required = entra(true)
    }),
    ("assignment-required", Unknown, no_entra),
    ("scope-assigned", Pass, good),
    ("scope-assigned", Warn, |_, world| {
        known(&mut first(world).secrets).sync_all = None
    }),
    ("scope-assigned", Fail, |_, world| {
        known(&mut first(world).secrets).sync_all = Some(true)
    }),
    ("scope-assigned", Unknown, no_entra),
    ("notification-email", Pass, good),
    ("notification-email", Warn, |_, world| {
        known(&mut first(world).secrets).notification = None
    }),
    ("notification-email", Unknown, no_entra),
    ("delete-threshold", Pass, good),
    ("delete-threshold", Warn, |_, world| {
        known(&mut first(world).secrets)
            .notification
            .as_mut()
            .unwrap()
            .delete_threshold = Some(5_000);
    }),
    ("delete-threshold", Fail, |_, world| {
        known(&mut first(world).secrets).notification = None
    }),
    ("delete-threshold", Unknown, no_entra),
    ("mapping-username", Pass, good),
    ("mapping-username", Fail, |_, world| {
        user_mapping(world).attributes[1].source = Some("mail".into())
    }),
    ("mapping-username", Unknown, no_entra),
    ("mapping-external-id", Pass, good),
    ("mapping-external-id", Fail, |_, world| {
        user_mapping(world).attributes[2].source = Some("mailNickname".into())
    }),
    ("mapping-external-id", Unknown, no_entra),
    ("mapping-groups", Pass, good),
    ("mapping-groups", Fail, |_, world| {
        known(&mut the_job(world).schema).group = None
    }),
    ("mapping-groups", Unknown, no_entra),
    ("mapping-groups", NotApplicable, no_groups),
    // Who is assigned
    ("someone-assigned", Pass, good),
    ("someone-assigned", Fail, |_, world| {
        known(&mut first(world).assignments).clear()
    }),
    ("someone-assigned", Unknown, no_entra),
    ("nested-groups", Pass, good),
    ("nested-groups", Warn, |_, world| {
        let inner = NestedGroup {
            id: "g9".into(),
            display_name: "inner".into(),
        };
        group(world).nested = entra(vec![inner]);
        group(world).transitive_users = entra(63);
    }),
    ("nested-groups", Unknown, |_, world| {
        group(world).nested = nobody()
    }),
    ("nested-groups", NotApplicable, no_groups),
    ("service-principals", Pass, good),
    ("service-principals", Warn, |_, world| {
        group(world).service_principals = entra(vec!["sp".into()])
    }),
    ("service-principals", Unknown, |_, world| {
        group(world).service_principals = nobody()
    }),
    ("group-provisionable", Pass, good),
    ("group-provisionable", Fail, |_, world| {
        group(world).security_enabled = false
    }),
    ("group-provisionable", Unknown, |_, world| {
        world.entra.principals = Principals {
            complete: nobody(),
            ..Principals::default()
        }
    }),
    ("group-provisionable", NotApplicable, no_groups),
    ("reserved-names", Pass, good),
    ("reserved-names", Fail, |setup, _| {
        wants(setup, "Account Users")
    }),
    ("reserved-names", Unknown, |setup, world| {
        setup.want.assign.clear();
        first(world).assignments = nobody();
    }),
    ("name-clash", Pass, good),
    ("name-clash", Fail, |setup, _| {
        wants(setup, "Databricks-Users")
    }),
    ("name-clash", Unknown, |_, world| {
        world.databricks.directory.groups = nobody()
    }),
    ("name-clash", NotApplicable, no_groups),
    ("guests", Pass, good),
    ("guests", Warn, |_, world| person(world).guest = true),
    ("guests", Unknown, |_, world| {
        world.entra.principals.complete = nobody()
    }),
    ("missing-mail", Pass, good),
    ("missing-mail", Warn, |_, world| {
        person(world).mail = None;
        user_mapping(world).attributes[1].source = Some("mail".into());
    }),
    ("missing-mail", Unknown, |_, world| {
        world.entra.principals.complete = nobody()
    }),
    ("missing-mail", NotApplicable, no_groups),
    ("account-limits", Pass, good),
    ("account-limits", Warn, |_, world| {
        world.databricks.directory.user_total = databricks(7_999)
    }),
    ("account-limits", Fail, |_, world| {
        world.databricks.directory.user_total = databricks(9_999)
    }),
    ("account-limits", Unknown, |_, world| {
        world.databricks.directory.user_total = nobody()
    }),
    ("account-limits", Unknown, |_, world| {
        world.entra.principals.complete = nobody()
    }),
    ("own-admin-kept", Pass, good),
    ("own-admin-kept", Fail, |_, world| {
        known(&mut world.databricks.admins)[0].user_name = mail(3)
    }),
    ("own-admin-kept", Unknown, |_, world| {
        world.databricks.admins = nobody()
    }),
    // The sync
    ("job-healthy", Pass, good),
    ("job-healthy", Fail, |_, world| {
        the_job(world).quarantine = Some(quarantine("EncounteredQuarantineException"))
    }),
    ("job-healthy", Unknown, no_entra),
    ("cycle-recent", Pass, good),
    ("cycle-recent", Warn, |_, world| {
        the_job(world).last = None;
        the_job(world).last_success = None;
    }),
    ("cycle-recent", Fail, |_, world| {
        the_job(world).last.as_mut().unwrap().state = ExecutionState::Failed
    }),
    ("cycle-recent", Unknown, no_entra),
    ("cycle-errors", Pass, good),
    ("cycle-errors", Warn, |_, world| {
        known(&mut first(world).log).failures.push(LogFailure {
            code: "DuplicateTargetEntries".into(),
            reason: "Two users match.".into(),
            objects: vec![LogObject {
                id: "u00".into(),
                name: "Person 0".into(),
            }],
        });
    }),
    ("cycle-errors", Unknown, |_, world| {
        first(world).log = nobody()
    }),
    ("deletions-held", Pass, good),
    ("deletions-held", Fail, |_, world| {
        the_job(world).quarantine = Some(quarantine("TooManyDeletes"))
    }),
    ("deletions-held", Unknown, no_entra),
    ("users-arrived", Pass, good),
    ("users-arrived", Warn, |_, world| {
        users(world)[3].external_id = Some("else".into())
    }),
    ("users-arrived", Fail, |_, world| {
        users(world)[3].active = false
    }),
    ("users-arrived", Unknown, |_, world| {
        world.databricks.directory.users = nobody()
    }),
    ("users-arrived", NotApplicable, no_groups),
    ("groups-arrived", Pass, good),
    ("groups-arrived", Warn, |_, world| {
        let groups = known(&mut world.databricks.directory.groups);
        groups[0].members.as_mut().unwrap().push("24".into());
    }),
    ("groups-arrived", Fail, |_, world| {
        let groups = known(&mut world.databricks.directory.groups);
        groups[0].display_name = "renamed".into();
        groups[0].members.as_mut().unwrap().pop();
    }),
    ("groups-arrived", Unknown, |_, world| {
        world.databricks.directory.groups = nobody()
    }),
    ("groups-arrived", NotApplicable, no_groups),
    ("inactive-users", Pass, good),
    ("inactive-users", Warn, |_, world| {
        users(world)[3].active = false
    }),
    ("inactive-users", Unknown, |_, world| {
        world.databricks.directory.users = nobody()
    }),
    ("removed-by-hand", Pass, good),
    ("removed-by-hand", Warn, |_, world| {
        drop(users(world).remove(3))
    }),
    ("removed-by-hand", Unknown, |_, world| {
        first(world).log = nobody()
    }),
    ("outside-scim", Pass, good),
    ("outside-scim", Warn, |_, world| {
        users(world)[3].external_id = None;
        users(world)[4].external_id = Some("another".into());
        users(world).push(stranger());
        known(&mut world.entra.principals.absent).insert("gone".into());
    }),
    ("outside-scim", Unknown, |_, world| {
        users(world).push(stranger());
        world.entra.principals.absent = nobody();
    }),
    ("case-clash", Pass, good),
    ("case-clash", Warn, |_, world| {
        users(world)[3].user_name = mail(3).to_uppercase().into()
    }),
    ("case-clash", Unknown, |_, world| {
        world.databricks.directory.users = nobody()
    }),
    // Moving workspace connectors to the account
    ("connectors-found", Pass, moving),
    ("connectors-found", Unknown, |setup, world| {
        moving(setup, world);
        world.entra.connectors = nobody();
    }),
    ("connectors-off", Pass, good),
    ("connectors-off", Fail, moving),
    ("connectors-off", Unknown, no_entra),
    ("connectors-off", NotApplicable, |_, world| {
        the_job(world).state = ScheduleState::Paused
    }),
    ("coverage", Pass, moving),
    ("coverage", Fail, |setup, world| {
        moving(setup, world);
        known(&mut first(world).assignments).pop();
    }),
    ("coverage", Unknown, |setup, world| {
        moving(setup, world);
        world.entra.connectors = nobody();
    }),
    ("coverage", NotApplicable, |setup, _| {
        setup.journey = Journey::Migrate
    }),
    ("account-sync-proven", Pass, moving),
    ("account-sync-proven", Fail, |setup, world| {
        moving(setup, world);
        users(world)[3].active = false;
    }),
    ("account-sync-proven", Unknown, |setup, world| {
        moving(setup, world);
        world.databricks.directory.users = nobody();
    }),
    ("local-groups", Pass, moving),
    ("local-groups", Warn, |setup, world| {
        local(setup, world, "team")
    }),
    ("local-groups", Unknown, |setup, world| {
        moving(setup, world);
        workspace(world).directory.groups = nobody();
    }),
    ("local-groups", NotApplicable, moving_nothing),
    ("local-name-clash", Pass, moving),
    ("local-name-clash", Fail, |setup, world| {
        local(setup, world, "databricks-users")
    }),
    ("local-name-clash", Unknown, |setup, world| {
        moving(setup, world);
        workspace(world).directory.groups = nobody();
    }),
    ("local-name-clash", NotApplicable, moving_nothing),
    ("workspace-access", Pass, moving),
    ("workspace-access", Fail, |setup, world| {
        moving(setup, world);
        known(&mut workspace(world).assignments).pop();
    }),
    ("workspace-access", Unknown, |setup, world| {
        moving(setup, world);
        workspace(world).assignments = nobody();
    }),
    ("workspace-access", NotApplicable, moving_nothing),
    ("entitlements", Pass, moving),
    ("entitlements", Warn, |setup, world| {
        local(setup, world, "db-temp-team");
        let account = DatabricksGroup {
            id: "a1".into(),
            display_name: "team".into(),
            ..DatabricksGroup::default()
        };
        known(&mut workspace(world).directory.groups).push(account);
    }),
    ("entitlements", Unknown, |setup, world| {
        moving(setup, world);
        workspace(world).directory.groups = nobody();
    }),
    ("entitlements", NotApplicable, moving_nothing),
];
