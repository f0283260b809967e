//! The input phase: is what was pasted a SCIM URL and a token? Nothing is sent here.

use usher_core::connection::PhaseId;
use usher_core::connection::fault::FaultContext;
use usher_core::model::scim_url::{self, ScimLevel, ScimUrl, UrlVerdict};
use usher_core::model::token::{self, Token, TokenVerdict};
use usher_core::model::{Origin, World};

use super::DoctorInput;
use super::record::{Diagnosis, Record, Stopped};

/// The longest piece of an unreadable URL that a report repeats.
const LONGEST_ECHO: usize = 300;

/// A URL and a token that can be tried.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) url: ScimUrl,
    pub(super) token: Token,
}

/// Recognises both, or fails the phase.
pub(super) fn recognise(
    input: &DoctorInput,
    world: &World,
    record: &mut Record,
) -> Result<Target, Stopped> {
    let phase = record.start(PhaseId::Input);
    let verdict = scim_url::recognise(&input.url, world);
    let UrlVerdict::Good(url) = verdict else {
        record.target(echo(&input.url), host_of(&input.url), false);
        let offer = match &verdict {
            UrlVerdict::Fault { offer, .. } => offer.clone(),
            _ => None,
        };
        let code = verdict
            .fault()
            .unwrap_or(usher_core::connection::FaultCode::UrlUnparsable);
        let context = FaultContext {
            offer,
            ..FaultContext::default()
        };
        return Err(record.fail(
            phase,
            Diagnosis {
                context,
                ..Diagnosis::new(code)
            },
        ));
    };
    let workspace = url.level == ScimLevel::Workspace;
    record.target(url.url.to_string(), url.origin.host(), workspace);
    let text = input
        .token
        .as_ref()
        .map(|token| token.expose())
        .unwrap_or_default();
    let verdict = token::recognise(text, Some(&url));
    let code = verdict.fault();
    let token = match verdict {
        TokenVerdict::Good(token) => token,
        TokenVerdict::Empty | TokenVerdict::Fault { .. } => {
            let token_kind = match verdict {
                TokenVerdict::Fault { kind, .. } => Some(kind),
                _ => None,
            };
            let code = code.unwrap_or(usher_core::connection::FaultCode::TokenMalformed);
            let context = FaultContext {
                token_kind,
                ..FaultContext::default()
            };
            return Err(record.fail(
                phase,
                Diagnosis {
                    context,
                    ..Diagnosis::new(code)
                },
            ));
        }
    };
    let what = if workspace {
        "a workspace's SCIM URL"
    } else {
        "an account SCIM URL"
    };
    let summary = format!("This is {what}, and the token can be tried.");
    let warnings: Vec<&str> = token
        .warnings
        .iter()
        .map(|warning| warning.text())
        .collect();
    if warnings.is_empty() {
        record.pass(phase, summary, None);
    } else {
        record.warn(phase, summary, Some(warnings.join(" ")));
    }
    Ok(Target { url, token })
}

fn host_of(text: &str) -> String {
    let bare = text.trim().trim_matches(['"', '\'', '`']);
    url::Url::parse(bare)
        .ok()
        .as_ref()
        .and_then(Origin::of)
        .map(|origin| origin.host())
        .unwrap_or_default()
}

/// An unreadable URL as a report may repeat it: one line, not too long, without a user name, a password, or anything that has a
/// token's shape. People paste tokens into the wrong field.
fn echo(text: &str) -> String {
    let line: String = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST_ECHO)
        .collect();
    without_tokens(&without_user_info(&line))
}

/// A text with everything that has a token's shape taken out: for words that repeat what a person typed.
pub fn without_tokens(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut word = String::new();
    for character in text.chars().chain([' ']) {
        if character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.') {
            word.push(character);
            continue;
        }
        safe.push_str(if looks_secret(&word) {
            "<secret>"
        } else {
            &word
        });
        word.clear();
        safe.push(character);
    }
    // The blank that ended the last word.
    safe.pop();
    safe
}

/// `https://user:password@host` without what stands before the host.
fn without_user_info(line: &str) -> String {
    let Some(start) = line.find("//").map(|index| index + 2) else {
        return line.to_owned();
    };
    let end = line[start..]
        .find(['/', '?', '#'])
        .map_or(line.len(), |index| start + index);
    match line[start..end].rfind('@') {
        Some(at) => format!("{}<secret>{}", &line[..start], &line[start + at..]),
        None => line.to_owned(),
    }
}

fn looks_secret(word: &str) -> bool {
    let known = ["dapi", "dsapi", "dose", "eyJ"]
        .iter()
        .any(|prefix| word.starts_with(prefix));
    known && word.len() >= 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_holds_no_secret() {
        assert_eq!(
            echo("https://me:canary@host/path"),
            "https://<secret>@host/path"
        );
        assert_eq!(echo("https://canary@ho@host?x"), "https://<secret>@host?x");
        assert_eq!(echo(" dsapi0123456789canary\n"), "<secret>");
        assert_eq!(
            echo("https://host/?t=dapi0123456789canary&x=1"),
            "https://host/?t=<secret>&x=1"
        );
        assert_eq!(echo("eyJhbGciOiJub25lIn0.canary.x"), "<secret>");
        assert_eq!(echo("https://host/a b"), "https://host/a b");
        assert_eq!(echo(&"x".repeat(5_000)).len(), LONGEST_ECHO);
    }
}
