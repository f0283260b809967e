//! A session as the window has it, on a practice tenant of the test's own, with one set-up open.

use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;
use usher_core::model::setup::SignIn;
use usher_core::model::{Endpoints, World};
use usher_engine::session::view::*;
use usher_engine::session::{Progress, Session, SessionOptions};
use usher_practice::{Options, Practice};

use crate::sign_in::follow;

pub(crate) struct Sitting {
    pub(crate) session: Session,
    pub(crate) practice: Practice,
    pub(crate) folder: TempDir,
}

impl Sitting {
    /// A tenant, and a set-up begun on it as the start page begins it.
    pub(crate) async fn open(options: Options, begun: CreateSetup) -> Self {
        let practice = Practice::start(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let endpoints = Endpoints::parse(&practice.endpoints_json()).unwrap();
        let session = Session::new(SessionOptions {
            memory_vault: true,
            wait_scale: 0.01,
            world: World::Mapped(endpoints),
            browser: Arc::new(|url| {
                tokio::spawn(follow(url.parse().unwrap()));
                Ok(())
            }),
            documents_folder: folder.path().join("documents"),
            ..SessionOptions::in_folder(folder.path().join("data"))
        })
        .unwrap();
        session.create_setup(begun).await.unwrap();
        Self {
            session,
            practice,
            folder,
        }
    }

    pub(crate) async fn set(&self, change: SetupChange) -> SetupView {
        let request = ChangeSetup { change };
        self.session.change_setup(request).await.unwrap()
    }

    /// Pastes a secret that was made today.
    pub(crate) async fn keep(&self, slot: &str, text: &str) -> SetupView {
        self.keep_in(json!({ "slot": slot }), text).await
    }

    /// The same into a place that takes more than a name.
    pub(crate) async fn keep_in(&self, slot: Value, text: &str) -> SetupView {
        let now = jiff::Timestamp::now().to_string();
        let request = json!({ "slot": slot, "text": text, "createdAt": now });
        let request = serde_json::from_value(request).unwrap();
        self.session.keep_token(request).await.unwrap()
    }

    /// Signs in to Entra with the registration's secret.
    pub(crate) async fn sign_in(&self) {
        let details = self.practice.details();
        self.set(SetupChange::TenantId(Some(details.tenant_id.clone())))
            .await;
        self.set(SetupChange::ClientId(Some(details.client_id.clone())))
            .await;
        self.set(SetupChange::SignIn(Some(SignIn::ClientSecret)))
            .await;
        self.keep("entra-client-secret", &details.client_secret)
            .await;
        self.session.sign_in(start("in"), deaf()).await.unwrap();
    }

    pub(crate) async fn look(&self) -> SetupView {
        self.session.observe(start("look"), deaf()).await.unwrap()
    }
}

pub(crate) fn start(job: &str) -> StartJob {
    StartJob {
        job: job.to_owned(),
    }
}

/// Listens to nothing.
pub(crate) fn deaf<Event: 'static>() -> Progress<Event> {
    Arc::new(|_| {})
}
