//! What the window is started with.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use usher_core::model::{Endpoints, World};
use usher_engine::session::SessionOptions;

use crate::practice::Tenants;

/// What `--help` says.
pub(crate) const HELP: &str = "\
usher-window: the wizard

  --setup FILE           open this set-up file
  --practice [SCENARIO]  begin on the practice tenant, by default with the scenario fresh
  --endpoints FILE       talk to the loopback origins of an endpoints file (also USHER_ENDPOINTS)
  --data FOLDER          keep set-ups here instead of the system's folder for application data
  --no-keyring           keep secrets in memory for this run only
  --help                 this text";

/// The scenario to practise when none is named.
const FRESH: &str = "fresh";

/// What the window is started with.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// How the session is to be.
    pub(crate) session: SessionOptions,
    /// A set-up file to open.
    pub(crate) setup: Option<PathBuf>,
    /// A scenario to practise.
    pub(crate) practice: Option<String>,
}

impl Arguments {
    /// Reads arguments and environment; `None` when help is asked for.
    ///
    /// # Errors
    /// A line for people: an unknown option, a missing value, an endpoints file that is refused.
    pub(crate) fn read(arguments: impl Iterator<Item = OsString>) -> Result<Option<Self>, String> {
        let mut session = SessionOptions::of_this_system().ok_or(
            "This system names no folder for application data. Name one with --data FOLDER.",
        );
        let (mut setup, mut practice, mut data) = (None, None, None);
        let mut endpoints = std::env::var_os("USHER_ENDPOINTS").filter(|file| !file.is_empty());
        let mut memory = false;
        let mut rest = arguments.peekable();
        while let Some(argument) = rest.next() {
            let mut value = |name: &str| rest.next().ok_or(format!("{name} needs a value."));
            match argument.to_str().unwrap_or_default() {
                "--help" | "-h" => return Ok(None),
                "--setup" => setup = Some(PathBuf::from(value("--setup")?)),
                "--endpoints" => endpoints = Some(value("--endpoints")?),
                "--data" => data = Some(PathBuf::from(value("--data")?)),
                "--no-keyring" => memory = true,
                "--practice" => {
                    let named = |next: &OsString| !next.to_string_lossy().starts_with('-');
                    let scenario = rest
                        .next_if(named)
                        .map(|next| next.to_string_lossy().into_owned());
                    practice = Some(scenario.unwrap_or_else(|| FRESH.to_owned()));
                }
                unknown => {
                    return Err(format!(
                        "{unknown:?} is no option of usher-window. See --help."
                    ));
                }
            }
        }
        if let (Err(_), Some(folder)) = (&session, &data) {
            session = Ok(SessionOptions::in_folder(folder.clone()));
        }
        let mut session = session?;
        if let Some(folder) = data {
            session.data_folder = std::path::absolute(&folder).unwrap_or(folder);
        }
        if let Some(file) = endpoints {
            session.world = world(&PathBuf::from(file))?;
            session.wait_scale = wait_scale();
        }
        session.memory_vault = memory;
        session.practice = Some(Arc::new(Tenants));
        Ok(Some(Self {
            session,
            setup,
            practice,
        }))
    }
}

fn world(file: &std::path::Path) -> Result<World, String> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        format!(
            "The endpoints file {} cannot be read: {error}",
            file.display()
        )
    })?;
    let endpoints =
        Endpoints::parse(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(World::Mapped(endpoints))
}

/// `USHER_WAIT_SCALE`, which counts with an endpoints file alone.
fn wait_scale() -> f64 {
    let given = std::env::var("USHER_WAIT_SCALE")
        .ok()
        .and_then(|text| text.parse::<f64>().ok());
    given
        .filter(|scale| (0.001..=1.0).contains(scale))
        .unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Option<Arguments>, String> {
        Arguments::read(arguments.iter().map(OsString::from))
    }

    #[test]
    fn practice_takes_a_scenario_or_none() {
        let plain = read(&["--practice", "--data", "/d"]).unwrap().unwrap();
        assert_eq!(plain.practice.as_deref(), Some("fresh"));
        let named = read(&["--practice", "token-expired", "--no-keyring"])
            .unwrap()
            .unwrap();
        assert_eq!(named.practice.as_deref(), Some("token-expired"));
        assert!(named.session.memory_vault);
    }

    #[test]
    fn an_unknown_option_and_a_missing_value_are_named() {
        assert!(read(&["--token", "x"]).unwrap_err().contains("--token"));
        assert!(read(&["--setup"]).unwrap_err().contains("--setup"));
        assert!(
            read(&["--endpoints", "/nowhere/endpoints.json"])
                .unwrap_err()
                .contains("/nowhere")
        );
        assert!(read(&["--help"]).unwrap().is_none());
    }
}
