//! Practice as a face brings it: the tenant is the test's as well, and its portal is pressed through the session.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use usher_core::model::Endpoints;
use usher_engine::session::view::*;
use usher_engine::session::{PracticeHost, PracticePortal, PracticeTenant};
use usher_practice::{Options, Practice};

/// Starts practice tenants as a face does, and keeps the last one for the test.
#[derive(Default)]
pub(crate) struct Host(Mutex<Option<Arc<Practice>>>);

impl Host {
    /// The tenant that was started last.
    pub(crate) fn started(&self) -> Arc<Practice> {
        self.0.lock().unwrap().clone().unwrap()
    }
}

impl PracticeHost for Host {
    fn scenarios(&self) -> Vec<ScenarioView> {
        Vec::new()
    }

    fn start(&self, scenario: String) -> BoxFuture<'_, Result<PracticeTenant, Failure>> {
        Box::pin(async move {
            let options = Options {
                scenario: scenario.clone(),
                ..Options::default()
            };
            let practice = Arc::new(Practice::start(options).await.unwrap());
            *self.0.lock().unwrap() = Some(Arc::clone(&practice));
            Ok(PracticeTenant {
                endpoints: Endpoints::parse(&practice.endpoints_json()).unwrap(),
                scenario: ScenarioView {
                    name: scenario,
                    title: String::new(),
                    description: String::new(),
                },
                portal: Box::new(Consoles(practice)),
            })
        })
    }
}

struct Consoles(Arc<Practice>);

impl PracticePortal for Consoles {
    fn values(&self) -> Vec<PracticeValue> {
        let value = |key: &str, value: String| PracticeValue {
            key: key.to_owned(),
            label: key.to_owned(),
            value,
        };
        let details = self.0.live_details();
        let mut values = vec![
            value("scimToken", details.scim_token),
            value("clientSecret", details.client_secret),
        ];
        let pats = details.pats.into_iter();
        values.extend(pats.map(|(id, pat)| value(&format!("pat:{id}"), pat)));
        values
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
