//! Planning the account journey on a large tenant, every group of it wanted: against what the requests cost at least.

use std::time::Duration;

use usher_practice::{Options, Practice};
use usher_tests::measure::cost;

use super::{Figure, figure};
use crate::account::Account;

const ANSWER: Duration = Duration::from_millis(50);
const IN_FLIGHT: usize = 4;

pub(super) async fn measure() -> Vec<Figure> {
    let options = Options {
        scenario: "large".to_owned(),
        latency: ANSWER,
        ..Options::default()
    };
    let practice = Practice::start(options)
        .await
        .expect("the practice tenant starts");
    let account = Account::new(&practice, |_| true);
    let cost = cost(account.usher(&["--json", "plan"])).await;
    let requests = practice.requests().len();
    let rounds = u32::try_from(requests.div_ceil(IN_FLIGHT)).expect("it is a small number");
    let bound = (ANSWER * rounds).as_secs_f64();
    let wall = cost.wall.as_secs_f64();
    vec![
        figure(
            "plan-wall",
            wall / bound,
            format!("{wall:.2} s and {bound:.2} s: {requests} requests of 50 ms, 4 in flight"),
        ),
        figure(
            "plan-memory",
            cost.peak_kib as f64 / 1024.0,
            format!("{:.2} s on the processor", cost.cpu.as_secs_f64()),
        ),
    ]
}
