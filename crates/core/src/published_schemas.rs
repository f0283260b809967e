//! The schemas in `docs/schemas`: every document made here is held to its own.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::checklist::{Checklist, Format};
use crate::checks::judge;
use crate::connection::{ConnectionReport, Fault, FaultCode, Verdict, fault::FaultContext};
use crate::document::{Document, ErrorBody, Schema};
use crate::model::Setup;
use crate::model::setup::{Attestation, Journey};
use crate::observation::Observation;
use crate::outcome::{ChangeOutcome, ChangeState, Outcome};
use crate::plan::ChangeKind;
use crate::testing;

/// A schema that allows no field it does not name: what we write is all described, whatever readers may put up with.
fn strict(schema: &mut Value) {
    if let Value::Object(fields) = schema {
        if fields.get("type") == Some(&Value::from("object")) && fields.contains_key("properties") {
            fields
                .entry("additionalProperties")
                .or_insert(Value::Bool(false));
        }
        fields.values_mut().for_each(strict);
    } else if let Value::Array(items) = schema {
        items.iter_mut().for_each(strict);
    }
}

/// What is wrong with a document, by the schema of that name.
#[track_caller]
fn wrong(name: &str, document: &Value) -> Vec<String> {
    let file = format!("{}.schema.json", name.replace('/', "-"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/schemas")
        .join(file);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    strict(&mut schema);
    let judge = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let errors = judge.iter_errors(document);
    errors
        .map(|error| format!("{}: {error}", error.instance_path))
        .collect()
}

#[track_caller]
fn holds(name: &str, document: &Value) {
    let wrong = wrong(name, document);
    assert!(wrong.is_empty(), "{name}: {wrong:#?}\n{document:#}");
}

#[track_caller]
fn document_holds<Body: Schema + Serialize>(body: Body) {
    let document = serde_json::to_value(Document::new(body, testing::now())).unwrap();
    holds(Body::SCHEMA, &document);
}

/// Set-ups and worlds of every journey, seen and unseen.
fn cases() -> Vec<(Setup, Observation)> {
    let journeys = [Journey::Account, Journey::Workspace, Journey::Migrate];
    let worlds = [testing::world(), testing::fresh(), Observation::default()];
    journeys
        .into_iter()
        .flat_map(|journey| {
            worlds.clone().map(|seen| {
                let mut setup = testing::setup();
                setup.journey = journey;
                let word = Attestation {
                    by: "Ada".to_owned(),
                    at: testing::now(),
                    note: Some("seen".to_owned()),
                };
                setup.attested.insert("premium-plan".to_owned(), word);
                (setup, seen)
            })
        })
        .collect()
}

#[test]
fn reports_checklists_and_set_ups_are_as_published() {
    for (setup, seen) in cases() {
        let report = judge(&setup, &seen, testing::now());
        let checklist = Checklist::of(&setup, &seen, &report);
        let mut spoiled = seen.clone();
        spoiled.databricks.directory = crate::observation::databricks::Directory::default();
        let later = judge(&setup, &spoiled, testing::now());
        document_holds(later.since(&Document::new(report.clone(), testing::ago(60))));
        document_holds(report);
        holds(
            "usher.checklist/1",
            &serde_json::from_str(&checklist.text(Format::Json, testing::now())).unwrap(),
        );
        holds("usher.setup/1", &serde_json::to_value(&setup).unwrap());
    }
}

#[test]
fn connection_reports_are_as_published_with_every_fault() {
    document_holds(testing::connection());
    for code in FaultCode::ALL {
        let fault = Some(Fault::of(code, &FaultContext::default()));
        document_holds(ConnectionReport {
            verdict: Verdict::Fail,
            fault,
            ..testing::connection()
        });
    }
    // The order of the phases is part of what is published.
    let mut shuffled = testing::connection();
    shuffled.phases.swap(0, 1);
    let document = serde_json::to_value(Document::new(shuffled, testing::now())).unwrap();
    assert!(!wrong(ConnectionReport::SCHEMA, &document).is_empty());
}

#[test]
fn outcomes_and_errors_are_as_published() {
    let states = [
        ChangeState::Done,
        ChangeState::Skipped,
        ChangeState::Failed,
        ChangeState::Undone,
        ChangeState::Kept,
        ChangeState::Manual,
        ChangeState::NotTried,
    ];
    let changes = states.map(|state| ChangeOutcome {
        id: "start:x".to_owned(),
        kind: ChangeKind::Start,
        state,
        at: Timestamp::UNIX_EPOCH,
        error: (state == ChangeState::Failed).then(|| "it did not".to_owned()),
        reason: (state == ChangeState::Kept).then(|| "on purpose".to_owned()),
    });
    document_holds(Outcome {
        changes: changes.to_vec(),
    });
    document_holds(ErrorBody {
        code: "usage".to_owned(),
        message: "It was not understood.".to_owned(),
        hint: "Look at the help.".to_owned(),
    });
}

#[test]
fn a_field_nobody_described_is_found() {
    let mut document =
        serde_json::to_value(Document::new(testing::connection(), testing::now())).unwrap();
    document["phases"][0]["surprise"] = Value::Bool(true);
    let caught = std::panic::catch_unwind(|| holds("usher.connection/1", &document));
    assert!(caught.is_err());
}
