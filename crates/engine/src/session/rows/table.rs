//! A table that is searched as one types: 100,000 rows within a frame.

use std::sync::{Arc, Mutex, PoisonError};

use memchr::memmem;
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
    /// What the rows are searched by, one line a row: one text is searched far quicker than many.
    haystack: String,
    /// Where each row's line ends in it.
    ends: Vec<usize>,
    /// Rows by name, and by detail: sorting is done once.
    by_name: Arc<[u32]>,
    by_detail: Arc<[u32]>,
    /// The last answer, for the next window of it.
    last: Mutex<Option<(Query, Arc<[u32]>)>>,
}

impl Table {
    /// Makes the table.
    pub(crate) fn new(rows: Vec<Row>) -> Self {
        let mut haystack = String::new();
        let mut ends = Vec::with_capacity(rows.len());
        for row in &rows {
            let mail = row.mail.as_deref().unwrap_or_default();
            for text in [&*row.name, &*row.detail, mail] {
                // Names are one line; a control character in one must not look like the next row.
                haystack.extend(
                    text.chars()
                        .flat_map(char::to_lowercase)
                        .map(|letter| if letter == '\n' { ' ' } else { letter }),
                );
                haystack.push('\t');
            }
            haystack.push('\n');
            ends.push(haystack.len());
        }
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let sorted = |key: fn(&Row) -> &str| -> Arc<[u32]> {
            let keys: Vec<String> = rows.iter().map(|row| key(row).to_lowercase()).collect();
            let mut order: Vec<u32> = (0..count).collect();
            order.sort_by(|&a, &b| keys[a as usize].cmp(&keys[b as usize]));
            order.into()
        };
        let (by_name, by_detail) = (sorted(|row| &row.name), sorted(|row| &row.detail));
        Self {
            rows,
            haystack,
            ends,
            by_name,
            by_detail,
            last: Mutex::new(None),
        }
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
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = last.as_ref().filter(|(before, _)| before == query) {
            return Arc::clone(found);
        }
        let mut found = self.in_order(query.order);
        for word in query.search.split_whitespace() {
            let holding = self.holding(word);
            found = found
                .iter()
                .copied()
                .filter(|&number| holding[number as usize])
                .collect();
        }
        *last = Some((query.clone(), Arc::clone(&found)));
        found
    }

    /// Which rows hold a word.
    fn holding(&self, word: &str) -> Vec<bool> {
        let mut holding = vec![false; self.rows.len()];
        let finder = memmem::Finder::new(word);
        let (mut row, mut from) = (0, 0);
        while let Some(at) = finder.find(&self.haystack.as_bytes()[from..]) {
            while self.ends[row] <= from + at {
                row += 1;
            }
            holding[row] = true;
            from = self.ends[row];
        }
        holding
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
        let query = Query {
            search: search.to_owned(),
            order,
        };
        table
            .find(&query)
            .iter()
            .map(|&number| table.row(number).name.to_string())
            .collect()
    }

    #[test]
    fn every_word_must_be_there_and_the_order_holds() {
        let table = Table::new(vec![
            row("Zoe Adams", "zoe@x"),
            row("Ann Zimmer", "ann@y"),
            row("Bo Adams", "bo@x"),
        ]);
        assert_eq!(
            find(&table, "", RowOrder::Name),
            ["Ann Zimmer", "Bo Adams", "Zoe Adams"]
        );
        assert_eq!(
            find(&table, "adams", RowOrder::NameReversed),
            ["Zoe Adams", "Bo Adams"]
        );
        assert_eq!(find(&table, "x zo", RowOrder::Name), ["Zoe Adams"]);
        assert_eq!(
            find(&table, "", RowOrder::Detail),
            ["Ann Zimmer", "Bo Adams", "Zoe Adams"]
        );
    }

    proptest! {
        /// The quick search finds what asking each row finds.
        #[test]
        fn searching_finds_what_asking_each_row_finds(
            names in prop::collection::vec("[a-c]{0,4}[ \n]?[a-c]{0,4}", 0..40),
            search in "[a-c ]{0,6}",
        ) {
            let rows: Vec<Row> = names.iter().map(|name| row(name, "")).collect();
            let mut asked: Vec<String> = names
                .iter()
                .filter(|name| search.split_whitespace().all(|word| name.contains(word)))
                .cloned()
                .collect();
            asked.sort();
            prop_assert_eq!(find(&Table::new(rows), &search, RowOrder::Name), asked);
        }
    }
}
