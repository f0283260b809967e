//! The checklist as a table, RFC 4180: a row a finding, and below it a row for each thing it looked at.

use super::{Checklist, digest, origin};
use crate::document::Document;
use crate::finding::{Finding, Subject};

const HEAD: [&str; 16] = [
    "section",
    "check",
    "setting",
    "wanted",
    "found",
    "status",
    "subject",
    "note",
    "weight",
    "source of facts",
    "observed at",
    "attested by",
    "why it matters",
    "fix",
    "source",
    "link",
];

pub(super) fn write(document: &Document<Checklist>) -> String {
    let list = &document.body;
    let mut text = row(HEAD);
    for (section, findings) in list.sections() {
        for finding in findings {
            text.push_str(&finding_row(section, finding, list));
            for one in &finding.subjects {
                text.push_str(&subject_row(section, finding, one));
            }
        }
    }
    text.push_str(&row(["made at", &document.generated_at.to_string()]));
    text.push_str(&row(["made by", &format!("Usher {}", document.version)]));
    text.push_str(&row(["set-up", &list.name]));
    let ids = list.facts();
    for (label, value) in &ids {
        text.push_str(&row([*label, value]));
    }
    text.push_str(&row(["digest", digest::place()]));
    text
}

/// The finding itself.
fn finding_row(section: &str, finding: &Finding, list: &Checklist) -> String {
    let evidence = finding.evidence.iter();
    let evidence: Vec<String> = evidence
        .map(|one| format!("{}: {}", one.label, one.value))
        .collect();
    let attested = list.attested.get(&finding.check);
    let word = attested.map(|word| format!("{} at {}", word.by, word.at));
    row([
        section,
        &finding.check,
        &finding.title,
        finding.wanted.as_deref().unwrap_or_default(),
        &evidence.join("\n"),
        finding.status.word(),
        "",
        finding.reason.as_deref().unwrap_or_default(),
        weight(finding.weight),
        origin(finding),
        &finding.observed_at.to_string(),
        word.as_deref().unwrap_or_default(),
        finding.why.as_deref().unwrap_or_default(),
        finding.fix.as_deref().unwrap_or_default(),
        &finding.source,
        finding.link.as_deref().unwrap_or_default(),
    ])
}

/// One of the things it looked at: what the other formats count, each has its row here.
fn subject_row(section: &str, finding: &Finding, one: &Subject) -> String {
    let (status, title) = (one.status.word(), &*finding.title);
    let (name, note) = (&*one.subject, &*one.note);
    let mut cells = [""; HEAD.len()];
    (cells[0], cells[1], cells[2]) = (section, &finding.check, title);
    (cells[5], cells[6], cells[7]) = (status, name, note);
    row(cells)
}

fn weight(weight: crate::finding::Weight) -> &'static str {
    match weight {
        crate::finding::Weight::Blocks => "blocks",
        crate::finding::Weight::Risks => "risks",
        crate::finding::Weight::Advises => "advises",
    }
}

/// A row of a table.
pub(crate) fn row<const N: usize, T: AsRef<str>>(cells: [T; N]) -> String {
    let mut row = String::new();
    for (index, text) in cells.iter().enumerate() {
        if index > 0 {
            row.push(',');
        }
        cell(&mut row, text.as_ref());
    }
    row.push('\n');
    row
}

/// A cell; one that a spreadsheet would take for a formula is made text.
fn cell(row: &mut String, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t']);
    let quoted = text.contains([',', '"', '\n', '\r']);
    if quoted {
        row.push('"');
    }
    if formula {
        row.push('\'');
    }
    if quoted {
        row.push_str(&text.replace('"', "\"\""));
        row.push('"');
    } else {
        row.push_str(text);
    }
}
