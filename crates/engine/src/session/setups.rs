//! The set-ups of the data folder, and the open one.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use url::Url;
use usher_core::comparison::Comparison;
use usher_core::document::Document;
use usher_core::finding::Report;
use usher_core::model::DatabricksCloud;
use usher_core::model::Setup;
use usher_core::model::setup::{
    Attestation, EntraSetup, Journey, Provisioning, SETUP_SCHEMA, Scope,
};
use usher_core::observation::Observation;

use super::recognise::application_of_workspace;
use super::rows::{Covered, Directory, Found, MadeFrom};
use super::view::{
    Attest, ChangeSetup, ConnectionTest, CreateSetup, Failure, FailureCode, JournalView, Nothing,
    OpenSetup, OpenSetupFile, RecogniseUrl, RenameSetup, SecretView, SetupList, SetupSummary,
    SetupView, SignedInView, WithdrawAttestation,
};
use super::{Session, change, show};
use crate::apply::{FileJournal, journal_path};
use crate::observe::{Entra, Kept, Observed, Scan};
use crate::store::{SetupEntry, SetupFile};

/// The open set-up with what was seen of it in this run. What grows with the tenant is shared, so that a copy of this costs nothing
/// much: an edit keeps one, to go back to.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    /// Its file.
    pub(crate) file: SetupFile,
    /// What was observed.
    pub(crate) observed: Arc<Observed>,
    /// What a look that was broken off has read already.
    pub(crate) kept: Kept,
    /// When both sides were observed.
    pub(crate) observed_at: Option<Timestamp>,
    /// The sign-in to Entra; tokens stay in memory.
    pub(crate) entra: Option<Entra>,
    /// Who that is.
    pub(crate) signed_in: Option<SignedInView>,
    /// The tenant's people and groups, once they were read.
    pub(crate) directory: Option<Arc<Directory>>,
    /// What was searched on Entra's side, where not everybody was read.
    pub(crate) found: Option<Arc<Found>>,
    /// A scan of every enterprise application that was broken off.
    pub(crate) scan: Option<Scan>,
    /// Whom a move concerns, once a page asked, and what that was made from.
    pub(crate) coverage: Option<(MadeFrom, Arc<Covered>)>,
    /// Who is assigned, as observed.
    pub(crate) assigned: Option<Arc<HashSet<String>>>,
    /// What the journal beside the file tells.
    pub(crate) journal: JournalView,
    /// The report that is compared with: an earlier run's last, else this run's first.
    pub(crate) last_report: Option<Arc<Document<Report>>>,
    /// What changed since then.
    pub(crate) comparison: Option<Comparison>,
    /// The last connection test.
    pub(crate) connection: Option<ConnectionTest>,
    /// The secrets that are kept for it.
    pub(crate) secrets: Vec<SecretView>,
    /// Why the vault could not be asked.
    pub(crate) vault_failure: Option<Failure>,
}

impl Open {
    fn new(file: SetupFile) -> Self {
        let mut open = Self {
            file,
            observed: Arc::default(),
            kept: Kept::default(),
            observed_at: None,
            entra: None,
            signed_in: None,
            directory: None,
            found: None,
            scan: None,
            coverage: None,
            assigned: None,
            journal: JournalView::default(),
            last_report: None,
            comparison: None,
            connection: None,
            secrets: Vec::new(),
            vault_failure: None,
        };
        open.read_journal();
        open
    }

    /// Forgets what was seen through a URL or token that is no longer the one.
    pub(crate) fn forget_databricks(&mut self) {
        self.connection = None;
        self.kept.clear();
        self.observed = Arc::new(Observed {
            observation: Observation {
                entra: self.observed.observation.entra.clone(),
                ..Observation::default()
            },
            material: self.observed.material.clone(),
        });
        self.observed_at = None;
    }

    /// Forgets the sign-in to Entra and what was seen through it.
    pub(crate) fn forget_entra(&mut self) {
        self.entra = None;
        self.signed_in = None;
        self.directory = None;
        self.found = None;
        self.scan = None;
        self.assigned = None;
        self.observed = Arc::new(Observed {
            observation: Observation {
                databricks: self.observed.observation.databricks.clone(),
                ..Observation::default()
            },
            ..Observed::default()
        });
        self.observed_at = None;
    }

    /// Saves when the set-up is another than before.
    pub(crate) fn save_if_changed(&mut self, before: &Self) -> Result<(), Failure> {
        if self.file.setup == before.file.setup {
            Ok(())
        } else {
            Ok(self.file.save()?)
        }
    }
}

/// A new set-up: what the product advises for its journey, and nothing that has to be asked.
pub(crate) fn blank(name: String, journey: Journey, cloud: DatabricksCloud) -> Setup {
    let mut setup = Setup {
        schema: SETUP_SCHEMA.to_owned(),
        name,
        journey,
        cloud,
        entra: Default::default(),
        databricks: Default::default(),
        want: Default::default(),
        attested: Default::default(),
        unknown: Default::default(),
    };
    setup.want.assignment_required = Some(journey == Journey::Workspace);
    setup.want.scope = Some(Scope::Assigned);
    setup.want.provisioning = Some(Provisioning::On);
    if journey != Journey::Workspace {
        setup.want.delete_threshold = Some(500);
    }
    setup
}

impl Session {
    /// `list_setups`
    pub async fn list_setups(&self, _: Nothing) -> Result<SetupList, Failure> {
        self.blocking(|session| {
            Ok(match session.place().store.list() {
                Ok(entries) => SetupList {
                    setups: entries.into_iter().map(summary).collect(),
                    failure: None,
                },
                Err(error) => SetupList {
                    setups: Vec::new(),
                    failure: Some(error.into()),
                },
            })
        })
        .await
    }

    /// `create_setup`
    pub async fn create_setup(&self, request: CreateSetup) -> Result<SetupView, Failure> {
        let name = change::name(&request.name)?;
        self.take(move |session| {
            let store = session.place().store;
            let taken =
                |entry: &SetupEntry| entry.setup.as_ref().is_ok_and(|setup| setup.name == name);
            if store.list()?.iter().any(taken) {
                return Err(Failure::new(
                    FailureCode::NameTaken,
                    format!("There is a set-up named {name:?} already."),
                    "Two of one name could not be told apart.",
                    &["Choose another name, or open the one that is there."],
                ));
            }
            Ok(store.create(blank(name, request.journey, request.cloud))?)
        })
        .await
    }

    /// `open_setup`
    pub async fn open_setup(&self, request: OpenSetup) -> Result<SetupView, Failure> {
        self.take(move |session| Ok(session.place().store.open(&request.id)?))
            .await
    }

    /// `open_setup_file`
    pub async fn open_setup_file(&self, request: OpenSetupFile) -> Result<SetupView, Failure> {
        self.take(move |session| {
            let path = file_path(&request.path)?;
            let handed_over = SetupFile::read(&path)?;
            let store = session.place().store;
            // The same set-up opened a second time is the one that is there, unless it is another by content.
            let same = store.list()?.into_iter().find(|entry| {
                entry
                    .setup
                    .as_ref()
                    .is_ok_and(|setup| *setup == handed_over.setup)
            });
            match same {
                Some(entry) => Ok(store.open(&entry.id)?),
                None => Ok(store.create(handed_over.setup)?),
            }
        })
        .await
    }

    /// `close_setup`
    pub async fn close_setup(&self, _: Nothing) -> Result<SetupList, Failure> {
        self.0.jobs.cancel_all();
        *self.open_setup_now() = None;
        self.list_setups(()).await
    }

    /// `rename_setup`
    pub async fn rename_setup(&self, request: RenameSetup) -> Result<SetupView, Failure> {
        let name = change::name(&request.name)?;
        self.edit(move |open| {
            open.file.setup.name = name;
            Ok(())
        })
        .await
    }

    /// `delete_setup`
    pub async fn delete_setup(&self, request: OpenSetup) -> Result<SetupList, Failure> {
        self.forget_all_secrets(&request.id).await?;
        self.blocking(move |session| {
            let store = session.place().store;
            let mut guard = session.open_setup_now();
            let path = store.open(&request.id)?.path().to_owned();
            if journal_path(&path).exists() {
                // Another run that works on this set-up keeps it.
                drop(FileJournal::open(&path, "the window, to delete it")?);
            }
            store.delete(&request.id)?;
            if guard
                .as_ref()
                .is_some_and(|open| open.file.stem() == request.id)
            {
                session.0.jobs.cancel_all();
                *guard = None;
            }
            Ok(())
        })
        .await?;
        self.list_setups(()).await
    }

    /// `current_setup`
    pub async fn current_setup(&self, _: Nothing) -> Result<SetupView, Failure> {
        self.with_open(show::setup)
    }

    /// `change_setup`
    pub async fn change_setup(&self, request: ChangeSetup) -> Result<SetupView, Failure> {
        self.edit(move |open| {
            let before = open.file.setup.entra.clone();
            change::change(&mut open.file.setup, request.change)?;
            let entra = &open.file.setup.entra;
            let who = |entra: &EntraSetup| {
                (
                    entra.cloud,
                    entra.tenant_id.clone(),
                    entra.sign_in,
                    entra.client_id.clone(),
                )
            };
            // A sign-in belongs to the tenant, the registration and the way it was made for.
            if who(entra) != who(&before) {
                open.forget_entra();
            }
            open.kept.clear();
            Ok(())
        })
        .await
    }

    /// `use_url`
    pub async fn use_url(&self, request: RecogniseUrl) -> Result<SetupView, Failure> {
        let world = self.place().world.clone();
        let reading = super::recognise::url(&request.text, &world);
        let Some(url) = reading.url else {
            return Err(match &reading.fault {
                Some(fault) => Failure::of_fault(fault),
                None => Failure::bad_input("The field is empty.", "Paste the SCIM URL."),
            });
        };
        self.edit(move |open| {
            let setup = &mut open.file.setup;
            if setup.databricks.scim_url.as_ref() == Some(&url) {
                return Ok(());
            }
            // A name that was suggested for another workspace goes with its address; one that a person gave stays.
            if setup.journey == Journey::Workspace && setup.entra.app.service_principal_id.is_none()
            {
                let suggested = |url: &str| application_of_workspace(url, &world);
                let before = setup.databricks.scim_url.as_deref().and_then(suggested);
                if setup.entra.app.display_name == before {
                    setup.entra.app.display_name = suggested(&url);
                }
            }
            setup.databricks.scim_url = Some(url);
            setup.databricks.account_id = reading.account_id.or(setup.databricks.account_id.take());
            setup.cloud = reading.cloud.unwrap_or(setup.cloud);
            open.forget_databricks();
            Ok(())
        })
        .await
    }

    /// `attest`
    pub async fn attest(&self, request: Attest) -> Result<SetupView, Failure> {
        let by = change::name(&request.by)
            .map_err(|_| Failure::bad_input("A word needs a name.", "Write who says it."))?;
        let note = request
            .note
            .map(|note| note.trim().to_owned())
            .filter(|note| !note.is_empty());
        self.edit(move |open| {
            if !show::is_check(open, &request.check) {
                return Err(Failure::bad_input(
                    "There is no such check.",
                    "Choose a check of the list.",
                ));
            }
            let attestation = Attestation {
                by,
                at: Timestamp::now(),
                note,
            };
            open.file.setup.attested.insert(request.check, attestation);
            Ok(())
        })
        .await
    }

    /// `withdraw_attestation`
    pub async fn withdraw_attestation(
        &self,
        request: WithdrawAttestation,
    ) -> Result<SetupView, Failure> {
        self.edit(move |open| {
            open.file.setup.attested.remove(&request.check);
            Ok(())
        })
        .await
    }

    /// Opens a set-up file where it lies; it is saved there.
    pub(super) async fn open_in_place(&self, path: PathBuf) -> Result<SetupView, Failure> {
        self.take(move |_| {
            Ok(SetupFile::read(
                &std::path::absolute(&path).unwrap_or(path),
            )?)
        })
        .await
    }

    /// Opens what `find` finds: jobs of the set-up before are cancelled, its secrets are listed, and it is shown.
    async fn take(
        &self,
        find: impl FnOnce(&Session) -> Result<SetupFile, Failure> + Send + 'static,
    ) -> Result<SetupView, Failure> {
        self.blocking(move |session| {
            let file = find(&session)?;
            session.0.jobs.cancel_all();
            *session.open_setup_now() = Some(Open::new(file));
            Ok(())
        })
        .await?;
        self.list_secrets().await;
        self.with_open(show::setup)
    }
}

fn summary(entry: SetupEntry) -> SetupSummary {
    let SetupEntry {
        id,
        saved_at,
        setup,
    } = entry;
    match setup {
        Ok(setup) => SetupSummary {
            id,
            name: setup.name,
            journey: Some(setup.journey),
            cloud: Some(setup.cloud),
            saved_at,
            failure: None,
        },
        Err(error) => SetupSummary {
            name: id.clone(),
            id,
            journey: None,
            cloud: None,
            saved_at,
            failure: Some(error.into()),
        },
    }
}

/// A path as it is typed, dropped or copied in a file manager: quotes and `file://` are taken off.
pub(crate) fn file_path(text: &str) -> Result<PathBuf, Failure> {
    let bare = text.trim().trim_matches(['"', '\'']);
    if bare.is_empty() {
        return Err(Failure::bad_input(
            "No file is named.",
            "Write the file's full path.",
        ));
    }
    let from_url = Url::parse(bare).ok().filter(|url| url.scheme() == "file");
    let path = match from_url.map(|url| url.to_file_path()) {
        Some(Ok(path)) => path,
        Some(Err(())) => {
            return Err(Failure::bad_input(
                "This is not a file on this machine.",
                "Write the file's full path.",
            ));
        }
        None => Path::new(bare).to_owned(),
    };
    if path.is_absolute() {
        Ok(path)
    } else {
        Err(Failure::bad_input(
            "The path is not complete.",
            "Write it from the top, with every folder.",
        ))
    }
}
