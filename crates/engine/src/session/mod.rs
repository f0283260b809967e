//! The session: which world, which set-up, what was last observed, and the jobs that run. The window's commands are its methods, one
//! each, with the same name, request and answer as in the table of [`commands`]; [`view`] holds what goes over the bridge.
//!
//! The session decides nothing about the domain: it reads a request, has the parts of the engine do it, keeps what came of it, and
//! shows the open set-up anew. Every answer that changes something is the whole [`SetupView`](view::SetupView), so that the page
//! never has to guess.

mod address_ranges;
mod change;
mod checklist;
pub mod commands;
mod connection;
mod cycle;
mod deep_scan;
mod discover;
mod existing;
mod export;
mod failure;
mod fix;
mod hand_over;
mod health;
mod help;
mod info;
mod jobs;
mod links;
mod moving;
mod observe;
mod one_person;
mod place;
mod plan;
mod practice;
mod recognise;
mod rotation;
mod rows;
mod secrets;
mod setups;
mod show;
mod sign_in;
pub mod view;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use usher_core::model::World;

pub use practice::{PracticeHost, PracticePortal, PracticeTenant};
pub use secrets::secret_place;

use jobs::Jobs;
use place::Place;
use setups::Open;
use view::{Failure, KeyringState, KeyringView, SetupView, StartPractice};

/// Opens a URL in the system's browser.
pub type Browser = Arc<dyn Fn(&str) -> io::Result<()> + Send + Sync>;

/// Where events of a running command go. Called from the command's own task: it must return at once.
pub type Progress<Event> = Arc<dyn Fn(Event) + Send + Sync>;

/// How a session is to be.
#[derive(Clone)]
pub struct SessionOptions {
    /// Where set-ups and preferences are kept.
    pub data_folder: PathBuf,
    /// Where checklists and hand-overs go unless another folder is named.
    pub documents_folder: PathBuf,
    /// The world to begin with.
    pub world: World,
    /// Shortens our own polling, 0.001 to 1; for mapped worlds and practice only, 1 in the real clouds.
    pub wait_scale: f64,
    /// Keep secrets in memory for this run, because a person asked for it.
    pub memory_vault: bool,
    /// Who starts practice tenants; `None`: this face has no practice mode.
    pub practice: Option<Arc<dyn PracticeHost>>,
    /// Opens links.
    pub browser: Browser,
}

impl SessionOptions {
    /// The real clouds, this system's folders, keyring and browser. `None` on a system that has no folder for an app's data.
    pub fn of_this_system() -> Option<Self> {
        crate::store::data_folder().map(Self::in_folder)
    }

    /// The same with a data folder of one's own.
    pub fn in_folder(data_folder: PathBuf) -> Self {
        Self {
            documents_folder: crate::store::documents_folder()
                .unwrap_or_else(|| data_folder.clone()),
            data_folder,
            world: World::Live,
            wait_scale: 1.0,
            memory_vault: false,
            practice: None,
            browser: Arc::new(|url| open::that_detached(url)),
        }
    }
}

impl fmt::Debug for SessionOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionOptions")
            .field("data_folder", &self.data_folder)
            .field("world", &self.world)
            .field("memory_vault", &self.memory_vault)
            .finish_non_exhaustive()
    }
}

/// A session. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    options: SessionOptions,
    /// The world, its client, store and vault. Held for a moment only, never while anything waits.
    place: RwLock<Place>,
    /// The open set-up. Held while its file is saved, on a thread that may block.
    open: Mutex<Option<Open>>,
    jobs: Jobs,
    /// The place outside practice, to come back to.
    home: Mutex<Place>,
    /// What is known of the system's keyring.
    keyring: Mutex<KeyringView>,
    /// What went wrong while the face was starting, for the start page.
    notice: Mutex<Option<Failure>>,
}

impl Session {
    /// A session in the world of its options.
    ///
    /// # Errors
    /// The HTTP client cannot be built, for instance without a trust store.
    pub fn new(options: SessionOptions) -> Result<Self, Failure> {
        let place = Place::home(&options)?;
        Ok(Self(Arc::new(Inner {
            options,
            home: Mutex::new(place.clone()),
            place: RwLock::new(place),
            keyring: Mutex::new(KeyringView {
                state: KeyringState::Unknown,
                failure: None,
            }),
            open: Mutex::new(None),
            jobs: Jobs::default(),
            notice: Mutex::new(None),
        })))
    }

    /// Begins in practice, as the face was told to. What goes wrong stands on the start page.
    pub async fn begin_with_practice(&self, scenario: String) {
        let begun = self.start_practice(StartPractice { scenario }).await;
        self.notice(begun.err());
    }

    /// Begins with a set-up file, where it lies. What goes wrong stands on the start page.
    pub async fn begin_with_setup(&self, path: PathBuf) {
        let begun = self.open_in_place(path).await;
        self.notice(begun.err());
    }

    fn notice(&self, failure: Option<Failure>) {
        if let Some(failure) = failure {
            *self.0.notice.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
        }
    }

    fn place(&self) -> Place {
        self.0
            .place
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn home(&self) -> Place {
        self.0
            .home
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Changes the place outside practice, and where the session is when that is the same.
    fn change_home(&self, change: impl FnOnce(&mut Place)) {
        let mut home = self.0.home.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut home);
        let mut place = self.0.place.write().unwrap_or_else(PoisonError::into_inner);
        if place.practice.is_none() {
            *place = home.clone();
        }
    }

    fn keyring(&self) -> MutexGuard<'_, KeyringView> {
        self.0
            .keyring
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn open_setup_now(&self) -> MutexGuard<'_, Option<Open>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads something of the open set-up.
    fn with_open<T>(&self, read: impl FnOnce(&Open, &Place) -> T) -> Result<T, Failure> {
        let place = self.place();
        let open = self.open_setup_now();
        open.as_ref()
            .map(|open| read(open, &place))
            .ok_or_else(Failure::no_setup)
    }

    /// Changes the open set-up, saves it when its file's content changed, and shows it. When it cannot be saved it is as before.
    async fn edit(
        &self,
        change: impl FnOnce(&mut Open) -> Result<(), Failure> + Send + 'static,
    ) -> Result<SetupView, Failure> {
        self.blocking(move |session| {
            let place = session.place();
            let mut guard = session.open_setup_now();
            let open = guard.as_mut().ok_or_else(Failure::no_setup)?;
            let before = open.clone();
            let done = change(open).and_then(|()| open.save_if_changed(&before));
            if done.is_err() {
                *open = before;
            }
            done.map(|()| show::setup(open, &place))
        })
        .await
    }

    /// Runs a job on a thread of its own: a job computes on much that it has seen, must not be dropped half-way when the page goes
    /// away, and its future need not move between threads.
    async fn job<T: Send + 'static, Work>(&self, work: Work) -> Result<T, Failure>
    where
        Work: AsyncFnOnce(Session) -> Result<T, Failure> + Send + 'static,
    {
        let runtime = tokio::runtime::Handle::current();
        self.blocking(move |session| runtime.block_on(work(session)))
            .await
    }

    /// Runs what touches the disk on a thread that may block. A panic there is a failure, not a command that never answers.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(Session) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let session = self.clone();
        tokio::task::spawn_blocking(move || work(session))
            .await
            .unwrap_or_else(|error| Err(Failure::internal(error.to_string())))
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("world", &self.place().world)
            .finish_non_exhaustive()
    }
}
