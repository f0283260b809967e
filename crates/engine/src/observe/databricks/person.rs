//! The second Databricks credential as the signed-in person's own: an Entra token for Azure Databricks (facts/databricks §2).

use usher_core::model::{DatabricksCloud, Origin};
use usher_core::observation::Seen;
use usher_transport::Credential;

use super::super::Eyes;

/// What would be a second credential.
pub(super) fn wanted(cloud: DatabricksCloud) -> &'static str {
    if cloud.is_azure() {
        "a Databricks service principal that is account admin, or an account admin's own sign-in"
    } else {
        "a Databricks service principal that is account admin"
    }
}

pub(super) fn nobody<T>(cloud: DatabricksCloud) -> Seen<T> {
    Seen::needing("There is no second Databricks credential.", wanted(cloud))
}

/// The person's credential for an origin of Azure Databricks; `None` where it is not wanted or was not asked for, or where the origin belongs to
/// another cloud: to that one it is never sent.
pub(super) async fn credential<T>(
    eyes: &Eyes<'_>,
    origin: &Origin,
) -> Option<Result<Credential, Seen<T>>> {
    let setup = eyes.context.setup;
    let cloud = setup.cloud;
    if !setup.databricks.as_signed_in {
        return None;
    }
    let host = eyes.context.http.world().databricks_host(origin)?;
    if !cloud.is_azure() || host.cloud.is_some_and(|its| its != cloud) {
        return None;
    }
    let entra = eyes.context.entra?;
    let credential = entra.signed_in.databricks(origin, eyes.cancel).await?;
    Some(credential.map_err(|fault| {
        let why = format!(
            "The sign-in to Azure Databricks has ended. {}.",
            fault.title
        );
        Seen::needing(why, "a new sign-in to Entra")
    }))
}
