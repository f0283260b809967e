//! Every check, and every format of what they say, on a large tenant. Pure functions, so they are measured in a process of their own.

use serde_json::Value;
use usher_tests::measure::median;
use usher_tests::process::run;
use usher_tests::{Home, place};

use super::{Figure, figure};

const USERS: u32 = 100_000;
const RUNS: usize = 3;

pub(super) async fn measure() -> Vec<Figure> {
    let (small, large) = (judged(USERS / 10).await, judged(USERS).await);
    let number = |told: &Value, name: &str| told[name].as_f64().expect("the figure is told");
    let seconds = |told: &Value, name: &str| number(told, name) / 1000.0;
    // Both sizes in turn, and the one in the middle of each: what else the machine does falls on both.
    let mut both = (vec![large.clone()], vec![small]);
    for _ in 1..RUNS {
        both.1.push(judged(USERS / 10).await);
        both.0.push(judged(USERS).await);
    }
    let middle =
        |told: &[Value]| median(told.iter().map(|one| seconds(one, "judgeMillis")).collect());
    let (judging, tenth) = (middle(&both.0), middle(&both.1));
    let (peak, observation) = (number(&large, "peakKib"), number(&large, "observationKib"));
    vec![
        figure("judging", judging, format!("{} checks", large["checks"])),
        figure(
            "judging-growth",
            judging / tenth,
            format!("{judging:.3} s and {tenth:.3} s"),
        ),
        figure(
            "writing",
            seconds(&large, "writeMillis"),
            format!("{:.1} MB", number(&large, "writtenBytes") / 1e6),
        ),
        figure(
            "judging-memory",
            peak / observation,
            format!(
                "{:.0} MiB and {:.0} MiB",
                peak / 1024.0,
                observation / 1024.0
            ),
        ),
    ]
}

async fn judged(users: u32) -> Value {
    let home = Home::new();
    let mut command = home.command(place::program("examples/judging"));
    command.arg(users.to_string());
    run(command).await.json()
}
