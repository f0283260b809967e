//! Lists: a stream of pages, and the whole list with four pages in flight.

use std::collections::HashSet;

use futures::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use usher_transport::CancellationToken;

use super::{ListPage, Query, Resource, Scim};
use crate::error::Error;

/// Pages in flight in a bulk read (facts/databricks §9: 3 to 4).
const IN_FLIGHT: usize = 4;

/// Pages beyond what the total allows before a list counts as endless.
const SPARE_PAGES: u64 = 16;

/// Pages after which a list that names no total counts as endless.
const PAGES_WITHOUT_TOTAL: u64 = 10_000;

/// A whole list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing<R> {
    /// Its resources, each id once, in the order of the pages. The order of SCIM lists is not documented.
    pub resources: Vec<R>,
    /// How many there are by the service's own count; more than `resources` when the list changed while it was read.
    pub total_results: u64,
}

impl Scim {
    /// The pages of a list, one after another, until the list's own total is reached or, where it names none, until an
    /// empty page. An empty page before that is passed over: it is a hole, not the end (facts/databricks §3.2).
    pub fn pages<'a, R: Resource>(
        &'a self,
        query: &'a Query,
        cancel: &'a CancellationToken,
    ) -> impl Stream<Item = Result<ListPage<R>, Error>> + 'a {
        async_stream::try_stream! {
            let size = self.page_size();
            let mut position = Position::new(size);
            while !position.ended() {
                let page = self.page::<R>(query, position.start, size, cancel).await?;
                position.advance::<R>(&page)?;
                yield page;
            }
        }
    }

    /// The whole list. After the first page has told the total, four pages are in flight at a time.
    ///
    /// `progress` is told how many entries have come and how many there are.
    ///
    /// # Errors
    /// See [`Error`]; the first page that fails ends the read.
    pub async fn read_all<R: Resource>(
        &self,
        query: &Query,
        progress: impl Fn(u64, u64),
        cancel: &CancellationToken,
    ) -> Result<Listing<R>, Error> {
        let size = self.page_size();
        let first = self.page::<R>(query, 1, size, cancel).await?;
        let Some(total) = first.total_results else {
            return self.read_on(query, first, cancel).await;
        };
        // A service that caps its pages below what was asked for sets the stride.
        let stride = u64::try_from(first.resources.len())
            .unwrap_or(size)
            .clamp(1, size);
        let stride = if first.resources.is_empty() {
            size
        } else {
            stride
        };
        let mut collected = Collected::default();
        collected.add(first.resources);
        progress(collected.len(), total);
        let starts = (0..)
            .map(|index| 1 + stride * (index + 1))
            .take_while(|start| *start <= total);
        let mut windows = stream::iter(starts)
            .map(|start| self.window::<R>(query, start, stride, cancel))
            .buffered(IN_FLIGHT);
        while let Some(resources) = windows.try_next().await? {
            collected.add(resources);
            progress(collected.len(), total);
        }
        Ok(Listing {
            resources: collected.resources,
            total_results: total,
        })
    }

    /// The entries from `start` on, `count` of them, in as many calls as the service needs.
    async fn window<R: Resource>(
        &self,
        query: &Query,
        start: u64,
        count: u64,
        cancel: &CancellationToken,
    ) -> Result<Vec<R>, Error> {
        let end = start + count;
        let mut position = start;
        let mut resources = Vec::new();
        while position < end {
            let page = self
                .page::<R>(query, position, end - position, cancel)
                .await?;
            let received = u64::try_from(page.resources.len()).unwrap_or(u64::MAX);
            resources.extend(page.resources);
            position = position.saturating_add(received);
            let beyond = page.total_results.is_some_and(|total| position > total);
            if received == 0 || beyond {
                break;
            }
        }
        Ok(resources)
    }

    /// The rest of a list that does not tell its total.
    async fn read_on<R: Resource>(
        &self,
        query: &Query,
        first: ListPage<R>,
        cancel: &CancellationToken,
    ) -> Result<Listing<R>, Error> {
        let size = self.page_size();
        let mut position = Position::new(size);
        position.advance(&first)?;
        let mut collected = Collected::default();
        collected.add(first.resources);
        while !position.ended() {
            let page = self.page::<R>(query, position.start, size, cancel).await?;
            position.advance(&page)?;
            collected.add(page.resources);
        }
        let total_results = collected.len();
        Ok(Listing {
            resources: collected.resources,
            total_results,
        })
    }
}

/// Each id once: a list that changes while it is read can show an entry twice.
struct Collected<R> {
    ids: HashSet<String>,
    resources: Vec<R>,
}

impl<R> Default for Collected<R> {
    fn default() -> Self {
        Self {
            ids: HashSet::new(),
            resources: Vec::new(),
        }
    }
}

impl<R: Resource> Collected<R> {
    fn add(&mut self, resources: Vec<R>) {
        for resource in resources {
            if self.ids.insert(resource.id().to_owned()) {
                self.resources.push(resource);
            }
        }
    }

    fn len(&self) -> u64 {
        u64::try_from(self.resources.len()).unwrap_or(u64::MAX)
    }
}

/// Where a sequential read is.
struct Position {
    size: u64,
    start: u64,
    total: Option<u64>,
    first_total: Option<u64>,
    pages: u64,
    received: u64,
    empty: bool,
}

impl Position {
    fn new(size: u64) -> Self {
        Self {
            size,
            start: 1,
            total: None,
            first_total: None,
            pages: 0,
            received: 0,
            empty: false,
        }
    }

    fn ended(&self) -> bool {
        match self.total {
            Some(total) => self.start > total,
            None => self.pages > 0 && self.empty,
        }
    }

    /// Steps past a page: by what it held, or, where it is empty, by a whole page.
    fn advance<R: Resource>(&mut self, page: &ListPage<R>) -> Result<(), Error> {
        let received = u64::try_from(page.resources.len()).unwrap_or(u64::MAX);
        self.empty = received == 0;
        self.total = page.total_results;
        self.received = self.received.saturating_add(received);
        self.start = self
            .start
            .saturating_add(if self.empty { self.size } else { received });
        self.pages += 1;
        let total = *self
            .first_total
            .get_or_insert(page.total_results.unwrap_or(PAGES_WITHOUT_TOTAL));
        // A page holds one entry at least, holes aside; a total that runs away with the reader meets this, too.
        if self.pages > total.saturating_add(SPARE_PAGES) {
            return Err(Error::Endless {
                operation: R::LIST,
                received: self.received,
                total,
            });
        }
        Ok(())
    }
}
