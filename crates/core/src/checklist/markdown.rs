//! The checklist as Markdown.

use super::{Checklist, counts, digest, origin, shape, word};
use crate::document::Document;
use crate::finding::Finding;

pub(super) fn write(document: &Document<Checklist>) -> String {
    let list = &document.body;
    let mut text = format!("# Checklist: {}\n\n", plain(&list.name));
    text.push_str(&format!(
        "Made {} by Usher {}. {}.\n",
        document.generated_at,
        document.version,
        counts(&list.summary)
    ));
    table(&mut text, "What it is about", &list.facts());
    table(&mut text, "What is wanted", &list.wants());
    for (title, findings) in list.sections() {
        text.push_str(&format!("\n## {title}\n"));
        for finding in findings {
            write_finding(&mut text, finding);
        }
    }
    if !list.attested.is_empty() {
        text.push_str("\n## Attested\n\n| check | by | at | note |\n| --- | --- | --- | --- |\n");
        for (id, word) in &list.attested {
            let note = word.note.as_deref().unwrap_or_default();
            text.push_str(&format!(
                "| {id} | {} | {} | {} |\n",
                plain(&word.by),
                word.at,
                plain(note)
            ));
        }
    }
    text.push_str(&format!("\nDigest: {}\n", digest::place()));
    text
}

fn table(text: &mut String, title: &str, rows: &[(&str, String)]) {
    if rows.is_empty() {
        return;
    }
    text.push_str(&format!("\n## {title}\n\n| | |\n| --- | --- |\n"));
    for (label, value) in rows {
        text.push_str(&format!("| {label} | {} |\n", plain(value)));
    }
}

fn write_finding(text: &mut String, finding: &Finding) {
    text.push_str(&format!(
        "\n### {} {}\n\n",
        shape(finding.status),
        finding.title
    ));
    text.push_str(&format!(
        "**{}** · `{}` · {} · {}\n",
        word(finding.status),
        finding.check,
        origin(finding),
        finding.observed_at
    ));
    if !(finding.evidence.is_empty() && finding.subjects.is_empty() && finding.reason.is_none()) {
        text.push('\n');
    }
    if let Some(reason) = &finding.reason {
        text.push_str(&format!("- {}\n", plain(reason)));
    }
    for evidence in &finding.evidence {
        text.push_str(&format!(
            "- {}: {}\n",
            plain(&evidence.label),
            plain(&evidence.value)
        ));
    }
    for subject in &finding.subjects {
        text.push_str(&format!(
            "- {} {}: {}\n",
            shape(subject.status),
            plain(&subject.subject),
            plain(&subject.note)
        ));
    }
    if let Some(fix) = &finding.fix {
        text.push_str(&format!("\nWhat to do:\n\n{fix}\n"));
    }
    text.push_str(&format!("\nSource: {}\n", plain(&finding.source)));
}

/// Text that means itself in Markdown, on one line.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' => plain.extend(['\\', c]),
            '\n' | '\r' => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}
