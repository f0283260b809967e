//! Coverage of a move, alone: 1,000,000 memberships, and a tenth of them. Pure, so it is measured in a process of its own.

use serde_json::Value;
use usher_tests::measure::median;
use usher_tests::process::run;
use usher_tests::{Home, place};

use super::{Figure, figure};

const MEMBERSHIPS: u32 = 1_000_000;

/// Runs of each size, one after the other in turn: what else the machine does falls on both.
const RUNS: usize = 3;

pub(super) async fn measure() -> Vec<Figure> {
    let (mut tenths, mut wholes, mut people) = (Vec::new(), Vec::new(), Value::Null);
    for _ in 0..RUNS {
        let (small, large) = (covered(MEMBERSHIPS / 10).await, covered(MEMBERSHIPS).await);
        let seconds = |told: &Value| {
            let millis = told["coverageMillis"].as_f64();
            millis.expect("the figure is told") / 1000.0
        };
        tenths.push(seconds(&small));
        wholes.push(seconds(&large));
        people = large["people"].clone();
    }
    let (all, tenth) = (median(wholes), median(tenths));
    vec![
        figure("coverage", all, format!("{people} people")),
        figure(
            "coverage-growth",
            all / tenth,
            format!("{all:.3} s and {tenth:.3} s"),
        ),
    ]
}

async fn covered(memberships: u32) -> Value {
    let home = Home::new();
    let mut command = home.command(place::program("examples/coverage"));
    command.arg(memberships.to_string());
    run(command).await.json()
}
