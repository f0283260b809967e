//! A workspace's admins, and the owner of its personal access token.

use usher_core::observation::Seen;
use usher_core::observation::databricks::{Admin, TokenOwner};
use usher_databricks::scim::Reference;
use usher_databricks::{Error, Filter, Group, Query, Scim, User};

use super::super::Eyes;
use super::unknown;

/// The workspace's group of admins.
const ADMINS: &str = "admins";

/// The owner of the personal access token.
pub(super) async fn owner(eyes: &Eyes<'_>, scim: &Scim) -> Seen<TokenOwner> {
    match scim.me(eyes.cancel).await {
        Ok(me) => {
            let is_admin = is_admin(&me.groups);
            let user_name = me.user_name.unwrap_or_default();
            Seen::databricks(
                TokenOwner {
                    id: me.id,
                    // A service principal's name is its application id.
                    is_service_principal: uuid::Uuid::try_parse(&user_name).is_ok(),
                    user_name,
                    external_id: me.external_id,
                    active: me.active.unwrap_or(true),
                    is_admin,
                },
                eyes.at,
            )
        }
        Err(error) => unknown(&error),
    }
}

/// Whether one of the groups is `admins`. One without its name may be.
fn is_admin(groups: &[Reference]) -> Option<bool> {
    if groups
        .iter()
        .any(|group| group.display.as_deref() == Some(ADMINS))
    {
        Some(true)
    } else if groups.iter().any(|group| group.display.is_none()) {
        None
    } else {
        Some(false)
    }
}

/// The people in the workspace's `admins`.
pub(super) async fn of_workspace(eyes: &Eyes<'_>, scim: &Scim) -> Seen<Vec<Admin>> {
    match read(eyes, scim).await {
        Ok(Some(admins)) => Seen::databricks(admins, eyes.at),
        Ok(None) => Seen::unknown("The workspace shows no group named admins."),
        Err(error) => unknown(&error),
    }
}

async fn read(eyes: &Eyes<'_>, scim: &Scim) -> Result<Option<Vec<Admin>>, Error> {
    let query = Query::default()
        .filter(Filter::equals("displayName", ADMINS))
        .attributes("id,displayName");
    let found = scim
        .page::<Group>(&query, 1, 2, eyes.cancel)
        .await?
        .resources
        .into_iter()
        .next();
    let Some(found) = found else { return Ok(None) };
    let group: Group = scim.get(&found.id, eyes.cancel).await?;
    let mut admins = Vec::new();
    for member in group.members.unwrap_or_default() {
        let is_person = member
            .reference
            .as_deref()
            .is_none_or(|reference| reference.contains("Users/"));
        if is_person {
            let user: User = scim.get(&member.value, eyes.cancel).await?;
            admins.push(super::directory::admin(&user));
        }
    }
    Ok(Some(admins))
}
