//! Coverage for people: a line of the table, and the table as CSV (RFC 4180).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Coverage, CoverageRow, Fate, Via, Way};
use crate::checklist::csv_row;
use crate::model::setup::PrincipalKind;

/// One way, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CoverageWay {
    /// The connector.
    pub connector: String,
    /// Its workspace; none with the account connector, or where the workspace was not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub workspace: Option<String>,
    /// The assigned group; none with an assignment of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub group: Option<String>,
}

/// A row, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CoverageLine {
    /// Entra object id.
    pub id: String,
    /// The user name that is sent, or the name.
    pub name: String,
    /// The display name.
    pub display_name: String,
    /// Person, group or service principal.
    pub kind: PrincipalKind,
    /// What the move means.
    pub fate: Fate,
    /// Why, where it does not travel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
    /// How the old connectors bring it.
    pub old: Vec<CoverageWay>,
    /// How the account connector brings it.
    pub account: Vec<CoverageWay>,
}

const HEAD: [&str; 7] = [
    "user name",
    "name",
    "entra object id",
    "what the move means",
    "why",
    "brought by",
    "covered by",
];

impl Coverage {
    /// A row, in words.
    pub fn line(&self, row: &CoverageRow) -> CoverageLine {
        let (account, old): (Vec<&Way>, Vec<&Way>) =
            self.ways(row).iter().partition(|way| way.connector == 0);
        let told = |ways: Vec<&Way>| ways.into_iter().map(|way| self.told(way)).collect();
        CoverageLine {
            id: row.id.to_string(),
            name: row.name.to_string(),
            display_name: row.display_name.to_string(),
            kind: row.kind,
            fate: row.fate,
            note: row.note.as_deref().map(str::to_owned),
            old: told(old),
            account: told(account),
        }
    }

    fn told(&self, way: &Way) -> CoverageWay {
        let connector = self.connectors.get(way.connector as usize);
        let group = match way.via {
            Via::Directly => None,
            Via::Everyone => Some("all users of the tenant".to_owned()),
            Via::Group(at) => self
                .groups
                .get(at as usize)
                .map(|(_, name)| name.to_string()),
        };
        CoverageWay {
            connector: connector.map_or_else(String::new, |one| one.name.to_string()),
            workspace: connector
                .and_then(|one| one.workspace.as_deref())
                .map(str::to_owned),
            group,
        }
    }

    /// Everybody, as a table: a row a person, the most pressing first.
    pub fn csv(&self) -> String {
        let mut text = csv_row(HEAD.map(str::to_owned));
        for row in &self.rows {
            let line = self.line(row);
            text.push_str(&csv_row([
                line.name,
                line.display_name,
                line.id,
                row.fate.words().to_owned(),
                line.note.unwrap_or_default(),
                joined(&line.old),
                joined(&line.account),
            ]));
        }
        text
    }
}

fn joined(ways: &[CoverageWay]) -> String {
    let one = |way: &CoverageWay| {
        let parts = [
            Some(&way.connector),
            way.workspace.as_ref(),
            way.group.as_ref(),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        parts.join(" / ")
    };
    ways.iter().map(one).collect::<Vec<_>>().join("\n")
}
