//! Practice mode: scenarios and the practice portal's values.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A scenario one can practise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioView {
    /// Its name, as `--practice NAME` takes it.
    pub name: String,
    /// A title.
    pub title: String,
    /// A sentence.
    pub description: String,
}

/// All scenarios.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioList {
    /// In the order in which a list shows them.
    pub scenarios: Vec<ScenarioView>,
}

/// Starts practice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StartPractice {
    /// The scenario's name.
    pub scenario: String,
}

/// What an admin would copy from the consoles, on the practice tenant: worth nothing elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticeCredentials {
    /// What the portal is for, in a sentence or two.
    pub more: String,
    /// The values, in the order in which the portal card shows them.
    pub values: Vec<PracticeValue>,
    /// What is pressed there in this scenario, in the order of use.
    pub presses: Vec<PracticePress>,
    /// After a press: what was done, and what is new to copy.
    pub said: Option<String>,
}

/// One value of the practice portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticeValue {
    /// A stable key: `scimUrl`, `scimToken`, `tenantId`, `clientId`, `clientSecret`, `accountId`, `databricksClientId`,
    /// `databricksClientSecret`, `workspace:1001`, `pat:1001`, …
    pub key: String,
    /// Its label in the console.
    pub label: String,
    /// The value.
    pub value: String,
}

/// Something an admin would press in a console, and the practice portal does in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticePress {
    /// Its name.
    pub name: String,
    /// What is done, in the console's words.
    pub title: String,
    /// Which console: `Databricks account console`, `Microsoft Entra admin center`, …
    pub portal: String,
    /// Whether it was pressed already; a second press does nothing.
    pub pressed: bool,
}

/// Presses something in the practice portal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PressInPortal {
    /// Its name.
    pub name: String,
}
