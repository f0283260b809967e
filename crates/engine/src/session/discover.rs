//! What a workspace tells about itself without a token, beside what the open set-up says.

use tokio_util::sync::CancellationToken;
use url::Url;
use usher_core::model::{DatabricksCloud, Origin, Setup, World};
use usher_databricks::discovery::{self, HostMetadata};

use super::Session;
use super::view::{CancelJob, Cancelled, DiscoverWorkspace, Discovery, Failure, FailureCode};

impl Session {
    /// `discover_workspace`
    pub async fn discover_workspace(
        &self,
        request: DiscoverWorkspace,
    ) -> Result<Discovery, Failure> {
        let place = self.place();
        let origin = workspace_origin(&request.url, &place.world)?;
        let cancel = CancellationToken::new();
        let (metadata, tenant) = futures::join!(
            discovery::host_metadata(&place.client, &origin, &cancel),
            discovery::entra_tenant(&place.client, &origin, &cancel),
        );
        let metadata = metadata.map_err(|error| silent(&origin, &error.to_string()))?;
        let setup = self.with_open(|open, _| open.file.setup.clone()).ok();
        // Only workspaces on Azure sign in with Entra; elsewhere there is nothing to tell.
        Ok(tell(
            &origin,
            metadata,
            tenant.ok().flatten(),
            &place.world,
            setup.as_ref(),
        ))
    }

    /// `cancel`
    pub async fn cancel(&self, request: CancelJob) -> Result<Cancelled, Failure> {
        Ok(Cancelled {
            running: self.0.jobs.cancel(&request.job),
        })
    }
}

fn workspace_origin(text: &str, world: &World) -> Result<Origin, Failure> {
    let text = text.trim();
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let origin = Url::parse(&whole).ok().as_ref().and_then(Origin::of);
    origin
        .filter(|origin| world.knows_databricks(origin))
        .ok_or_else(|| {
            Failure::bad_input(
                "This is no address of a Databricks workspace.",
                "Open the workspace in a browser, and copy the address from there.",
            )
        })
}

fn tell(
    origin: &Origin,
    metadata: HostMetadata,
    tenant: Option<String>,
    world: &World,
    setup: Option<&Setup>,
) -> Discovery {
    let cloud = world.databricks_host(origin).and_then(|host| host.cloud);
    let account_host = cloud
        .or(setup.map(|setup| setup.cloud))
        .unwrap_or(DatabricksCloud::Azure);
    let account_scim_url = metadata.account_id.as_ref().map(|account| {
        format!(
            "{}/api/2.1/accounts/{account}/scim/v2",
            world.account_origin(account_host)
        )
    });
    let disagreements =
        setup.map(|setup| disagreements(setup, &metadata, tenant.as_deref(), cloud));
    Discovery {
        url: origin.to_string(),
        workspace_id: metadata.workspace_id,
        account_id: metadata.account_id,
        cloud,
        tenant_id: tenant,
        account_scim_url,
        disagreements: disagreements.unwrap_or_default(),
    }
}

fn disagreements(
    setup: &Setup,
    found: &HostMetadata,
    tenant: Option<&str>,
    cloud: Option<DatabricksCloud>,
) -> Vec<String> {
    let differs = |ours: Option<&str>, theirs: Option<&str>| {
        let (ours, theirs) = ours.zip(theirs)?;
        (!ours.eq_ignore_ascii_case(theirs)).then(|| (ours.to_owned(), theirs.to_owned()))
    };
    let account = differs(
        setup.databricks.account_id.as_deref(),
        found.account_id.as_deref(),
    );
    // A tenant may be named by a domain in the set-up; only two ids can be compared.
    let tenant = differs(
        setup
            .entra
            .tenant_id
            .as_deref()
            .filter(|id| uuid::Uuid::try_parse(id).is_ok()),
        tenant.filter(|id| uuid::Uuid::try_parse(id).is_ok()),
    );
    let mut lines = Vec::new();
    if let Some((ours, theirs)) = account {
        lines.push(format!("The workspace belongs to the account {theirs}; this set-up is about the account {ours}."));
    }
    if let Some((ours, theirs)) = tenant {
        lines.push(format!("The workspace signs in with the Entra tenant {theirs}; this set-up is about the tenant {ours}."));
    }
    if cloud.is_some_and(|cloud| cloud != setup.cloud) {
        lines.push("The workspace is in another Databricks cloud than this set-up.".to_owned());
    }
    lines
}

fn silent(origin: &Origin, details: &str) -> Failure {
    Failure::new(
        FailureCode::Network,
        format!("{} did not say which account it belongs to.", origin.host()),
        "The address may be another page's, or this network does not let Usher reach it. Nothing depends on this answer: it only fills fields in.",
        &["Look at the address once more.", "Or fill the fields in by hand."],
    )
    .with_details(details)
}
