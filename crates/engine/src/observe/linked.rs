//! Databricks users whose external id is nobody's in scope: whether the tenant has an object of that id at all.

use std::collections::BTreeSet;

use futures::stream::{self, StreamExt as _};
use usher_core::model::setup::Journey;
use usher_core::observation::Principals;
use usher_core::observation::databricks::Directory;
use usher_entra::graph::{GetByIds, Graph, GraphError};
use uuid::Uuid;

use super::refusal::unknown;
use super::{Eyes, IN_FLIGHT};

/// Ids of one request (facts/entra, `directoryObject: getByIds`).
const IDS: usize = 1_000;

/// Looks up who is linked and was not read with the assignments. Only the account's directory is asked about.
pub(super) async fn look(eyes: &Eyes<'_>, directory: &Directory, principals: &mut Principals) {
    let context = eyes.context;
    let (Some(entra), Some(users)) = (context.entra, directory.users.value()) else {
        return;
    };
    if !context.what.principals || context.setup.journey == Journey::Workspace {
        return;
    }
    let known = &principals.users;
    let linked = users.iter().filter_map(|user| user.external_id.as_deref());
    let strangers: BTreeSet<&str> = linked
        .filter(|id| !known.contains_key(*id) && !known.contains_key(&*id.to_lowercase()))
        .collect();
    let (ids, odd): (Vec<&str>, Vec<&str>) = strangers
        .into_iter()
        .partition(|id| Uuid::try_parse(id).is_ok());
    // An object id is a GUID: any other external id names nobody.
    let mut absent: BTreeSet<Box<str>> = odd.into_iter().map(Into::into).collect();
    let found = match there(eyes, &entra.graph, &ids).await {
        Ok(found) => found,
        Err(error) => {
            principals.absent = unknown(&error);
            return;
        }
    };
    let gone = ids
        .into_iter()
        .filter(|id| !found.contains(&id.to_lowercase()));
    absent.extend(gone.map(Into::into));
    principals.absent = eyes.seen(absent);
}

/// Those of the ids that name an object, in lower case.
async fn there(
    eyes: &Eyes<'_>,
    graph: &Graph,
    ids: &[&str],
) -> Result<BTreeSet<String>, GraphError> {
    let total = ids.len();
    let requests: Vec<GetByIds> = ids
        .chunks(IDS)
        .map(|ids| GetByIds {
            ids: ids.iter().map(|&id| id.to_owned()).collect(),
            types: vec!["user"],
        })
        .collect();
    let mut answers = stream::iter(requests)
        .map(|request| async move { graph.run(&request, eyes.cancel).await })
        .buffer_unordered(IN_FLIGHT);
    let mut found = BTreeSet::new();
    while let Some(page) = answers.next().await {
        let rows = page?.value;
        let ids = rows.iter().filter_map(|row| row.get("id")?.as_str());
        found.extend(ids.map(str::to_lowercase));
        eyes.count(
            "Looking up people linked to Entra",
            found.len(),
            Some(total),
        );
    }
    Ok(found)
}
