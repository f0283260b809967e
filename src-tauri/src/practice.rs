//! Practice mode of the window: the practice tenant inside this program.

use std::time::Duration;

use futures::future::BoxFuture;
use usher_core::model::Endpoints;
use usher_engine::session::view::{
    Failure, FailureCode, PracticePress, PracticeValue, ScenarioView,
};
use usher_engine::session::{PracticeHost, PracticePortal, PracticeTenant};
use usher_practice::{Details, Options, Practice, Scenario, TimeScale};

/// How often a provisioning cycle runs in practice, in place of Entra's 40 minutes.
const CYCLE: Duration = Duration::from_secs(5);

/// Starts practice tenants.
#[derive(Debug)]
pub(crate) struct Tenants;

impl PracticeHost for Tenants {
    fn scenarios(&self) -> Vec<ScenarioView> {
        usher_practice::scenarios().iter().map(shown).collect()
    }

    fn start(&self, scenario: String) -> BoxFuture<'_, Result<PracticeTenant, Failure>> {
        Box::pin(async move {
            let known = usher_practice::scenarios()
                .into_iter()
                .find(|one| one.name == scenario);
            let known = known.ok_or_else(|| {
                Failure::bad_input(
                    format!("There is no practice scenario named {scenario:?}."),
                    "Choose one of the list.",
                )
            })?;
            let options = Options {
                scenario,
                time: TimeScale::Every(CYCLE),
                ..Options::default()
            };
            let practice = Practice::start(options)
                .await
                .map_err(|error| unstarted(&error))?;
            let endpoints =
                Endpoints::parse(&practice.endpoints_json()).map_err(|error| unstarted(&error))?;
            Ok(PracticeTenant {
                endpoints,
                scenario: shown(&known),
                portal: Box::new(Consoles(practice)),
            })
        })
    }
}

/// The consoles of a tenant, which runs as long as they are there.
struct Consoles(Practice);

impl PracticePortal for Consoles {
    fn values(&self) -> Vec<PracticeValue> {
        values(&self.0.live_details())
    }

    fn presses(&self) -> Vec<PracticePress> {
        let presses = self.0.portal_presses().into_iter();
        presses
            .map(|press| PracticePress {
                name: press.name.to_owned(),
                title: press.title.to_owned(),
                portal: press.portal.to_owned(),
                pressed: self.0.portal().pressed(press.name),
            })
            .collect()
    }

    fn press(&self, name: &str) -> bool {
        self.0.press(name).is_ok()
    }
}

fn shown(scenario: &Scenario) -> ScenarioView {
    ScenarioView {
        name: scenario.name.to_owned(),
        title: scenario.title.to_owned(),
        description: scenario.description.to_owned(),
    }
}

fn unstarted(error: &impl std::fmt::Display) -> Failure {
    Failure::new(
        FailureCode::Practice,
        "The practice tenant could not be started.",
        "It needs a few free ports of this machine's loopback address.",
        &[
            "Try it again.",
            "If it comes back, look whether security software blocks loopback ports.",
        ],
    )
    .with_details(error.to_string())
}

/// What the practice portal shows, in the order in which the journeys ask for it.
fn values(details: &Details) -> Vec<PracticeValue> {
    let value = |key: &str, label: &str, value: &str| PracticeValue {
        key: key.to_owned(),
        label: label.to_owned(),
        value: value.to_owned(),
    };
    let mut values = vec![
        value("scimUrl", "Account SCIM URL", &details.scim_url),
        value("scimToken", "SCIM token", &details.scim_token),
        value("accountId", "Account id", &details.account_id),
        value("tenantId", "Directory (tenant) id", &details.tenant_id),
        value("clientId", "Application (client) id", &details.client_id),
        value(
            "clientSecret",
            "Client secret (value)",
            &details.client_secret,
        ),
        value(
            "databricksClientId",
            "Databricks service principal: client id",
            &details.databricks_client_id,
        ),
        value(
            "databricksClientSecret",
            "Databricks service principal: OAuth secret",
            &details.databricks_client_secret,
        ),
    ];
    for (id, origin) in &details.endpoints.workspaces {
        values.push(value(
            &format!("workspace:{id}"),
            &format!("Workspace {id}"),
            origin,
        ));
        if let Some(pat) = details.pats.get(id) {
            values.push(value(
                &format!("pat:{id}"),
                &format!("Personal access token of workspace {id}"),
                pat,
            ));
        }
    }
    values
}
