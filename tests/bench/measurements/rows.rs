//! The long tables of the window: rows live in Rust, the page asks for windows of them.

use serde_json::Value;
use usher_tests::process::run;
use usher_tests::{Home, place};

use super::{Figure, figure};

pub(super) async fn measure() -> Vec<Figure> {
    let users = asked_for("users").await;
    let coverage = asked_for("coverage").await;
    vec![
        window("rows-window", &users),
        keystroke("rows-keystroke", &users),
        window("coverage-window", &coverage),
        keystroke("coverage-keystroke", &coverage),
    ]
}

async fn asked_for(table: &str) -> Value {
    let home = Home::new();
    let mut command = home.command(place::program("examples/rows"));
    command.arg(table);
    let told = run(command).await.json();
    assert!(number(&told, "rows") >= 100_000.0, "{told}");
    told
}

fn number(told: &Value, name: &str) -> f64 {
    told[name].as_f64().expect("the figure is told")
}

fn window(id: &'static str, told: &Value) -> Figure {
    let from = format!(
        "Rust's time for 60 of {} rows, written for the page",
        told["rows"]
    );
    figure(id, number(told, "windowMillis"), from)
}

fn keystroke(id: &'static str, told: &Value) -> Figure {
    let slowest = number(told, "slowestKeystrokeMillis");
    let from = format!("the slowest took {slowest:.1} ms");
    figure(id, number(told, "keystrokeMillis"), from)
}
