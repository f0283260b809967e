//! The eight shapes of an error body (facts/databricks §3.5).

use serde_json::Value;

/// Longer words are cut; an error page can be a megabyte.
const LONGEST: usize = 300;

/// What a body says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Told {
    pub(super) code: Option<String>,
    pub(super) detail: Option<String>,
}

/// Reads any body; one that says nothing gives nothing.
pub(super) fn read(text: &str) -> Told {
    let text = text.trim();
    let told = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(object)) => json(&object),
        Ok(Value::String(words)) => plain(&words),
        _ if text.starts_with('<') => Told {
            code: None,
            detail: html(text),
        },
        _ => plain(text),
    };
    Told {
        code: told.code.as_deref().and_then(tidy),
        detail: told.detail.as_deref().and_then(tidy),
    }
}

/// Shapes 1, 2, 3 and 8, told apart by their members: SCIM `detail` and `scimType`, Databricks `error_code` and
/// `message`, OAuth `error_description`, old `error`.
fn json(object: &serde_json::Map<String, Value>) -> Told {
    let member = |name: &str| {
        let text = object.get(name).and_then(Value::as_str)?;
        // Databricks is seen to write the word `null` for "nothing".
        (!text.is_empty() && text != "null").then(|| text.to_owned())
    };
    let described = member("detail")
        .or_else(|| member("message"))
        .or_else(|| member("error_description"));
    match (described, member("error")) {
        (None, Some(error)) => Told {
            code: member("error_code"),
            detail: Some(error),
        },
        (detail, error) => Told {
            code: member("error_code")
                .or_else(|| member("scimType"))
                .or(error),
            detail,
        },
    }
}

/// Shape 4: `ERROR_CODE: message`, or bare words.
fn plain(text: &str) -> Told {
    let coded = text.split_once(':').filter(|(code, _)| {
        !code.is_empty()
            && code
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    });
    match coded {
        Some((code, message)) => Told {
            code: Some(code.to_owned()),
            detail: Some(message.to_owned()),
        },
        None => Told {
            code: None,
            detail: Some(text.to_owned()),
        },
    }
}

/// Shape 5: the text of `<pre>`, else of `<title>`.
fn html(text: &str) -> Option<String> {
    let between = |tag: &str| {
        let lower = text.to_ascii_lowercase();
        let open = lower.find(&format!("<{tag}"))?;
        let start = open + lower[open..].find('>')? + 1;
        let end = start + lower[start..].find(&format!("</{tag}"))?;
        Some(without_tags(&text[start..end]))
    };
    between("pre").or_else(|| between("title"))
}

fn without_tags(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .filter(|character| {
            match character {
                '<' => inside = true,
                '>' if inside => {
                    inside = false;
                    return false;
                }
                _ => {}
            }
            !inside
        })
        .collect()
}

/// One line, without control characters, not too long; `None` where nothing is left.
fn tidy(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect();
    let line = words.join(" ");
    if line.chars().count() > LONGEST {
        return Some(line.chars().take(LONGEST).chain(['…']).collect());
    }
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(code: &str, detail: &str) -> Told {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Told {
            code: some(code),
            detail: some(detail),
        }
    }

    #[test]
    fn scim_with_a_text_status_and_a_sentence_for_a_type() {
        let body = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"gone","status":"404"}"#;
        assert_eq!(read(body), told("", "gone"));
        let sentence = r#"{"detail":"null","status":"400","scimType":"Members attribute not supported for current workspace."}"#;
        assert_eq!(
            read(sentence),
            told("Members attribute not supported for current workspace.", "")
        );
    }

    #[test]
    fn databricks_old_and_oauth() {
        let body = r#"{"error_code":"INVALID_FILTER","message":"bad filter","details":[]}"#;
        assert_eq!(read(body), told("INVALID_FILTER", "bad filter"));
        assert_eq!(read(r#"{"error":"no way"}"#), told("", "no way"));
        let oauth = r#"{"error":"invalid_request","error_description":"Temporarily throttled, too many requests"}"#;
        assert_eq!(
            read(oauth),
            told(
                "invalid_request",
                "Temporarily throttled, too many requests"
            )
        );
    }

    #[test]
    fn plain_text_with_and_without_a_code() {
        assert_eq!(
            read("PERMISSION_DENIED: not you"),
            told("PERMISSION_DENIED", "not you")
        );
        assert_eq!(
            read("Endpoint not found: for /2.0/x"),
            told("", "Endpoint not found: for /2.0/x")
        );
    }

    #[test]
    fn html_by_pre_or_title_and_nothing_from_an_empty_body() {
        assert_eq!(
            read("<html><body><pre> a <b>bad</b>\nday </pre></body></html>"),
            told("", "a bad day")
        );
        assert_eq!(
            read("<!doctype html><HTML><Title lang=en>Error 400</Title>"),
            told("", "Error 400")
        );
        assert_eq!(read("<html></html>"), told("", ""));
        assert_eq!(read("  "), told("", ""));
        assert_eq!(read("null"), told("", "null"));
    }

    #[test]
    fn long_words_are_cut_and_stay_on_one_line() {
        let detail = read(&format!("{}\r\n\u{1b}[31mx", "word ".repeat(10_000)))
            .detail
            .unwrap();
        assert_eq!(detail.chars().count(), LONGEST + 1);
        assert!(!detail.contains(['\n', '\u{1b}']));
    }

    proptest! {
        #[test]
        fn no_body_makes_it_stumble(text in "\\PC*", tag in prop::sample::select(vec!["<pre>", "<title", "{\"", ""])) {
            let _ = read(&format!("{tag}{text}"));
            let _ = read(&format!("<ä{text}{tag}İ"));
        }
    }
}
