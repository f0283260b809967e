//! The plan of a set-up that does Entra's steps by hand: nothing of Entra can be seen, so nothing is sent there. What is wanted
//! becomes steps for a person, with the set-up's own values, in the order in which they have to be taken.

use super::guards::refusal;
use super::{ByHand, Plan};
use crate::connection::fault::numbered;
use crate::model::Setup;
use crate::model::setup::{Journey, Provisioning, Scope};

const SETTINGS: &str =
    "In Entra open **Enterprise apps**, the app, **Provisioning**, then **Settings**.";

/// The steps that nobody has attested yet. A move has none: whom it covers is not known without looking at Entra.
pub(super) fn plan(setup: &Setup) -> Plan {
    if setup.journey == Journey::Migrate {
        return Plan::refused(vec![refusal(
            "coverage",
            "Entra's steps are done by hand in this set-up, so nobody can tell who would lose access by this move",
            &[
                "Sign in to Entra with an account that reads enterprise applications: set **entra.signIn** to **browser**, **device-code** or **client-secret**.",
                "Make the plan again. A move is planned from what both sides show, person by person.",
            ],
        )]);
    }
    let steps = [
        application(setup),
        credentials(setup),
        scope(setup),
        notification(setup),
        threshold(setup),
        assignment_required(setup),
        people(setup),
        provisioning(setup),
    ];
    let open = |step: &ByHand| !setup.attested.contains_key(&step.check);
    Plan {
        by_hand: steps.into_iter().flatten().filter(open).collect(),
        ..Plan::default()
    }
}

fn step(check: &str, title: impl Into<String>, presses: &[&str]) -> Option<ByHand> {
    let presses: Vec<String> = presses.iter().map(|press| (*press).to_owned()).collect();
    Some(ByHand {
        check: check.to_owned(),
        title: title.into(),
        fix: numbered(&presses),
    })
}

fn application(setup: &Setup) -> Option<ByHand> {
    let name = setup.entra.app.name();
    let enter = format!("Enter the name **{name}** and press **Create** (formerly **Add**).");
    step(
        "app-from-gallery",
        format!("Create the enterprise application {name}, unless it is there"),
        &[
            "In Entra open **Enterprise apps**, **New application**, and search for **Azure Databricks SCIM Provisioning Connector**.",
            &enter,
        ],
    )
}

fn credentials(setup: &Setup) -> Option<ByHand> {
    let url = setup.databricks.scim_url.as_deref()?;
    let address =
        format!("Set **Tenant URL** to **{url}** and **Secret token** to the SCIM token.");
    step(
        "endpoint-matches",
        "Give the application the SCIM URL and the token",
        &[
            "In Entra open **Enterprise apps**, the app, **Provisioning**, and press **New configuration** or **Connect your application** (formerly **Provisioning mode**: Automatic).",
            &address,
            "Press **Test connection**. When it succeeds, press **Create** (formerly **Save**).",
        ],
    )
}

fn scope(setup: &Setup) -> Option<ByHand> {
    let (title, set) = match setup.want.scope? {
        Scope::Assigned => (
            "Provision only who is assigned",
            "Set **Scope** to **Sync only assigned users and groups** and press **Save**. On an application that has run before, first make sure that everyone who is to keep Databricks is assigned.",
        ),
        Scope::All => (
            "Provision everyone in the tenant",
            "Set **Scope** to **Sync all users and groups** and press **Save**.",
        ),
    };
    step("scope-assigned", title, &[SETTINGS, set])
}

fn notification(setup: &Setup) -> Option<ByHand> {
    let email = setup.want.notification_email.as_deref()?;
    let enter = format!(
        "Tick **Send an email notification when a failure occurs**, enter **{email}**, and press **Save**."
    );
    let title = format!("Have failures reported to {email}");
    step("notification-email", title, &[SETTINGS, &enter])
}

fn threshold(setup: &Setup) -> Option<ByHand> {
    let threshold = setup.want.delete_threshold?;
    let enter =
        format!("Tick **Prevent accidental deletion**, enter **{threshold}**, and press **Save**.");
    let title = format!("Hold deletions when a cycle has more than {threshold}");
    step("delete-threshold", title, &[SETTINGS, &enter])
}

fn assignment_required(setup: &Setup) -> Option<ByHand> {
    let word = if setup.want.assignment_required? {
        "Yes"
    } else {
        "No"
    };
    let set = format!("Set **Assignment required?** to **{word}** and press **Save**.");
    step(
        "assignment-required",
        format!("Set “Assignment required?” to {word}"),
        &[
            "In Entra open **Enterprise apps**, the app, **Properties**.",
            &set,
        ],
    )
}

fn people(setup: &Setup) -> Option<ByHand> {
    let names: Vec<&str> = setup
        .want
        .assign
        .iter()
        .map(|one| one.display_name.as_deref().unwrap_or(&one.id))
        .collect();
    if names.is_empty() {
        return None;
    }
    let choose = format!("Choose {}, then press **Assign**.", names.join(", "));
    step(
        "someone-assigned",
        format!("Assign {}", names.join(", ")),
        &[
            "In Entra open **Enterprise apps**, the app, **Users and groups**, **Add user/group**.",
            &choose,
        ],
    )
}

fn provisioning(setup: &Setup) -> Option<ByHand> {
    match setup.want.provisioning? {
        Provisioning::On => step(
            "provisioning-on",
            "Start provisioning",
            &[
                "Make sure that the connection is tested and the right people are assigned.",
                "In Entra open **Enterprise apps**, the app, **Provisioning**, and press **Start provisioning** (formerly **Provisioning status** On, then **Save**).",
            ],
        ),
        Provisioning::Off => step(
            "provisioning-on",
            "Pause provisioning",
            &[
                "In Entra open **Enterprise apps**, the app, **Provisioning**, and press **Pause provisioning** (formerly **Provisioning status** Off). Take no assignment off it.",
            ],
        ),
    }
}
