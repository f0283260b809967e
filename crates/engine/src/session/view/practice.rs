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
    /// The values, in the order in which the portal card shows them.
    pub values: Vec<PracticeValue>,
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
