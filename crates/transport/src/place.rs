//! Where in a JSON document decoding stopped, in words a developer of either side understands: `Resources[3].emails`.
//!
//! Worked out from the text and the error's line and column after the fact. Keeping track while decoding would copy itself into
//! the decoder of every type, which is half a megabyte of program.

/// A step on the way from the document to a value in it.
enum Step {
    /// Into a member; its name, once it was read.
    Member(Option<String>),
    /// Into an element.
    Element(usize),
}

/// The place that an error of `serde_json` is about, in the text it was decoding; `.` for the document itself.
pub fn place_in_json(text: &[u8], error: &serde_json::Error) -> String {
    let way = way_to(&text[..offset(text, error.line(), error.column())]);
    let mut place = String::new();
    for step in way {
        match step {
            Step::Member(Some(name)) if place.is_empty() => place = name,
            Step::Member(Some(name)) => {
                place.push('.');
                place.push_str(&name);
            }
            Step::Member(None) => {}
            Step::Element(index) => place.push_str(&format!("[{index}]")),
        }
    }
    if place.is_empty() {
        ".".to_owned()
    } else {
        place
    }
}

/// How many bytes were read at this line and column, both of which `serde_json` counts from the line's first byte as 1.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive(|byte| *byte == b'\n')
        .take(line.saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    before.saturating_add(column).min(text.len())
}

/// What is open at the end of the text. The decoder has read this far, so up to here it is JSON.
fn way_to(text: &[u8]) -> Vec<Step> {
    let mut way = Vec::new();
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'{' => way.push(Step::Member(None)),
            b'[' => way.push(Step::Element(0)),
            b'}' | b']' => {
                way.pop();
            }
            b',' => match way.last_mut() {
                Some(Step::Member(name)) => *name = None,
                Some(Step::Element(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let end = end_of_text(rest);
                if let Some(Step::Member(name @ None)) = way.last_mut() {
                    *name = Some(String::from_utf8_lossy(&rest[..end]).into_owned());
                }
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            _ => {}
        }
    }
    way
}

/// Where the text that begins here ends: its closing quote, or the end of all.
fn end_of_text(text: &[u8]) -> usize {
    let mut escaped = false;
    let closing = text.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    closing.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only decoding it matters")]
    struct Person {
        user_name: String,
        #[serde(default)]
        emails: Vec<String>,
        #[serde(default)]
        other: BTreeMap<String, u8>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only decoding it matters")]
    struct List {
        resources: Vec<Person>,
    }

    #[track_caller]
    fn place(text: &str) -> String {
        let error = serde_json::from_str::<List>(text).unwrap_err();
        place_in_json(text.as_bytes(), &error)
    }

    #[test]
    fn the_member_that_does_not_fit_is_named() {
        assert_eq!(place("[]"), ".");
        assert_eq!(place(r#"{"resources": 7}"#), "resources");
        assert_eq!(place(r#"{"resources": {}}"#), "resources");
        assert_eq!(
            place("{\"resources\": [\n {\"userName\": \"a\"},\n {\"userName\": [7]}\n]}"),
            "resources[1].userName"
        );
        assert_eq!(
            place(
                r#"{"x": [1, {"y": "]}"}], "resources": [{"userName": "a,\"b", "emails": ["c", 7]}]}"#
            ),
            "resources[0].emails[1]"
        );
        assert_eq!(
            place(r#"{"resources": [{"userName": "ä", "other": {"a.b": 300}}]}"#),
            "resources[0].other.a.b"
        );
    }

    #[test]
    fn what_lacks_a_member_is_named() {
        assert_eq!(
            place(r#"{"resources": [{"userName": "a"}, {"emails": []}]}"#),
            "resources[1]"
        );
        assert_eq!(place("{}"), ".");
    }

    #[test]
    fn a_text_that_ends_too_early_or_is_no_json_has_a_place_as_well() {
        assert_eq!(
            place(r#"{"resources": [{"userName": "a"#),
            "resources[0].userName"
        );
        assert_eq!(
            place(r#"{"resources": [{"userName" oops"#),
            "resources[0].userName"
        );
        assert_eq!(place(""), ".");
        assert_eq!(place("<html>"), ".");
    }
}
