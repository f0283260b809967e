//! Reading 10,000 users: against what the number in flight allows, and against databricks-sdk.

use std::time::Duration;

use usher_practice::{Options, Practice, RateLimits};
use usher_tests::measure::{Cost, cost, median};
use usher_tests::{Home, place, python};

use super::{Figure, figure};

const ANSWER: Duration = Duration::from_millis(50);
/// What 2.1 gives at most in one answer, and how many requests are in flight.
const PAGE: u32 = 100;
const IN_FLIGHT: u32 = 4;
const USERS: u32 = 10_000;
const RUNS: usize = 5;

async fn tenant(latency: Duration, rate_limits: Option<RateLimits>) -> Practice {
    let scenario = "ten-thousand-users".to_owned();
    let options = Options {
        scenario,
        latency,
        rate_limits,
        ..Options::default()
    };
    Practice::start(options)
        .await
        .expect("the practice tenant starts")
}

async fn ours(home: &Home, practice: &Practice, version: &str) -> Cost {
    let url = practice
        .details()
        .scim_url
        .replace("/2.1/", &format!("/{version}/"));
    let mut command = home.command(place::program("examples/read_users"));
    command
        .arg(home.endpoints(practice))
        .arg(url)
        .env("USHER_SCIM_TOKEN", &practice.details().scim_token);
    cost(command).await
}

async fn theirs(home: &Home, practice: &Practice) -> Cost {
    let details = serde_json::to_string(practice.details()).expect("details are JSON");
    let mut command = python::script(home, "databricks_sdk_users.py");
    command.arg(home.write("practice.json", &details));
    cost(command).await
}

pub(super) async fn measure() -> Vec<Figure> {
    let home = Home::new();
    let mut figures = paged(&home).await;
    figures.extend(beside_the_sdk(&home).await);
    figures
}

/// 2.1, a page of 100 at a time: the first answer tells how many there are, the rest come four at a time.
async fn paged(home: &Home) -> Vec<Figure> {
    let (mut wall, mut peak) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        // A fresh tenant each time: its rate limit's bucket is full.
        let practice = tenant(ANSWER, Some(RateLimits::default())).await;
        let cost = ours(home, &practice, "2.1").await;
        wall.push(cost.wall.as_secs_f64());
        peak.push(cost.peak_kib as f64 / 1024.0);
    }
    let rounds = 1 + (USERS / PAGE - 1).div_ceil(IN_FLIGHT);
    let bound = (ANSWER * rounds).as_secs_f64();
    let (wall, peak) = (median(wall), median(peak));
    vec![
        figure(
            "users-2.1-wall",
            wall / bound,
            format!("{wall:.2} s and {bound:.2} s: {rounds} rounds of 50 ms, 4 in flight"),
        ),
        figure("users-2.1-memory", peak, "reading alone"),
    ]
}

/// 2.0, large pages, beside the SDK.
async fn beside_the_sdk(home: &Home) -> Vec<Figure> {
    let practice = tenant(Duration::ZERO, None).await;
    let (mut our, mut their) = (Vec::new(), Vec::new());
    let pages = || {
        let requests = practice.requests();
        requests
            .iter()
            .filter(|request| request.path.contains("/Users"))
            .count()
    };
    ours(home, &practice, "2.0").await;
    let our_pages = pages();
    theirs(home, &practice).await;
    let their_pages = pages() - our_pages;
    for _ in 0..RUNS {
        our.push(ours(home, &practice, "2.0").await);
        their.push(theirs(home, &practice).await);
    }
    let wall = |costs: &[Cost]| median(costs.iter().map(|cost| cost.wall.as_secs_f64()).collect());
    let cpu = |costs: &[Cost]| median(costs.iter().map(|cost| cost.cpu.as_secs_f64()).collect());
    let ratio = |id, ours: f64, theirs: f64| {
        figure(id, ours / theirs, format!("{ours:.2} s and {theirs:.2} s"))
    };
    vec![
        figure(
            "users-2.0-requests",
            our_pages as f64 / their_pages as f64,
            format!(
                "{our_pages} and {their_pages}, 10,000 a page; the SDK asks for an empty last page"
            ),
        ),
        ratio("users-2.0-wall", wall(&our), wall(&their)),
        ratio("users-2.0-cpu", cpu(&our), cpu(&their)),
    ]
}
