//! The long tables of the window: rows live in Rust, the page asks for windows of them.

use usher_tests::process::run;
use usher_tests::{Home, place};

use super::{Figure, figure};

pub(super) async fn measure() -> Vec<Figure> {
    let home = Home::new();
    let told = run(home.command(place::program("examples/rows")))
        .await
        .json();
    let number = |name: &str| told[name].as_f64().expect("the figure is told");
    assert!(number("rows") >= 100_000.0, "{told}");
    vec![
        figure(
            "rows-window",
            number("windowMillis"),
            format!(
                "Rust's time for 60 of {} rows, written for the page",
                told["rows"]
            ),
        ),
        figure(
            "rows-keystroke",
            number("keystrokeMillis"),
            format!(
                "the slowest took {:.1} ms",
                number("slowestKeystrokeMillis")
            ),
        ),
    ]
}
