//! A world as large as the product promises to judge quickly, for measuring: everybody a little different, everything in it.

use jiff::Timestamp;

use super::*;

/// How large a world is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// People, on both sides.
    pub users: usize,
    /// Groups, on both sides, all of them assigned.
    pub groups: usize,
    /// Workspaces, each with a connector of its own that does not run any more.
    pub workspaces: usize,
}

impl Size {
    /// The largest that is promised: 100,000 users, 5,000 groups, 200 workspaces.
    pub const PROMISED: Self = Self {
        users: 100_000,
        groups: 5_000,
        workspaces: 200,
    };
}

/// A move in an account of this size, and the time it is judged at. One person in ten has not arrived, one in ten is inactive,
/// one in ten did not come through SCIM: checks have much to say.
pub fn large(size: Size) -> (Setup, Observation, Timestamp) {
    let mut setup = setup();
    setup.journey = Journey::Migrate;
    setup.want.assign = Vec::new();
    setup.databricks.workspaces = (0..size.workspaces)
        .map(|index| WorkspaceSetup {
            id: workspace_id(index),
            url: workspace_url(index),
            federated: None,
        })
        .collect();
    let mut world = world();
    world.entra.principals = principals(size);
    world.databricks.directory = directory(size);
    world.databricks.workspaces = (0..size.workspaces)
        .map(|index| workspace(index, size))
        .collect();
    let connectors = known(&mut world.entra.connectors);
    connectors[0].assignments = entra((0..size.groups).map(assigned).collect());
    known(&mut connectors[0].log).exported = (0..size.users).map(id).collect();
    connectors.extend((0..size.workspaces).map(|index| workspace_connector(index, size)));
    (setup, world, now())
}

fn id(index: usize) -> Box<str> {
    format!("00000000-0000-4000-8000-{index:012}").into()
}

fn group_id(index: usize) -> Box<str> {
    format!("11111111-0000-4000-8000-{index:012}").into()
}

fn name(index: usize) -> Box<str> {
    format!("person.number{index}@contoso.example").into()
}

fn group_name(index: usize) -> Box<str> {
    format!("databricks-team-{index:04}").into()
}

fn workspace_id(index: usize) -> String {
    format!("{}", 5_000_000_000 + index)
}

fn workspace_url(index: usize) -> String {
    format!("https://adb-{}.1.azuredatabricks.net", workspace_id(index))
}

/// The people of a group: everybody is in one, the groups side by side.
fn members(group: usize, size: Size) -> std::ops::Range<usize> {
    let at = |group: usize| group * size.users / size.groups;
    at(group)..at(group + 1)
}

fn assigned(index: usize) -> Assignment {
    assignment(&group_id(index), &group_name(index), PrincipalKind::Group)
}

fn principals(size: Size) -> Principals {
    let user = |index: usize| EntraUser {
        display_name: format!("Person Number {index}").into(),
        user_principal_name: name(index),
        mail: (!index.is_multiple_of(10)).then(|| name(index)),
        enabled: true,
        ..EntraUser::default()
    };
    let group = |index: usize| {
        let people = members(index, size);
        EntraGroup {
            display_name: group_name(index),
            security_enabled: true,
            dynamic: false,
            direct_users: entra(people.len() as u64),
            transitive_users: entra(people.len() as u64),
            users: entra(people.map(id).collect()),
            nested: entra(Vec::new()),
            service_principals: entra(Vec::new()),
        }
    };
    Principals {
        users: (0..size.users)
            .map(|index| (id(index), user(index)))
            .collect(),
        groups: (0..size.groups)
            .map(|index| (group_id(index), group(index)))
            .collect(),
        service_principals: BTreeMap::new(),
        complete: entra(()),
        absent: entra(std::collections::BTreeSet::new()),
    }
}

fn databricks_user(index: usize) -> DatabricksUser {
    DatabricksUser {
        id: format!("{}", 7_000_000 + index).into(),
        user_name: name(index),
        display_name: Some(format!("Person Number {index}").into()),
        external_id: (index % 10 != 1).then(|| id(index)),
        email: Some(name(index)),
        active: index % 10 != 2,
    }
}

fn directory(size: Size) -> Directory {
    // One in ten has not arrived.
    let there = |index: &usize| index % 10 != 3;
    let group = |index: usize| DatabricksGroup {
        id: format!("{}", 9_000_000 + index).into(),
        display_name: group_name(index),
        external_id: Some(group_id(index)),
        members: Some(
            members(index, size)
                .filter(there)
                .map(|index| databricks_user(index).id)
                .collect(),
        ),
        ..DatabricksGroup::default()
    };
    Directory {
        user_total: databricks(size.users as u64),
        group_total: databricks(size.groups as u64),
        service_principal_total: databricks(1),
        users: databricks((0..size.users).filter(there).map(databricks_user).collect()),
        groups: databricks((0..size.groups).map(group).collect()),
    }
}

/// The groups that a workspace has to do with: a share of all, so that the whole stays linear in its size.
fn groups_of(workspace: usize, size: Size) -> std::ops::Range<usize> {
    let at = |workspace: usize| workspace * size.groups / size.workspaces;
    at(workspace)..at(workspace + 1)
}

fn workspace(index: usize, size: Size) -> WorkspaceFacts {
    let groups = groups_of(index, size);
    let people = groups.clone().flat_map(|group| members(group, size));
    let local = |group: usize| DatabricksGroup {
        kind: GroupKind::WorkspaceLocal,
        external_id: None,
        members: Some(
            members(group, size)
                .map(|index| databricks_user(index).id)
                .collect(),
        ),
        entitlements: vec!["workspace-access".into()],
        ..DatabricksGroup {
            id: format!("{}", 20_000_000 + group).into(),
            display_name: group_name(group),
            ..DatabricksGroup::default()
        }
    };
    let assignments = groups.clone().map(|group| WorkspaceAssignment {
        principal_id: format!("{}", 9_000_000 + group),
        name: group_name(group).into(),
        is_group: true,
        is_admin: false,
    });
    WorkspaceFacts {
        id: workspace_id(index),
        url: workspace_url(index),
        name: format!("workspace-{index:03}"),
        account_id: databricks(ACCOUNT.into()),
        tenant: databricks(TENANT.into()),
        federated: databricks(true),
        pricing_tier: databricks("PREMIUM".into()),
        directory: Directory {
            users: databricks(people.map(databricks_user).collect()),
            groups: databricks(groups.clone().step_by(5).map(local).collect()),
            ..Directory::default()
        },
        assignments: databricks(assignments.collect()),
        token_expires: databricks(None),
        token_owner: databricks(TokenOwner {
            id: "900".into(),
            user_name: "root@contoso.example".into(),
            external_id: None,
            active: true,
            is_admin: Some(true),
            is_service_principal: false,
        }),
    }
}

fn workspace_connector(index: usize, size: Size) -> Connector {
    let mut connector = connector();
    connector.service_principal_id = format!("bbbbbbbb-0000-4000-8000-{index:012}");
    connector.display_name = format!("Databricks workspace {index:03}");
    let secrets = known(&mut connector.secrets);
    secrets.base_address = Some(format!("{}/api/2.0/preview/scim", workspace_url(index)));
    connector.assignments = entra(groups_of(index, size).map(assigned).collect());
    known(&mut connector.jobs)[0].state = ScheduleState::Paused;
    connector.log = entra(LogSummary::default());
    connector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_as_large_as_asked_for() {
        let size = Size {
            users: 1_000,
            groups: 50,
            workspaces: 4,
        };
        let (setup, world, now) = large(size);
        assert_eq!(world.entra.principals.users.len(), size.users);
        assert_eq!(world.databricks.workspaces.len(), size.workspaces);
        let report = crate::checks::judge(&setup, &world, now);
        let unknown: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.status == crate::finding::Status::Unknown)
            .map(|finding| (&finding.check, &finding.reason))
            .collect();
        assert_eq!(unknown, []);
        let arrived = report
            .findings
            .iter()
            .find(|finding| finding.check == "users-arrived");
        assert!(arrived.unwrap().subjects.len() >= size.users / 5);
    }
}
