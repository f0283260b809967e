//! The measurements, side by side in one run: medians, and what they may be at most. `bench [--json]`.
//!
//! A figure of one machine means little; a ratio to something everybody has, taken in the same minute, means more.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal, and a panic is how a measurement fails"
)]

mod connection;
mod reading;
mod sizes;

use serde::Serialize;

/// One measurement.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Figure {
    /// What was measured, against what.
    name: String,
    /// The figure.
    value: f64,
    /// What it may be at most.
    limit: f64,
    /// `ratio`, `MiB` or `KiB`.
    unit: &'static str,
    /// The figures it was made from.
    from: String,
}

impl Figure {
    fn keeps(&self) -> bool {
        self.value <= self.limit
    }
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let json = std::env::args().any(|argument| argument == "--json");
    let mut figures = connection::measure().await;
    figures.extend(reading::measure().await);
    figures.extend(sizes::measure());
    if json {
        println!(
            "{}",
            serde_json::to_string_pretty(&figures).expect("figures are JSON")
        );
    } else {
        for figure in &figures {
            let sign = if figure.keeps() { '✓' } else { '✕' };
            let Figure {
                name,
                value,
                limit,
                unit,
                from,
            } = figure;
            println!("{sign} {name}: {value:.2} {unit}, at most {limit} ({from})");
        }
    }
    // A limit that is not kept is told, and is a failure: figures nobody looks at are worth nothing.
    if figures.iter().all(Figure::keeps) {
        std::process::ExitCode::SUCCESS
    } else {
        std::process::ExitCode::FAILURE
    }
}
