//! Names as they may stand in a comment.

/// Whether a character could end a line, or make a line read differently from what it is (bidirectional controls).
pub(super) fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A name for a comment: on one line, whatever it holds.
pub(super) fn in_comment(name: &str) -> String {
    name.chars()
        .map(|c| if is_treacherous(c) { ' ' } else { c })
        .collect()
}

/// Comment lines: each paragraph with `# ` before every line, wrapped at a width people read.
pub(super) fn comment(paragraphs: &[&str]) -> String {
    const WIDTH: usize = 110;
    let mut out = String::new();
    for paragraph in paragraphs {
        let mut line = String::from("#");
        for word in in_comment(paragraph).split_whitespace() {
            if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > 1 {
                out.push_str(&line);
                out.push('\n');
                line = String::from("#");
            }
            line.push(' ');
            line.push_str(word);
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_comment_is_wrapped_between_words() {
        let long = "word ".repeat(60);
        let text = comment(&[&long, "short"]);
        assert!(
            text.lines()
                .all(|line| line.starts_with("# ") && line.len() <= 110),
            "{text}"
        );
        assert!(text.ends_with("# short\n"));
    }

    proptest! {
        #[test]
        fn every_line_of_a_comment_is_a_comment(name in any::<String>()) {
            for line in comment(&[&name]).split(['\n', '\r']).filter(|line| !line.is_empty()) {
                prop_assert!(line.starts_with('#'));
            }
        }
    }
}
