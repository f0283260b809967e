use super::*;
use crate::observation::Seen;
use crate::observation::databricks::{Directory, WorkspaceFacts};
use crate::testing::now;

fn user(id: &str) -> DatabricksUser {
    DatabricksUser {
        id: id.into(),
        user_name: format!("{id}@Contoso.example").into(),
        active: true,
        ..DatabricksUser::default()
    }
}

fn group(name: &str, kind: GroupKind, members: &[&str], rights: &[&str]) -> DatabricksGroup {
    DatabricksGroup {
        id: format!("{name}-{kind:?}").into(),
        display_name: name.into(),
        kind,
        members: Some(members.iter().map(|id| (*id).into()).collect()),
        entitlements: rights.iter().map(|right| (*right).into()).collect(),
        ..DatabricksGroup::default()
    }
}

fn directory(groups: Vec<DatabricksGroup>) -> Directory {
    Directory {
        users: Seen::databricks(["ana", "bo", "chidi"].map(user).to_vec(), now()),
        groups: Seen::databricks(groups, now()),
        ..Directory::default()
    }
}

fn workspace(id: &str, groups: Vec<DatabricksGroup>) -> WorkspaceFacts {
    WorkspaceFacts {
        id: id.to_owned(),
        directory: directory(groups),
        ..WorkspaceFacts::default()
    }
}

fn world() -> Observation {
    use GroupKind::{Account, WorkspaceLocal};
    let mut seen = Observation::default();
    seen.databricks.directory = directory(vec![
        group("Readers", Account, &["ana", "bo"], &[]),
        group("writers", Account, &["ana"], &[]),
    ]);
    seen.databricks.workspaces = vec![
        workspace(
            "1001",
            vec![
                group(
                    "db-temp-readers",
                    WorkspaceLocal,
                    &["ana", "chidi"],
                    &["workspace-access"],
                ),
                group("Readers", Account, &[], &[]),
                group("writers", WorkspaceLocal, &["ana"], &[]),
            ],
        ),
        workspace("1002", vec![group("readers", WorkspaceLocal, &["bo"], &[])]),
        WorkspaceFacts {
            id: "1003".to_owned(),
            ..WorkspaceFacts::default()
        },
    ];
    seen
}

#[test]
fn each_local_group_is_compared_with_the_account_group_of_its_name_also_once_renamed() {
    let found = LocalGroups::of(&world());
    let of = |workspace: &str, name: &str| {
        let is = |group: &&LocalGroup| group.workspace.ends_with(workspace) && group.name == name;
        found.groups.iter().find(is).unwrap()
    };
    let renamed = of("1001", "db-temp-readers");
    assert_eq!(
        renamed.twin,
        Twin::Differs {
            only_local: vec!["chidi@contoso.example".to_owned()],
            only_account: vec!["bo@contoso.example".to_owned()],
        }
    );
    assert!(renamed.renamed && renamed.assigned);
    assert_eq!(renamed.lacking, ["workspace-access"]);
    assert_eq!(renamed.elsewhere, ["workspace 1002"]);
    assert_eq!(of("1001", "writers").twin, Twin::Same);
    assert_eq!(found.unseen[0].0, "workspace 1003");
}

#[test]
fn the_hand_off_says_the_order_of_work_and_what_differs() {
    let found = LocalGroups::of(&world());
    let page = found.markdown("Contoso *move*", now());
    assert!(page.starts_with("# Contoso \\*move\\*: workspace-local groups"));
    let at = |words: &str| page.find(words).unwrap();
    assert!(at("**Rename**") < at("**Assign**") && at("**Assign**") < at("**delete**"));
    assert!(page.contains("- [ ] **db-temp-readers** (2 members)"));
    assert!(page.contains("lacks chidi@contoso.example"), "{page}");
    assert!(page.contains("has bo@contoso.example more"), "{page}");
    assert!(page.contains("  - [ ] Only here: chidi@contoso.example."));
    // What is renamed already is not renamed again; what is not, is told how.
    assert_eq!(page.matches("Rename: `PATCH").count(), 2);
    assert!(
        page.contains(r#""displayName":"db-temp-writers""#),
        "{page}"
    );
    assert!(page.contains("Assign the account group readers"), "{page}");
    assert!(page.contains("## What could not be seen"));
    let table = found.csv();
    // A head, and a row for each group; the two people of one stand on two lines of a cell.
    assert_eq!(table.lines().count(), 5);
    assert!(table.contains("chidi@contoso.example") && table.contains("workspace-access"));
}
