//! What a list call asks for.

use std::fmt;

use url::Url;

/// A filter. Account SCIM 2.1 knows exact comparison of one attribute alone (facts/databricks §3.2), so that is all there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    attribute: &'static str,
    value: String,
}

impl Filter {
    /// `attribute eq "value"`. The facts name `userName` for users, `displayName` and `externalId` for groups,
    /// `applicationId` for service principals.
    pub fn equals(attribute: &'static str, value: impl Into<String>) -> Self {
        Self {
            attribute,
            value: value.into(),
        }
    }
}

impl fmt::Display for Filter {
    /// Values stand in double quotes, as JSON writes them (RFC 7644 §3.4.2.2).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = serde_json::Value::from(self.value.as_str());
        write!(f, "{} eq {value}", self.attribute)
    }
}

/// The attributes and the filter of a list call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    filter: Option<Filter>,
    attributes: Option<&'static str>,
}

impl Query {
    /// Only what matches.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Only these attributes, separated by commas: light pages are what keeps large directories readable (§9).
    #[must_use]
    pub fn attributes(mut self, attributes: &'static str) -> Self {
        self.attributes = Some(attributes);
        self
    }

    pub(super) fn write(&self, url: &mut Url, start: u64, count: u64) {
        let mut pairs = url.query_pairs_mut();
        if let Some(filter) = &self.filter {
            pairs.append_pair("filter", &filter.to_string());
        }
        if let Some(attributes) = self.attributes {
            pairs.append_pair("attributes", attributes);
        }
        if start > 1 {
            pairs.append_pair("startIndex", &start.to_string());
        }
        pairs.append_pair("count", &count.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_and_escaped() {
        let filter = Filter::equals("displayName", r#"a "b" \ c"#);
        assert_eq!(filter.to_string(), r#"displayName eq "a \"b\" \\ c""#);
    }

    #[test]
    fn the_query_is_written_in_full() {
        let mut url = Url::parse("https://h/Users").unwrap();
        let filter = Filter::equals("userName", "a@b.example");
        Query::default()
            .filter(filter)
            .attributes("id,userName")
            .write(&mut url, 101, 100);
        assert_eq!(
            url.query(),
            Some(
                "filter=userName+eq+%22a%40b.example%22&attributes=id%2CuserName&startIndex=101&count=100"
            )
        );
    }
}
