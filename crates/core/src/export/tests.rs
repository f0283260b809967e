use proptest::prelude::*;

use super::*;
use crate::model::setup::{PrincipalKind, WantedAssignment};
use crate::observation::databricks::WorkspaceAssignment;
use crate::testing;

fn setup(name: &str) -> Setup {
    let mut setup: Setup = serde_json::from_str(
        r#"{"schema":"usher.setup/1","name":"","journey":"account","cloud":"azure"}"#,
    )
    .unwrap();
    setup.name = name.to_owned();
    setup
}

fn text(format: ExportFormat, setup: &Setup, seen: &Observation) -> String {
    export(format, setup, seen)
        .into_iter()
        .map(|file| file.content)
        .collect()
}

/// A world in which the connector exists and one of its groups may enter a workspace.
fn existing() -> Observation {
    let mut seen = testing::world();
    let seat = |id: &str, name: &str, is_group, is_admin| WorkspaceAssignment {
        principal_id: id.to_owned(),
        name: name.to_owned(),
        is_group,
        is_admin,
    };
    seen.databricks.workspaces[0].assignments = testing::databricks(vec![
        seat("7001", "databricks-users", true, false),
        seat("7002", "databricks-engineers", true, true),
        seat("7003", "somebody else's group", true, false),
        seat("7004", "person00@contoso.example", false, false),
    ]);
    seen
}

#[test]
fn what_is_neither_asked_nor_seen_is_not_said() {
    let (setup, nothing) = (setup("Nothing yet"), Observation::default());
    let terraform = text(ExportFormat::Terraform, &setup, &nothing);
    assert!(
        terraform.contains("app_role_assignment_required,\n"),
        "{terraform}"
    );
    assert!(!terraform.contains("SyncAll") && !terraform.contains("SyncNotificationSettings"));
    assert!(
        terraform.contains("enabled              = false"),
        "a sync nobody asked for stays off"
    );
    assert!(!terraform.contains("import {"));
    let script = text(ExportFormat::GraphScript, &setup, &nothing);
    assert!(
        script.contains("SYNC_ALL=''\nNOTIFICATION=''\n"),
        "{script}"
    );
    assert!(!script.contains("\nstart_job\n") && !script.contains("\npause_job\n"));
}

#[test]
fn what_exists_is_imported_and_not_made_again() {
    let terraform = text(ExportFormat::Terraform, &testing::setup(), &existing());
    for address in [
        "azuread_application_from_template.connector",
        "azuread_service_principal.connector",
        "azuread_synchronization_job.connector",
        "azuread_app_role_assignment.assigned[\"g1\"]",
        "databricks_mws_permission_assignment.w1001_p7001",
    ] {
        assert!(
            terraform.contains(&format!("to = {address}\n")),
            "{address}"
        );
    }
    assert!(
        terraform.contains("[\"ADMIN\"]")
            && !terraform.contains("p7003")
            && !terraform.contains("p7004")
    );
    let script = text(ExportFormat::GraphScript, &testing::setup(), &existing());
    assert!(script.contains(&format!("SERVICE_PRINCIPAL='{}'\n", testing::SP)));
}

#[test]
fn a_service_principal_that_is_assigned_is_left_out() {
    let mut setup = testing::setup();
    let robot = WantedAssignment {
        kind: PrincipalKind::ServicePrincipal,
        id: "robot".to_owned(),
        display_name: None,
    };
    setup.want.assign.push(robot);
    for format in ExportFormat::ALL {
        assert!(!text(format, &setup, &Observation::default()).contains("robot"));
    }
}

#[test]
fn the_token_is_asked_for_and_nowhere_else() {
    let (setup, nothing) = (setup("x"), Observation::default());
    assert!(text(ExportFormat::Terraform, &setup, &nothing).contains("sensitive   = true"));
    assert!(
        text(ExportFormat::GraphScript, &setup, &nothing).contains("USHER_SCIM_TOKEN is not set")
    );
}

proptest! {
    /// Whatever names hold, an export has the same statements: names change comments and quoted text alone.
    #[test]
    fn names_add_no_statement(name in any::<String>(), group in any::<String>(), app in any::<String>()) {
        let mut hostile = setup(&name);
        hostile.entra.app.display_name = Some(app);
        let wanted = |name: &str| WantedAssignment { kind: PrincipalKind::Group, id: "6f1c".to_owned(), display_name: Some(name.to_owned()) };
        hostile.want.assign = vec![wanted(&group)];
        let mut plain = setup("plain");
        plain.entra.app.display_name = Some("plain".to_owned());
        plain.want.assign = vec![wanted("plain")];
        let nothing = Observation::default();
        let heads = |setup: &Setup| -> Vec<String> {
            let text = text(ExportFormat::Terraform, setup, &nothing);
            text.split(['\n', '\r']).filter(|line| line.ends_with('{') && !line.contains('#')).map(str::to_owned).collect()
        };
        prop_assert_eq!(heads(&hostile), heads(&plain));
    }
}
