//! Every Databricks connector of the tenant that can be found: those of the gallery template, the one the set-up names, those
//! that a scan of all applications found, and those with the wanted name that provision.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::StreamExt as _;
use futures::future::join_all;
use usher_core::observation::entra::GalleryTemplate;
use usher_core::observation::{Connector, Seen};
use usher_entra::graph::{
    CONNECTOR_NAME, CONNECTOR_TEMPLATE, FindServicePrincipals, FindTemplates, GetServicePrincipal,
    GetTemplate, Graph, GraphError, ServicePrincipal,
};
use usher_entra::render::Material;

use super::connector::Depth;
use super::parts::Parts;
use super::refusal::unknown;
use super::{Eyes, connector};

pub(super) struct Found {
    pub(super) template: Seen<Option<GalleryTemplate>>,
    pub(super) same_named: Seen<Vec<String>>,
    pub(super) connectors: Seen<Vec<Connector>>,
    pub(super) material: BTreeMap<String, Material>,
}

pub(super) async fn look(eyes: &Eyes<'_>, graph: &Graph) -> Found {
    let template = template(eyes, graph).await;
    let template_id = match &template {
        Ok(Some(template)) => template.id.clone(),
        _ => CONNECTOR_TEMPLATE.to_owned(),
    };
    let template = template.map_or_else(|error| unknown(&error), |template| eyes.seen(template));
    let app = &eyes.context.setup.entra.app;
    let of_template = FindServicePrincipals::OfTemplate(template_id);
    let (of_template, named) = tokio::join!(
        graph.all(&of_template, eyes.cancel),
        named(eyes, graph, app.name()),
    );
    let same_named = match &named {
        Ok(named) => eyes.seen(named.iter().map(|principal| principal.id.clone()).collect()),
        Err(error) => unknown(error),
    };
    let principals = match collect(eyes, graph, of_template, named.unwrap_or_default()).await {
        Ok(principals) => principals,
        Err(error) => {
            return Found {
                template,
                same_named,
                connectors: unknown(&error),
                material: BTreeMap::new(),
            };
        }
    };
    let read = read(eyes, graph, &principals).await;
    let mut material = BTreeMap::new();
    let mut connectors = Vec::with_capacity(read.len());
    for (connector, rendered_from) in read {
        material.insert(connector.service_principal_id.clone(), rendered_from);
        connectors.push(connector);
    }
    connectors.sort_by(|left, right| {
        (&left.display_name, &left.service_principal_id)
            .cmp(&(&right.display_name, &right.service_principal_id))
    });
    Found {
        template,
        same_named,
        connectors: eyes.seen(connectors),
        material,
    }
}

/// Reads every one of them: few one by one, many several at a time.
async fn read(
    eyes: &Eyes<'_>,
    graph: &Graph,
    principals: &[ServicePrincipal],
) -> Vec<(Connector, Material)> {
    let total = principals.len();
    let done = AtomicUsize::new(0);
    let told = |more: usize| {
        let done = done.fetch_add(more, Ordering::Relaxed) + more;
        eyes.count("Reading Databricks connectors", done, Some(total));
    };
    told(0);
    let own = own(eyes, principals);
    let depth = |principal: &ServicePrincipal| match &own {
        Some(own) if *own == principal.id => Depth::Own,
        _ if eyes.is_move() => Depth::Move,
        _ => Depth::Parts,
    };
    let one = async |principal, parts| {
        let found = connector::look(eyes, graph, principal, parts, depth(principal)).await;
        told(1);
        found
    };
    if Parts::are_few(total) {
        let each = principals.iter().map(async |principal| {
            let parts = Parts::of(graph, &principal.id, eyes.cancel).await;
            one(principal, parts).await
        });
        return join_all(each).await;
    }
    let ids: Vec<String> = principals.iter().map(|one| one.id.clone()).collect();
    let mut left = principals.iter();
    let mut asked = pin!(Parts::of_many(graph, &ids, eyes.cancel));
    let mut reading = Vec::with_capacity(total);
    let mut unread = Vec::new();
    while let Some((ids, parts)) = asked.next().await {
        let these = left.by_ref().take(ids.len());
        match parts {
            Ok(parts) => reading.extend(these.zip(parts)),
            Err(error) => {
                told(ids.len());
                unread.extend(these.map(|one| connector::unread(one, &error)));
            }
        }
    }
    let mut found = join_all(
        reading
            .into_iter()
            .map(|(principal, parts)| one(principal, parts)),
    )
    .await;
    found.extend(unread.into_iter().map(|one| (one, Material::default())));
    found
}

/// The gallery template by name, else by the id last seen in public; `None`: this cloud's gallery has neither.
async fn template(eyes: &Eyes<'_>, graph: &Graph) -> Result<Option<GalleryTemplate>, GraphError> {
    let by_name = FindTemplates {
        display_name: CONNECTOR_NAME.to_owned(),
    };
    let found = graph
        .run(&by_name, eyes.cancel)
        .await?
        .value
        .into_iter()
        .next();
    let found = match found {
        Some(found) => Some(found),
        None => match graph
            .run(
                &GetTemplate {
                    id: CONNECTOR_TEMPLATE.to_owned(),
                },
                eyes.cancel,
            )
            .await
        {
            Ok(found) => Some(found),
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(error),
        },
    };
    Ok(found.map(|found| GalleryTemplate {
        can_provision: found.can_provision(),
        display_name: found
            .display_name
            .unwrap_or_else(|| CONNECTOR_NAME.to_owned()),
        id: found.id,
    }))
}

/// Everything that has the wanted name; without one, the name the gallery gives (rule 8).
async fn named(
    eyes: &Eyes<'_>,
    graph: &Graph,
    name: &str,
) -> Result<Vec<ServicePrincipal>, GraphError> {
    graph
        .all(&FindServicePrincipals::Named(name.to_owned()), eyes.cancel)
        .await
}

/// The gallery's, the one the set-up names by id, and the same-named ones that have a provisioning job.
async fn collect(
    eyes: &Eyes<'_>,
    graph: &Graph,
    of_template: Result<Vec<ServicePrincipal>, GraphError>,
    named: Vec<ServicePrincipal>,
) -> Result<Vec<ServicePrincipal>, GraphError> {
    let mut principals = of_template?;
    let known = |principals: &[ServicePrincipal], id: &str| {
        principals
            .iter()
            .any(|principal| principal.id.eq_ignore_ascii_case(id))
    };
    let entra = &eyes.context.setup.entra;
    let scanned = entra.deep_scan.iter().flat_map(|scan| &scan.found);
    let named_by_id: BTreeSet<&String> = entra
        .app
        .service_principal_id
        .iter()
        .chain(scanned)
        .filter(|id| !known(&principals, id))
        .collect();
    let gets: Vec<GetServicePrincipal> = named_by_id
        .into_iter()
        .map(|id| GetServicePrincipal { id: id.clone() })
        .collect();
    for principal in graph.batch(&gets, eyes.cancel).await? {
        match principal {
            Ok(principal) => principals.push(principal),
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
    }
    for principal in named {
        if !known(&principals, &principal.id)
            && connector::provisions(eyes, graph, &principal.id).await
        {
            principals.push(principal);
        }
    }
    Ok(principals)
}

/// The set-up's own connector: by id, else the only one of the wanted name (`Observation::connector`).
fn own(eyes: &Eyes<'_>, principals: &[ServicePrincipal]) -> Option<String> {
    let app = &eyes.context.setup.entra.app;
    let mut own = principals
        .iter()
        .filter(|principal| match &app.service_principal_id {
            Some(id) => principal.id.eq_ignore_ascii_case(id),
            None => principal.display_name.as_deref() == Some(app.name()),
        });
    own.next()
        .filter(|_| own.next().is_none())
        .map(|principal| principal.id.clone())
}
