//! Practice data: a tenant with people, groups, licences, an application that may sign in, and connectors as scenarios want them.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use uuid::{Uuid, uuid};

use super::connector::{Job, Synchronization};
use super::directory::{
    AppRole, Application, Directory, Group, Member, ServicePrincipal, Sku, Tenant, User, Warming,
};
use super::graph;
use super::registration::{Account, ClientSecret, Registration, SignInState, roles};
use super::schema::default_schema;
use crate::ids;
use crate::seed::People;

/// The gallery's Databricks connector (facts on Entra §0).
pub const GALLERY_TEMPLATE_ID: &str = "9c9818d2-2900-49e8-8ba4-22688be7c675";
/// Its name.
pub const GALLERY_NAME: &str = "Azure Databricks SCIM Provisioning Connector";
/// The template of an application of one's own.
pub const CUSTOM_TEMPLATE_ID: &str = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621";
/// The role that assignments give; clients read it from the application.
const USER_ROLE: Uuid = uuid!("a34c49f1-a169-404b-a890-00b3bfdbc1d6");

/// Permissions the practice application has: what a setup needs, and reading people for it (facts on Entra §1.17).
pub const PERMISSIONS: [&str; 8] = [
    "Application.ReadWrite.All",
    "Synchronization.ReadWrite.All",
    "ProvisioningLog.Read.All",
    "GroupMember.Read.All",
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "User.Read.All",
    "Directory.Read.All",
];

/// Accounts of the sign-in page beside the people: local parts of their names.
pub mod accounts {
    /// Cloud Application Administrator: can do the whole setup.
    pub const ADMIN: &str = "cloud.admin";
    /// Global Administrator.
    pub const GLOBAL_ADMIN: &str = "global.admin";
    /// Global Reader: cannot read the provisioning configuration.
    pub const READER: &str = "global.reader";
    /// Cloud Application Administrator by Privileged Identity Management, not activated.
    pub const ELIGIBLE: &str = "eligible.admin";
    /// No role.
    pub const NOBODY: &str = "plain.user";
    /// A guest.
    pub const GUEST: &str = "partner_elsewhere.example#EXT#";
}

/// The sign-in name of one of the [`accounts`].
#[must_use]
pub fn account_name(local: &str) -> String {
    format!("{local}@{}", ids::DOMAIN)
}

/// The practice tenant with these people in it, P2 licences, and no connector.
#[must_use]
pub fn directory(people: &People, now: Timestamp) -> Directory {
    let tenant = Tenant {
        id: ids::TENANT_ID.parse().unwrap_or_default(),
        display_name: "Meridian Harbour".to_owned(),
        domain: ids::DOMAIN.to_owned(),
        tenant_type: "AAD".to_owned(),
    };
    let mut directory = Directory::new(tenant);
    directory.skus.push(premium());
    for person in &people.people {
        directory.add_user(User {
            id: person.entra_id,
            display_name: person.display_name.clone(),
            given_name: person.given_name.clone(),
            surname: person.family_name.clone(),
            user_principal_name: person.user_principal_name.clone(),
            mail: Some(person.mail.clone()),
            account_enabled: true,
            guest: false,
        });
    }
    for group in &people.groups {
        let members = group
            .members
            .iter()
            .filter_map(|index| people.people.get(*index))
            .map(|person| Member::User(person.entra_id));
        directory.groups.put(self::group(
            group.entra_id,
            &group.display_name,
            members.collect(),
        ));
    }
    add_accounts(&mut directory);
    add_registrations(&mut directory, now);
    directory
}

/// An Entra ID P2 licence.
pub(crate) fn premium() -> Sku {
    Sku {
        sku_id: uuid!("84a661c4-e949-4bd2-a560-ed7766fcaf2b"),
        part_number: "AAD_PREMIUM_P2".to_owned(),
        capability_status: "Enabled".to_owned(),
        plans: vec![
            (
                uuid!("41781fb2-bc02-4b7c-bd55-b576c07bb09d"),
                "AAD_PREMIUM".to_owned(),
            ),
            (
                uuid!("eec0eb4f-6444-4f95-aba0-50c24d67f998"),
                "AAD_PREMIUM_P2".to_owned(),
            ),
        ],
    }
}

/// A plain security group.
#[must_use]
pub fn group(id: Uuid, name: &str, members: Vec<Member>) -> Group {
    Group {
        id,
        display_name: name.to_owned(),
        description: None,
        security_enabled: true,
        mail_enabled: false,
        group_types: Vec::new(),
        membership_rule: None,
        members,
    }
}

/// An id that is the same in every run.
#[must_use]
pub fn stable_id(name: &str) -> Uuid {
    // The shape of a version 4 id: some clients check it.
    let digest = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
    uuid::Builder::from_random_bytes(digest.into_bytes()).into_uuid()
}

fn add_accounts(directory: &mut Directory) {
    let admin = roles::CLOUD_APPLICATION_ADMINISTRATOR;
    let table: [(&str, &str, Vec<Uuid>, Vec<Uuid>); 6] = [
        (accounts::ADMIN, "Cloud Admin", vec![admin], vec![]),
        (
            accounts::GLOBAL_ADMIN,
            "Global Admin",
            vec![roles::GLOBAL_ADMINISTRATOR],
            vec![],
        ),
        (
            accounts::READER,
            "Global Reader",
            vec![roles::GLOBAL_READER],
            vec![],
        ),
        (accounts::ELIGIBLE, "Eligible Admin", vec![], vec![admin]),
        (accounts::NOBODY, "Plain User", vec![], vec![]),
        (accounts::GUEST, "Partner Guest", vec![], vec![]),
    ];
    for (local, name, active_roles, eligible_roles) in table {
        let upn = account_name(local);
        let id = stable_id(&upn);
        let (given, family) = name.split_once(' ').unwrap_or((name, ""));
        let guest = local == accounts::GUEST;
        directory.add_user(User {
            id,
            display_name: name.to_owned(),
            given_name: given.to_owned(),
            surname: family.to_owned(),
            mail: (!guest).then(|| upn.clone()),
            user_principal_name: upn.clone(),
            account_enabled: true,
            guest,
        });
        directory.accounts.push(Account {
            user_principal_name: upn,
            user_id: Some(id),
            active_roles,
            eligible_roles,
            state: SignInState::Works,
        });
    }
    directory.accounts.push(Account {
        user_principal_name: "somebody@other-company.example".to_owned(),
        user_id: None,
        active_roles: Vec::new(),
        eligible_roles: Vec::new(),
        state: SignInState::OtherTenant,
    });
}

fn add_registrations(directory: &mut Directory, now: Timestamp) {
    let permissions: Vec<String> = PERMISSIONS.iter().map(|name| (*name).to_owned()).collect();
    directory.registrations.push(Registration {
        app_id: ids::CLIENT_ID.parse().unwrap_or_default(),
        display_name: "Usher practice".to_owned(),
        service_principal_id: stable_id("registration of the practice client"),
        secrets: vec![ClientSecret {
            id: stable_id("secret of the practice client"),
            value: ids::CLIENT_SECRET.to_owned(),
            expires: now
                .checked_add(SignedDuration::from_hours(24 * 180))
                .unwrap_or(Timestamp::MAX),
        }],
        public_client: true,
        redirect_uris: vec!["http://localhost".to_owned(), "http://127.0.0.1".to_owned()],
        delegated_permissions: vec!["User.Read".to_owned()],
        application_permissions: permissions,
        dynamic_consent: true,
        disabled: false,
    });
    // Microsoft's shared command-line client: public, consents to whatever Graph has (facts on Entra §2.2).
    directory.registrations.push(Registration {
        app_id: uuid!("14d82eec-204b-4c2f-b7e8-296a70dab67e"),
        display_name: "Microsoft Graph Command Line Tools".to_owned(),
        service_principal_id: stable_id("registration of the Graph command line tools"),
        secrets: Vec::new(),
        public_client: true,
        redirect_uris: vec!["http://localhost".to_owned()],
        delegated_permissions: vec!["User.Read".to_owned()],
        application_permissions: Vec::new(),
        dynamic_consent: true,
        disabled: false,
    });
}

/// The roles of the gallery application.
#[must_use]
pub fn app_roles() -> Vec<AppRole> {
    vec![AppRole {
        id: USER_ROLE,
        display_name: "User".to_owned(),
        value: None,
    }]
}

/// How a connector of a scenario is set up.
#[derive(Debug, Clone)]
pub struct Connector {
    /// The enterprise application's name.
    pub name: String,
    /// The saved address.
    pub base_address: Option<String>,
    /// The saved token.
    pub secret_token: Option<String>,
    /// "Assignment required?".
    pub assignment_required: bool,
    /// Whether everybody is in scope.
    pub sync_all: bool,
    /// Where notifications go.
    pub notification_email: Option<String>,
    /// The deletion threshold.
    pub delete_threshold: Option<u64>,
    /// Whether there is a job.
    pub with_job: bool,
}

impl Connector {
    /// A connector as it should be: the address and token given, assigned scope, notifications, a threshold of 500, a job.
    #[must_use]
    pub fn right(name: &str, base_address: &str, secret_token: &str) -> Self {
        Self {
            name: name.to_owned(),
            base_address: Some(base_address.to_owned()),
            secret_token: Some(secret_token.to_owned()),
            assignment_required: false,
            sync_all: false,
            notification_email: Some(format!("iam@{}", ids::DOMAIN)),
            delete_threshold: Some(500),
            with_job: true,
        }
    }

    /// Puts it into the directory and gives the id of its service principal. Its job, if any, is switched off.
    pub fn put(&self, directory: &mut Directory, now: Timestamp) -> Uuid {
        let id = stable_id(&format!("service principal {}", self.name));
        let app_id = stable_id(&format!("application {}", self.name));
        let mut synchronization = Synchronization::default();
        let mut save = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                synchronization
                    .secrets
                    .insert(key.to_owned(), value.to_owned());
            }
        };
        save("BaseAddress", self.base_address.as_deref());
        save("SecretToken", self.secret_token.as_deref());
        if self.base_address.is_some() {
            save(
                "SyncAll",
                Some(if self.sync_all { "true" } else { "false" }),
            );
            let settings = serde_json::json!({
                "Enabled": self.notification_email.is_some(),
                "Recipients": self.notification_email.as_deref().unwrap_or(""),
                "DeleteThresholdEnabled": self.delete_threshold.is_some(),
                "DeleteThresholdValue": self.delete_threshold.unwrap_or(500),
                "HumanResourcesLookaheadQueryEnabled": false,
            });
            save("SyncNotificationSettings", Some(&settings.to_string()));
        }
        if self.with_job {
            let name = stable_id(&format!("job {}", self.name));
            let job_id = format!(
                "{}.{}.{name}",
                super::connector::DATABRICKS_TEMPLATE,
                directory.tenant.id.simple()
            );
            synchronization.jobs.push(Job::new(
                job_id,
                super::connector::DATABRICKS_TEMPLATE.to_owned(),
                default_schema(),
            ));
        }
        directory.applications.put(Application {
            id: stable_id(&format!("registration {}", self.name)),
            app_id,
            display_name: self.name.clone(),
            template_id: Some(GALLERY_TEMPLATE_ID.to_owned()),
            app_roles: app_roles(),
            created: now,
        });
        directory.service_principals.put(ServicePrincipal {
            id,
            app_id,
            display_name: self.name.clone(),
            template_id: Some(GALLERY_TEMPLATE_ID.to_owned()),
            assignment_required: self.assignment_required,
            account_enabled: true,
            app_roles: app_roles(),
            description: None,
            notes: None,
            tags: vec!["WindowsAzureActiveDirectoryIntegratedApp".to_owned()],
            notification_emails: Vec::new(),
            owners: HashSet::new(),
            assignments: Vec::new(),
            synchronization,
            warming: Warming::default(),
            created: now,
        });
        id
    }
}

/// Assigns a person or group to an enterprise application, past every rule.
pub fn assign(directory: &mut Directory, service_principal: Uuid, who: Uuid, now: Timestamp) {
    graph::assign(directory, &service_principal, who, now);
}
