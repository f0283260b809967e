//! SCIM filters as the three surfaces take them.
//!
//! Account SCIM 2.1 takes one exact comparison of one of a few attributes. Account SCIM 2.0 and workspace SCIM take `eq`, `ne`, `co`
//! and `sw`, joined by `and` and `or`.

use super::errors::ApiError;
use super::model::{Kind, Principal};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Comparison {
    attribute: String,
    operator: Operator,
    value: String,
}

/// A filter: alternatives of comparisons that must all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    any: Vec<Vec<Comparison>>,
}

impl Filter {
    /// Reads a filter on resources of that kind; `exact_only` is account SCIM 2.1.
    ///
    /// # Errors
    /// 400 `INVALID_FILTER` for what this surface does not take.
    pub fn parse(text: &str, kind: Kind, exact_only: bool) -> Result<Self, ApiError> {
        let mut rest = text.trim();
        let mut any = vec![Vec::new()];
        loop {
            let (comparison, after) = comparison(rest)?;
            if let Some(all) = any.last_mut() {
                all.push(comparison);
            }
            rest = after.trim_start();
            let (word, after) = word(rest);
            match word.to_ascii_lowercase().as_str() {
                "" => break,
                "and" => {}
                "or" => any.push(Vec::new()),
                other => return Err(invalid(format!("Unexpected '{other}' in filter"))),
            }
            rest = after;
        }
        let filter = Self { any };
        filter.check(kind, exact_only)?;
        Ok(filter)
    }

    /// Whether the principal fits. Text is compared without regard to case.
    pub fn matches(&self, principal: &Principal) -> bool {
        self.any
            .iter()
            .any(|all| all.iter().all(|comparison| comparison.matches(principal)))
    }

    /// The name looked for, when the filter is one exact comparison of the unique name: it can be looked up.
    pub fn exact_name(&self, kind: Kind) -> Option<&str> {
        let unique = match kind {
            Kind::User => "username",
            Kind::Group => "displayname",
            Kind::ServicePrincipal => "applicationid",
        };
        match self.any.as_slice() {
            [all] => match all.as_slice() {
                [one] if one.operator == Operator::Equal && one.attribute == unique => {
                    Some(&one.value)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn check(&self, kind: Kind, exact_only: bool) -> Result<(), ApiError> {
        let comparisons: Vec<&Comparison> = self.any.iter().flatten().collect();
        for comparison in &comparisons {
            let known = if exact_only {
                exact_attributes(kind)
            } else {
                attributes(kind)
            };
            if !known.contains(&comparison.attribute.as_str()) {
                return Err(invalid(format!(
                    "Attribute {} is not supported in a filter",
                    comparison.attribute
                )));
            }
            if exact_only && comparison.operator != Operator::Equal {
                return Err(invalid("Only the eq operator is supported".to_owned()));
            }
        }
        if exact_only && comparisons.len() != 1 {
            return Err(invalid("Only one comparison is supported".to_owned()));
        }
        Ok(())
    }
}

fn exact_attributes(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::User => &["username"],
        Kind::Group => &["displayname", "externalid"],
        Kind::ServicePrincipal => &["applicationid"],
    }
}

fn attributes(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::User => &[
            "id",
            "username",
            "displayname",
            "externalid",
            "active",
            "emails",
            "emails.value",
            "name.givenname",
            "name.familyname",
        ],
        Kind::Group => &["id", "displayname", "externalid"],
        Kind::ServicePrincipal => &["id", "applicationid", "displayname", "externalid", "active"],
    }
}

impl Comparison {
    fn matches(&self, principal: &Principal) -> bool {
        let id;
        let present = match self.attribute.as_str() {
            "id" => {
                id = principal.id.to_string();
                Some(id.as_str())
            }
            "username" | "applicationid" => Some(principal.name.as_str()),
            "displayname" => Some(principal.display_name.as_str()),
            "externalid" => principal.external_id.as_deref(),
            "active" => Some(if principal.active { "true" } else { "false" }),
            "name.givenname" => Some(principal.given_name.as_str()),
            "name.familyname" => Some(principal.family_name.as_str()),
            _ => Some(principal.email.as_str()),
        };
        let Some(present) = present else {
            return self.operator == Operator::NotEqual;
        };
        let (present, wanted) = (present.to_lowercase(), self.value.to_lowercase());
        match self.operator {
            Operator::Equal => present == wanted,
            Operator::NotEqual => present != wanted,
            Operator::Contains => present.contains(&wanted),
            Operator::StartsWith => present.starts_with(&wanted),
        }
    }
}

/// The first comparison of a filter, and what follows it.
fn comparison(text: &str) -> Result<(Comparison, &str), ApiError> {
    let (attribute, rest) = word(text.trim_start());
    let (operator, rest) = word(rest.trim_start());
    let operator = match operator.to_ascii_lowercase().as_str() {
        "eq" => Operator::Equal,
        "ne" => Operator::NotEqual,
        "co" => Operator::Contains,
        "sw" => Operator::StartsWith,
        other => return Err(invalid(format!("Operator '{other}' is not supported"))),
    };
    let (value, rest) = value(rest.trim_start())?;
    Ok((
        Comparison {
            attribute: attribute.to_ascii_lowercase(),
            operator,
            value,
        },
        rest,
    ))
}

/// A comparison's value: quoted with JSON's escapes, or a bare word such as `true`.
fn value(text: &str) -> Result<(String, &str), ApiError> {
    if !text.starts_with('"') {
        let (word, rest) = word(text);
        return if word.is_empty() {
            Err(invalid("A value is missing".to_owned()))
        } else {
            Ok((word.to_owned(), rest))
        };
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<String>();
    match values.next() {
        Some(Ok(value)) => Ok((value, &text[values.byte_offset()..])),
        _ => Err(invalid("A quote is missing".to_owned())),
    }
}

fn word(text: &str) -> (&str, &str) {
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

fn invalid(message: String) -> ApiError {
    ApiError::bad_request("INVALID_FILTER", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Principal {
        Principal {
            display_name: "Ada \"A\" Abara".to_owned(),
            ..Principal::new(1, Kind::User, "ada@x.example")
        }
    }

    fn fits(text: &str) -> bool {
        Filter::parse(text, Kind::User, false)
            .unwrap()
            .matches(&ada())
    }

    #[test]
    fn comparisons_join_with_and_before_or() {
        assert!(fits(r#"userName eq "ADA@x.example""#));
        assert!(fits(r#"displayName co "\"A\"" and active eq true"#));
        assert!(!fits(r#"userName sw "ada" and displayName eq "Eve""#));
        assert!(fits(
            r#"userName eq "no" and userName eq "no" or displayName sw "Ada""#
        ));
        assert!(fits(r#"externalId ne "1""#));
    }

    #[test]
    fn version_2_1_takes_one_exact_comparison() {
        for refused in [
            r#"userName co "a""#,
            r#"externalId eq "a""#,
            r#"userName eq "a" or userName eq "b""#,
            "userName",
            "userName eq",
            r#"userName eq "a"#,
        ] {
            let error = Filter::parse(refused, Kind::User, true).unwrap_err();
            assert_eq!(
                (error.status.as_u16(), error.code.as_str()),
                (400, "INVALID_FILTER"),
                "{refused}"
            );
        }
        assert!(Filter::parse(r#"externalId eq "a""#, Kind::Group, true).is_ok());
    }
}
