//! A calendar entry for the day on which the connector's token ends (RFC 5545), so that somebody renews it before.
//!
//! It holds no secret: the connector's name, where it leads, the day, and what to press.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::model::Setup;
use crate::model::setup::Journey;

/// Where no expiry is known, a token is taken to last a year from its making (`token-age` assumes the same).
const ASSUMED_DAYS: i64 = 365;

/// Days before the end on which the calendar speaks up: those at which `token-age` changes its tone.
const ALARM_DAYS: [u32; 3] = [90, 30, 7];

/// Octets a line may have, without its end (RFC 5545 §3.1).
const LINE: usize = 75;

/// When the token ends, and whether that is only assumed; `None` where neither its expiry nor its making is known.
pub fn expiry(setup: &Setup) -> Option<(Timestamp, bool)> {
    let databricks = &setup.databricks;
    let assumed = || {
        databricks
            .token_created_at?
            .checked_add(SignedDuration::from_hours(24 * ASSUMED_DAYS))
            .ok()
    };
    match databricks.token_expires_at {
        Some(expires) => Some((expires, false)),
        None => Some((assumed()?, true)),
    }
}

/// The calendar file, its lines ended by CR LF; `None` where no expiry is known. `now` becomes the entry's stamp, by which a
/// calendar tells a later export of the same set-up from an earlier one.
pub fn calendar(setup: &Setup, now: Timestamp) -> Option<String> {
    let (expires, assumed) = expiry(setup)?;
    let summary = format!("Databricks SCIM token of {} expires", setup.name);
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        format!("PRODID:-//Usher//Usher {}//EN", env!("CARGO_PKG_VERSION")),
        "CALSCALE:GREGORIAN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", uid(setup)),
        format!("DTSTAMP:{}", time(now)),
        format!("DTSTART:{}", time(expires)),
        format!("SUMMARY:{}", text(&summary)),
        format!("DESCRIPTION:{}", text(&description(setup, assumed))),
        "TRANSP:TRANSPARENT".to_owned(),
    ];
    for days in ALARM_DAYS {
        lines.extend([
            "BEGIN:VALARM".to_owned(),
            "ACTION:DISPLAY".to_owned(),
            format!("DESCRIPTION:{}", text(&format!("{summary} in {days} days"))),
            format!("TRIGGER:-P{days}D"),
            "END:VALARM".to_owned(),
        ]);
    }
    lines.extend(["END:VEVENT".to_owned(), "END:VCALENDAR".to_owned()]);
    Some(lines.iter().map(|line| folded(line)).collect())
}

/// The same for every export of one connector, so that a newer file moves the entry instead of adding one.
fn uid(setup: &Setup) -> Uuid {
    let connector = setup.databricks.scim_url.as_deref().unwrap_or(&setup.name);
    Uuid::new_v5(
        &Uuid::NAMESPACE_URL,
        format!("usher:token:{connector}").as_bytes(),
    )
}

fn description(setup: &Setup, assumed: bool) -> String {
    let mut out = String::from(
        "When the token ends, Entra can no longer reach Databricks and provisioning stops.\n",
    );
    if let Some(url) = &setup.databricks.scim_url {
        out.push_str(&format!("SCIM URL: {url}\n"));
    }
    if assumed {
        out.push_str(
            "The day is assumed: one year after the token was made, because no expiry is known.\n",
        );
    }
    out.push_str(if setup.journey == Journey::Workspace {
        "1. In the workspace, generate a new personal access token, as an admin whom this connector does not manage.\n"
    } else {
        "1. In the Databricks account console open Security, then User provisioning (formerly Settings), and press Regenerate token.\n"
    });
    out.push_str("2. In Entra open the enterprise application, then Provisioning, and enter it as Secret token.\n");
    out.push_str("3. Press Test connection, then Save.");
    out
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value (RFC 5545 §3.3.11). Control characters but line ends have no place in one.
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A content line: cut into lines of at most 75 octets, never inside a character, each but the first begun by a blank.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{golden, testing};

    const NOW: &str = "2026-11-24T08:00:00Z";

    fn setup(name: &str) -> Setup {
        let mut setup: Setup = serde_json::from_str(
            r#"{"schema":"usher.setup/1","name":"","journey":"account","cloud":"azure"}"#,
        )
        .unwrap();
        setup.name = name.to_owned();
        setup
    }

    fn made(setup: &Setup) -> String {
        calendar(setup, NOW.parse().unwrap()).unwrap()
    }

    /// Lines as a reader unfolds them.
    fn unfolded(calendar: &str) -> Vec<String> {
        calendar
            .replace("\r\n ", "")
            .split_terminator("\r\n")
            .map(str::to_owned)
            .collect()
    }

    /// Would break out of a line or a text.
    const HOSTILE: &str = include_str!("../../../tests/foreign/hostile.txt");

    #[test]
    fn the_samples_are_what_is_made() {
        let usual = testing::setup();
        let mut hostile = testing::setup();
        hostile.name = HOSTILE.to_owned();
        hostile.databricks.scim_url = Some(HOSTILE.to_owned());
        for (name, setup) in [("usual", usual), ("hostile", hostile)] {
            let sample = calendar(&setup, testing::now()).unwrap();
            golden::holds(&format!("tests/foreign/reminders/{name}.ics"), &sample);
        }
    }

    #[test]
    fn without_any_date_there_is_no_reminder() {
        assert_eq!(calendar(&setup("x"), NOW.parse().unwrap()), None);
    }

    #[test]
    fn an_expiry_that_is_known_goes_before_one_that_is_assumed() {
        let mut setup = setup("x");
        setup.databricks.token_created_at = Some("2026-03-01T10:00:00Z".parse().unwrap());
        assert_eq!(
            expiry(&setup),
            Some(("2027-03-01T10:00:00Z".parse().unwrap(), true))
        );
        assert!(
            made(&setup)
                .replace("\r\n ", "")
                .contains("The day is assumed")
        );
        setup.databricks.token_expires_at = Some("2027-02-01T10:00:00Z".parse().unwrap());
        assert_eq!(
            expiry(&setup),
            Some(("2027-02-01T10:00:00Z".parse().unwrap(), false))
        );
        let lines = unfolded(&made(&setup));
        assert!(
            lines.contains(&"DTSTART:20270201T100000Z".to_owned())
                && lines.contains(&"DTSTAMP:20261124T080000Z".to_owned())
        );
        assert_eq!(
            lines
                .iter()
                .filter(|line| line.starts_with("TRIGGER:-P"))
                .count(),
            3
        );
    }

    #[test]
    fn a_later_export_is_the_same_entry() {
        let mut setup = setup("before");
        setup.databricks.scim_url =
            Some("https://accounts.azuredatabricks.net/api/2.1/accounts/x/scim/v2".to_owned());
        setup.databricks.token_expires_at = Some("2027-02-01T10:00:00Z".parse().unwrap());
        let uid = |setup: &Setup| {
            unfolded(&made(setup))
                .into_iter()
                .find(|line| line.starts_with("UID:"))
        };
        let first = uid(&setup);
        setup.name = "renamed".to_owned();
        setup.databricks.token_expires_at = Some("2028-02-01T10:00:00Z".parse().unwrap());
        assert_eq!(uid(&setup), first);
    }

    proptest! {
        #[test]
        fn lines_are_short_and_names_stay_in_theirs(name in any::<String>()) {
            let mut hostile = setup(&name);
            hostile.databricks.token_expires_at = Some("2027-02-01T10:00:00Z".parse().unwrap());
            let calendar = made(&hostile);
            let mut plain = setup("plain");
            plain.databricks.token_expires_at = hostile.databricks.token_expires_at;
            for line in calendar.split_terminator("\r\n") {
                prop_assert!(line.len() <= LINE && !line.contains(['\r', '\n']));
            }
            let names = |calendar: &str| -> Vec<String> {
                unfolded(calendar).iter().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
            };
            prop_assert_eq!(names(&calendar), names(&made(&plain)));
        }
    }
}
