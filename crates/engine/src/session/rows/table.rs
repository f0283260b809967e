//! A table that is searched as one types: 100,000 rows within a frame.

use std::sync::{Arc, Mutex, PoisonError};

use usher_core::model::setup::PrincipalKind;

use crate::session::view::RowOrder;

/// A person or a group, compact.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: Box<str>,
    pub(crate) kind: PrincipalKind,
    pub(crate) name: Box<str>,
    pub(crate) detail: Box<str>,
    pub(crate) mail: Option<Box<str>>,
    pub(crate) guest: bool,
    pub(crate) unfit: Option<&'static str>,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    /// Words in lower case, all of which must be in a row.
    pub(crate) search: String,
    /// The order.
    pub(crate) order: RowOrder,
}

/// Rows with what makes them quick to search and sort.
#[derive(Debug)]
pub(crate) struct Table {
    rows: Vec<Row>,
    /// What a row is searched by, in lower case: name, detail, address.
    texts: Vec<Box<str>>,
    /// Rows by name, and by detail: sorting is done once.
    by_name: Arc<[u32]>,
    by_detail: Arc<[u32]>,
    /// The last answer: the next window of it, or the next letter typed, begins there.
    last: Mutex<Option<(Query, Arc<[u32]>)>>,
}

impl Table {
    /// Makes the table.
    pub(crate) fn new(rows: Vec<Row>) -> Self {
        let texts: Vec<Box<str>> = rows.iter().map(text).collect();
        let details: Vec<String> = rows.iter().map(|row| row.detail.to_lowercase()).collect();
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let mut by_name: Vec<u32> = (0..count).collect();
        by_name.sort_by(|&a, &b| texts[a as usize].cmp(&texts[b as usize]));
        let mut by_detail = by_name.clone();
        by_detail.sort_by(|&a, &b| details[a as usize].cmp(&details[b as usize]));
        Self { rows, texts, by_name: by_name.into(), by_detail: by_detail.into(), last: Mutex::new(None) }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row by its number.
    pub(crate) fn row(&self, number: u32) -> &Row {
        &self.rows[number as usize]
    }

    /// The numbers of the matching rows, in order.
    pub(crate) fn find(&self, query: &Query) -> Arc<[u32]> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let found = match last {
            Some((before, found)) if before == *query => return found,
            // A longer text of the same beginning can only match fewer rows.
            Some((before, found)) if before.order == query.order && query.search.starts_with(&before.search) => {
                self.matching(&found, &query.search)
            }
            _ => self.matching(&self.in_order(query.order), &query.search),
        };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((query.clone(), Arc::clone(&found)));
        found
    }

    fn matching(&self, among: &Arc<[u32]>, search: &str) -> Arc<[u32]> {
        let words: Vec<&str> = search.split_whitespace().collect();
        if words.is_empty() {
            return Arc::clone(among);
        }
        let matches = |number: &u32| words.iter().all(|word| self.texts[*number as usize].contains(word));
        among.iter().copied().filter(matches).collect()
    }

    fn in_order(&self, order: RowOrder) -> Arc<[u32]> {
        match order {
            RowOrder::Name => Arc::clone(&self.by_name),
            RowOrder::NameReversed => self.by_name.iter().rev().copied().collect(),
            RowOrder::Detail => Arc::clone(&self.by_detail),
            RowOrder::DetailReversed => self.by_detail.iter().rev().copied().collect(),
        }
    }
}

fn text(row: &Row) -> Box<str> {
    let mail = row.mail.as_deref().unwrap_or_default();
    format!("{}\n{}\n{mail}", row.name, row.detail).to_lowercase().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(name: &str, detail: &str) -> Row {
        Row {
            id: name.into(),
            kind: PrincipalKind::User,
            name: name.into(),
            detail: detail.into(),
            mail: None,
            guest: false,
            unfit: None,
        }
    }

    fn find(table: &Table, search: &str, order: RowOrder) -> Vec<String> {
        let query = Query { search: search.to_owned(), order };
        table.find(&query).iter().map(|&number| table.row(number).name.to_string()).collect()
    }

    #[test]
    fn every_word_must_be_there_and_the_order_holds() {
        let table = Table::new(vec![row("Zoe Adams", "zoe@x"), row("Ann Zimmer", "ann@y"), row("Bo Adams", "bo@x")]);
        assert_eq!(find(&table, "", RowOrder::Name), ["Ann Zimmer", "Bo Adams", "Zoe Adams"]);
        assert_eq!(find(&table, "adams", RowOrder::NameReversed), ["Zoe Adams", "Bo Adams"]);
        assert_eq!(find(&table, "x zo", RowOrder::Name), ["Zoe Adams"]);
        assert_eq!(find(&table, "", RowOrder::Detail), ["Ann Zimmer", "Bo Adams", "Zoe Adams"]);
    }

    proptest! {
        /// Typing letter by letter, which searches in the last answer, finds what a fresh search finds.
        #[test]
        fn typing_finds_what_searching_anew_finds(
            names in prop::collection::vec("[a-c]{0,4} [a-c]{0,4}", 0..40),
            search in "[a-c ]{0,6}",
        ) {
            let rows = || names.iter().map(|name| row(name, "")).collect();
            let typed = Table::new(rows());
            let mut last = Vec::new();
            for end in 0..=search.len() {
                last = find(&typed, &search[..end], RowOrder::Name);
            }
            prop_assert_eq!(last, find(&Table::new(rows()), &search, RowOrder::Name));
        }
    }
}
