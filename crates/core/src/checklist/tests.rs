use super::*;
use crate::checks::judge;
use crate::model::setup::Attestation;
use crate::testing::*;

const FORMATS: [Format; 4] = [Format::Markdown, Format::Html, Format::Json, Format::Csv];

fn checklist() -> Checklist {
    let (mut setup, mut seen) = (setup(), world());
    setup.name = "Contoso <b>|*prod*".into();
    setup.attested.insert(
        "premium-plan".into(),
        Attestation {
            by: "Ada".into(),
            at: ago(5),
            note: Some("seen".into()),
        },
    );
    known(&mut first(&mut seen).secrets).token_stored = false;
    let group = known(&mut first(&mut seen).assignments)[0]
        .principal_id
        .clone();
    let group = seen.entra.principals.groups.get_mut(&*group);
    group.unwrap().display_name = "=SUM(A1)".into();
    first(&mut seen).log = crate::observation::Seen::default();
    Checklist::of(&setup, &seen, &judge(&setup, &seen, now()))
}

#[test]
fn every_format_verifies_and_any_change_shows() {
    for format in FORMATS {
        let text = checklist().text(format, now());
        assert_eq!(verify(&text), Verification::Verified, "{format:?}");
        assert_eq!(
            verify(&text.replace('\n', "\r\n")),
            Verification::Verified,
            "{format:?} with other line ends"
        );
        assert_eq!(
            verify(&format!("{text}\n\n")),
            Verification::Verified,
            "{format:?} with blanks at the end"
        );
        assert_eq!(
            verify(&text.replacen("cannot", "can", 1)),
            if text.contains("cannot") {
                Verification::Changed
            } else {
                Verification::Verified
            }
        );
        assert_eq!(
            verify(&text.replacen("Contoso", "Fabrikam", 1)),
            Verification::Changed,
            "{format:?}"
        );
        let digit = if text.contains("sha256:0") {
            "sha256:1"
        } else {
            "sha256:0"
        };
        let at = text.rfind("sha256:").unwrap();
        let other = format!("{}{digit}{}", &text[..at], &text[at + 8..]);
        assert_eq!(verify(&other), Verification::Changed, "{format:?}");
    }
}

#[test]
fn what_is_no_checklist_has_no_digest() {
    for text in [
        "",
        "hello",
        "{}",
        "[1]",
        "sha256:",
        "sha256:zz",
        "Digest: sha256:abc",
    ] {
        assert_eq!(verify(text), Verification::NoDigest, "{text:?}");
    }
}

#[test]
fn json_is_the_contracts_document() {
    let text = checklist().text(Format::Json, now());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["schema"], "usher.checklist/1");
    assert_eq!(value["generatedAt"], now().to_string());
    assert!(
        value["version"].is_string() && value["findings"].is_array() && value["digest"].is_string()
    );
    assert_eq!(value["ids"]["servicePrincipalId"], SP);
    assert_eq!(value["attested"]["premium-plan"]["by"], "Ada");
    // The layout does not matter, the content does.
    assert_eq!(verify(&value.to_string()), Verification::Verified);
}

#[test]
fn nothing_in_a_name_becomes_markup_or_a_formula() {
    let html = checklist().text(Format::Html, now());
    assert!(!html.contains("<b>") && html.contains("Contoso &lt;b&gt;"));
    for outside in ["http://", "src=", "<script", "<link", "@import", "url("] {
        assert!(!html.contains(outside), "{outside}");
    }
    let csv = checklist().text(Format::Csv, now());
    assert!(csv.lines().all(|line| !line.starts_with('=')));
    let markdown = checklist().text(Format::Markdown, now());
    assert!(markdown.contains("Contoso \\<b\\>\\|\\*prod\\*"));
}

#[test]
fn a_formula_in_a_cell_is_text() {
    let mut list = checklist();
    list.findings[0].source = "=1+1".into();
    assert!(list.text(Format::Csv, now()).contains(",'=1+1,"));
}

#[test]
fn the_markdown_reads_well() {
    let text = checklist()
        .text(Format::Markdown, now())
        .replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let at = text.rfind("sha256:").unwrap();
    insta::assert_snapshot!(&text[..at]);
}

/// A set-up with 100,000 people in scope of whom many are in a bad way: pages stay pages, the table and the JSON have everyone.
#[test]
fn a_hundred_thousand_people_make_no_report_of_a_hundred_thousand_lines() {
    let size = Size {
        workspaces: 4,
        ..Size::PROMISED
    };
    let (setup, seen, now) = large(size);
    let report = judge(&setup, &seen, now);
    let subjects: usize = report
        .findings
        .iter()
        .map(|finding| finding.subjects.len())
        .sum();
    assert!(subjects > size.users / 2, "{subjects}");
    let list = Checklist::of(&setup, &seen, &report);
    for format in [Format::Markdown, Format::Html] {
        let text = list.clone().text(format, now);
        assert!(text.lines().count() < 2_000, "{format:?}");
        assert!(text.contains(" more; in all "), "{format:?}");
    }
    let table = list.clone().text(Format::Csv, now);
    assert!(table.lines().count() > subjects);
    let text = list.text(Format::Json, now);
    assert_eq!(verify(&text), Verification::Verified);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let named = value["findings"].as_array().unwrap().iter();
    let named: usize = named
        .filter_map(|finding| Some(finding["subjects"].as_array()?.len()))
        .sum();
    assert_eq!(named, subjects);
}

#[test]
fn pages_show_emphasis_and_data_is_plain() {
    let text = |format| checklist().text(format, now());
    assert!(text(Format::Markdown).contains("**Enterprise apps**"));
    assert!(text(Format::Html).contains("<strong>Enterprise apps</strong>"));
    for format in [Format::Json, Format::Csv] {
        let text = text(format);
        assert!(text.contains("In Entra open Enterprise apps"), "{format:?}");
        assert!(!text.contains("**"), "{format:?}");
    }
    let report = judge(&setup(), &crate::observation::Observation::default(), now());
    let plain = serde_json::to_string(&report.plain()).unwrap();
    assert!(plain.contains("\"fix\"") || plain.contains("\"reason\""));
    assert!(!plain.contains("**"));
}
