//! Rule 3 right before the write: whether a connector may start as the world stands now. A plan counts on the assignments it is
//! about to make; here nothing counts but what is there.

use super::guards;
use super::undo::{self, Undoing};
use crate::model::Setup;
use crate::model::setup::Wanted;
use crate::observation::Observation;
use crate::target::Target;

/// Whether the connector with the object id `service_principal` may start with the scope it has now. `carried`: whom it carried when it
/// was paused, where that was written down.
///
/// # Errors
/// Why not, in words, with the names of those who would be deactivated.
pub fn may_start(
    setup: &Setup,
    seen: &Observation,
    service_principal: &str,
    carried: Option<&[Box<str>]>,
) -> Result<(), String> {
    let connector = seen
        .entra
        .connectors
        .value()
        .into_iter()
        .flatten()
        .find(|connector| connector.service_principal_id == service_principal);
    let Some(connector) = connector else {
        return Err("The connector could not be read, so it was not started.".to_owned());
    };
    if !guards::has_exported(connector) {
        return Ok(());
    }
    let secrets = connector.secrets.value();
    let target = secrets.and_then(|secrets| Target::of(secrets.base_address.as_deref()?));
    let own = setup.databricks.scim_url.as_deref().and_then(Target::of);
    // Whom the set-up's own connector brought is read from Databricks itself; of any other connector Entra alone tells.
    if own.is_some() && target == own {
        let as_it_is = Setup {
            want: Wanted {
                assign: Vec::new(),
                scope: None,
                ..setup.want.clone()
            },
            ..setup.clone()
        };
        let refusal = guards::scope_narrowing(&as_it_is, seen, connector);
        return refusal.map_or(Ok(()), |refusal| {
            Err(format!("{}.", refusal.title.trim_end_matches('.')))
        });
    }
    match undo::start_again(Some(connector), seen, carried) {
        Undoing::TakeBack { .. } => Ok(()),
        Undoing::Keep(why) | Undoing::Manual(why) => Err(why),
    }
}
