//! `usher check`.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use usher_core::document::Document;
use usher_core::finding::{Finding, Report, Status};
use usher_core::{checks, comparison};
use usher_engine::store::{SetupFile, read_report};

use crate::arguments::{Check, Global};
use crate::failure::{Exit, Failure};
use crate::interrupt::on_interrupt;
use crate::output::Output;
use crate::setup;
use crate::sides::Sides;

/// Observes both sides and judges.
pub(crate) async fn run(
    options: &Check,
    global: &Global,
    output: &Arc<Output>,
) -> Result<Exit, Failure> {
    let last = match &options.compare {
        Some(path) => Some(last_report(path, &setup::read(global)?)?),
        None => None,
    };
    let cancel = on_interrupt();
    let mut sides = Sides::open(global, output, &cancel).await?;
    if options.deep {
        sides.scan(&cancel).await?;
    }
    let observed = sides.look(&cancel).await?;
    let mut report = checks::judge(&sides.file.setup, &observed.observation, Timestamp::now());
    if let Some(last) = &last {
        report = report.since(last);
    }
    let good = !report
        .findings
        .iter()
        .any(|finding| counts(finding, options.strict));
    if output.is_json() {
        output.document(report)?;
    } else {
        output.line(in_words(&report))?;
    }
    Ok(if good { Exit::Good } else { Exit::NotGood })
}

/// Reads the report to compare with, and refuses one that is about something else: everything would be new, and gone.
fn last_report(path: &Path, file: &SetupFile) -> Result<Document<Report>, Failure> {
    let refused = |message: String| {
        let hint = "Name a report that `usher check --json` wrote for this set-up.";
        Failure::usage("report-unreadable", message, hint)
    };
    let last = read_report(path)
        .map_err(|error| refused(format!("There is nothing to compare with: {error}.")))?;
    if !last.body.fits(&file.setup) {
        let about = &last.body.about;
        return Err(refused(format!(
            "{} is a report on another set-up{}: its journey, tenant or SCIM URL differ.",
            path.display(),
            if about.name.is_empty() {
                String::new()
            } else {
                format!(" ({})", about.name)
            }
        )));
    }
    Ok(last)
}

/// Whether a finding makes the set-up "not good". Entra's own test needs a write permission although it changes nothing, so a
/// read-only run must not be blamed for not knowing it (`contracts/checks.md`, `connection-from-entra`).
fn counts(finding: &Finding, strict: bool) -> bool {
    match finding.status {
        Status::Fail => true,
        Status::Warn => strict,
        Status::Unknown => strict && finding.check != "connection-from-entra",
        Status::Pass | Status::NotApplicable => false,
    }
}

/// The report for people: what is not fine first.
fn in_words(report: &Report) -> String {
    let mut lines = Vec::new();
    for status in [Status::Fail, Status::Warn, Status::Unknown, Status::Pass] {
        for finding in report
            .findings
            .iter()
            .filter(|finding| finding.status == status)
        {
            lines.extend(finding_in_words(finding));
        }
    }
    let summary = &report.summary;
    lines.push(String::new());
    lines.push(format!(
        "{} fine, {} to know, {} to do, {} that cannot be told.",
        summary.pass, summary.warn, summary.fail, summary.unknown
    ));
    if let Some(comparison) = &report.comparison {
        lines.extend([String::new(), comparison::text(comparison)]);
    }
    lines.join("\n")
}

fn finding_in_words(finding: &Finding) -> Vec<String> {
    let mark = match finding.status {
        Status::Pass => "✓",
        Status::Warn => "!",
        Status::Fail => "✗",
        Status::Unknown => "?",
        Status::NotApplicable => "–",
    };
    let mut lines = vec![format!("{mark} {} ({})", finding.title, finding.check)];
    if matches!(finding.status, Status::Pass | Status::NotApplicable) {
        return lines;
    }
    lines.extend(
        finding
            .evidence
            .iter()
            .map(|evidence| format!("    {}: {}", evidence.label, evidence.value)),
    );
    lines.extend(finding.why.iter().map(|why| format!("    {why}")));
    let brief = finding.brief();
    let subjects = brief
        .shown
        .iter()
        .filter(|subject| subject.status != Status::Pass);
    lines.extend(subjects.map(|subject| format!("    {}: {}", subject.subject, subject.note)));
    lines.extend(brief.rest_in_words().map(|rest| format!("    {rest}.")));
    lines.extend(finding.reason.iter().map(|reason| format!("    {reason}")));
    // The window shows labels in bold; a terminal shows them as they are.
    let fix = finding.fix.iter().flat_map(|fix| fix.lines());
    lines.extend(fix.map(|line| format!("    {}", line.replace("**", ""))));
    lines
}

#[cfg(test)]
mod tests {
    use usher_core::finding::{How, Weight};

    use super::*;

    fn finding(check: &str, status: Status) -> Finding {
        Finding {
            check: check.to_owned(),
            title: "A check".to_owned(),
            wanted: None,
            why: None,
            link: None,
            status,
            weight: Weight::Blocks,
            evidence: Vec::new(),
            subjects: Vec::new(),
            fix: None,
            reason: None,
            source: "a document".to_owned(),
            observed_at: "2026-11-24T10:00:00Z".parse().unwrap(),
            how: How::Entra,
        }
    }

    #[test]
    fn strict_counts_warnings_and_unknowns_but_not_what_reading_cannot_know() {
        assert!(counts(&finding("job-healthy", Status::Fail), false));
        for status in [Status::Warn, Status::Unknown] {
            assert!(!counts(&finding("job-healthy", status), false));
            assert!(counts(&finding("job-healthy", status), true));
        }
        assert!(!counts(
            &finding("connection-from-entra", Status::Unknown),
            true
        ));
        assert!(counts(
            &finding("connection-from-entra", Status::Fail),
            true
        ));
        assert!(!counts(
            &finding("job-healthy", Status::NotApplicable),
            true
        ));
    }
}
