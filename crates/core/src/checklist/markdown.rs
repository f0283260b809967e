//! The checklist as Markdown.

use super::{Checklist, counts, digest, origin};
use crate::document::Document;
use crate::finding::Finding;
use crate::text::plain_markdown;

pub(super) fn write(document: &Document<Checklist>) -> String {
    let list = &document.body;
    let mut text = format!("# Checklist: {}\n\n", plain_markdown(&list.name));
    text.push_str(&format!(
        "Made {} by Usher {}. {}.\n",
        document.generated_at,
        document.version,
        counts(&list.summary)
    ));
    text.push_str("\n## For whoever signs this off\n\n");
    for line in list.sign_off() {
        text.push_str(&format!("- {}\n", plain_markdown(&line)));
    }
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
                plain_markdown(&word.by),
                word.at,
                plain_markdown(note)
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
        text.push_str(&format!("| {label} | {} |\n", plain_markdown(value)));
    }
}

fn write_finding(text: &mut String, finding: &Finding) {
    text.push_str(&format!(
        "\n### {} {}\n\n",
        finding.status.shape(),
        finding.title
    ));
    text.push_str(&format!(
        "**{}** · `{}` · {} · {}\n",
        finding.status.word(),
        finding.check,
        origin(finding),
        finding.observed_at
    ));
    text.push('\n');
    if let Some(wanted) = &finding.wanted {
        text.push_str(&format!("- Wanted: {wanted}\n"));
    }
    if let Some(reason) = &finding.reason {
        text.push_str(&format!("- {}\n", plain_markdown(reason)));
    }
    for evidence in &finding.evidence {
        text.push_str(&format!(
            "- {}: {}\n",
            plain_markdown(&evidence.label),
            plain_markdown(&evidence.value)
        ));
    }
    let brief = finding.brief();
    for subject in &brief.shown {
        text.push_str(&format!(
            "- {} {}: {}\n",
            subject.status.shape(),
            plain_markdown(&subject.subject),
            plain_markdown(&subject.note)
        ));
    }
    if let Some(rest) = brief.rest_in_words() {
        text.push_str(&format!("- {rest}.\n"));
    }
    if let Some(fix) = &finding.fix {
        if let Some(why) = &finding.why {
            text.push_str(&format!("\nWhy it matters: {why}\n"));
        }
        text.push_str(&format!("\nWhat to do:\n\n{fix}\n"));
    }
    let source = plain_markdown(&finding.source);
    match &finding.link {
        Some(link) => text.push_str(&format!("\nSource: [{source}]({link})\n")),
        None => text.push_str(&format!("\nSource: {source}\n")),
    }
}
