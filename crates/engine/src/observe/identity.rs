//! Who is signed in, which tenant it is, and what licences it has.

use usher_core::observation::Seen;
use usher_core::observation::entra::{IdentityKind, Licence, SignedIn, Tenant};
use usher_entra::graph::{
    GetMe, GetOrganization, Graph, GraphError, ListMyRoles, ListSkus, PLAN_GOVERNANCE, PLAN_P1,
    PLAN_P2, SubscribedSku,
};

use super::refusal::unknown;
use super::{Entra, Eyes};

type Identity = (Seen<SignedIn>, Seen<Tenant>, Seen<Vec<Licence>>);

pub(super) async fn look(eyes: &Eyes<'_>, entra: &Entra, graph: &Graph) -> Identity {
    let (who, tenant, licences) = tokio::join!(
        who(eyes, entra, graph),
        graph.run(&GetOrganization, eyes.cancel),
        graph.all(&ListSkus, eyes.cancel)
    );
    let tenant = match tenant.map(|page| page.value.into_iter().next()) {
        Ok(Some(found)) => eyes.seen(Tenant {
            id: found.id,
            display_name: found.display_name,
            tenant_type: found.tenant_type,
            verified_domains: found
                .verified_domains
                .into_iter()
                .map(|domain| domain.name)
                .collect(),
        }),
        Ok(None) => Seen::unknown("Microsoft Graph named no organisation."),
        Err(error) => unknown(&error),
    };
    let licences = licences.map_or_else(
        |error| unknown(&error),
        |skus| eyes.seen(licences_of(&skus)),
    );
    (who, tenant, licences)
}

async fn who(eyes: &Eyes<'_>, entra: &Entra, graph: &Graph) -> Seen<SignedIn> {
    let granted = entra.signed_in.granted().await;
    let is_opaque = granted.is_opaque;
    let permissions = granted.permissions.into_iter().collect();
    if entra.signed_in.is_app_only() {
        // A token must have been given for Graph to be asked at all, so this much is certain.
        return eyes.seen(SignedIn {
            kind: IdentityKind::AppOnly,
            name: entra.signed_in.service().client_id().to_owned(),
            id: granted.object_id,
            permissions,
            is_opaque,
            directory_roles: eyes.seen(Vec::new()),
        });
    }
    let (me, roles) = tokio::join!(graph.run(&GetMe, eyes.cancel), roles(graph, eyes));
    let directory_roles = roles.map_or_else(|error| unknown(&error), |roles| eyes.seen(roles));
    match me {
        Ok(me) => eyes.seen(SignedIn {
            kind: IdentityKind::Delegated,
            name: if me.user_principal_name.is_empty() {
                me.display_name
            } else {
                me.user_principal_name
            },
            id: Some(me.id),
            permissions,
            is_opaque,
            directory_roles,
        }),
        Err(error) => unknown(&error),
    }
}

async fn roles(graph: &Graph, eyes: &Eyes<'_>) -> Result<Vec<String>, GraphError> {
    let roles = graph.all(&ListMyRoles, eyes.cancel).await?;
    Ok(roles
        .into_iter()
        .map(|role| role.role_template_id)
        .collect())
}

fn licences_of(skus: &[SubscribedSku]) -> Vec<Licence> {
    let plans = [
        (PLAN_P1, Licence::P1),
        (PLAN_P2, Licence::P2),
        (PLAN_GOVERNANCE, Licence::Governance),
    ];
    plans
        .into_iter()
        .filter(|(plan, _)| skus.iter().any(|sku| sku.gives(plan)))
        .map(|(_, licence)| licence)
        .collect()
}
