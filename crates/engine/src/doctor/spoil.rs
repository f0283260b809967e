//! A token that is certainly wrong and looks like the right one.

use usher_core::model::Secret;
use uuid::Uuid;

/// The beginnings by which tokens are known; a spoiled token keeps its own.
const PREFIXES: [&str; 3] = ["dsapi", "dapi", "dose"];

/// Replaces every character after the known beginning by a random one of its class: digits by digits, letters by letters.
pub(super) fn spoil(token: &Secret) -> Secret {
    let text = token.expose();
    let kept = PREFIXES
        .iter()
        .find(|prefix| text.starts_with(**prefix))
        .map_or(0, |prefix| prefix.len());
    let mut random = std::iter::repeat_with(|| Uuid::new_v4().into_bytes()).flatten();
    let mut spoiled: String = text
        .char_indices()
        .map(|(index, character)| {
            if index < kept {
                character
            } else {
                another(character, random.next().unwrap_or(0))
            }
        })
        .collect();
    if spoiled == text {
        // A token of nothing but punctuation, or the one case in very many.
        spoiled.push('0');
    }
    Secret::new(spoiled)
}

fn another(character: char, random: u8) -> char {
    let pick = |from: u8, count: u8| char::from(from + random % count);
    match character {
        '0'..='9' => pick(b'0', 10),
        // Hexadecimal stays hexadecimal.
        'a'..='f' => pick(b'a', 6),
        'g'..='z' => pick(b'a', 26),
        'A'..='Z' => pick(b'A', 26),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_stays_and_the_token_does_not() {
        let token = Secret::new("dsapi0123456789abcdef0123456789abcdef-2");
        let spoiled = spoil(&token);
        assert_ne!(spoiled, token);
        let text = spoiled.expose();
        assert!(
            text.starts_with("dsapi")
                && text.len() == token.expose().len()
                && text.as_bytes()[37] == b'-'
        );
        assert!(text[5..37].bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn a_token_without_letters_is_spoiled_too() {
        assert_ne!(spoil(&Secret::new("---")).expose(), "---");
    }
}
