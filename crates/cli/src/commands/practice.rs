//! `usher practice`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use usher_engine::store::write_atomically;
use usher_practice::{Options, Practice, StartError, TimeScale};

use crate::arguments;
use crate::failure::{Exit, Failure};
use crate::interrupt::on_interrupt;
use crate::output::Output;

/// From one provisioning cycle to the next, in place of Entra's 40 minutes.
const CYCLE: Duration = Duration::from_secs(20);

/// Serves a practice tenant until interrupted.
pub(crate) async fn run(
    options: arguments::Practice,
    output: &Arc<Output>,
) -> Result<Exit, Failure> {
    let cancel = on_interrupt();
    let started = Practice::start(Options {
        scenario: options.scenario,
        time: TimeScale::Every(CYCLE),
        ..Options::default()
    })
    .await;
    let practice = started.map_err(|error| match &error {
        StartError::UnknownScenario(_) => {
            let names: Vec<&str> = usher_practice::scenarios()
                .iter()
                .map(|scenario| scenario.name)
                .collect();
            Failure::usage(
                "scenario",
                format!("{error}."),
                format!("There are: {}.", names.join(", ")),
            )
        }
        StartError::Bind(_) => {
            let hint =
                "Check whether a firewall or a sandbox keeps programs from listening on loopback.";
            Failure::no_verdict("port", format!("{error}."), hint)
        }
    })?;
    if let Some(path) = &options.port_file {
        write_port_file(path, &practice.endpoints_json())?;
    }
    output.value(practice.details())?;
    cancel.cancelled().await;
    practice.stop().await;
    Err(Failure::Interrupted)
}

/// Whole or not at all: whoever waits for the file must not read half of it.
fn write_port_file(path: &Path, text: &str) -> Result<(), Failure> {
    write_atomically(path, text.as_bytes()).map_err(|error| {
        let hint = "Choose a place for --port-file that can be written.";
        Failure::no_verdict(
            "port-file",
            format!("The endpoints file cannot be written: {error}."),
            hint,
        )
    })
}
