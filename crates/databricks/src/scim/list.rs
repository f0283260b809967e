//! Lists, read whole with four pages in flight.

use std::collections::HashSet;

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use usher_transport::CancellationToken;

use super::{ListPage, Query, Resource, Scim};
use crate::error::Error;

/// Pages in flight in a bulk read (facts/databricks §9: 3 to 4).
const IN_FLIGHT: usize = 4;

/// Pages in a row without a new entry after which a list counts as endless. Pages may be empty (facts/databricks §3.2), and a
/// list that changes while it is read can show entries twice; a service that does not page at all shows nothing else.
const FRUITLESS: u64 = 100;
/// The same for pages that hold entries, all of which came before.
const REPEATED: u64 = 2;

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
    /// The whole list. After the first page has told the total, four pages are in flight at a time. An empty page before the
    /// total is reached is passed over: it is a hole, not the end (facts/databricks §3.2).
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
        self.read_all_as(query, |resource: R| resource, progress, cancel)
            .await
    }

    /// The same, keeping of each resource what `keep` makes of it as soon as it has come: a large list as the service writes it takes
    /// several times the memory.
    ///
    /// # Errors
    /// See [`Scim::read_all`].
    pub async fn read_all_as<R: Resource, T>(
        &self,
        query: &Query,
        keep: impl FnMut(R) -> T,
        progress: impl Fn(u64, u64),
        cancel: &CancellationToken,
    ) -> Result<Listing<T>, Error> {
        let size = self.page_size();
        let first = self.page::<R>(query, 1, size, cancel).await?;
        let Some(total) = first.total_results else {
            return self.read_on(query, first, keep, cancel).await;
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
        let mut collected = Collected::new(R::LIST, keep);
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
            collected.moves_on(total)?;
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

    /// The rest of a list that does not tell its total: until an empty page.
    async fn read_on<R: Resource, T>(
        &self,
        query: &Query,
        first: ListPage<R>,
        keep: impl FnMut(R) -> T,
        cancel: &CancellationToken,
    ) -> Result<Listing<T>, Error> {
        let mut collected = Collected::new(R::LIST, keep);
        let (mut start, mut pages, mut page) = (1, 1, first);
        while !page.resources.is_empty() {
            start += u64::try_from(page.resources.len()).unwrap_or(u64::MAX);
            collected.add(page.resources);
            collected.moves_on(collected.len())?;
            if pages >= PAGES_WITHOUT_TOTAL {
                return Err(collected.endless(collected.len()));
            }
            pages += 1;
            page = self
                .page::<R>(query, start, self.page_size(), cancel)
                .await?;
        }
        let total_results = collected.len();
        Ok(Listing {
            resources: collected.resources,
            total_results,
        })
    }
}

/// Each id once: a list that changes while it is read can show an entry twice.
struct Collected<K, T> {
    operation: &'static str,
    keep: K,
    ids: HashSet<String>,
    resources: Vec<T>,
    /// Pages in a row that brought nothing new, and those of them that held entries.
    fruitless: u64,
    repeated: u64,
}

impl<K, T> Collected<K, T> {
    fn new(operation: &'static str, keep: K) -> Self {
        Self {
            operation,
            keep,
            ids: HashSet::new(),
            resources: Vec::new(),
            fruitless: 0,
            repeated: 0,
        }
    }

    fn add<R: Resource>(&mut self, resources: Vec<R>)
    where
        K: FnMut(R) -> T,
    {
        let held_some = !resources.is_empty();
        let before = self.resources.len();
        for resource in resources {
            if self.ids.insert(resource.id().to_owned()) {
                self.resources.push((self.keep)(resource));
            }
        }
        if self.resources.len() > before {
            (self.fruitless, self.repeated) = (0, 0);
        } else {
            self.fruitless += 1;
            self.repeated += u64::from(held_some);
        }
    }

    /// Refuses a list that goes on without bringing anything new.
    fn moves_on(&self, total: u64) -> Result<(), Error> {
        if self.repeated >= REPEATED {
            return Err(Error::Repeating {
                operation: self.operation,
                received: self.len(),
                total,
            });
        }
        if self.fruitless >= FRUITLESS {
            return Err(self.endless(total));
        }
        Ok(())
    }

    fn endless(&self, total: u64) -> Error {
        Error::Endless {
            operation: self.operation,
            received: self.len(),
            total,
        }
    }

    fn len(&self) -> u64 {
        u64::try_from(self.resources.len()).unwrap_or(u64::MAX)
    }
}
