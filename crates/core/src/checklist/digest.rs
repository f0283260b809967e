//! The digest at the end of a checklist: SHA-256 over everything else.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Where the digest stands in a text; what follows are 64 hexadecimal digits.
const MARK: &str = "sha256:";
const DIGITS: usize = 64;

/// What a saved checklist's digest says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// It is as it was written.
    Verified,
    /// Something was changed.
    Changed,
    /// There is no digest in it: it is no checklist, or its end is missing.
    NoDigest,
}

/// Whether a checklist, in any of its formats, still has the digest it was written with. Line ends and blanks at the end do
/// not matter, in JSON the layout does not either.
pub fn verify(text: &str) -> Verification {
    if let Ok(Value::Object(mut document)) =
        serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}'))
    {
        let Some(Value::String(found)) = document.shift_remove("digest") else {
            return Verification::NoDigest;
        };
        return judge(&found, &of_json(&Value::Object(document)));
    }
    let text = normal(text);
    let Some(at) = text.rfind(MARK).map(|at| at + MARK.len()) else {
        return Verification::NoDigest;
    };
    let Some(found) = text
        .get(at..at + DIGITS)
        .filter(|found| found.bytes().all(|byte| byte.is_ascii_hexdigit()))
    else {
        return Verification::NoDigest;
    };
    let without = format!("{}{}", &text[..at], &text[at + DIGITS..]);
    judge(&format!("{MARK}{found}"), &of_text(&without))
}

fn judge(found: &str, expected: &str) -> Verification {
    if found.eq_ignore_ascii_case(expected) {
        Verification::Verified
    } else {
        Verification::Changed
    }
}

/// Puts the digest behind the last mark of a text.
pub(super) fn seal(text: &str) -> String {
    let text = normal(text);
    let Some(at) = text.rfind(MARK).map(|at| at + MARK.len()) else {
        return text;
    };
    let digest = of_text(&text);
    format!("{}{}{}\n", &text[..at], &digest[MARK.len()..], &text[at..])
}

/// The place of the digest in a text.
pub(super) fn place() -> &'static str {
    MARK
}

/// A document with its digest as the last field.
#[derive(Serialize)]
struct Sealed<'a, D> {
    #[serde(flatten)]
    document: &'a D,
    digest: String,
}

/// A document as JSON, with its digest as the last field. Nothing is copied on the way but the text itself.
pub(super) fn sealed_json(document: &impl Serialize) -> String {
    let digest = of_json(document);
    let text = serde_json::to_string_pretty(&Sealed { document, digest });
    format!("{}\n", text.unwrap_or_default())
}

/// The digest over compact JSON, its fields in the order in which they are written.
fn of_json(value: &impl Serialize) -> String {
    let mut digest = Sha256::new();
    // Hashing cannot fail, and neither can what is written here: strings, numbers, and maps by strings.
    let _ = serde_json::to_writer(Hashing(&mut digest), value);
    hex(&digest.finalize())
}

struct Hashing<'a>(&'a mut Sha256);

impl std::io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn of_text(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(digest: &[u8]) -> String {
    let mut hex = MARK.to_owned();
    for byte in digest {
        hex.push_str(&format!("{byte:02x}"));
    }
    hex
}

fn normal(text: &str) -> String {
    text.trim_start_matches('\u{feff}')
        .replace("\r\n", "\n")
        .trim_end()
        .to_owned()
}
