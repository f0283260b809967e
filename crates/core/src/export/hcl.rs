//! Values as HCL writes them.

use super::text::is_treacherous;

/// A quoted string: no interpolation, no directive and no line end can come out of it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // `${` and `%{` begin a template; the doubled sign is the sign itself. A sign before a sign is written so that
            // nobody has to count them.
            '$' | '%' if rest.peek() == Some(&'{') => out.extend([c, c]),
            '$' | '%' if rest.peek() == Some(&c) => out.push_str(&escape(c)),
            c if is_treacherous(c) => out.push_str(&escape(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn escape(c: char) -> String {
    format!("\\u{:04x}", u32::from(c))
}

/// One `name = value` of a block, the value an expression.
pub(super) type Argument<'a> = (&'a str, String);

/// Arguments as `terraform fmt` lays them out: the equal signs below each other.
pub(super) fn arguments(indent: usize, arguments: &[Argument<'_>]) -> String {
    let width = arguments
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or_default();
    let pad = " ".repeat(indent);
    arguments
        .iter()
        .map(|(name, value)| format!("{pad}{name:width$} = {value}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a quoted string back as the HCL specification says; `None` where a template would begin or it ends too early.
    fn read(text: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = text
            .strip_prefix('"')?
            .strip_suffix('"')?
            .chars()
            .peekable();
        while let Some(c) = rest.next() {
            match c {
                '"' | '\n' | '\r' => return None,
                '\\' => match rest.next()? {
                    'n' => out.push('\n'),
                    'r' => out.push('\r'),
                    't' => out.push('\t'),
                    'u' => {
                        let digits: String = rest.by_ref().take(4).collect();
                        out.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                    }
                    escaped @ ('"' | '\\') => out.push(escaped),
                    _ => return None,
                },
                '$' | '%' => {
                    let mut ahead = rest.clone();
                    match (ahead.next(), ahead.next()) {
                        (Some('{'), _) => return None,
                        (Some(second), Some('{')) if second == c => {
                            rest.nth(1);
                            out.extend([c, '{']);
                        }
                        _ => out.push(c),
                    }
                }
                c => out.push(c),
            }
        }
        Some(out)
    }

    #[test]
    fn templates_are_only_text() {
        assert_eq!(
            quoted("${file(\"/etc/passwd\")}"),
            r#""$${file(\"/etc/passwd\")}""#
        );
        assert_eq!(quoted("100 %{ if true }"), r#""100 %%{ if true }""#);
        assert_eq!(quoted("5 $ and 3 %"), r#""5 $ and 3 %""#);
        assert_eq!(quoted("a\u{202e}b\u{0}"), r#""a\u202eb\u0000""#);
    }

    #[test]
    fn arguments_are_aligned() {
        let text = arguments(2, &[("a", "1".to_owned()), ("longer", "2".to_owned())]);
        assert_eq!(text, "  a      = 1\n  longer = 2\n");
    }

    proptest! {
        #[test]
        fn what_is_quoted_reads_back(text in any::<String>(), signs in "[$%{}a\"\\\\]{0,12}") {
            let text = text + &signs;
            prop_assert_eq!(read(&quoted(&text)), Some(text));
        }

        #[test]
        fn nothing_ends_a_string_early(text in any::<String>()) {
            let quoted = quoted(&text);
            let inner = &quoted[1..quoted.len() - 1];
            let mut escaped = false;
            for c in inner.chars() {
                prop_assert!(escaped || c != '"');
                prop_assert!(!is_treacherous(c));
                escaped = c == '\\' && !escaped;
            }
            prop_assert!(!escaped);
        }
    }
}
