use proptest::prelude::*;

use super::*;
use crate::model::setup::{PrincipalKind, WantedAssignment};

fn setup(name: &str) -> Setup {
    let text = format!(
        r#"{{"schema":"usher.setup/1","name":{},"journey":"account","cloud":"azure"}}"#,
        serde_json::to_string(name).unwrap()
    );
    serde_json::from_str(&text).unwrap()
}

fn text(format: ExportFormat, setup: &Setup) -> String {
    export(format, setup, &Observation::default()).into_iter().map(|file| file.content).collect()
}

#[test]
fn what_is_neither_asked_nor_seen_is_not_said() {
    let setup = setup("Nothing yet");
    let terraform = text(ExportFormat::Terraform, &setup);
    assert!(terraform.contains("app_role_assignment_required,\n"), "{terraform}");
    assert!(!terraform.contains("SyncAll") && !terraform.contains("SyncNotificationSettings"));
    assert!(terraform.contains("enabled              = false"), "a sync nobody asked for stays off");
    assert!(!terraform.contains("import {"));
    let script = text(ExportFormat::GraphScript, &setup);
    assert!(script.contains("SYNC_ALL=''\nNOTIFICATION=''\n"), "{script}");
    assert!(!script.contains("\nstart_job\n") && !script.contains("\npause_job\n"));
}

#[test]
fn the_token_is_asked_for_and_nowhere_else() {
    let setup = setup("x");
    assert!(text(ExportFormat::Terraform, &setup).contains("sensitive   = true"));
    assert!(text(ExportFormat::GraphScript, &setup).contains("USHER_SCIM_TOKEN is not set"));
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
        let heads = |setup: &Setup| -> Vec<String> {
            let text = text(ExportFormat::Terraform, setup);
            text.split(['\n', '\r']).filter(|line| line.ends_with('{') && !line.starts_with('#')).map(str::to_owned).collect()
        };
        prop_assert_eq!(heads(&hostile), heads(&plain));
        for file in export(ExportFormat::GraphScript, &hostile, &Observation::default()) {
            prop_assert!(file.content.starts_with("#!/bin/sh\n") && file.content.ends_with('\n'));
        }
    }
}
