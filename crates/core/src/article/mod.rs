//! Databricks' article "Configure SCIM provisioning using Microsoft Entra ID", entry by entry: what it asks for, what has changed
//! since, and which page, check, fault or text of Usher carries it.
//!
//! Tests fail when an entry is carried by nothing, or by something that does not exist; `docs/article.md` is this table, rendered.

mod account;
mod general;
mod render;
mod tips;
mod workspace;

pub use render::markdown;
pub use tips::{TIPS, Tip, tips};

use crate::connection::FaultCode;

/// What an entry of the article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Something to know before choosing.
    Background,
    /// What must be there first.
    Requirement,
    /// Something to press, enter or wait for.
    Step,
    /// A note, or what the article marks as important.
    Note,
    /// A provisioning tip.
    Tip,
    /// Something to look at when it does not work.
    Troubleshooting,
}

/// What of Usher carries an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// The start page.
    Start,
    /// The page of a step, by its id.
    Page(&'static str),
    /// A check, by its id.
    Check(&'static str),
    /// A fault of the connection test, with its words.
    Fault(FaultCode),
    /// A text shown beside a step, by its id.
    Tip(&'static str),
    /// A command of the command line.
    Command(&'static str),
}

/// An entry of the article.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// A stable id, unique in the whole article.
    pub id: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it says, in our words.
    pub gist: &'static str,
    /// How it is today, where the article is out of date: labels, addresses, advice.
    pub today: Option<&'static str>,
    /// What carries it; never empty.
    pub carried_by: &'static [Carrier],
}

impl Entry {
    const fn new(
        kind: Kind,
        id: &'static str,
        gist: &'static str,
        carried_by: &'static [Carrier],
    ) -> Self {
        Self {
            id,
            kind,
            gist,
            today: None,
            carried_by,
        }
    }

    const fn today(mut self, text: &'static str) -> Self {
        self.today = Some(text);
        self
    }
}

/// A part of the article.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its heading, in our words.
    pub title: &'static str,
    /// Its entries, in the article's order.
    pub entries: &'static [Entry],
}

/// The article, in its order.
pub static ARTICLE: [Section; 11] = [
    Section {
        title: "What to set up",
        entries: general::OVERVIEW,
    },
    Section {
        title: "Account: requirements",
        entries: account::REQUIREMENTS,
    },
    Section {
        title: "Account, step 1: Databricks",
        entries: account::DATABRICKS,
    },
    Section {
        title: "Account, step 2: the enterprise application",
        entries: account::APPLICATION,
    },
    Section {
        title: "Account, step 3: users and groups",
        entries: account::PEOPLE,
    },
    Section {
        title: "Workspace (legacy): requirements",
        entries: workspace::REQUIREMENTS,
    },
    Section {
        title: "Workspace (legacy), step 1: token, enterprise application and connection",
        entries: workspace::APPLICATION,
    },
    Section {
        title: "Workspace (legacy), step 2: users and groups",
        entries: workspace::PEOPLE,
    },
    Section {
        title: "Automating with Microsoft Graph",
        entries: general::AUTOMATION,
    },
    Section {
        title: "Provisioning tips",
        entries: general::TIPS,
    },
    Section {
        title: "Troubleshooting",
        entries: general::TROUBLESHOOTING,
    },
];

/// Every entry, in the article's order.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    ARTICLE.iter().flat_map(|section| section.entries)
}

#[cfg(test)]
mod tests;
