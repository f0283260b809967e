//! The connector of the good world: its job, settings, mappings and assignments.

use super::*;

pub(crate) fn connector() -> Connector {
    Connector {
        service_principal_id: SP.into(),
        app_id: "app".into(),
        display_name: APP.into(),
        template_id: Some(TEMPLATE.into()),
        account_enabled: true,
        assignment_required: entra(false),
        app_roles: vec![AppRole {
            id: ROLE.into(),
            display_name: "User".into(),
            enabled: true,
            for_users: true,
        }],
        secrets: entra(ConnectorSecrets {
            base_address: Some(scim_url()),
            token_stored: true,
            sync_all: Some(false),
            notification: Some(Notification {
                enabled: true,
                recipients: "iam@contoso.example".into(),
                delete_threshold_enabled: true,
                delete_threshold: Some(500),
            }),
            skip_out_of_scope_deletions: None,
            keys: vec![
                "BaseAddress".into(),
                "SecretToken".into(),
                "SyncAll".into(),
                "SyncNotificationSettings".into(),
            ],
        }),
        jobs: entra(vec![job()]),
        assignments: entra(
            GROUPS
                .iter()
                .map(|(id, name, _)| assignment(id, name, PrincipalKind::Group))
                .collect(),
        ),
        saved_credentials: entra(CredentialCheck {
            accepted: true,
            code: None,
            message: None,
        }),
        log: entra(LogSummary {
            since: Some(ago(60 * 24 * 7)),
            exported: (0..25)
                .map(|index| user_id(index).into())
                .collect::<BTreeSet<_>>(),
            ..LogSummary::default()
        }),
    }
}

pub(crate) fn assignment(id: &str, name: &str, kind: PrincipalKind) -> Assignment {
    Assignment {
        id: format!("assignment-{id}"),
        principal_id: id.into(),
        kind,
        display_name: name.into(),
        app_role_id: ROLE.into(),
        created: Some(ago(300)),
    }
}

pub(crate) fn job() -> Job {
    let cycle = Execution {
        state: ExecutionState::Succeeded,
        began: Some(ago(40)),
        ended: Some(ago(30)),
        exported: 25,
        escrowed: 0,
        imported: 27,
        error_code: None,
        error_message: None,
    };
    Job {
        id: "dataBricks.t.j".into(),
        template_id: "dataBricks".into(),
        state: ScheduleState::Active,
        interval_seconds: Some(2400),
        code: JobCode::Active,
        quarantine: None,
        in_flight: false,
        last: Some(cycle.clone()),
        last_success: Some(cycle),
        steady_since: Some(ago(200)),
        progress: None,
        counts: vec![("User".into(), 25), ("Group".into(), 2)],
        schema: entra(schema()),
    }
}

pub(crate) fn schema() -> JobSchema {
    let from = |target: &str, source: &str, priority: u32| AttributeMapping {
        target: target.into(),
        source: Some(source.into()),
        expression: None,
        matching_priority: priority,
    };
    JobSchema {
        rule_id: Some("rule".into()),
        user: Some(ObjectMapping {
            name: "Provision Microsoft Entra ID Users".into(),
            enabled: true,
            attributes: vec![
                from("userName", "userPrincipalName", 1),
                from("emails[type eq \"work\"].value", "userPrincipalName", 0),
                from("externalId", "objectId", 0),
            ],
            scope: Vec::new(),
        }),
        group: Some(ObjectMapping {
            name: "Provision Microsoft Entra ID Groups".into(),
            enabled: true,
            attributes: vec![from("displayName", "displayName", 1)],
            scope: Vec::new(),
        }),
    }
}
