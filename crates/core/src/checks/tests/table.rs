//! Every check, with each way it can come out: a world for each, and all that is said then, in one file to read.

mod rows;
mod worlds;

use std::fmt::Write as _;

use Status::{Fail, Unknown, Warn};
use rows::TABLE;

use crate::checks::tests::*;

/// Outcomes that a check has not: it only advises or warns, only lists, or always applies.
fn has(check: &str, status: Status) -> bool {
    TABLE
        .iter()
        .any(|(id, outcome, _)| *id == check && *outcome == status)
}

#[test]
fn every_check_comes_out_in_each_of_its_ways() {
    for check in CATALOGUE.iter().flat_map(|section| section.checks) {
        assert!(has(check.id, Status::Pass), "{} never passes", check.id);
        assert!(has(check.id, Unknown), "{} always tells", check.id);
        // This one lists, and finds nothing wrong but what it could not read.
        let finds = has(check.id, Warn) || has(check.id, Fail) || check.id == "connectors-found";
        assert!(finds, "{} finds nothing", check.id);
    }
    for (check, status, spoil) in TABLE {
        let finding = after(check, spoil);
        assert_eq!(finding.status, *status, "{check}: {finding:#?}");
        let told = finding
            .reason
            .as_deref()
            .map(|reason| reason.contains("What would tell: "));
        assert_eq!(
            told,
            (*status == Unknown).then_some(true),
            "{check}: {finding:#?}"
        );
    }
}

#[test]
fn all_that_checks_say() {
    let mut text = String::from(
        "# What the checks say\n\nMade by a test of `usher-core`, to be read as a whole.\n",
    );
    for section in &CATALOGUE {
        write!(text, "\n## {}\n", section.title).unwrap();
        for check in section.checks {
            let about = about(check.id).unwrap();
            write!(
                text,
                "\n### {} — {}\n\n{:?}. {}. Wanted: {}. {}\n<{}>\n",
                check.id,
                check.title,
                check.weight,
                check.source,
                about.wanted,
                about.why,
                about.link
            )
            .unwrap();
            for (_, _, spoil) in TABLE.iter().filter(|(id, ..)| *id == check.id) {
                say(&mut text, &after(check.id, spoil));
            }
        }
    }
    crate::golden::holds("crates/core/src/checks/tests/texts.md", &text);
}

fn say(text: &mut String, finding: &Finding) {
    write!(text, "\n**{}**\n", finding.status.word()).unwrap();
    for evidence in &finding.evidence {
        writeln!(text, "- {}: {}", evidence.label, evidence.value).unwrap();
    }
    for subject in &finding.brief().shown {
        writeln!(
            text,
            "- {} {} {}",
            subject.status.shape(),
            subject.subject,
            subject.note
        )
        .unwrap();
    }
    for line in finding.reason.iter().chain(&finding.fix) {
        writeln!(text, "\n{line}").unwrap();
    }
}
