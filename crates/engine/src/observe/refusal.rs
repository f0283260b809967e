//! A failure of Graph's as an unknown fact: why, and what would tell.

use usher_core::observation::{EntraFacts, Seen};
use usher_entra::graph::GraphError;

/// The unknown fact a failure leaves.
pub(super) fn unknown<T>(error: &GraphError) -> Seen<T> {
    if let Some(api) = error.api()
        && api.is_not_premium()
    {
        return Seen::needing(
            "Microsoft shows this only in tenants with Microsoft Entra ID P1 or P2.",
            "a Microsoft Entra ID P1 or P2 licence",
        );
    }
    match error.missing_permission() {
        Some(permission) => Seen::needing(
            format!("Microsoft Graph did not allow it ({}).", status(error)),
            format!("the Microsoft Graph permission {permission}"),
        ),
        None => Seen::unknown(format!("{}.", error.to_string().trim_end_matches('.'))),
    }
}

fn status(error: &GraphError) -> String {
    error.api().map_or_else(String::new, |api| {
        if api.code.is_empty() {
            api.status.to_string()
        } else {
            format!("{} {}", api.status, api.code)
        }
    })
}

/// Every fact of the Entra side as it is without a sign-in.
pub(super) fn nobody_signed_in(facts: &mut EntraFacts) {
    fn absent<T>() -> Seen<T> {
        Seen::needing(
            "Nobody is signed in to Microsoft Graph.",
            "a sign-in to Microsoft Entra",
        )
    }
    facts.signed_in = absent();
    facts.tenant = absent();
    facts.licences = absent();
    facts.template = absent();
    facts.connectors = absent();
    facts.same_named = absent();
    facts.principals.complete = absent();
    facts.principals.absent = absent();
}
