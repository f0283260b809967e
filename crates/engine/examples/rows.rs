//! What a window of a long table and a keystroke in its search cost, in Rust: `rows users|coverage` reads a large practice tenant
//! through a session and asks as the page does. Prints one JSON document; `cargo xtask bench` holds it to its limits.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program for the terminal, and a panic is how a measurement fails"
)]

use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use usher_core::model::setup::{Journey, SignIn};
use usher_core::model::{DatabricksCloud, Endpoints, World};
use usher_engine::session::view::{
    ChangeSetup, CreateSetup, RowFilter, RowOrder, RowsRequest, SetupChange, StartJob, TableId,
};
use usher_engine::session::{Session, SessionOptions};
use usher_practice::{Options, Practice};

/// A screen of rows, and more on both sides of it.
const ROWS: u32 = 60;
const WINDOWS: u32 = 500;
const RUNS: usize = 5;
/// What people type: a name, a place in a name, a sign-in name, nothing that exists.
const TYPED: &[&str] = &["anna berg", "son", "person000", "contoso.example", "xyzzy"];

#[tokio::main]
async fn main() {
    let asked: Option<String> = std::env::args().nth(1);
    let (scenario, journey, table) = match asked.as_deref() {
        Some("users") => ("large", Journey::Account, TableId::Users),
        Some("coverage") => ("migrate-large", Journey::Migrate, TableId::Coverage),
        _ => panic!("rows users|coverage"),
    };
    let options = Options {
        scenario: scenario.to_owned(),
        ..Options::default()
    };
    let practice = Practice::start(options)
        .await
        .expect("the practice tenant starts");
    let folder = tempfile::tempdir().expect("the machine has a place for temporary files");
    let session = signed_in(&practice, folder.path(), journey).await;
    read(&session, table).await;

    let (mut windows, mut total) = (Vec::new(), 0);
    for index in 0..WINDOWS {
        // All over the table, as a hand on the scroll bar goes.
        let offset = index * 7919 % 100_000;
        let order = if index % 2 == 0 {
            RowOrder::Name
        } else {
            RowOrder::Detail
        };
        let (millis, shown) = asked_for(&session, table, "", order, offset).await;
        windows.push(millis);
        total = shown;
    }
    let mut keystrokes = Vec::new();
    for _ in 0..RUNS {
        for word in TYPED {
            for (end, letter) in word.char_indices() {
                let typed = &word[..end + letter.len_utf8()];
                let (millis, _) = asked_for(&session, table, typed, RowOrder::Name, 0).await;
                keystrokes.push(millis);
            }
        }
    }
    let answer = json!({
        "rows": total,
        "windowMillis": median(windows),
        "keystrokeMillis": median(keystrokes.clone()),
        "slowestKeystrokeMillis": keystrokes.into_iter().fold(0.0, f64::max),
    });
    println!("{answer}");
}

/// Reads what the table is made from.
async fn read(session: &Session, table: TableId) {
    let job = StartJob {
        job: "read".to_owned(),
    };
    if table == TableId::Coverage {
        let seen = session.observe(job, Arc::new(|_| {})).await;
        seen.expect("both sides can be looked at");
    } else {
        let read = session.load_directory(job, Arc::new(|_| {})).await;
        read.expect("the tenant's people can be read");
    }
}

/// A session on this tenant, signed in to its Entra side as an application.
async fn signed_in(practice: &Practice, folder: &std::path::Path, journey: Journey) -> Session {
    let endpoints = Endpoints::parse(&practice.endpoints_json()).expect("they are endpoints");
    let session = Session::new(SessionOptions {
        world: World::Mapped(endpoints),
        memory_vault: true,
        ..SessionOptions::in_folder(folder.to_owned())
    })
    .expect("a session begins");
    let details = practice.details();
    let create = CreateSetup {
        name: "Large".to_owned(),
        journey,
        cloud: DatabricksCloud::Azure,
    };
    session.create_setup(create).await.expect("it is made");
    for change in [
        SetupChange::TenantId(Some(details.tenant_id.clone())),
        SetupChange::ClientId(Some(details.client_id.clone())),
        SetupChange::SignIn(Some(SignIn::ClientSecret)),
        SetupChange::AccountId(Some(details.account_id.clone())),
        SetupChange::DatabricksClientId(Some(details.databricks_client_id.clone())),
    ] {
        let change = ChangeSetup { change };
        session.change_setup(change).await.expect("it is kept");
    }
    for (slot, secret) in [
        ("entra-client-secret", &details.client_secret),
        (
            "databricks-client-secret",
            &details.databricks_client_secret,
        ),
    ] {
        let secret = json!({ "slot": { "slot": slot }, "text": secret });
        let secret = serde_json::from_value(secret).expect("it is a request");
        session.keep_token(secret).await.expect("it is kept");
    }
    let job = StartJob {
        job: "sign-in".to_owned(),
    };
    session
        .sign_in(job, Arc::new(|_| {}))
        .await
        .expect("the sign-in holds");
    session
}

/// The milliseconds of one answer, made ready for the page, and how many rows the table has.
async fn asked_for(
    session: &Session,
    table: TableId,
    search: &str,
    order: RowOrder,
    offset: u32,
) -> (f64, u32) {
    let request = RowsRequest {
        table,
        search: search.to_owned(),
        filter: RowFilter::All,
        order,
        offset,
        limit: ROWS,
    };
    let begun = Instant::now();
    let window = session.rows(request).await.expect("rows are shown");
    let text = serde_json::to_string(&window).expect("rows are JSON");
    let millis = begun.elapsed().as_secs_f64() * 1000.0;
    assert!(!text.is_empty(), "an answer has a text");
    (millis, window.total)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
