//! `$filter`: the part of OData's expressions that Graph callers use on these resources.

use std::borrow::Cow;
use std::cmp::Ordering;

/// A property's value, as an expression sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum Field<'a> {
    /// No value.
    Null,
    /// Text, an id or a time.
    Text(Cow<'a, str>),
    /// Yes or no.
    Flag(bool),
    /// Several texts.
    List(Vec<Cow<'a, str>>),
}

impl<'a> Field<'a> {
    /// A text that may be missing.
    pub fn optional(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(Cow::Borrowed(text)))
    }

    /// A text.
    pub fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// Something that is shown as text, such as an id.
    pub fn shown(value: impl std::fmt::Display) -> Self {
        Self::Text(Cow::Owned(value.to_string()))
    }

    /// Several texts.
    pub fn list(texts: &'a [String]) -> Self {
        Self::List(
            texts
                .iter()
                .map(|text| Cow::Borrowed(text.as_str()))
                .collect(),
        )
    }
}

/// Something a filter can be put to.
pub trait Filterable {
    /// The value of a property; nothing when it cannot be filtered on.
    fn field(&self, path: &str) -> Option<Field<'_>>;
}

/// How texts are compared: directory objects ignore case, the provisioning logs do not (facts on Entra §1.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// `a` equals `A`.
    Ignored,
    /// `a` does not equal `A`.
    Matters,
}

/// A parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Both.
    And(Box<Filter>, Box<Filter>),
    /// Either.
    Or(Box<Filter>, Box<Filter>),
    /// Not.
    Not(Box<Filter>),
    /// `a eq b` and the other comparisons.
    Compare(Operand, Operator, Operand),
    /// `startswith(a, b)` and its relatives.
    Call(Function, Operand, Operand),
    /// `list/any(x:x eq 'text')`.
    Any(String, String),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are OData's own")]
pub enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// A function that gives yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are OData's own")]
pub enum Function {
    StartsWith,
    EndsWith,
    Contains,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A property path.
    Path(String),
    /// A text in lower case.
    Lower(Box<Operand>),
    /// A literal.
    Literal(Option<String>),
}

impl Filter {
    /// Whether it needs an advanced query: `ne`, `not` or `endswith` (facts on Entra §4).
    #[must_use]
    pub fn advanced(&self) -> bool {
        match self {
            Self::And(a, b) | Self::Or(a, b) => a.advanced() || b.advanced(),
            Self::Not(_)
            | Self::Compare(_, Operator::Ne, _)
            | Self::Call(Function::EndsWith, ..) => true,
            Self::Call(..) | Self::Compare(..) | Self::Any(..) => false,
        }
    }

    /// Property paths named in it.
    #[must_use]
    pub fn paths(&self) -> Vec<&str> {
        fn of(operand: &Operand) -> Option<&str> {
            match operand {
                Operand::Path(path) => Some(path),
                Operand::Lower(inner) => of(inner),
                Operand::Literal(_) => None,
            }
        }
        match self {
            Self::And(a, b) | Self::Or(a, b) => a.paths().into_iter().chain(b.paths()).collect(),
            Self::Not(inner) => inner.paths(),
            Self::Compare(a, _, b) | Self::Call(_, a, b) => {
                of(a).into_iter().chain(of(b)).collect()
            }
            Self::Any(path, _) => vec![path],
        }
    }

    /// Whether an object satisfies it.
    ///
    /// # Errors
    /// A text that names the property that cannot be filtered on.
    pub fn matches(&self, object: &impl Filterable, case: Case) -> Result<bool, String> {
        Ok(match self {
            Self::And(a, b) => a.matches(object, case)? && b.matches(object, case)?,
            Self::Or(a, b) => a.matches(object, case)? || b.matches(object, case)?,
            Self::Not(inner) => !inner.matches(object, case)?,
            Self::Compare(a, operator, b) => {
                compare(&value(a, object)?, *operator, &value(b, object)?, case)
            }
            Self::Call(function, a, b) => match (value(a, object)?, value(b, object)?) {
                (Field::Text(text), Field::Text(part)) => {
                    let (text, part) = (fold(&text, case), fold(&part, case));
                    match function {
                        Function::StartsWith => text.starts_with(part.as_ref()),
                        Function::EndsWith => text.ends_with(part.as_ref()),
                        Function::Contains => text.contains(part.as_ref()),
                    }
                }
                _ => false,
            },
            Self::Any(path, wanted) => match field(object, path)? {
                Field::List(values) => values
                    .iter()
                    .any(|value| fold(value, case) == fold(wanted, case)),
                _ => false,
            },
        })
    }
}

fn fold(text: &str, case: Case) -> Cow<'_, str> {
    match case {
        Case::Ignored => Cow::Owned(text.to_lowercase()),
        Case::Matters => Cow::Borrowed(text),
    }
}

fn field<'a>(object: &'a impl Filterable, path: &str) -> Result<Field<'a>, String> {
    object.field(path).ok_or_else(|| {
        format!("Unsupported or invalid query filter clause specified for property '{path}'.")
    })
}

fn value<'a>(operand: &'a Operand, object: &'a impl Filterable) -> Result<Field<'a>, String> {
    Ok(match operand {
        Operand::Path(path) => field(object, path)?,
        Operand::Lower(inner) => match value(inner, object)? {
            Field::Text(text) => Field::Text(Cow::Owned(text.to_lowercase())),
            other => other,
        },
        Operand::Literal(text) => Field::optional(text.as_deref()),
    })
}

fn compare(a: &Field<'_>, operator: Operator, b: &Field<'_>, case: Case) -> bool {
    let order = match (a, b) {
        (Field::Null, Field::Null) => Some(Ordering::Equal),
        (Field::Text(a), Field::Text(b)) => Some(fold(a, case).cmp(&fold(b, case))),
        (Field::Flag(flag), Field::Text(text)) | (Field::Text(text), Field::Flag(flag)) => {
            text.parse::<bool>().ok().map(|text| flag.cmp(&text))
        }
        _ => None,
    };
    match operator {
        Operator::Eq => order == Some(Ordering::Equal),
        Operator::Ne => order != Some(Ordering::Equal),
        Operator::Gt => order == Some(Ordering::Greater),
        Operator::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        Operator::Lt => order == Some(Ordering::Less),
        Operator::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Thing;

    impl Filterable for Thing {
        fn field(&self, path: &str) -> Option<Field<'_>> {
            match path {
                "displayName" => Some(Field::text("Azure Databricks")),
                "accountEnabled" => Some(Field::Flag(true)),
                "servicePrincipal/id" => Some(Field::text("abc")),
                "activityDateTime" => Some(Field::text("2026-11-24T10:00:00Z")),
                "categories" => Some(Field::List(vec![Cow::Borrowed("data")])),
                "mail" => Some(Field::Null),
                _ => None,
            }
        }
    }

    fn holds(text: &str) -> bool {
        Filter::parse(text)
            .unwrap()
            .matches(&Thing, Case::Ignored)
            .unwrap()
    }

    #[test]
    fn the_expressions_of_the_documentation_are_understood() {
        assert!(holds("displayName eq 'azure databricks'"));
        assert!(holds(
            "startswith(displayName,'azure') and not(mail ne null)"
        ));
        assert!(holds(
            "contains(tolower(servicePrincipal/id),'b') and activityDateTime gt 2026-11-23 and activityDateTime lt 2026-11-25T00:00:00Z"
        ));
        assert!(holds("categories/any(c:c eq 'data')"));
        assert!(holds("accountEnabled eq true or displayName eq 'x'"));
        assert!(holds("displayName in ('x', 'Azure Databricks')"));
        assert!(!holds("displayName eq 'O''Brien'"));
    }

    #[test]
    fn a_property_that_cannot_be_filtered_on_is_named() {
        let problem = Filter::parse("colour eq 'red'")
            .unwrap()
            .matches(&Thing, Case::Ignored)
            .unwrap_err();
        assert!(problem.contains("colour"), "{problem}");
    }

    #[test]
    fn broken_expressions_are_refused() {
        for text in [
            "displayName eq",
            "displayName is 'x'",
            "displayName eq 'x",
            "(displayName eq 'x'",
            "displayName eq 'x' 'y'",
        ] {
            assert!(Filter::parse(text).is_err(), "{text}");
        }
    }
}
