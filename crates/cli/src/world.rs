//! Which world the command talks to, and the client for it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use usher_core::model::{Endpoints, World};
use usher_transport::{Client, ClientConfig};

use crate::arguments::Global;
use crate::failure::Failure;

/// Shortens our own waits in tests; counts only with an endpoints file.
const WAIT_SCALE: &str = "USHER_WAIT_SCALE";

/// Names the endpoints file where no option does; empty, it names none.
const ENDPOINTS: &str = "USHER_ENDPOINTS";

/// The public clouds, or the endpoints file's hosts.
pub(crate) fn world(global: &Global) -> Result<World, Failure> {
    let named = || std::env::var_os(ENDPOINTS).filter(|name: &OsString| !name.is_empty());
    match global
        .endpoints
        .clone()
        .or_else(|| named().map(PathBuf::from))
    {
        None => Ok(World::Live),
        Some(path) => read(&path).map(World::Mapped),
    }
}

/// The client for a world.
pub(crate) fn client(world: World) -> Result<Client, Failure> {
    let wait_scale = match world {
        World::Live => 1.0,
        World::Mapped(_) => wait_scale()?,
    };
    let config = ClientConfig {
        wait_scale,
        ..ClientConfig::new(world)
    };
    Client::new(config).map_err(|error| {
        let hint = "Check this machine's trust store, and SSL_CERT_FILE where it is set.";
        Failure::no_verdict(
            "client",
            format!("The connection cannot be set up: {error}."),
            hint,
        )
    })
}

fn read(path: &Path) -> Result<Endpoints, Failure> {
    let hint = "An endpoints file names loopback origins alone: login, graph, databricksAccounts and workspaces.";
    let text = std::fs::read_to_string(path).map_err(|error| {
        let message = format!(
            "The endpoints file {} cannot be read: {error}.",
            path.display()
        );
        Failure::usage("endpoints", message, hint)
    })?;
    // Editors on Windows begin a file with a byte order mark, which is no part of its JSON.
    Endpoints::parse(text.trim_start_matches('\u{feff}'))
        .map_err(|error| Failure::usage("endpoints", format!("{}: {error}.", path.display()), hint))
}

fn wait_scale() -> Result<f64, Failure> {
    let Ok(text) = std::env::var(WAIT_SCALE) else {
        return Ok(1.0);
    };
    let scale = text
        .parse::<f64>()
        .ok()
        .filter(|scale| (0.001..=1.0).contains(scale));
    scale.ok_or_else(|| {
        let message = format!("{WAIT_SCALE} is not a number from 0.001 to 1.");
        Failure::usage(
            "wait-scale",
            message,
            format!("Take {WAIT_SCALE} out of the environment, or set it to 1."),
        )
    })
}
