//! When a personal access token ends. Databricks lists the tokens of its owner, and does not tell which of them was used to ask.

use jiff::{SignedDuration, Timestamp};
use usher_core::observation::Seen;
use usher_databricks::Scim;
use usher_databricks::tokens::TokenInfo;

use super::super::Eyes;
use super::unknown;

/// A person enters the day on which a token was made, in their own time zone.
const SAME_DAY: SignedDuration = SignedDuration::from_hours(36);

/// When the token ends that is asked with. `made`: the day on which it was made, where a person entered it.
pub(super) async fn expiry(
    eyes: &Eyes<'_>,
    scim: &Scim,
    made: Option<Timestamp>,
) -> Seen<Option<Timestamp>> {
    if scim.url().account_id().is_some() {
        return Seen::unknown("Databricks does not tell when an account's SCIM token expires.");
    }
    match scim.own_tokens(eyes.cancel).await {
        Ok(tokens) => match judge(&tokens, made, eyes.at) {
            Ok(expires) => Seen::databricks(expires, eyes.at),
            Err(reason) => Seen::unknown(reason),
        },
        Err(error) => unknown(&error),
    }
}

/// The end of the token in use, where the list leaves no doubt.
fn judge(
    tokens: &[TokenInfo],
    made: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<Timestamp>, String> {
    let alive = tokens
        .iter()
        .filter(|token| token.expires.is_none_or(|end| end > now));
    let alive: Vec<&TokenInfo> = alive.collect();
    let Some(first) = alive.first() else {
        return Err("Databricks lists no token of its owner.".to_owned());
    };
    if alive.iter().all(|token| token.expires == first.expires) {
        return Ok(first.expires);
    }
    if let Some(made) = made {
        let near = |token: &&&TokenInfo| {
            token
                .created
                .is_some_and(|created| created.duration_since(made).abs() <= SAME_DAY)
        };
        let mut of_that_day = alive.iter().filter(near);
        if let (Some(one), None) = (of_that_day.next(), of_that_day.next()) {
            return Ok(one.expires);
        }
    }
    let soonest = alive.iter().filter_map(|token| token.expires).min();
    let soonest = soonest.map_or_else(String::new, |end| {
        format!("; the first of them ends on {}", end.strftime("%Y-%m-%d"))
    });
    Err(format!(
        "The token's owner has {} tokens with different ends, and Databricks does not tell which one this is{soonest}. The day on \
         which it was made, entered beside the token, would tell.",
        alive.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Timestamp {
        format!("{text}T12:00:00Z").parse().unwrap()
    }

    fn token(created: &str, expires: Option<&str>) -> TokenInfo {
        TokenInfo {
            created: Some(day(created)),
            expires: expires.map(day),
        }
    }

    #[test]
    fn one_living_token_is_the_one_and_a_day_tells_several_apart() {
        let now = day("2026-06-01");
        let old = token("2025-01-01", Some("2026-01-01"));
        let one = token("2026-01-01", Some("2027-01-01"));
        let two = token("2026-03-01", Some("2026-09-01"));
        let end = Some(day("2027-01-01"));
        assert_eq!(judge(&[old.clone(), one.clone()], None, now), Ok(end));
        assert_eq!(
            judge(&[token("2026-01-01", None)], None, now),
            Ok(None),
            "it never ends"
        );
        let both = [old, one, two];
        assert_eq!(judge(&both, Some(day("2026-01-02")), now), Ok(end));
        let doubt = judge(&both, None, now).unwrap_err();
        assert!(
            doubt.contains("2 tokens") && doubt.contains("2026-09-01"),
            "{doubt}"
        );
        assert!(judge(&both, Some(day("2026-05-01")), now).is_err());
        assert!(judge(&[], None, now).is_err());
    }
}
