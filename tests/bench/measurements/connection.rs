//! The connection test against curl asking the same questions.

use tokio::process::Command;
use usher_practice::{LoggedRequest, Options, Practice};
use usher_tests::Home;
use usher_tests::measure::{cost, median};

use super::{Figure, figure};

const RUNS: usize = 21;

pub(super) async fn measure() -> Vec<Figure> {
    let practice = Practice::start(Options::default())
        .await
        .expect("the practice tenant starts");
    let home = Home::new();
    let doctor = || {
        let url = &practice.details().scim_url;
        home.usher_on(
            &practice,
            &["--no-keyring", "--quiet", "test-connection", "--url", url],
        )
    };
    cost(doctor()).await;
    let asked = practice.requests();
    let (mut ours, mut curls) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(cost(doctor()).await.wall.as_secs_f64() * 1000.0);
        curls.push(
            cost(curl(&home, &practice, &asked))
                .await
                .wall
                .as_secs_f64()
                * 1000.0,
        );
    }
    let (ours, curls) = (median(ours), median(curls));
    vec![figure(
        "connection-wall",
        ours / curls,
        format!(
            "{ours:.1} ms and {curls:.1} ms, {} requests, each from the program's start to its end",
            asked.len()
        ),
    )]
}

/// One curl for all requests, one after another, on one connection.
fn curl(home: &Home, practice: &Practice, asked: &[LoggedRequest]) -> Command {
    let details = practice.details();
    let mut command = home.command("curl");
    for (index, request) in asked.iter().enumerate() {
        if index > 0 {
            command.arg("--next");
        }
        command.args(["--silent", "--output", "/dev/null"]);
        if let Some(last_four) = &request.credential {
            let spoiled = "dsapi00000000000000000000000000000000";
            let own = details.scim_token.ends_with(last_four.as_str());
            let token = if own {
                details.scim_token.as_str()
            } else {
                spoiled
            };
            command
                .arg("--header")
                .arg(format!("Authorization: Bearer {token}"));
        }
        // The log has paths percent-decoded or not; curl wants them encoded.
        let path = request.path.replace(' ', "%20").replace('"', "%22");
        command.arg(format!("{}{path}", details.endpoints.databricks_accounts));
    }
    command
}
