//! The session as the window uses it: set-ups, secrets, links, hand-over, practice.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tempfile::TempDir;
use usher_core::model::DatabricksCloud;
use usher_core::model::setup::Journey;
use usher_engine::apply::FileJournal;
use usher_engine::session::view::*;
use usher_engine::session::{Session, SessionOptions};

const SCIM: &str = "https://accounts.azuredatabricks.net/api/2.1/accounts/0d6b0b2b-7b1d-4b1a-9d3e-2f5a6c7d8e9f/scim/v2";
const CANARY: &str = "dsapi7c0ffee7c0ffee7c0ffee7c0ffee7c0f";

struct Home {
    folder: TempDir,
    opened: Arc<Mutex<Vec<String>>>,
}

impl Home {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            opened: Arc::default(),
        }
    }

    /// A session as after a start of the program.
    fn session(&self) -> Session {
        let opened = Arc::clone(&self.opened);
        Session::new(SessionOptions {
            documents_folder: self.folder.path().join("documents"),
            memory_vault: true,
            browser: Arc::new(move |url| {
                opened.lock().unwrap().push(url.to_owned());
                Ok(())
            }),
            ..SessionOptions::in_folder(self.folder.path().join("data"))
        })
        .unwrap()
    }
}

async fn contoso(session: &Session) -> SetupView {
    let request = CreateSetup {
        name: "Contoso".to_owned(),
        journey: Journey::Account,
        cloud: DatabricksCloud::Azure,
    };
    session.create_setup(request).await.unwrap()
}

fn url(text: &str) -> RecogniseUrl {
    RecogniseUrl {
        text: text.to_owned(),
    }
}

fn keep(text: &str) -> KeepToken {
    serde_json::from_value(json!({ "slot": { "slot": "scim-token" }, "text": text })).unwrap()
}

fn open(id: &str) -> OpenSetup {
    OpenSetup { id: id.to_owned() }
}

#[tokio::test]
async fn what_was_set_is_there_after_a_restart() {
    let home = Home::new();
    let session = home.session();
    contoso(&session).await;
    session.use_url(url(&format!("  {SCIM}/ "))).await.unwrap();
    let change = SetupChange::TenantId(Some("contoso.example".to_owned()));
    session.change_setup(ChangeSetup { change }).await.unwrap();
    drop(session);

    let again = home.session();
    let list = again.list_setups(()).await.unwrap();
    assert_eq!(list.setups[0].name, "Contoso");
    let view = again.open_setup(open(&list.setups[0].id)).await.unwrap();
    assert_eq!(view.setup.databricks.scim_url.as_deref(), Some(SCIM));
    assert_eq!(
        view.setup.databricks.account_id.as_deref(),
        Some("0d6b0b2b-7b1d-4b1a-9d3e-2f5a6c7d8e9f")
    );
    assert_eq!(
        view.setup.entra.tenant_id.as_deref(),
        Some("contoso.example")
    );
    assert_eq!(view.url.verdict, ReadingVerdict::Good);
}

#[tokio::test]
async fn without_a_set_up_commands_say_so() {
    let session = Home::new().session();
    assert_eq!(
        session.current_setup(()).await.unwrap_err().code,
        FailureCode::NoSetup
    );
    assert_eq!(
        session.use_url(url(SCIM)).await.unwrap_err().code,
        FailureCode::NoSetup
    );
    assert_eq!(
        session.keep_token(keep(CANARY)).await.unwrap_err().code,
        FailureCode::NoSetup
    );
}

#[tokio::test]
async fn two_set_ups_do_not_share_a_name() {
    let session = Home::new().session();
    contoso(&session).await;
    let request = CreateSetup {
        name: " Contoso ".to_owned(),
        journey: Journey::Migrate,
        cloud: DatabricksCloud::Aws,
    };
    assert_eq!(
        session.create_setup(request).await.unwrap_err().code,
        FailureCode::NameTaken
    );
}

#[tokio::test]
async fn a_secret_is_shown_by_its_last_four_and_never_written() {
    let home = Home::new();
    let session = home.session();
    contoso(&session).await;
    let early = session.keep_token(keep(CANARY)).await.unwrap_err();
    assert_eq!(early.code, FailureCode::NotReady);
    session.use_url(url(SCIM)).await.unwrap();
    let view = session
        .keep_token(keep(&format!("Bearer {CANARY}")))
        .await
        .unwrap();
    let [secret] = view.secrets.as_slice() else {
        panic!("{:?}", view.secrets)
    };
    assert_eq!(secret.last_four.as_deref(), Some("7c0f"));
    assert_eq!(
        (secret.slot.clone(), secret.in_use, secret.memory_only),
        (SecretSlot::ScimToken, true, true)
    );
    assert!(!serde_json::to_string(&view).unwrap().contains(CANARY));
    assert!(!format!("{:?}", keep(CANARY)).contains(CANARY));

    session.hand_over(HandOver { folder: None }).await.unwrap();
    assert!(
        files(home.folder.path())
            .iter()
            .all(|text| !text.contains(&CANARY[5..]))
    );

    let forget = ForgetSecret {
        slot: SecretSlot::ScimToken,
        origin: Some(secret.origin.clone()),
    };
    assert!(
        session
            .forget_secret(forget)
            .await
            .unwrap()
            .secrets
            .is_empty()
    );
}

#[tokio::test]
async fn a_token_of_the_wrong_kind_is_not_kept() {
    let session = Home::new().session();
    contoso(&session).await;
    session.use_url(url(SCIM)).await.unwrap();
    let refused = session
        .keep_token(keep("dapi0123456789abcdef0123456789abcdef"))
        .await
        .unwrap_err();
    assert_eq!(refused.code, FailureCode::BadInput);
    assert!(
        !serde_json::to_string(&refused)
            .unwrap()
            .contains("0123456789abcdef")
    );
    assert!(session.current_setup(()).await.unwrap().secrets.is_empty());
}

#[tokio::test]
async fn another_url_leaves_the_old_token_behind_and_says_so() {
    let session = Home::new().session();
    contoso(&session).await;
    session.use_url(url(SCIM)).await.unwrap();
    session.keep_token(keep(CANARY)).await.unwrap();
    session
        .use_url(url(&SCIM.replace(".net", ".us")))
        .await
        .unwrap();
    let view = session.secrets(()).await.unwrap();
    assert!(!view.secrets[0].in_use);
    assert_eq!(view.setup.cloud, DatabricksCloud::AzureUsGov);
}

#[tokio::test]
async fn what_cannot_be_saved_is_not_shown_as_if_it_were() {
    let session = Home::new().session();
    let view = contoso(&session).await;
    let path = Path::new(&view.path).to_owned();
    let mut other: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    other["name"] = json!("Changed elsewhere");
    fs::write(&path, other.to_string()).unwrap();

    let refused = session.use_url(url(SCIM)).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::SetupChanged);
    assert_eq!(
        session
            .current_setup(())
            .await
            .unwrap()
            .setup
            .databricks
            .scim_url,
        None
    );
    let reopened = session.open_setup(open(&view.id)).await.unwrap();
    assert_eq!(reopened.setup.name, "Changed elsewhere");
}

#[tokio::test]
async fn a_hand_over_opens_on_the_other_machine() {
    let (here, there) = (Home::new(), Home::new());
    let session = here.session();
    contoso(&session).await;
    session.use_url(url(SCIM)).await.unwrap();
    let handed = session.hand_over(HandOver { folder: None }).await.unwrap();
    let second = session.hand_over(HandOver { folder: None }).await.unwrap();
    assert_ne!(handed.setup_path, second.setup_path);
    assert!(handed.note.contains(SCIM) && handed.note.contains("Contoso"));

    let other = there.session();
    let request = OpenSetupFile {
        path: format!("\"{}\"", handed.setup_path),
    };
    let view = other.open_setup_file(request.clone()).await.unwrap();
    assert_eq!(view.setup.databricks.scim_url.as_deref(), Some(SCIM));
    assert_ne!(view.path, handed.setup_path);
    // Opened a second time it is the same set-up, not a second one.
    assert_eq!(other.open_setup_file(request).await.unwrap().id, view.id);
}

#[tokio::test]
async fn a_deleted_set_up_is_closed_and_its_secrets_are_gone() {
    let session = Home::new().session();
    let view = contoso(&session).await;
    session.use_url(url(SCIM)).await.unwrap();
    session.keep_token(keep(CANARY)).await.unwrap();
    let list = session.delete_setup(open(&view.id)).await.unwrap();
    assert!(list.setups.is_empty());
    assert_eq!(
        session.current_setup(()).await.unwrap_err().code,
        FailureCode::NoSetup
    );
    // One of the same name gets the same file; nothing of the old one is in the vault.
    assert!(contoso(&session).await.secrets.is_empty());
}

#[tokio::test]
async fn a_set_up_on_which_another_run_works_is_not_deleted() {
    let session = Home::new().session();
    let view = contoso(&session).await;
    let elsewhere = FileJournal::open(Path::new(&view.path), "the command line").unwrap();
    let refused = session.delete_setup(open(&view.id)).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::SetupLocked);
    assert!(refused.message.contains("the command line"));
    drop(elsewhere);
    assert!(
        session
            .delete_setup(open(&view.id))
            .await
            .unwrap()
            .setups
            .is_empty()
    );
}

#[tokio::test]
async fn links_are_opened_by_id_alone() {
    let home = Home::new();
    let session = home.session();
    contoso(&session).await;
    let request = FollowLink {
        link: LinkId::AccountConsole,
    };
    let link = session.open_link(request).await.unwrap();
    assert_eq!(*home.opened.lock().unwrap(), [link.url.unwrap()]);
    let nowhere = session
        .open_link(FollowLink {
            link: LinkId::Workspace,
        })
        .await
        .unwrap_err();
    assert_eq!(nowhere.code, FailureCode::NotReady);
}

#[tokio::test]
async fn the_theme_is_kept() {
    let home = Home::new();
    home.session()
        .set_theme(SetTheme { theme: Theme::Dark })
        .await
        .unwrap();
    assert_eq!(
        home.session().app_info(()).await.unwrap().theme,
        Theme::Dark
    );
}

/// Every file under a folder, as text.
fn files(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(files(&path));
        } else {
            texts.push(String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned());
        }
    }
    texts
}
