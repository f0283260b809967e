//! Whoever a session waits for is shown to the person who waits with it.

use std::sync::{Arc, Mutex};

use usher_engine::apply::ApplyEvent;
use usher_engine::session::Progress;
use usher_engine::session::view::*;
use usher_practice::{FaultKind, FaultRule, Options};

use crate::sitting::{Sitting, start};

/// Listens, and keeps what it hears.
fn listening<Event: Send + 'static>() -> (Arc<Mutex<Vec<Event>>>, Progress<Event>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&heard);
    (
        heard,
        Arc::new(move |event| kept.lock().unwrap().push(event)),
    )
}

fn throttled(sitting: &Sitting, method: &str, path: &str) {
    let kind = FaultKind::Status {
        code: 429,
        headers: vec![("retry-after".to_owned(), "0.6".to_owned())],
        body: r#"{"error":{"code":"TooManyRequests","message":"Too many requests."}}"#.to_owned(),
    };
    let rule = FaultRule::new("graph", path, kind).method(method).times(1);
    sitting.practice.control().faults.add(rule);
}

#[tokio::test]
async fn graph_that_asks_for_a_pause_is_named_while_it_is_looked_at_and_while_it_is_changed() {
    let begun = CreateSetup {
        name: "Contoso".to_owned(),
        journey: usher_core::model::setup::Journey::Account,
        cloud: usher_core::model::DatabricksCloud::Azure,
    };
    let sitting = Sitting::open(Options::default(), begun).await;
    let details = sitting.practice.details().clone();
    let session = &sitting.session;
    let text = details.scim_url.clone();
    session.use_url(RecogniseUrl { text }).await.unwrap();
    sitting.keep("scim-token", &details.scim_token).await;
    sitting.sign_in().await;
    let check = "own-admin-kept".to_owned();
    let by = "Alex".to_owned();
    let note = None;
    session.attest(Attest { check, by, note }).await.unwrap();

    throttled(&sitting, "GET", "/v1.0/*");
    let (heard, progress) = listening();
    session.observe(start("look"), progress).await.unwrap();
    let heard = std::mem::take(&mut *heard.lock().unwrap());
    let named = |event: &ObserveEvent| {
        matches!(event, ObserveEvent::Waiting { seconds, reason }
                 if *seconds >= 0.6 && reason.starts_with("127.0.0.1 asked for it ("))
    };
    assert!(heard.iter().any(named), "{heard:?}");

    throttled(&sitting, "POST", "/v1.0/applicationTemplates/*/instantiate");
    let digest = session.plan(()).await.unwrap().digest;
    let (heard, progress) = listening();
    let apply = ApplyRequest {
        job: "apply".to_owned(),
        digest,
        only: None,
        fix: None,
    };
    session.apply(apply, progress).await.unwrap();
    let heard = std::mem::take(&mut *heard.lock().unwrap());
    let named = |event: &ApplyEvent| {
        matches!(event, ApplyEvent::Looking { what, .. }
                 if what.starts_with("Waiting 1 s: 127.0.0.1 asked for it ("))
    };
    assert!(heard.iter().any(named), "{heard:?}");
}
