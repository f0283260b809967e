//! From a window's start to the first content a person sees, beside a window that has one word to show.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;
use usher_tests::measure::median;
use usher_tests::window::{Driver, Look, Page};
use usher_tests::{Home, place};

use super::{Figure, figure};

const RUNS: usize = 7;
const PATIENCE: Duration = Duration::from_secs(20);
/// When the page's first content was painted, in milliseconds since 1970.
const PAINTED: &str = "const paints = performance.getEntriesByName('first-contentful-paint');
    return paints.length ? performance.timeOrigin + paints[0].startTime : null;";

pub(super) async fn measure() -> Vec<Figure> {
    let (mut ours, mut empty) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(first_content(&place::program("usher-window"), &["--no-keyring"]).await);
        empty.push(first_content(&place::program("examples/empty-window"), &[]).await);
    }
    let (ours, empty) = (median(ours), median(empty));
    let from = format!("{ours:.0} ms and {empty:.0} ms, first contentful paint");
    vec![figure("window-content", ours / empty, from)]
}

/// The milliseconds from the program's start to its first content.
async fn first_content(program: &Path, arguments: &[&str]) -> f64 {
    let home = Home::new();
    let (starter, begun) = noting_its_start(&home, program);
    let driver = Driver::start(&home, Look::Light).await;
    let page = driver.open_program(&starter, arguments).await;
    let painted = painted(&page).await;
    page.close().await;
    driver.kill().await;
    let begun = std::fs::read_to_string(begun).expect("the start was noted");
    let nanos: f64 = begun.trim().parse().expect("it is a number");
    painted - nanos / 1e6
}

/// The driver starts the program, so the program's place is taken by a script that notes the time and becomes it.
fn noting_its_start(home: &Home, program: &Path) -> (PathBuf, PathBuf) {
    let begun = home.path().join("begun");
    let text = format!(
        "#!/bin/sh\ndate +%s%N > '{}'\nexec '{}' \"$@\"\n",
        begun.display(),
        program.display()
    );
    let starter = home.write("starter.sh", &text);
    executable(&starter);
    (starter, begun)
}

#[cfg(unix)]
fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let all = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(path, all).expect("a file can be made executable");
}

/// The window is measured where WebKitGTK's driver is.
#[cfg(not(unix))]
fn executable(_: &Path) {}

async fn painted(page: &Page) -> f64 {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Value::Number(millis) = page.script(PAINTED).await {
            return millis.as_f64().expect("it is a number");
        }
        assert!(Instant::now() < end, "nothing was painted");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
