//! What the practice tenant of Entra holds: people, groups, applications, licences and who is assigned to what.

use std::collections::{HashMap, HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::connector::Synchronization;
use super::logs::ProvisioningEvent;
use super::registration::{Account, Registration};

/// Everything with an object id that lives in a [`Table`].
pub trait Object {
    /// The object id.
    fn id(&self) -> Uuid;
}

/// Objects in the order they were added, found by id in constant time.
#[derive(Debug, Clone)]
pub struct Table<T> {
    rows: Vec<T>,
    places: HashMap<Uuid, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl<T: Object> Table<T> {
    /// Adds an object, or replaces the one with the same id.
    pub fn put(&mut self, row: T) {
        match self.places.get(&row.id()) {
            Some(&place) => {
                if let Some(slot) = self.rows.get_mut(place) {
                    *slot = row;
                }
            }
            None => {
                self.places.insert(row.id(), self.rows.len());
                self.rows.push(row);
            }
        }
    }

    /// The object with this id.
    #[must_use]
    pub fn get(&self, id: &Uuid) -> Option<&T> {
        self.rows.get(*self.places.get(id)?)
    }

    /// The object with this id, to be changed.
    pub fn get_mut(&mut self, id: &Uuid) -> Option<&mut T> {
        self.rows.get_mut(*self.places.get(id)?)
    }

    /// Takes an object out. Linear: removing is rare, reading is not.
    pub fn remove(&mut self, id: &Uuid) -> Option<T> {
        let row = self.rows.remove(self.places.remove(id)?);
        self.places = self
            .rows
            .iter()
            .enumerate()
            .map(|(place, row)| (row.id(), place))
            .collect();
        Some(row)
    }

    /// All objects, in the order they were added.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    /// All objects, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.rows.iter_mut()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// The organisation itself.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// The tenant id.
    pub id: Uuid,
    /// The name shown in the portal.
    pub display_name: String,
    /// The default verified domain.
    pub domain: String,
    /// `AAD` for a workforce tenant, `AAD B2C` and `CIAM` for the kinds that cannot provision (facts on Entra §1.15).
    pub tenant_type: String,
}

/// A person.
#[derive(Debug, Clone)]
pub struct User {
    /// The object id.
    pub id: Uuid,
    /// First and last name.
    pub display_name: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub surname: String,
    /// The sign-in name; a guest's holds `#EXT#`.
    pub user_principal_name: String,
    /// The mail address; missing for those without a mailbox.
    pub mail: Option<String>,
    /// Whether the person may sign in; a disabled account is not provisioned.
    pub account_enabled: bool,
    /// A guest of the tenant, not a member.
    pub guest: bool,
}

impl Object for User {
    fn id(&self) -> Uuid {
        self.id
    }
}

/// What a group holds: a direct member and its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Member {
    /// A person.
    User(Uuid),
    /// A group in a group: nested, and so never provisioned.
    Group(Uuid),
    /// An application's identity: never provisioned.
    ServicePrincipal(Uuid),
    /// A computer or phone.
    Device(Uuid),
}

impl Member {
    /// The object id of the member, whatever its kind.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match *self {
            Self::User(id) | Self::Group(id) | Self::ServicePrincipal(id) | Self::Device(id) => id,
        }
    }
}

/// A group.
#[derive(Debug, Clone)]
pub struct Group {
    /// The object id.
    pub id: Uuid,
    /// The name.
    pub display_name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Only security-enabled groups can be provisioned.
    pub security_enabled: bool,
    /// Microsoft 365 and distribution groups have mail.
    pub mail_enabled: bool,
    /// `Unified`, `DynamicMembership`, or nothing for a plain security group.
    pub group_types: Vec<String>,
    /// The rule of a dynamic group.
    pub membership_rule: Option<String>,
    /// Direct members, in the order they were added.
    pub members: Vec<Member>,
}

impl Object for Group {
    fn id(&self) -> Uuid {
        self.id
    }
}

/// A role that an application declares.
#[derive(Debug, Clone)]
pub struct AppRole {
    /// The id used in assignments.
    pub id: Uuid,
    /// The name shown when somebody is assigned.
    pub display_name: String,
    /// The value of the claim, if the role has one.
    pub value: Option<String>,
}

/// The registration half of an application.
#[derive(Debug, Clone)]
pub struct Application {
    /// The object id.
    pub id: Uuid,
    /// The client id.
    pub app_id: Uuid,
    /// The name.
    pub display_name: String,
    /// The gallery template it was made from.
    pub template_id: Option<String>,
    /// Roles that can be assigned.
    pub app_roles: Vec<AppRole>,
    /// When it was made.
    pub created: Timestamp,
}

impl Object for Application {
    fn id(&self) -> Uuid {
        self.id
    }
}

/// Who an assignment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// A person.
    User,
    /// A group: its direct members.
    Group,
    /// An application's identity.
    ServicePrincipal,
}

/// Somebody assigned to an enterprise application.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The opaque id of the assignment.
    pub id: String,
    /// The role given.
    pub app_role_id: Uuid,
    /// Who.
    pub principal_id: Uuid,
    /// The kind of who.
    pub kind: PrincipalKind,
    /// When.
    pub created: Timestamp,
}

/// How the first calls after creation are answered, one status a call; 200 lets it pass, 204 is an empty list (facts on Entra §4).
#[derive(Debug, Clone, Default)]
pub struct Warming {
    /// Reads of the service principal.
    pub service_principal: VecDeque<u16>,
    /// Reads of its synchronization templates.
    pub templates: VecDeque<u16>,
    /// Other calls below `/synchronization`.
    pub synchronization: VecDeque<u16>,
}

/// The enterprise-application half: what is assigned to people and provisions them.
#[derive(Debug, Clone)]
pub struct ServicePrincipal {
    /// The object id.
    pub id: Uuid,
    /// The client id it shares with the application.
    pub app_id: Uuid,
    /// The name.
    pub display_name: String,
    /// The gallery template it was made from.
    pub template_id: Option<String>,
    /// Portal: "Assignment required?".
    pub assignment_required: bool,
    /// Portal: "Enabled for users to sign-in?".
    pub account_enabled: bool,
    /// Roles that can be assigned.
    pub app_roles: Vec<AppRole>,
    /// Free text.
    pub description: Option<String>,
    /// Free text of the administrators.
    pub notes: Option<String>,
    /// Marks, such as the one that puts the app in the portal's list.
    pub tags: Vec<String>,
    /// Addresses told about an expiring certificate.
    pub notification_emails: Vec<String>,
    /// Owners: people or service principals.
    pub owners: HashSet<Uuid>,
    /// Who is assigned.
    pub assignments: Vec<Assignment>,
    /// Secrets and jobs.
    pub synchronization: Synchronization,
    /// What is left of the time after creation in which replicas do not agree yet.
    pub warming: Warming,
    /// When it was made.
    pub created: Timestamp,
}

impl Object for ServicePrincipal {
    fn id(&self) -> Uuid {
        self.id
    }
}

/// A licence the tenant has.
#[derive(Debug, Clone)]
pub struct Sku {
    /// The product's id.
    pub sku_id: Uuid,
    /// The product's name, for instance `AAD_PREMIUM_P2`.
    pub part_number: String,
    /// `Enabled`, `Warning`, `Suspended`, `Deleted` or `LockedOut`.
    pub capability_status: String,
    /// Service plans: id and name.
    pub plans: Vec<(Uuid, String)>,
}

/// The whole of the Entra side.
#[derive(Debug, Clone)]
pub struct Directory {
    /// The organisation.
    pub tenant: Tenant,
    /// People.
    pub users: Table<User>,
    /// Groups.
    pub groups: Table<Group>,
    /// Application registrations.
    pub applications: Table<Application>,
    /// Enterprise applications.
    pub service_principals: Table<ServicePrincipal>,
    /// Licences.
    pub skus: Vec<Sku>,
    /// Applications that can sign in.
    pub registrations: Vec<Registration>,
    /// Accounts that can sign in.
    pub accounts: Vec<Account>,
    /// The provisioning logs, oldest first.
    pub events: Vec<ProvisioningEvent>,
    /// People who were deleted, and when.
    pub deleted: HashMap<Uuid, (User, Timestamp)>,
    upn_index: HashMap<String, Uuid>,
}

/// How long a deleted person can be restored (facts on Entra §5.4).
const RESTORABLE: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Directory {
    /// A tenant with nobody in it.
    #[must_use]
    pub fn new(tenant: Tenant) -> Self {
        Self {
            tenant,
            users: Table::default(),
            groups: Table::default(),
            applications: Table::default(),
            service_principals: Table::default(),
            skus: Vec::new(),
            registrations: Vec::new(),
            accounts: Vec::new(),
            events: Vec::new(),
            deleted: HashMap::new(),
            upn_index: HashMap::new(),
        }
    }

    /// Adds a person.
    pub fn add_user(&mut self, user: User) {
        self.upn_index
            .insert(user.user_principal_name.to_lowercase(), user.id);
        self.users.put(user);
    }

    /// Deletes a person, with memberships and assignments. Whoever is deleted can be restored for 30 days, and is known until then.
    pub fn remove_user(&mut self, id: &Uuid, now: Timestamp) -> Option<User> {
        let user = self.users.remove(id)?;
        self.deleted.insert(*id, (user.clone(), now));
        self.upn_index
            .remove(&user.user_principal_name.to_lowercase());
        for group in self.groups.iter_mut() {
            group.members.retain(|member| member.id() != *id);
        }
        for principal in self.service_principals.iter_mut() {
            principal
                .assignments
                .retain(|assignment| assignment.principal_id != *id);
        }
        Some(user)
    }

    /// A deleted person who can still be restored.
    #[must_use]
    pub fn restorable(&self, id: &Uuid, now: Timestamp) -> Option<&User> {
        let (user, deleted) = self.deleted.get(id)?;
        (now.duration_since(*deleted) <= RESTORABLE).then_some(user)
    }

    /// Restores a deleted person, without the assignments and memberships of before; says whether there was one to restore.
    pub fn restore_user(&mut self, id: &Uuid, now: Timestamp) -> bool {
        let Some(user) = self.restorable(id, now).cloned() else {
            return false;
        };
        self.deleted.remove(id);
        self.add_user(user);
        true
    }

    /// The person with this sign-in name, whatever its case.
    #[must_use]
    pub fn user_by_name(&self, name: &str) -> Option<&User> {
        self.users.get(self.upn_index.get(&name.to_lowercase())?)
    }

    /// Every member below a group, once each, those of nested groups included.
    #[must_use]
    pub fn transitive_members(&self, group: &Group) -> Vec<Member> {
        let mut seen = HashSet::from([group.id]);
        let mut found = Vec::new();
        let mut waiting = vec![group];
        while let Some(next) = waiting.pop() {
            for member in &next.members {
                if seen.insert(member.id()) {
                    found.push(*member);
                    if let Member::Group(id) = member
                        && let Some(inner) = self.groups.get(id)
                    {
                        waiting.push(inner);
                    }
                }
            }
        }
        found
    }

    /// What an id names as a principal of an assignment.
    #[must_use]
    pub fn principal(&self, id: &Uuid) -> Option<(PrincipalKind, &str)> {
        if let Some(user) = self.users.get(id) {
            return Some((PrincipalKind::User, &user.display_name));
        }
        if let Some(group) = self.groups.get(id) {
            return Some((PrincipalKind::Group, &group.display_name));
        }
        let principal = self.service_principals.get(id)?;
        Some((PrincipalKind::ServicePrincipal, &principal.display_name))
    }

    /// Whether the tenant has an Entra ID P1 or P2 plan in a licence that is in force (facts on Entra §0, §1.15).
    #[must_use]
    pub fn premium(&self) -> bool {
        self.skus
            .iter()
            .filter(|sku| sku.capability_status == "Enabled")
            .flat_map(|sku| &sku.plans)
            .any(|(_, name)| name == "AAD_PREMIUM" || name == "AAD_PREMIUM_P2")
    }
}
