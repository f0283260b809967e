//! What stands on top of a step's page: its heading and what it is for.
//!
//! Sources: who does what from facts/entra §1.15 and facts/databricks §1.5; what travels from facts/entra §1.14 and §5; the
//! order of a move from facts/databricks §5.

use crate::model::setup::Journey;

/// The heading of a step's page; `None` where the rail's label says it.
pub(super) fn heading(step: &str) -> Option<&'static str> {
    Some(match step {
        "test" => "Test the connection",
        "sign-in" => "Sign in to Entra",
        "application" => "Enterprise application",
        "connection" => "Connection from Entra",
        "connectors" => "Connectors and workspaces",
        "start" => "Start the sync",
        _ => return None,
    })
}

/// What a step is for, in a few sentences, and what is so once it is done (facts/entra §5.2). Portal labels stand in `**bold**`.
pub(super) fn purpose(journey: Journey, step: &str, done: bool) -> &'static str {
    let workspace = journey == Journey::Workspace;
    match step {
        "prepare" if workspace => {
            "Provisioning to a workspace needs two roles and a plan that allows it. Usher checks what it can see; the rest you confirm here, with your name."
        }
        "prepare" => {
            "Provisioning needs two roles, often two people, and a plan that allows it. Usher checks what it can see; the rest you confirm here, with your name."
        }
        "enable" if workspace => {
            "Entra needs the workspace's SCIM address and a personal access token of a workspace admin. Paste both here; Usher reads them at once and sends nothing yet."
        }
        "enable" => {
            "Databricks makes an address and a token for Entra. You copy both from the account console and paste them here; Usher reads them at once and sends nothing yet."
        }
        "test" => {
            "Usher asks Databricks the same questions Entra will ask, from this computer. Nothing is changed."
        }
        "sign-in" => {
            "With a sign-in Usher reads the Entra side, and changes it only after you have seen each change and confirmed it. Without one, every step in Entra becomes instructions for you."
        }
        "application" => {
            "The enterprise application is the connector's home in Entra: who is assigned to it travels to Databricks. Go on with one you have, or make one from the gallery."
        }
        "connection" => {
            "Entra keeps Databricks' address and token. Its own test proves that Entra reaches Databricks, which a test from this computer cannot."
        }
        "settings" => {
            "A few settings decide who may sign in, who travels and what happens when something goes wrong. What this set-up wants is compared with what Entra has."
        }
        "people" => {
            "Choose who travels to Databricks. Of a group its direct members do; groups inside it and service principals stay behind."
        }
        "start" if done => {
            "The sync runs by itself: Entra looks for changes about every 40 minutes and sends them. A look shows what has arrived in Databricks."
        }
        "start" => {
            "Starting is the moment people begin to arrive. Send one person first and see that person in Databricks; the first cycle then takes from 20 minutes to some hours."
        }
        "connectors" => {
            "Every Databricks connector of the tenant, where it leads and what becomes of it, and every workspace as far as it can be seen. Usher only looks."
        }
        "coverage" => {
            "Person by person: whom the old connectors bring, and whether the account connector brings them too. Nobody may lose access, so what is missing is assigned before anything is paused."
        }
        "move" => {
            "Usher assigns what is missing, waits until a cycle of the account connector has brought everybody, then pauses the old connectors one by one and looks at each workspace after it. You confirm once; it can be stopped at any time and goes on another day."
        }
        "tidy-up" => {
            "The move is done; nothing here is urgent. Local groups want a decision each, and the old connectors' assignments may come off once you are sure."
        }
        "checklist" => {
            "What was set, what was seen, when and by whom. Keep it as evidence; it holds no secret."
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journey::rail::RAIL;

    #[test]
    fn every_step_says_what_it_is_for() {
        for stop in &RAIL {
            for journey in stop.journeys {
                for done in [false, true] {
                    assert_ne!(purpose(*journey, stop.id, done), "", "{}", stop.id);
                }
            }
        }
    }
}
