//! The tenant's people and groups as rows: read once, searched, filtered and sorted here; the page asks for windows.

mod coverage;
mod load;
mod search;
mod table;

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::Session;
use super::setups::Open;
use super::view::{Failure, PrincipalRow, RowFilter, RowWindow, RowsRequest, TableId};
pub(crate) use coverage::{Covered, MadeFrom, covered};
pub(crate) use search::Found;
use table::{Query, Row, Table};

/// The most rows a window holds.
const WIDEST: u32 = 500;

/// The tenant's people and groups.
#[derive(Debug)]
pub(crate) struct Directory {
    users: Read,
    groups: Read,
    loaded_at: Timestamp,
}

/// A table as far as it was read.
#[derive(Debug)]
struct Read {
    rows: Table,
    /// Whether that is everybody.
    complete: bool,
}

impl Session {
    /// `rows`
    pub async fn rows(&self, request: RowsRequest) -> Result<RowWindow, Failure> {
        if request.table == TableId::Coverage {
            return self.coverage_rows(request).await;
        }
        // The lock is held to take hold of the rows, not to search them.
        let (directory, found, marks) = self
            .with_open(|open, _| (open.directory.clone(), open.found.clone(), Marks::of(open)))?;
        let read = directory
            .as_ref()
            .map(|directory| directory.of(request.table));
        if let Some(found) = found
            && read.is_none_or(|read| !read.complete)
            && let Some(rows) = found.answers(request.table, &request.search)
        {
            let query = search::all_of(request.order);
            return Ok(window(rows, &query, found.at, false, &marks, &request));
        }
        let query = Query {
            search: request.search.to_lowercase(),
            order: request.order,
        };
        Ok(match (&directory, read) {
            (Some(directory), Some(Read { rows, complete })) => window(
                rows,
                &query,
                directory.loaded_at,
                *complete,
                &marks,
                &request,
            ),
            _ => RowWindow::default(),
        })
    }

    async fn coverage_rows(&self, request: RowsRequest) -> Result<RowWindow, Failure> {
        self.blocking(move |session| {
            Ok(match session.coverage()?.as_deref() {
                Some(Ok(covered)) => covered.window(&request),
                Some(Err(_)) | None => RowWindow::default(),
            })
        })
        .await
    }
}

/// Who is wanted and who is assigned.
struct Marks {
    wanted: HashSet<String>,
    assigned: Option<Arc<HashSet<String>>>,
}

impl Marks {
    fn of(open: &Open) -> Self {
        let wanted = &open.file.setup.want.assign;
        Self {
            wanted: wanted.iter().map(|one| one.id.clone()).collect(),
            assigned: open.assigned.clone(),
        }
    }

    fn is_assigned(&self, id: &str) -> Option<bool> {
        self.assigned.as_ref().map(|assigned| assigned.contains(id))
    }
}

/// Ids of everyone assigned to the set-up's application, as observed.
pub(crate) fn assigned(open: &Open) -> Option<Arc<HashSet<String>>> {
    let connector = open.observed.observation.connector(&open.file.setup)?;
    let assignments = connector.assignments.value()?;
    Some(Arc::new(
        assignments
            .iter()
            .map(|one| one.principal_id.clone())
            .collect(),
    ))
}

impl Directory {
    fn of(&self, table: TableId) -> &Read {
        match table {
            TableId::Users => &self.users,
            TableId::Groups | TableId::Coverage => &self.groups,
        }
    }
}

fn window(
    table: &Table,
    query: &Query,
    at: Timestamp,
    complete: bool,
    marks: &Marks,
    request: &RowsRequest,
) -> RowWindow {
    let keeps = |row: &Row| match request.filter {
        RowFilter::All
        | RowFilter::LosesAccess
        | RowFilter::NewlyReached
        | RowFilter::CannotTravel
        | RowFilter::Covered => true,
        RowFilter::Wanted => marks.wanted.contains(&*row.id),
        RowFilter::Assigned => marks.is_assigned(&row.id) == Some(true),
        RowFilter::Unfit => row.unfit.is_some(),
    };
    let found = table.find(query);
    let found: Vec<u32> = match request.filter {
        RowFilter::All => found.to_vec(),
        _ => found
            .iter()
            .copied()
            .filter(|&index| keeps(table.row(index)))
            .collect(),
    };
    let matching = wide(found.len());
    let offset = request.offset.min(matching);
    let shown = found
        .iter()
        .skip(offset as usize)
        .take(request.limit.min(WIDEST) as usize);
    RowWindow {
        total: wide(table.len()),
        matching,
        offset,
        rows: shown
            .map(|&index| shown_row(table.row(index), marks))
            .collect(),
        loaded_at: Some(at),
        complete,
    }
}

fn shown_row(row: &Row, marks: &Marks) -> PrincipalRow {
    PrincipalRow {
        id: row.id.to_string(),
        kind: row.kind,
        display_name: row.name.to_string(),
        detail: row.detail.to_string(),
        guest: row.guest,
        unfit: row.unfit.map(str::to_owned),
        wanted: marks.wanted.contains(&*row.id),
        assigned: marks.is_assigned(&row.id),
        fate: None,
        note: None,
    }
}

fn wide(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
