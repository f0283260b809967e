//! Practice mode: a face brings the practice tenant, the engine does not know its crate.

use std::fmt;

use futures::future::BoxFuture;
use usher_core::model::Endpoints;

use super::Session;
use super::place::Place;
use super::view::{
    AppInfo, Failure, FailureCode, Nothing, PracticeCredentials, PracticePress, PracticeValue,
    PressInPortal, ScenarioList, ScenarioView, StartPractice,
};

/// Starts practice tenants. The faces implement it on the practice crate.
pub trait PracticeHost: Send + Sync {
    /// The scenarios to choose from.
    fn scenarios(&self) -> Vec<ScenarioView>;

    /// Starts a tenant with a scenario.
    fn start(&self, scenario: String) -> BoxFuture<'_, Result<PracticeTenant, Failure>>;
}

/// A running practice tenant; it stops when this is dropped.
pub struct PracticeTenant {
    /// Where it listens.
    pub endpoints: Endpoints,
    /// The scenario it began with.
    pub scenario: ScenarioView,
    /// What stands in for the consoles; it keeps the tenant running.
    pub portal: Box<dyn PracticePortal>,
}

/// What stands in for the consoles of Microsoft and Databricks. The faces implement it on the practice crate.
pub trait PracticePortal: Send + Sync {
    /// What an admin would copy there, as it is now. Worth nothing elsewhere.
    fn values(&self) -> Vec<PracticeValue>;

    /// What an admin would press there in this scenario, in the order of use.
    fn presses(&self) -> Vec<PracticePress>;

    /// Presses it. `false`: the scenario has no such press.
    fn press(&self, name: &str) -> bool;
}

impl fmt::Debug for PracticeTenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PracticeTenant")
            .field("scenario", &self.scenario.name)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// `practice_scenarios`
    pub async fn practice_scenarios(&self, _: Nothing) -> Result<ScenarioList, Failure> {
        let host = self.0.options.practice.as_ref();
        let scenarios = host.map(|host| host.scenarios()).unwrap_or_default();
        Ok(ScenarioList { scenarios })
    }

    /// `start_practice`
    pub async fn start_practice(&self, request: StartPractice) -> Result<AppInfo, Failure> {
        let host = self.0.options.practice.clone().ok_or_else(no_practice)?;
        let tenant = host.start(request.scenario).await?;
        let place = self
            .blocking(move |session| Place::practice(tenant, &session.0.options))
            .await?;
        self.move_to(place);
        self.app_info(()).await
    }

    /// `leave_practice`
    pub async fn leave_practice(&self, _: Nothing) -> Result<AppInfo, Failure> {
        if self.place().practice.is_some() {
            let place = self.home();
            self.move_to(place);
        }
        self.app_info(()).await
    }

    /// `practice_credentials`
    pub async fn practice_credentials(&self, _: Nothing) -> Result<PracticeCredentials, Failure> {
        self.portal(|portal| Ok(credentials(portal)))
    }

    /// `press_in_portal`
    pub async fn press_in_portal(
        &self,
        request: PressInPortal,
    ) -> Result<PracticeCredentials, Failure> {
        self.portal(|portal| {
            let before = portal.values();
            if !portal.press(&request.name) {
                return Err(Failure::bad_input(
                    format!(
                        "There is no press named {:?} in this scenario.",
                        request.name
                    ),
                    "Choose one of those shown.",
                ));
            }
            let mut credentials = credentials(portal);
            credentials.said = said(&request.name, &before, &credentials);
            Ok(credentials)
        })
    }

    fn portal<T>(
        &self,
        ask: impl FnOnce(&dyn PracticePortal) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let place = self.place();
        let practice = place.practice.as_ref().ok_or_else(no_practice)?;
        ask(practice.tenant.portal.as_ref())
    }
}

fn credentials(portal: &dyn PracticePortal) -> PracticeCredentials {
    let presses = portal.presses();
    let more = if presses.is_empty() {
        "Stands in for the real consoles. Copy from here what you would copy there."
    } else {
        "Stands in for the real consoles. Copy and press here what you would copy and press there; then look or test again."
    };
    PracticeCredentials {
        more: more.to_owned(),
        values: portal.values(),
        presses,
        said: None,
    }
}

/// What a press has done, in a sentence or two.
fn said(name: &str, before: &[PracticeValue], now: &PracticeCredentials) -> Option<String> {
    let press = now.presses.iter().find(|press| press.name == name)?;
    let new = now.values.iter().filter(|value| !before.contains(value));
    let new: Vec<&str> = new.map(|value| value.label.as_str()).collect();
    let next = if new.is_empty() {
        "Look or test again to see what has changed.".to_owned()
    } else {
        format!("New to copy: {}.", new.join(", "))
    };
    Some(format!("Done: {}. {next}", press.title))
}

fn no_practice() -> Failure {
    Failure::new(
        FailureCode::Practice,
        "No practice tenant runs.",
        "This belongs to practice mode.",
        &["Choose Practise on the start page."],
    )
}
