//! The measurements, side by side in one run: medians, and what they may be at most. `bench [--json] [NAME…]`.
//!
//! A figure of one machine means little; a ratio to something everybody has, taken in the same minute, means more.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal, and a panic is how a measurement fails"
)]

mod account;
mod limits;
mod measurements;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde::Serialize;

use limits::{LIMITS, Limit};
use measurements::{Figure, Kind};

/// No measurement takes as long; one that does is stuck.
const PATIENCE: Duration = Duration::from_secs(600);

/// A limit with what was measured.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    id: &'static str,
    what: &'static str,
    /// The figure; none when it was not measured.
    value: Option<f64>,
    at_most: f64,
    unit: &'static str,
    kept: bool,
    /// The figures it was made from.
    from: String,
}

impl Line {
    fn of(limit: &Limit, figures: &[Figure]) -> Self {
        let figure = figures.iter().find(|figure| figure.id == limit.id);
        Self {
            id: limit.id,
            what: limit.what,
            value: figure.map(|figure| figure.value),
            at_most: limit.at_most,
            unit: limit.unit,
            kept: figure.is_some_and(|figure| figure.value <= limit.at_most),
            from: figure.map_or_else(
                || "not measured; what went wrong stands above".to_owned(),
                |figure| figure.from.clone(),
            ),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (options, names): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|text| text.starts_with('-'));
    let known = |name: &str| Kind::ALL.iter().any(|kind| kind.name() == name);
    if options.iter().any(|option| *option != "--json") || names.iter().any(|name| !known(name)) {
        let all: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        eprintln!("bench [--json] [NAME…]: {}", all.join(" "));
        return ExitCode::from(2);
    }
    let chosen = |kind: Kind| names.is_empty() || names.iter().any(|name| *name == kind.name());
    let mut figures = Vec::new();
    for kind in Kind::ALL.iter().copied().filter(|kind| chosen(*kind)) {
        figures.extend(measured(kind).await);
    }
    let lines: Vec<Line> = LIMITS
        .iter()
        .filter(|limit| chosen(limit.by))
        .map(|limit| Line::of(limit, &figures))
        .collect();
    if options.is_empty() {
        table(&lines);
    } else {
        println!(
            "{}",
            serde_json::to_string_pretty(&lines).expect("figures are JSON")
        );
    }
    // A limit that is not kept is a failure: figures nobody looks at are worth nothing.
    if lines.iter().all(|line| line.kept) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs one measurement; one that fails gives no figures and does not keep the others from running.
async fn measured(kind: Kind) -> Vec<Figure> {
    let begun = Instant::now();
    let figures = tokio::time::timeout(PATIENCE, tokio::spawn(kind.measure())).await;
    let seconds = begun.elapsed().as_secs_f64();
    match figures {
        Ok(Ok(figures)) => {
            eprintln!("measured {} in {seconds:.1} s", kind.name());
            figures
        }
        Ok(Err(failure)) => {
            eprintln!("✕ {}: {failure}", kind.name());
            Vec::new()
        }
        Err(_) => {
            eprintln!("✕ {}: not done after {seconds:.0} s", kind.name());
            Vec::new()
        }
    }
}

fn table(lines: &[Line]) {
    println!("\n  {:>8}  {:>8}      what", "figure", "at most");
    for line in lines {
        let sign = if line.kept { '✓' } else { '✕' };
        let value = line
            .value
            .map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
        println!(
            "{sign} {value:>8}  {:>8} {:<3}  {} ({})",
            line.at_most, line.unit, line.what, line.from
        );
    }
}
