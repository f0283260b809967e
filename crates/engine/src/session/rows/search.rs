//! Searching people and groups on Entra's side, where the tenant is too large to be read whole, or was not read yet.

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use usher_entra::graph::{ListGroups, ListUsers};

use super::load::{group, person};
use super::table::{Query, Row, Table};
use super::wide;
use crate::session::Session;
use crate::session::sign_in::nobody;
use crate::session::view::{DirectoryFound, Failure, RowOrder, SearchDirectory, TableId};

/// How many are asked for: who does not find somebody among them writes more of the name.
const AT_MOST: u32 = 100;
/// A single letter would find half the tenant.
const SHORTEST: usize = 2;

/// What a search on Entra's side found.
#[derive(Debug)]
pub(crate) struct Found {
    table: TableId,
    search: String,
    rows: Table,
    pub(super) at: Timestamp,
}

impl Found {
    /// The rows, where they are the answer to this question.
    pub(super) fn answers(&self, table: TableId, search: &str) -> Option<&Table> {
        (self.table == table && self.search == search.trim()).then_some(&self.rows)
    }
}

/// Every row: Entra has searched already, and by its own rules.
pub(super) fn all_of(order: RowOrder) -> Query {
    Query {
        search: String::new(),
        order,
    }
}

impl Session {
    /// `search_directory`
    pub async fn search_directory(
        &self,
        request: SearchDirectory,
    ) -> Result<DirectoryFound, Failure> {
        let search = request.search.trim().to_owned();
        if search.chars().count() < SHORTEST {
            return Ok(DirectoryFound::default());
        }
        let (key, entra) = self.with_open(|open, _| (open.file.key(), open.entra.clone()))?;
        let graph = entra.ok_or_else(nobody)?.graph;
        let cancel = CancellationToken::new();
        let asked = Some(search.clone());
        let top = Some(AT_MOST);
        let (rows, more): (Vec<Row>, bool) = match request.table {
            TableId::Users => {
                let list = ListUsers {
                    search: asked,
                    top,
                    also: Vec::new(),
                };
                let page = graph.run(&list, &cancel).await?;
                (
                    page.value.into_iter().map(person).collect(),
                    page.next.is_some(),
                )
            }
            TableId::Groups | TableId::Coverage => {
                let page = graph
                    .run(&ListGroups { search: asked, top }, &cancel)
                    .await?;
                (
                    page.value.into_iter().map(group).collect(),
                    page.next.is_some(),
                )
            }
        };
        let found = DirectoryFound {
            found: wide(rows.len()),
            more,
        };
        let kept = Found {
            table: request.table,
            search,
            rows: Table::new(rows),
            at: Timestamp::now(),
        };
        self.update(&key, |open| open.found = Some(kept.into()))?;
        Ok(found)
    }
}
