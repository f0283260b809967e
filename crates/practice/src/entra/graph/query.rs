//! Query options of a list: filter, search, select, order, paging, count.

use serde_json::{Map, Value, json};

use super::GraphRequest;
use super::error::{Answer, GraphError};
use super::filter::{Case, Filter, Filterable};

/// The advanced-query rule in Graph's words (facts on Entra §4).
const ADVANCED: &str = "Request with this query parameter or path segment is only supported with the 'ConsistencyLevel:eventual' header \
                        and the '$count=true' parameter. See https://aka.ms/graph-docs/advanced-queries.";

/// The limits and habits of one collection.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// Items of a page when `$top` is absent.
    pub default: usize,
    /// The most `$top` may ask for; more is cut down to it.
    pub most: usize,
}

/// Directory objects: 100 a page, at most 999 (facts on Entra §4).
pub const DIRECTORY: Paging = Paging {
    default: 100,
    most: 999,
};

/// The options of one request.
#[derive(Debug, Clone)]
pub struct Query {
    filter: Option<Filter>,
    search: Option<Vec<(String, String)>>,
    select: Vec<String>,
    order: Option<(String, bool)>,
    top: Option<usize>,
    skip: usize,
    count: bool,
    case: Case,
}

impl Query {
    /// Reads the options of a request on directory objects and holds them to the advanced-query rule.
    ///
    /// # Errors
    /// 400 when an option cannot be read or needs the header that is missing.
    pub fn directory(request: &GraphRequest, cast: bool) -> Result<Self, GraphError> {
        let query = Self::read(request, Case::Ignored)?;
        let eventual = request
            .header("consistencylevel")
            .is_some_and(|level| level.eq_ignore_ascii_case("eventual"));
        let advanced_filter = query.filter.as_ref().is_some_and(Filter::advanced)
            || (query.filter.is_some() && query.order.is_some());
        let needs_header = query.search.is_some() || query.count || advanced_filter || cast;
        let needs_count = (advanced_filter || cast) && query.search.is_none();
        if (needs_header && !eventual) || (needs_count && !query.count) {
            return Err(GraphError::unsupported_query(ADVANCED));
        }
        Ok(query)
    }

    /// Reads the options of any other request.
    ///
    /// # Errors
    /// 400 when an option cannot be read.
    pub fn plain(request: &GraphRequest, case: Case) -> Result<Self, GraphError> {
        Self::read(request, case)
    }

    fn read(request: &GraphRequest, case: Case) -> Result<Self, GraphError> {
        let number = |name: &str| -> Result<Option<usize>, GraphError> {
            request
                .option(name)
                .map(|text| {
                    text.parse::<usize>().map_err(|_| {
                        GraphError::bad_request(format!("Invalid value for '{name}'."))
                    })
                })
                .transpose()
        };
        let top = number("$top")?;
        if top == Some(0) {
            return Err(GraphError::bad_request(
                "Invalid page size specified: '0'. Must be between 1 and 999 inclusive.",
            ));
        }
        let token = match request.option("$skiptoken") {
            Some(token) => Some(
                place(token)
                    .ok_or_else(|| GraphError::bad_request("The skip token is invalid."))?,
            ),
            None => None,
        };
        Ok(Self {
            filter: request
                .option("$filter")
                .map(Filter::parse)
                .transpose()
                .map_err(GraphError::bad_request)?,
            search: request.option("$search").map(search).transpose()?,
            select: request
                .option("$select")
                .map(|names| {
                    names
                        .split(',')
                        .map(|name| name.trim().to_owned())
                        .filter(|name| !name.is_empty())
                        .collect()
                })
                .unwrap_or_default(),
            order: request.option("$orderby").map(|text| {
                let mut words = text.split_whitespace();
                (
                    words.next().unwrap_or_default().to_owned(),
                    words.next() == Some("desc"),
                )
            }),
            top,
            skip: token.unwrap_or(number("$skip")?.unwrap_or(0)),
            count: request.option("$count") == Some("true"),
            case,
        })
    }

    /// The filter's property paths, for collections that allow only some.
    #[must_use]
    pub fn filtered_on(&self) -> Vec<&str> {
        self.filter.as_ref().map(Filter::paths).unwrap_or_default()
    }

    /// The `$orderby` property and whether it is descending.
    #[must_use]
    pub fn order(&self) -> Option<(&str, bool)> {
        self.order
            .as_ref()
            .map(|(property, descending)| (property.as_str(), *descending))
    }

    /// Whether an object is asked for.
    ///
    /// # Errors
    /// 400 when the filter names a property that cannot be filtered on.
    pub fn admits(&self, object: &impl Filterable) -> Result<bool, GraphError> {
        if let Some(filter) = &self.filter
            && !filter
                .matches(object, self.case)
                .map_err(GraphError::unsupported_query)?
        {
            return Ok(false);
        }
        let Some(alternatives) = &self.search else {
            return Ok(true);
        };
        for (property, wanted) in alternatives {
            let field = object.field(property);
            let Some(super::filter::Field::Text(text)) = field else {
                continue;
            };
            let text = text.to_lowercase();
            // Search looks at beginnings of words.
            if text.starts_with(wanted)
                || text
                    .split(|letter: char| !letter.is_alphanumeric())
                    .any(|word| word.starts_with(wanted.as_str()))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Cuts an object down to what `$select` names. The id stays: the contract wants one in every object.
    #[must_use]
    pub fn selected(&self, object: Value) -> Value {
        if self.select.is_empty() {
            return object;
        }
        let Value::Object(all) = object else {
            return object;
        };
        let kept: Map<String, Value> = all
            .into_iter()
            .filter(|(name, _)| {
                name == "id"
                    || name.starts_with('@')
                    || self.select.iter().any(|wanted| wanted == name)
            })
            .collect();
        Value::Object(kept)
    }

    /// One page of a list: those admitted, ordered, cut, with a link to the next page.
    ///
    /// # Errors
    /// 400 when the filter or the order cannot be used.
    pub fn page<'a, T: Filterable + 'a>(
        &self,
        request: &GraphRequest,
        paging: Paging,
        objects: impl Iterator<Item = &'a T>,
        render: impl Fn(&T) -> Value,
    ) -> Result<Answer, GraphError> {
        let mut admitted = Vec::new();
        let (page, needed) = (
            self.top.unwrap_or(paging.default).min(paging.most),
            self.count || self.order.is_some(),
        );
        for object in objects {
            if self.admits(object)? {
                admitted.push(object);
                if !needed && admitted.len() > self.skip + page {
                    break;
                }
            }
        }
        if let Some((property, descending)) = &self.order {
            let mut keyed = Vec::with_capacity(admitted.len());
            for object in admitted {
                let key = match object.field(property) {
                    Some(super::filter::Field::Text(text)) => text.to_lowercase(),
                    Some(_) => String::new(),
                    None => {
                        return Err(GraphError::unsupported_query(format!(
                            "Sorting by '{property}' is not supported."
                        )));
                    }
                };
                keyed.push((key, object));
            }
            keyed.sort_by(|(a, _), (b, _)| if *descending { b.cmp(a) } else { a.cmp(b) });
            admitted = keyed.into_iter().map(|(_, object)| object).collect();
        }
        let rows: Vec<Value> = admitted
            .iter()
            .skip(self.skip)
            .take(page)
            .map(|object| self.selected(render(object)))
            .collect();
        let mut body = Map::new();
        body.insert("@odata.context".to_owned(), json!(request.context()));
        if self.count && self.skip == 0 {
            body.insert("@odata.count".to_owned(), json!(admitted.len()));
        }
        if admitted.len() > self.skip + page {
            body.insert(
                "@odata.nextLink".to_owned(),
                json!(request.next_link(&token(self.skip + page))),
            );
        }
        body.insert("value".to_owned(), Value::Array(rows));
        Ok(Answer::json(Value::Object(body)))
    }
}

/// `"displayName:abc"`, several with `OR`.
fn search(text: &str) -> Result<Vec<(String, String)>, GraphError> {
    text.split(" OR ")
        .map(|clause| {
            let clause = clause.trim();
            let inner = clause
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'));
            inner
                .and_then(|inner| inner.split_once(':'))
                .map(|(property, wanted)| (property.to_owned(), wanted.trim().to_lowercase()))
                .ok_or_else(|| {
                    GraphError::bad_request(format!(
                        "Syntax error: character ':' is not valid in '{clause}'."
                    ))
                })
        })
        .collect()
}

/// Skip tokens are opaque to callers: a prefix and the place in hexadecimal.
fn token(place: usize) -> String {
    format!("RFNwdAoAAQ{place:08x}")
}

fn place(token: &str) -> Option<usize> {
    usize::from_str_radix(token.strip_prefix("RFNwdAoAAQ")?, 16).ok()
}
