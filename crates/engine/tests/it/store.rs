//! Set-up files on a real disk: whole or not at all, versioned, several by name.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use usher_core::checks::judge;
use usher_core::document::Document;
use usher_core::finding::Report;
use usher_core::model::Setup;
use usher_core::observation::Observation;
use usher_engine::store::{
    ReportError, SetupFile, Store, StoreError, keep_report, last_report, read_report,
    write_atomically,
};

fn setup(name: &str) -> Setup {
    serde_json::from_value(json!({
        "schema": "usher.setup/1", "name": name, "journey": "account", "cloud": "azure",
    }))
    .unwrap()
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn set_ups_of_one_name_get_files_of_their_own_and_are_listed_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    assert!(store.list().unwrap().is_empty());
    let first = store.create(setup("Contoso production")).unwrap();
    let second = store.create(setup("Contoso production")).unwrap();
    assert_eq!(first.stem(), "contoso-production");
    assert_eq!(second.stem(), "contoso-production-2");
    assert_ne!(first.key(), second.key());
    let ids: Vec<_> = store
        .list()
        .unwrap()
        .into_iter()
        .map(|entry| entry.id)
        .collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(store.open("contoso-production").unwrap().setup, first.setup);
}

#[test]
fn a_save_leaves_no_other_file_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = Store::new(folder.path()).create(setup("a")).unwrap();
    for round in 0..5 {
        file.setup.name = format!("round {round}");
        file.save().unwrap();
    }
    let names: Vec<_> = fs::read_dir(folder.path().join("setups"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["a.json"]);
    assert_eq!(read(file.path())["name"], "round 4");
}

#[test]
fn a_field_that_stands_twice_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let text = r#"{"schema": "usher.setup/1", "name": "a", "journey": "account", "cloud": "azure",
        "want": {"deleteThreshold": 500, "deleteThreshold": 5}}"#;
    fs::write(&path, text).unwrap();
    let error = SetupFile::read(&path).unwrap_err();
    assert!(matches!(error, StoreError::Unreadable { .. }), "{error}");
    assert!(error.to_string().contains("deleteThreshold"), "{error}");
}

#[cfg(unix)]
#[test]
fn by_a_link_it_is_the_one_file_and_the_link_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let path = store.create(setup("a")).unwrap().path().to_owned();
    let link = folder.path().join("alias.json");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let mut file = SetupFile::read(&link).unwrap();
    assert_eq!(file.path(), fs::canonicalize(&path).unwrap());
    file.setup.name = "b".into();
    file.save().unwrap();
    write_atomically(&link, &file.text().unwrap()).unwrap();
    assert!(link.is_symlink());
    assert_eq!(read(&path)["name"], "b");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_written_to_and_stays() {
    let written = write_atomically(Path::new("/dev/null"), b"a");
    written.unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn what_a_newer_version_added_survives_a_save() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    let text = json!({
        "schema": "usher.setup/1", "name": "x", "journey": "account", "cloud": "azure",
        "later": {"a": 1}, "entra": {"tenantId": "t", "laterToo": true},
    });
    fs::write(&path, text.to_string()).unwrap();
    let mut file = SetupFile::read(&path).unwrap();
    file.setup.entra.tenant_id = Some("other".to_owned());
    file.save().unwrap();
    let saved = read(&path);
    assert_eq!(saved["later"], json!({"a": 1}));
    assert_eq!(saved["entra"]["laterToo"], true);
    assert_eq!(saved["entra"]["tenantId"], "other");
}

#[test]
fn a_newer_schema_and_junk_are_told_apart_and_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    store.create(setup("good")).unwrap();
    let setups = folder.path().join("setups");
    let newer = r#"{"schema": "usher.setup/2", "name": "n", "steps": []}"#;
    for (name, text) in [
        ("newer", newer),
        ("junk", "not json"),
        ("empty", ""),
        ("foreign", r#"{"schema": "other/9"}"#),
        (
            "field",
            r#"{"schema": "usher.setup/1", "name": "f", "journey": "sideways", "cloud": "azure"}"#,
        ),
    ] {
        fs::write(setups.join(format!("{name}.json")), text).unwrap();
    }
    assert!(
        matches!(store.open("newer").unwrap_err(), StoreError::Newer { schema, .. } if schema == "usher.setup/2")
    );
    for unreadable in ["junk", "empty", "foreign"] {
        assert!(
            matches!(
                store.open(unreadable).unwrap_err(),
                StoreError::Unreadable { .. }
            ),
            "{unreadable}"
        );
    }
    assert!(
        store
            .open("field")
            .unwrap_err()
            .to_string()
            .contains("journey")
    );
    assert_eq!(
        store
            .list()
            .unwrap()
            .iter()
            .filter(|entry| entry.setup.is_ok())
            .count(),
        1
    );
    assert_eq!(
        fs::read_to_string(setups.join("newer.json")).unwrap(),
        newer
    );
}

#[test]
fn a_change_from_outside_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let mut mine = store.create(setup("a")).unwrap();
    let mut theirs = store.open("a").unwrap();
    theirs.setup.entra.tenant_id = Some("theirs".to_owned());
    theirs.save().unwrap();
    mine.setup.entra.tenant_id = Some("mine".to_owned());
    assert!(matches!(
        mine.save().unwrap_err(),
        StoreError::Changed { .. }
    ));
    assert_eq!(read(mine.path())["entra"]["tenantId"], "theirs");
}

#[test]
fn an_id_never_leads_out_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    fs::write(
        folder.path().join("outside.json"),
        serde_json::to_string(&setup("o")).unwrap(),
    )
    .unwrap();
    for id in [
        "../outside",
        "..",
        "",
        "/etc/hostname",
        "a/../../outside",
        "a\\..\\outside",
    ] {
        assert!(
            matches!(store.open(id).unwrap_err(), StoreError::Missing { .. }),
            "{id:?}"
        );
    }
}

#[test]
fn what_is_deleted_can_be_got_back_and_what_lay_beside_it_is_never_inherited() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let file = store.create(setup("a")).unwrap();
    let journal = file.path().with_extension("journal.jsonl");
    fs::write(&journal, "{}\n").unwrap();
    keep_report(file.path(), &report(&file.setup)).unwrap();
    assert!(last_report(file.path()).is_some());
    store.delete("a").unwrap();
    assert!(store.list().unwrap().is_empty() && !journal.exists());
    assert_eq!(last_report(file.path()), None);
    assert_eq!(
        fs::read_dir(folder.path().join("setups/deleted"))
            .unwrap()
            .count(),
        3
    );
    // A journal or report that stayed behind belongs to another set-up.
    fs::write(&journal, "{}\n").unwrap();
    assert_eq!(store.create(setup("a")).unwrap().stem(), "a-2");
    fs::remove_file(&journal).unwrap();
    keep_report(file.path(), &report(&file.setup)).unwrap();
    assert_eq!(store.create(setup("a")).unwrap().stem(), "a-3");
}

fn report(setup: &Setup) -> Document<Report> {
    let at = "2026-06-01T12:00:00Z".parse().unwrap();
    Document::new(judge(setup, &Observation::default(), at), at)
}

#[test]
fn the_last_report_lies_beside_its_set_up_and_is_no_set_up() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let file = store.create(setup("a")).unwrap();
    assert_eq!(last_report(file.path()), None);
    let kept = report(&file.setup);
    keep_report(file.path(), &kept).unwrap();
    assert_eq!(last_report(file.path()), Some(kept.clone()));
    assert_eq!(
        read_report(&file.path().with_extension("report.json")).unwrap(),
        kept
    );
    assert_eq!(store.list().unwrap().len(), 1);
}

#[test]
fn what_is_no_report_says_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    for (text, why) in [
        ("{", "EOF"),
        ("{}", "schema"),
        (r#"{"schema":"usher.setup/1"}"#, "usher.setup/1"),
        (r#"{"schema":"usher.report/1"}"#, "generatedAt"),
    ] {
        fs::write(&path, text).unwrap();
        let error = read_report(&path).unwrap_err().to_string();
        assert!(error.contains(why), "{text}: {error}");
    }
    assert!(matches!(
        read_report(&folder.path().join("none.json")),
        Err(ReportError::Store(StoreError::Missing { .. }))
    ));
}

/// Permission bits prove nothing to an administrator, so the folder is a file: nobody can write into that.
#[test]
fn a_folder_that_cannot_be_written_is_an_error_and_the_old_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("setups"), "in the way").unwrap();
    let error = Store::new(folder.path()).create(setup("a")).unwrap_err();
    assert!(
        matches!(error, StoreError::Io { .. } | StoreError::ReadOnly { .. }),
        "{error}"
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("setups")).unwrap(),
        "in the way"
    );
}
