//! Memory, and stores that misbehave.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use usher_core::model::Secret;
use usher_vault::{
    Event, KeyringOptions, SecretId, SecretKind, Store, StoreError, Vault, VaultError,
};

fn id(setup: &str, origin: &str, kind: SecretKind) -> SecretId {
    SecretId {
        setup: setup.to_owned(),
        origin: origin.parse().unwrap(),
        kind,
    }
}

fn token(setup: &str) -> SecretId {
    id(
        setup,
        "https://accounts.azuredatabricks.net",
        SecretKind::ScimToken,
    )
}

#[tokio::test]
async fn secrets_are_kept_by_setup_origin_and_kind() {
    let vault = Vault::memory();
    assert!(!vault.is_lasting());
    vault.probe().await.unwrap();
    let other = id(
        "a",
        "https://adb-1.1.azuredatabricks.net",
        SecretKind::ScimToken,
    );
    vault
        .put(token("a"), Secret::new("dsapi-0000-first"))
        .await
        .unwrap();
    vault
        .put(other.clone(), Secret::new("dapi-second"))
        .await
        .unwrap();
    assert_eq!(
        vault.get(token("a")).await.unwrap(),
        Some(Secret::new("dsapi-0000-first"))
    );
    assert_eq!(
        vault.get(other.clone()).await.unwrap(),
        Some(Secret::new("dapi-second"))
    );
    assert_eq!(vault.get(token("b")).await.unwrap(), None);
    let listed = vault.list("a").await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0].last_four.as_deref(), Some("irst"));
    assert_eq!(listed[1].last_four, None, "too short to show any of it");
    vault.remove(token("a")).await.unwrap();
    vault.remove(token("a")).await.unwrap();
    assert_eq!(vault.get(token("a")).await.unwrap(), None);
    assert_eq!(vault.list("a").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_new_secret_takes_the_place_of_the_old_one() {
    let vault = Vault::memory();
    vault.put(token("a"), Secret::new("first")).await.unwrap();
    vault.put(token("a"), Secret::new("second")).await.unwrap();
    assert_eq!(
        vault.get(token("a")).await.unwrap(),
        Some(Secret::new("second"))
    );
    assert_eq!(vault.list("a").await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_limit_of_windows_counts_everywhere() {
    let vault = Vault::memory();
    vault
        .put(token("a"), Secret::new("x".repeat(2_560)))
        .await
        .unwrap();
    let error = vault
        .put(token("a"), Secret::new("x".repeat(2_561)))
        .await
        .unwrap_err();
    assert_eq!(
        error,
        VaultError::TooLong {
            length: 2_561,
            limit: 2_560
        }
    );
}

/// Refuses entries over the limit, as Windows does.
#[derive(Default)]
struct Small(Mutex<std::collections::HashMap<String, Vec<u8>>>);

impl Store for Small {
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        assert!(bytes.len() <= 2_560, "{name} has {} bytes", bytes.len());
        self.0
            .lock()
            .unwrap()
            .insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    fn erase(&self, name: &str) -> Result<(), StoreError> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
}

#[tokio::test]
async fn the_index_of_many_workspaces_fits_and_holds_no_secret() {
    let store = Arc::new(Small::default());
    let vault = Vault::with_store(Arc::clone(&store) as _, KeyringOptions::default());
    let workspace = |n: u32| {
        id(
            "a",
            &format!("https://adb-25319014035064{n:02}.1.azuredatabricks.net"),
            SecretKind::ScimToken,
        )
    };
    for n in 0..60 {
        vault
            .put(
                workspace(n),
                Secret::new(format!("dapi0123456789abcdefcanary{n:02}")),
            )
            .await
            .unwrap();
    }
    assert_eq!(vault.list("a").await.unwrap().len(), 60);
    for (name, bytes) in store
        .0
        .lock()
        .unwrap()
        .iter()
        .filter(|(name, _)| name.contains("index"))
    {
        assert!(!String::from_utf8_lossy(bytes).contains("canary"), "{name}");
    }
    for n in 0..60 {
        vault.remove(workspace(n)).await.unwrap();
    }
    assert!(vault.list("a").await.unwrap().is_empty());
    assert!(store.0.lock().unwrap().is_empty(), "nothing is left behind");
}

/// Answers only when the gate is opened, and counts who is inside.
struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl Gate {
    fn new() -> Arc<Self> {
        let (open, opened) = (Mutex::new(false), Condvar::new());
        Arc::new(Self {
            open,
            opened,
            inside: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        })
    }

    fn pass(&self) {
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(inside, Ordering::SeqCst);
        let open = self.open.lock().unwrap();
        drop(self.opened.wait_while(open, |open| !*open).unwrap());
        self.inside.fetch_sub(1, Ordering::SeqCst);
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

impl Store for Gate {
    fn write(&self, _: &str, _: &[u8]) -> Result<(), StoreError> {
        self.pass();
        Ok(())
    }

    fn read(&self, _: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.pass();
        Ok(None)
    }

    fn erase(&self, _: &str) -> Result<(), StoreError> {
        self.pass();
        Ok(())
    }
}

#[tokio::test]
async fn a_silent_keyring_is_told_as_such_and_the_next_call_does_not_pile_up() {
    let gate = Gate::new();
    let after = Duration::from_millis(50);
    let options = KeyringOptions {
        patience: after,
        events: None,
    };
    let vault = Vault::with_store(Arc::clone(&gate) as _, options);
    assert_eq!(
        vault.probe().await.unwrap_err(),
        VaultError::Silent { after }
    );
    assert_eq!(
        vault.get(token("a")).await.unwrap_err(),
        VaultError::Silent { after }
    );
    assert_eq!(gate.most.load(Ordering::SeqCst), 1);
    gate.open();
    assert_eq!(
        vault.get(token("a")).await.unwrap(),
        None,
        "it works once the keyring does"
    );
}

#[tokio::test]
async fn a_wait_is_visible_and_so_is_its_end() {
    let gate = Gate::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (sink, opener) = (Arc::clone(&seen), Arc::clone(&gate));
    let events: usher_vault::EventSink = Arc::new(move |event| {
        sink.lock().unwrap().push(event);
        opener.open();
    });
    let options = KeyringOptions {
        events: Some(events),
        ..KeyringOptions::default()
    };
    let vault = Vault::with_store(gate as _, options);
    assert_eq!(vault.get(token("a")).await.unwrap(), None);
    assert_eq!(*seen.lock().unwrap(), [Event::Waiting, Event::Answered]);
}

struct Broken(StoreError);

impl Store for Broken {
    fn write(&self, _: &str, _: &[u8]) -> Result<(), StoreError> {
        Err(self.0.clone())
    }

    fn read(&self, _: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Err(self.0.clone())
    }

    fn erase(&self, _: &str) -> Result<(), StoreError> {
        Err(self.0.clone())
    }
}

#[tokio::test]
async fn each_refusal_has_its_own_words_code_and_hint() {
    let mut codes = Vec::new();
    for refusal in [
        StoreError::NoService,
        StoreError::NoKeyring,
        StoreError::Locked,
        StoreError::Refused("no".into()),
    ] {
        let vault = Vault::with_store(Arc::new(Broken(refusal)), KeyringOptions::default());
        let error = vault.probe().await.unwrap_err();
        assert!(error.hint().contains("memory for this run"));
        codes.push(error.code());
    }
    assert_eq!(
        codes,
        [
            "keyring-no-service",
            "keyring-none-yet",
            "keyring-locked",
            "keyring-refused"
        ]
    );
}

#[tokio::test]
async fn no_debug_output_shows_a_secret() {
    let vault = Vault::memory();
    let stored = vault
        .put(token("a"), Secret::new("dsapi0123456789canary"))
        .await
        .unwrap();
    assert!(!format!("{vault:?} {stored:?} {:?}", vault.list("a").await).contains("canary"));
}
