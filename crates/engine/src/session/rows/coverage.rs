//! Everybody a move concerns, as rows: made once for each look and each wish, then searched and filtered like the directory.

use std::sync::Arc;

use jiff::Timestamp;
use usher_core::coverage::{Counts, Coverage, CoverageLine, CoverageWay, Fate};
use usher_core::model::setup::{EntraApp, Wanted};

use super::table::{Query, Row, Table};
use super::{WIDEST, wide};
use crate::session::setups::Open;
use crate::session::view::{PrincipalRow, RowFilter, RowWindow, RowsRequest};

/// Who is covered, or why that cannot be told.
pub(crate) type Covered = Result<CoverageTable, String>;

/// So many ways are told of somebody; the rest is counted.
const TOLD: usize = 3;

/// What a table of coverage was made from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MadeFrom {
    observed_at: Timestamp,
    want: Wanted,
    app: EntraApp,
}

/// Coverage, ready to be searched.
#[derive(Debug)]
pub(crate) struct CoverageTable {
    coverage: Coverage,
    table: Table,
    made_at: Timestamp,
}

/// The coverage of the open set-up; `None`: nothing was observed.
pub(crate) fn covered(open: &mut Open) -> Option<Arc<Covered>> {
    let setup = &open.file.setup;
    let from = MadeFrom {
        observed_at: open.observed_at?,
        want: setup.want.clone(),
        app: setup.entra.app.clone(),
    };
    if let Some((_, covered)) = open.coverage.as_ref().filter(|(before, _)| *before == from) {
        return Some(Arc::clone(covered));
    }
    let made_at = from.observed_at;
    let covered = Coverage::planned(setup, &open.observed.observation, &[])
        .map(|coverage| CoverageTable::new(coverage, made_at))
        .map_err(|gap| gap.0);
    let covered = Arc::new(covered);
    open.coverage = Some((from, Arc::clone(&covered)));
    Some(covered)
}

impl CoverageTable {
    fn new(coverage: Coverage, made_at: Timestamp) -> Self {
        let row = |row: &usher_core::coverage::CoverageRow| Row {
            id: row.id.clone(),
            kind: row.kind,
            name: row.display_name.clone(),
            detail: row.name.clone(),
            mail: Some(searched(&coverage, row).into()),
            guest: false,
            unfit: None,
        };
        Self {
            table: Table::new(coverage.rows.iter().map(row).collect()),
            coverage,
            made_at,
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.coverage.counts()
    }

    pub(crate) fn csv(&self) -> String {
        self.coverage.csv()
    }

    /// A window of it.
    pub(super) fn window(&self, request: &RowsRequest) -> RowWindow {
        let found = self.table.find(&Query {
            search: request.search.to_lowercase(),
            order: request.order,
        });
        let fate = fate_of(request.filter);
        let row = |index: u32| &self.coverage.rows[index as usize];
        let matching = match fate {
            None => found.len(),
            Some(fate) => found.iter().filter(|&&at| row(at).fate == fate).count(),
        };
        let offset = request.offset.min(wide(matching));
        let shown = found
            .iter()
            .filter(|&&at| fate.is_none_or(|fate| row(at).fate == fate))
            .skip(offset as usize)
            .take(request.limit.min(WIDEST) as usize);
        RowWindow {
            total: wide(self.table.len()),
            matching: wide(matching),
            offset,
            rows: shown
                .map(|&at| shown_row(self.coverage.line(row(at))))
                .collect(),
            loaded_at: Some(self.made_at),
            complete: true,
        }
    }
}

fn fate_of(filter: RowFilter) -> Option<Fate> {
    match filter {
        RowFilter::LosesAccess => Some(Fate::LosesAccess),
        RowFilter::NewlyReached => Some(Fate::NewlyReached),
        RowFilter::CannotTravel => Some(Fate::CannotTravel),
        RowFilter::Covered => Some(Fate::Covered),
        RowFilter::All | RowFilter::Wanted | RowFilter::Assigned | RowFilter::Unfit => None,
    }
}

/// Names of connectors and groups, so that somebody is found by what brings them.
fn searched(coverage: &Coverage, row: &usher_core::coverage::CoverageRow) -> String {
    let mut words: Vec<String> = Vec::new();
    let line = coverage.line(row);
    for way in line.old.iter().chain(&line.account) {
        for word in [Some(&way.connector), way.group.as_ref()]
            .into_iter()
            .flatten()
        {
            if !words.contains(word) {
                words.push(word.clone());
            }
        }
    }
    words.join(" ")
}

fn shown_row(line: CoverageLine) -> PrincipalRow {
    let ways = match line.fate {
        Fate::LosesAccess | Fate::CannotTravel => &line.old,
        Fate::NewlyReached | Fate::Covered => &line.account,
    };
    let note = match &line.note {
        Some(note) => note.clone(),
        None => told(
            ways,
            matches!(line.fate, Fate::LosesAccess | Fate::CannotTravel),
        ),
    };
    PrincipalRow {
        id: line.id,
        kind: line.kind,
        display_name: line.display_name,
        detail: line.name,
        guest: false,
        unfit: None,
        wanted: false,
        assigned: None,
        fate: Some(line.fate),
        note: Some(note),
    }
}

/// "Databricks finance › databricks-finance", and how many more; the account connector goes without its name.
fn told(ways: &[CoverageWay], named: bool) -> String {
    let one = |way: &CoverageWay| match &way.group {
        Some(group) if named => format!("{} › {group}", way.connector),
        Some(group) => group.clone(),
        None if named => way.connector.clone(),
        None => "an assignment of its own".to_owned(),
    };
    let mut text = ways
        .iter()
        .take(TOLD)
        .map(one)
        .collect::<Vec<_>>()
        .join(", ");
    if let Some(more) = ways.len().checked_sub(TOLD).filter(|more| *more > 0) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}
