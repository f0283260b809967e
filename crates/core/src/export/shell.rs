//! Words as a POSIX shell reads them.

/// One word, whatever it holds: single quotes, in which nothing has a meaning. A NUL, which no shell can hold, is left out.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars().filter(|c| *c != '\0') {
        match c {
            '\'' => out.push_str("'\\''"),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_substitutions_are_only_text() {
        assert_eq!(quoted("a'b"), r"'a'\''b'");
        assert_eq!(quoted("$(id) `id` \\ \" !"), "'$(id) `id` \\ \" !'");
        assert_eq!(quoted(""), "''");
    }

    #[cfg(unix)]
    mod by_a_shell {
        use std::process::Command;

        use proptest::prelude::*;

        use super::*;

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(64))]
            #[test]
            fn a_shell_reads_the_words_back(words in proptest::collection::vec("[^\0]*", 1..20)) {
                let script: String = words.iter().map(|word| format!("printf '%s\\0' {}\n", quoted(word))).collect();
                let ran = Command::new("sh").arg("-c").arg(&script).output().unwrap();
                prop_assert!(ran.stderr.is_empty(), "{:?}", ran);
                let wanted: String = words.iter().map(|word| format!("{word}\0")).collect();
                prop_assert_eq!(String::from_utf8(ran.stdout).unwrap(), wanted);
            }
        }
    }
}
