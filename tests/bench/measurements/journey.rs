//! The account journey in the terminal, as `cargo xtask start` walks it without a display: our own time on the processor.

use usher_practice::{Options, Practice};
use usher_tests::measure::{cost, median};

use super::{Figure, figure};
use crate::account::Account;

const RUNS: usize = 5;
/// The commands after the connection test, as a person gives them.
const JOURNEY: &[&[&str]] = &[
    &["plan"],
    &["apply", "--yes", "--wait", "5"],
    &["checklist", "--format", "md", "-o", "checklist.md"],
];

pub(super) async fn measure() -> Vec<Figure> {
    let mut cpu = Vec::new();
    for _ in 0..RUNS {
        let practice = Practice::start(Options::default())
            .await
            .expect("the practice tenant starts");
        let account = Account::new(&practice, |group| group == "databricks-users");
        let mut spent = 0.0;
        let url = practice.details().scim_url.as_str();
        let test = ["test-connection", "--url", url];
        for arguments in std::iter::once(&test[..]).chain(JOURNEY.iter().copied()) {
            spent += cost(account.usher(arguments)).await.cpu.as_secs_f64();
        }
        let changes = practice.changes();
        let arrived = changes.iter().any(|change| change.what == "user created");
        assert!(arrived, "nobody arrived");
        cpu.push(spent);
    }
    let from = "test, plan, apply with the first cycle, checklist";
    vec![figure("journey-cpu", median(cpu), from)]
}
