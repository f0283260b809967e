//! The checklist as a table: a row a finding, RFC 4180.

use super::{Checklist, digest, origin};
use crate::document::Document;

const HEAD: [&str; 12] = [
    "section",
    "check",
    "title",
    "status",
    "weight",
    "source of facts",
    "observed at",
    "evidence",
    "subjects",
    "reason",
    "fix",
    "source",
];

pub(super) fn write(document: &Document<Checklist>) -> String {
    let list = &document.body;
    let mut text = row(HEAD.map(str::to_owned));
    for (section, findings) in list.sections() {
        for finding in findings {
            let evidence = finding
                .evidence
                .iter()
                .map(|one| format!("{}: {}", one.label, one.value))
                .collect::<Vec<_>>();
            let subjects = finding
                .subjects
                .iter()
                .map(|one| format!("{} {}: {}", one.status.shape(), one.subject, one.note))
                .collect::<Vec<_>>();
            text.push_str(&row([
                section.to_owned(),
                finding.check.clone(),
                finding.title.clone(),
                finding.status.word().to_owned(),
                weight(finding.weight).to_owned(),
                origin(finding).to_owned(),
                finding.observed_at.to_string(),
                evidence.join("\n"),
                subjects.join("\n"),
                finding.reason.clone().unwrap_or_default(),
                finding.fix.clone().unwrap_or_default().replace("**", ""),
                finding.source.clone(),
            ]));
        }
    }
    text.push_str(&row([
        "made at".to_owned(),
        document.generated_at.to_string(),
    ]));
    text.push_str(&row([
        "made by".to_owned(),
        format!("Usher {}", document.version),
    ]));
    text.push_str(&row(["set-up".to_owned(), list.name.clone()]));
    text.push_str(&row(["digest".to_owned(), digest::place().to_owned()]));
    text
}

fn weight(weight: crate::finding::Weight) -> &'static str {
    match weight {
        crate::finding::Weight::Blocks => "blocks",
        crate::finding::Weight::Risks => "risks",
        crate::finding::Weight::Advises => "advises",
    }
}

/// A row of a table.
pub(crate) fn row<const N: usize>(cells: [String; N]) -> String {
    format!(
        "{}\n",
        cells
            .iter()
            .map(|text| cell(text))
            .collect::<Vec<_>>()
            .join(",")
    )
}

/// A cell; one that a spreadsheet would take for a formula is made text.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
