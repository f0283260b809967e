//! Lists: which page was asked for, and writing it in pieces.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use http::header::CONTENT_TYPE;
use serde_json::json;

use super::errors::ApiError;
use super::filter::Filter;
use super::model::Kind;
use super::render::{Projected, Projection, Row};

/// The largest page of account SCIM 2.1.
pub const LARGEST_PAGE_2_1: usize = 100;
/// The page of account SCIM 2.0 and of workspace SCIM when no `count` is given, and the largest.
pub const LARGEST_PAGE_2_0: usize = 10_000;
/// How many resources are written at a time.
const PIECE: usize = 250;

/// A list request.
#[derive(Debug, Clone)]
pub struct Query {
    /// One-based place of the first resource.
    pub start_index: usize,
    /// The most resources wanted.
    pub count: usize,
    /// Which resources.
    pub filter: Option<Filter>,
    /// Which attributes.
    pub projection: Projection,
    /// `sortBy` and whether `sortOrder` is `descending`; account SCIM 2.1 has none.
    pub sort: Option<(String, bool)>,
}

impl Query {
    /// Reads the query of a request for resources of that kind; `strict` is account SCIM 2.1. Unknown parameters are ignored.
    ///
    /// # Errors
    /// 400 for a number that is none, a `count` over 100 at 2.1, or a filter this surface does not take.
    pub fn parse(
        parameters: &HashMap<String, String>,
        kind: Kind,
        strict: bool,
    ) -> Result<Self, ApiError> {
        let largest = if strict {
            LARGEST_PAGE_2_1
        } else {
            LARGEST_PAGE_2_0
        };
        let count = number(parameters, "count")?.unwrap_or(largest);
        if strict && count > largest {
            return Err(ApiError::bad_request(
                "INVALID_PARAMETER_VALUE",
                format!("count must be at most {largest}"),
            ));
        }
        let text = |name: &str| parameters.get(name).map(String::as_str);
        let filter = text("filter")
            .filter(|text| !text.trim().is_empty())
            .map(|text| Filter::parse(text, kind, strict))
            .transpose()?;
        let descending =
            text("sortOrder").is_some_and(|order| order.eq_ignore_ascii_case("descending"));
        Ok(Self {
            start_index: number(parameters, "startIndex")?.unwrap_or(1).max(1),
            count: count.min(largest),
            filter,
            projection: Projection::new(text("attributes"), text("excludedAttributes")),
            sort: text("sortBy")
                .filter(|_| !strict)
                .map(|by| (by.to_lowercase(), descending)),
        })
    }
}

fn number(parameters: &HashMap<String, String>, name: &str) -> Result<Option<usize>, ApiError> {
    let Some(text) = parameters.get(name) else {
        return Ok(None);
    };
    let number: i64 = text.parse().map_err(|_| {
        ApiError::bad_request(
            "INVALID_PARAMETER_VALUE",
            format!("{name} must be a number"),
        )
    })?;
    // RFC 7644 §3.4.2.4: a negative number counts as the smallest one.
    Ok(Some(usize::try_from(number).unwrap_or(0)))
}

/// The answer with a page of resources. A page without resources has no `Resources` key.
pub fn page(rows: Vec<Row>, total: usize, query: &Query) -> Response {
    let head = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": query.start_index,
        "itemsPerPage": rows.len(),
    })
    .to_string();
    let kind = [(CONTENT_TYPE, "application/scim+json")];
    if rows.is_empty() {
        return (kind, head).into_response();
    }
    let mut first = head.into_bytes();
    first.pop();
    first.extend_from_slice(br#","Resources":["#);
    let projection = query.projection.clone();
    if rows.len() <= PIECE {
        write(&mut first, &rows, &projection, false);
        first.extend_from_slice(b"]}");
        return (kind, first).into_response();
    }
    let rows = Arc::new(rows);
    let pieces = rows.len().div_ceil(PIECE);
    let mut first = Some(first);
    let body = (0..pieces).map(move |piece| {
        let from = piece * PIECE;
        let to = rows.len().min(from + PIECE);
        let mut bytes = first.take().unwrap_or_default();
        write(&mut bytes, &rows[from..to], &projection, piece > 0);
        if to == rows.len() {
            bytes.extend_from_slice(b"]}");
        }
        Ok::<_, Infallible>(Bytes::from(bytes))
    });
    (kind, Body::from_stream(stream::iter(body))).into_response()
}

/// Writes rows separated by commas; `after_others` when rows were written before.
fn write(bytes: &mut Vec<u8>, rows: &[Row], projection: &Projection, after_others: bool) {
    for (index, row) in rows.iter().enumerate() {
        if after_others || index > 0 {
            bytes.push(b',');
        }
        // Writing these types into memory cannot fail.
        let _ = serde_json::to_writer(&mut *bytes, &Projected { row, projection });
    }
}
