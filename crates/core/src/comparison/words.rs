//! A comparison in words, as plain text for a terminal and as Markdown.

use jiff::Timestamp;

use super::{Change, Compared, Comparison};
use crate::finding::{Status, Subject};
use crate::text::{few, plain_markdown};

/// The comparison as plain text, without a line end at its end: a line of counts, then a line or two a check.
pub fn text(comparison: &Comparison) -> String {
    let mut lines = vec![format!("{}.", headline(comparison))];
    for change in Change::ALL {
        for compared in comparison.of_kind(change) {
            lines.push(format!(
                "{}: {} ({}){}",
                name(change),
                compared.title,
                compared.check,
                statuses(compared)
            ));
            lines.extend(people(compared).map(|line| format!("    {line}")));
        }
    }
    lines.join("\n")
}

/// The comparison as a section of Markdown, headed on the second level.
pub fn markdown(comparison: &Comparison) -> String {
    let mut text = format!("## Since the last report\n\n{}.\n", headline(comparison));
    for change in Change::ALL {
        if comparison.of_kind(change).next().is_none() {
            continue;
        }
        text.push_str(&format!("\n### {}\n\n", name(change)));
        for compared in comparison.of_kind(change) {
            text.push_str(&format!(
                "- {} (`{}`){}\n",
                compared.title,
                compared.check,
                statuses(compared)
            ));
            for line in people(compared) {
                text.push_str(&format!("  - {}\n", plain_markdown(&line)));
            }
        }
    }
    text
}

fn headline(comparison: &Comparison) -> String {
    let counts = comparison.summary;
    format!(
        "Since {}: {} new, {} changed, {} still there, {} gone",
        minute(comparison.since),
        counts.new,
        counts.changed,
        counts.still_there,
        counts.gone
    )
}

/// A time to the minute, with its zone.
fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn name(change: Change) -> &'static str {
    match change {
        Change::New => "New",
        Change::Changed => "Changed",
        Change::StillThere => "Still there",
        Change::Gone => "Gone",
    }
}

/// From what to what, where that is not in the kind already.
fn statuses(compared: &Compared) -> String {
    let word = |status: Option<Status>| status.unwrap_or(Status::NotApplicable).word();
    match compared.change {
        Change::Changed => format!(": {} before, {} now", word(compared.was), word(compared.is)),
        Change::New | Change::StillThere | Change::Gone => format!(": {}", word(compared.is)),
    }
}

/// Who came and who went, the first few by name.
fn people(compared: &Compared) -> impl Iterator<Item = String> {
    let names = |subjects: &[Subject]| few(subjects.iter().map(|subject| subject.subject.clone()));
    let came = (!compared.new_subjects.is_empty())
        .then(|| format!("new: {}", names(&compared.new_subjects)));
    let went = (!compared.gone_subjects.is_empty())
        .then(|| format!("gone: {}", names(&compared.gone_subjects)));
    let rest = (compared.still_there > 0 && (came.is_some() || went.is_some()))
        .then(|| format!("still there: {}", compared.still_there));
    [came, went, rest].into_iter().flatten()
}
