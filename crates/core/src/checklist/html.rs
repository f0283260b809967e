//! The checklist as a page that needs nothing from anywhere: it can be opened, printed and sent as one file.

use super::{Checklist, counts, digest, origin};
use crate::document::Document;
use crate::finding::{Finding, Status};

const STYLE: &str = include_str!("page.css");

pub(super) fn write(document: &Document<Checklist>) -> String {
    let list = &document.body;
    let name = escape(&list.name);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>Checklist: {name}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Checklist: {name}</h1>\n"
    );
    page.push_str(&format!(
        "<p>Made <time datetime=\"{at}\">{at}</time> by Usher {}. {}.</p>\n",
        escape(&document.version),
        counts(&list.summary),
        at = document.generated_at,
    ));
    page.push_str("<section>\n<h2>For whoever signs this off</h2>\n<ul>\n");
    for line in list.sign_off() {
        page.push_str(&format!("<li>{}</li>\n", escape(&line)));
    }
    page.push_str("</ul>\n</section>\n");
    facts(&mut page, "What it is about", &list.facts());
    facts(&mut page, "What is wanted", &list.wants());
    for (title, findings) in list.sections() {
        page.push_str(&format!("<section>\n<h2>{}</h2>\n", escape(title)));
        findings
            .into_iter()
            .for_each(|finding| write_finding(&mut page, finding));
        page.push_str("</section>\n");
    }
    attested(&mut page, list);
    page.push_str(&format!(
        "<footer><p>Digest: <code>{}</code></p></footer>\n</main>\n</body>\n</html>\n",
        digest::place()
    ));
    page
}

fn facts(page: &mut String, title: &str, rows: &[(&str, String)]) {
    if rows.is_empty() {
        return;
    }
    page.push_str(&format!("<section>\n<h2>{title}</h2>\n<dl>\n"));
    for (label, value) in rows {
        page.push_str(&format!(
            "<div><dt>{}</dt><dd>{}</dd></div>\n",
            escape(label),
            escape(value)
        ));
    }
    page.push_str("</dl>\n</section>\n");
}

fn write_finding(page: &mut String, finding: &Finding) {
    page.push_str(&format!(
        "<article class=\"{}\">\n<h3><span aria-hidden=\"true\">{}</span> {}</h3>\n<p class=\"state\"><strong>{}</strong> · <code>{}</code> · {} · {}</p>\n",
        class(finding.status),
        finding.status.shape(),
        escape(&finding.title),
        finding.status.word(),
        escape(&finding.check),
        origin(finding),
        finding.observed_at,
    ));
    if let Some(reason) = &finding.reason {
        page.push_str(&format!("<p>{}</p>\n", escape(reason)));
    }
    if !(finding.evidence.is_empty() && finding.subjects.is_empty() && finding.wanted.is_none()) {
        page.push_str("<ul>\n");
        if let Some(wanted) = &finding.wanted {
            page.push_str(&format!("<li>Wanted: {}</li>\n", escape(wanted)));
        }
        for evidence in &finding.evidence {
            page.push_str(&format!(
                "<li>{}: {}</li>\n",
                escape(&evidence.label),
                escape(&evidence.value)
            ));
        }
        let brief = finding.brief();
        for subject in &brief.shown {
            let (mark, word) = (subject.status.shape(), subject.status.word());
            page.push_str(&format!(
                "<li><span role=\"img\" aria-label=\"{word}\">{mark}</span> {}: {}</li>\n",
                escape(&subject.subject),
                escape(&subject.note)
            ));
        }
        if let Some(rest) = brief.rest_in_words() {
            page.push_str(&format!("<li>{}.</li>\n", escape(&rest)));
        }
        page.push_str("</ul>\n");
    }
    if let Some(fix) = &finding.fix {
        if let Some(why) = &finding.why {
            page.push_str(&format!("<p>Why it matters: {}</p>\n", escape(why)));
        }
        page.push_str("<p>What to do:</p>\n<ol>\n");
        for press in fix.lines() {
            let words = press.split_once(". ").map_or(press, |(_, words)| words);
            page.push_str(&format!("<li>{}</li>\n", bold(&escape(words))));
        }
        page.push_str("</ol>\n");
    }
    let source = escape(&finding.source);
    let source = match &finding.link {
        Some(link) => format!("<a href=\"{}\">{source}</a>", escape(link)),
        None => source,
    };
    page.push_str(&format!(
        "<p class=\"source\">Source: {source}</p>\n</article>\n"
    ));
}

fn attested(page: &mut String, list: &Checklist) {
    if list.attested.is_empty() {
        return;
    }
    page.push_str(
        "<section>\n<h2>Attested</h2>\n<table>\n<thead><tr><th scope=\"col\">Check</th><th scope=\"col\">By</th><th scope=\"col\">At</th><th scope=\"col\">Note</th></tr></thead>\n<tbody>\n",
    );
    for (id, word) in &list.attested {
        let note = word.note.as_deref().unwrap_or_default();
        page.push_str(&format!(
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escape(id),
            escape(&word.by),
            word.at,
            escape(note)
        ));
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
}

fn class(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Warn => "warn",
        Status::Fail => "fail",
        Status::Unknown => "unknown",
        Status::NotApplicable => "none",
    }
}

/// Text that means itself in HTML, in attributes as well.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Our own emphasis, `**label**`, in escaped text.
fn bold(escaped: &str) -> String {
    let mut parts = escaped.split("**");
    let mut html = parts.next().unwrap_or_default().to_owned();
    while let Some(label) = parts.next() {
        match parts.next() {
            Some(rest) => html.push_str(&format!("<strong>{label}</strong>{rest}")),
            None => html.push_str(&format!("**{label}")),
        }
    }
    html
}
