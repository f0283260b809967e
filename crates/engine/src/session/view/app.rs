//! The frame: version, world, keyring, theme.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Failure;
use super::practice::ScenarioView;

/// No request, or no answer: `null`.
pub type Nothing = ();

/// What the bar and the start page show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    /// Usher's version.
    pub version: String,
    /// Which world Usher talks to.
    pub world: WorldView,
    /// Where secrets are kept, as far as it is known.
    pub keyring: KeyringView,
    /// The operating system.
    pub platform: Platform,
    /// Where set-ups are saved.
    pub data_folder: String,
    /// Where a checklist or hand-over goes unless another folder is named.
    pub documents_folder: String,
    /// The theme.
    pub theme: Theme,
    /// What went wrong while starting (a set-up file or scenario that was named and could not be opened).
    pub notice: Option<Failure>,
    /// The open set-up's id.
    pub open_setup: Option<String>,
}

/// Which world Usher talks to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum WorldView {
    /// The public clouds.
    Live,
    /// The loopback origins of an endpoints file.
    Endpoints {
        /// The file's name for itself.
        name: String,
    },
    /// The practice tenant inside this window.
    Practice {
        /// The scenario that runs.
        scenario: ScenarioView,
    },
}

/// The operating system, for words and shortcuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// Linux and alike.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

/// Where secrets are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyringView {
    /// What is known of it.
    pub state: KeyringState,
    /// Why there is none; with `unavailable`.
    pub failure: Option<Failure>,
}

/// What is known of the keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum KeyringState {
    /// Not asked yet.
    Unknown,
    /// The system's keyring works.
    Ready,
    /// There is none that works; the person may choose memory for this run.
    Unavailable,
    /// Memory, for this run only.
    Memory,
}

/// Light, dark, or as the system has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Asks for a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetTheme {
    /// The theme.
    pub theme: Theme,
}
