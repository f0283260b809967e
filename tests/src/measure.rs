//! What a program costs: time on the wall, time on the processor, memory at its peak. As the kernel tells it (Linux).

use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::process::Command;

/// The kernel counts processor time in hundredths of a second, on every system it runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// What one run cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// From start to end.
    pub wall: Duration,
    /// On the processor, all threads together; to a hundredth of a second.
    pub cpu: Duration,
    /// The most memory it held at once, in KiB.
    pub peak_kib: u64,
}

/// Runs a program to its end.
///
/// # Panics
/// When it cannot be started or fails.
pub async fn cost(command: Command) -> Cost {
    cost_into(command, Stdio::null()).await
}

/// The same; what it prints goes to `out`.
///
/// # Panics
/// When it cannot be started or fails.
pub async fn cost_into(command: Command, out: Stdio) -> Cost {
    let shown = format!("{:?}", command.as_std());
    let (cost, status) = cost_of(command, out).await;
    assert!(status.success(), "{shown}: {status}");
    cost
}

/// The same for one that may fail, with the status it ended in.
///
/// # Panics
/// When it cannot be started.
pub async fn cost_of(mut command: Command, out: Stdio) -> (Cost, ExitStatus) {
    command.stdin(Stdio::null()).stdout(out).kill_on_drop(true);
    let begun = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let id = child.id().expect("it is running");
    let (mut cpu, mut peak_kib) = (0.0, 0);
    // A program that has ended and was not waited for still tells its processor time, no longer its memory.
    let ended = loop {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let fields: Vec<&str> = stat
            .rsplit_once(')')
            .map(|(_, rest)| rest.split_whitespace().collect())
            .unwrap_or_default();
        let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok());
        cpu = ticks(11)
            .zip(ticks(12))
            .map_or(cpu, |(user, system)| user + system);
        if fields.first().is_none_or(|state| *state == "Z") {
            break begun.elapsed();
        }
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak_kib = peak.unwrap_or(peak_kib);
        tokio::time::sleep(Duration::from_millis(1)).await;
    };
    let status = child.wait().await.expect("it has ended");
    let cost = Cost {
        wall: ended,
        cpu: Duration::from_secs_f64(cpu / TICKS_PER_SECOND),
        peak_kib,
    };
    (cost, status)
}

/// The one in the middle.
///
/// # Panics
/// When there is none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    *values
        .get(values.len() / 2)
        .expect("something was measured")
}
