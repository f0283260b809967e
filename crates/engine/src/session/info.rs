//! The frame: version, world, theme, links.

use std::sync::PoisonError;

use usher_core::model::World;

use super::links::{self, LinkContext};
use super::place::Place;
use super::view::{
    AppInfo, Failure, FailureCode, FollowLink, LinkView, Nothing, Platform, ReadMore,
    RecogniseToken, RecogniseUrl, SetTheme, Theme, TokenReading, UrlReading, WorldView,
};
use super::{Session, recognise, sign_in};
use crate::store::Preferences;

impl Session {
    /// `app_info`
    pub async fn app_info(&self, _: Nothing) -> Result<AppInfo, Failure> {
        let place = self.place();
        let options = &self.0.options;
        Ok(AppInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            world: world(&place),
            keyring: self.keyring_now(),
            platform: platform(),
            data_folder: options.data_folder.display().to_string(),
            documents_folder: options.documents_folder.display().to_string(),
            theme: theme(&Preferences::read(&options.data_folder).theme),
            notice: self
                .0
                .notice
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
            open_setup: self.open_setup_now().as_ref().map(|open| open.file.stem()),
        })
    }

    /// `set_theme`
    pub async fn set_theme(&self, request: SetTheme) -> Result<AppInfo, Failure> {
        self.blocking(move |session| {
            let folder = &session.0.options.data_folder;
            let mut preferences = Preferences::read(folder);
            preferences.theme = word(request.theme).to_owned();
            Ok(preferences.save(folder)?)
        })
        .await?;
        self.app_info(()).await
    }

    /// `recognise_url`
    pub async fn recognise_url(&self, request: RecogniseUrl) -> Result<UrlReading, Failure> {
        Ok(recognise::url(&request.text, &self.place().world))
    }

    /// `recognise_token`
    pub async fn recognise_token(&self, request: RecogniseToken) -> Result<TokenReading, Failure> {
        let scim = self.scim_url();
        Ok(recognise::secret(&request.slot, request.text.secret().expose(), scim.as_ref()).reading)
    }

    /// `link`
    pub async fn link(&self, request: FollowLink) -> Result<LinkView, Failure> {
        let place = self.place();
        let open = self.open_setup_now();
        let setup = open.as_ref().map(|open| &open.file.setup);
        let app = open
            .as_ref()
            .and_then(|open| open.observed.observation.connector(&open.file.setup));
        let app_id = app.map(|app| app.app_id.as_str());
        let consent = setup.and_then(|setup| sign_in::consent_url(setup, &place));
        let context = LinkContext {
            world: &place.world,
            setup,
            app_id,
            consent: consent.as_deref(),
        };
        Ok(links::link(request.link, context))
    }

    /// `open_link`
    pub async fn open_link(&self, request: FollowLink) -> Result<LinkView, Failure> {
        let link = self.link(request).await?;
        let Some(url) = link.url.clone() else {
            let why = link.note.unwrap_or_default();
            return Err(Failure::not_ready(
                why,
                "Do the steps before this one first.",
            ));
        };
        self.browse(url).await?;
        Ok(link)
    }

    /// `read_more`
    pub async fn read_more(&self, request: ReadMore) -> Result<Nothing, Failure> {
        let url = request.url;
        if !links::is_document(&url) {
            return Err(Failure::bad_input(
                "This address is not in Usher's table, so it was not opened.",
                "Usher opens pages that it names itself.",
            ));
        }
        self.browse(url).await
    }

    async fn browse(&self, url: String) -> Result<(), Failure> {
        self.blocking(move |session| {
            (session.0.options.browser)(&url).map_err(|error| {
                Failure::new(
                    FailureCode::Browser,
                    "The browser could not be opened.",
                    "This system has no browser that Usher could start.",
                    &["Copy the link, and open it in a browser yourself."],
                )
                .with_details(format!("{url}: {error}"))
            })
        })
        .await
    }

    /// Moves to another place: what runs is cancelled, the set-up is closed.
    pub(super) fn move_to(&self, place: Place) {
        self.0.jobs.cancel_all();
        *self.open_setup_now() = None;
        *self.0.place.write().unwrap_or_else(PoisonError::into_inner) = place;
    }
}

fn world(place: &Place) -> WorldView {
    match (&place.practice, &place.world) {
        (Some(practice), _) => WorldView::Practice {
            scenario: practice.tenant.scenario.clone(),
        },
        (None, World::Mapped(endpoints)) => WorldView::Endpoints {
            name: endpoints.name.clone(),
        },
        (None, World::Live) => WorldView::Live,
    }
}

fn platform() -> Platform {
    if cfg!(target_os = "windows") {
        Platform::Windows
    } else if cfg!(target_os = "macos") {
        Platform::Macos
    } else {
        Platform::Linux
    }
}

fn word(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

fn theme(word: &str) -> Theme {
    match word {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        _ => Theme::System,
    }
}
