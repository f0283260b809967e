//! What is kept beside a check: the renewal of a token, step by step, the address ranges Entra comes from, and the evidence.

use std::fs;

use serde_json::json;
use usher_core::finding::Status;
use usher_core::journey::StepState;
use usher_core::outcome::ChangeState;
use usher_core::plan::ChangeKind;
use usher_engine::session::view::*;

use crate::session_health::{Walk, finding, kinds, states};
use crate::sitting::{deaf, start};

#[tokio::test]
async fn a_token_is_renewed_step_by_step() {
    let walk = Walk::begin("connected").await;
    walk.answer(true).await;
    walk.look().await;
    let rotation = |walk: &Walk| {
        let session = walk.session.clone();
        async move { session.rotation(()).await.unwrap() }
    };
    let shape = |view: &RotationView| -> String {
        let letter = |step: &usher_core::rotation::Step| match step.state {
            StepState::Done => 'd',
            StepState::Attention => '!',
            StepState::Open => 'o',
            StepState::Blocked => '-',
        };
        view.steps.iter().map(letter).collect()
    };
    assert!(rotation(&walk).await.steps.is_empty());
    walk.set(SetupChange::TokenRotationBeganAt(Some(
        jiff::Timestamp::now(),
    )))
    .await;
    assert_eq!(shape(&rotation(&walk).await), "oo-----");

    // Databricks' console makes another token, and the old one stops: pasted again, it is refused from this machine, and Entra,
    // which still has it, is refused as well.
    let old = walk.practice.details().scim_token.clone();
    let new = walk
        .practice
        .databricks()
        .regenerate_token(jiff::SignedDuration::ZERO);
    walk.keep("scim-token", &old).await;
    assert_eq!(shape(&rotation(&walk).await), "ddo----");
    walk.session
        .test_connection(start("test"), deaf())
        .await
        .unwrap();
    assert_eq!(shape(&rotation(&walk).await), "dd!----");
    let view = walk.look().await;
    for check in ["connection-from-here", "connection-from-entra"] {
        assert_eq!(
            finding(&view, check).finding.status,
            Status::Fail,
            "{check}"
        );
    }
    walk.keep("scim-token", &new).await;
    assert_eq!(shape(&rotation(&walk).await), "ddo----");
    walk.session
        .test_connection(start("test"), deaf())
        .await
        .unwrap();
    assert_eq!(shape(&rotation(&walk).await), "dddo---");

    walk.look().await;
    let plan = walk.fix("token-age").await;
    assert_eq!(kinds(&plan), [ChangeKind::SaveCredentials]);
    let result = walk.make("token-age", &plan).await;
    assert_eq!(states(&result), [ChangeState::Done]);
    assert_eq!(shape(&rotation(&walk).await), "dddddo-");

    walk.attest("token-age").await;
    walk.look().await;
    let done = rotation(&walk).await;
    assert_eq!((shape(&done).as_str(), done.complete), ("ddddddd", true));
    assert!(done.expiry_assumed);
    walk.set(SetupChange::TokenRotationBeganAt(None)).await;
    assert!(rotation(&walk).await.steps.is_empty());

    let saved = walk.session.save_reminder(SaveInto::default()).await;
    let calendar = fs::read_to_string(saved.unwrap().path).unwrap();
    assert!(calendar.contains("BEGIN:VALARM") && !calendar.contains(&new));
}

const TAGS: &str = r#"{ "changeNumber": 341, "cloud": "Public", "values": [
    { "name": "AzureActiveDirectory", "properties": { "changeNumber": 20, "addressPrefixes": PREFIXES } },
    { "name": "AzureActiveDirectory.ServiceEndpoint", "properties": { "changeNumber": 1, "addressPrefixes": ["203.0.113.0/24"] } } ] }"#;

#[tokio::test]
async fn address_ranges_differ_from_the_file_before() {
    let walk = Walk::begin("fresh").await;
    assert_eq!(walk.session.address_ranges(()).await.unwrap().ranges, None);
    let read = async |name: &str, prefixes: &str| {
        let path = walk.folder.path().join(name);
        fs::write(&path, TAGS.replace("PREFIXES", prefixes)).unwrap();
        let request = OpenSetupFile {
            path: path.display().to_string(),
        };
        walk.session.read_address_ranges(request).await
    };
    let first = read("one.json", r#"["20.190.128.0/18", "13.64.151.161/32"]"#).await;
    let first = first.unwrap().ranges.unwrap();
    assert_eq!((first.entries, first.compared_with), (2, None));
    assert!(!first.text.contains("203.0.113"));
    let second = read("two.json", r#"["20.190.128.0/18", "40.126.0.0/18"]"#).await;
    let second = second.unwrap().ranges.unwrap();
    assert_eq!(second.added, ["40.126.0.0/18"]);
    assert_eq!(second.gone, ["13.64.151.161/32"]);
    // The same file again takes nothing away, and neither does another day.
    let again = read("two.json", r#"["20.190.128.0/18", "40.126.0.0/18"]"#).await;
    assert_eq!(again.unwrap().ranges.unwrap().gone, second.gone);
    let refused = read("bad.json", "7").await.unwrap_err();
    assert_eq!(refused.code, FailureCode::BadInput);
    let kept = walk.session.address_ranges(()).await.unwrap().ranges;
    assert_eq!(kept.unwrap().added, second.added);
    let saved = walk.session.save_address_ranges(SaveInto::default()).await;
    assert_eq!(
        fs::read_to_string(saved.unwrap().path).unwrap(),
        second.text
    );
}

#[tokio::test]
async fn evidence_is_written_beside_what_is_there_and_holds_no_secret() {
    let walk = Walk::begin("connected").await;
    walk.answer(true).await;
    walk.look().await;
    for format in ["terraform", "graph-script"] {
        let request = || serde_json::from_value(json!({ "format": format })).unwrap();
        let first = walk.session.export_code(request()).await.unwrap();
        let second = walk.session.export_code(request()).await.unwrap();
        assert_ne!(first.folder, second.folder);
        for file in &first.files {
            let path = std::path::Path::new(&first.folder).join(file);
            let text = fs::read_to_string(path).unwrap();
            assert!(!text.contains(&walk.practice.details().scim_token));
        }
    }
    let nothing = walk.session.save_failures(SaveInto::default()).await;
    assert_eq!(nothing.unwrap_err().code, FailureCode::NotReady);
    let step = "people".to_owned();
    let tips = walk.session.tips(TipsOf { step }).await.unwrap().tips;
    assert!(tips.iter().any(|tip| tip.id == "existing-merged"));
}
