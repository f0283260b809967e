//! Paging: each version's page size, holes, caps, lists that end nowhere, and four pages in flight.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;

use serde_json::{Value, json};
use usher_databricks::{Error, Filter, Group, Query, User};
use usher_transport::CancellationToken;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::support::{ACCOUNT, TOKEN, scim};

/// A directory of `total` users that gives at most `cap` a page; `spoil` may change a page.
struct Directory {
    total: u64,
    cap: u64,
    spoil: fn(u64, Value) -> Value,
    calls: Arc<Mutex<Vec<(u64, u64)>>>,
}

impl Respond for Directory {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let query: HashMap<_, _> = request.url.query_pairs().into_owned().collect();
        let number = |name: &str, default: u64| {
            query
                .get(name)
                .map_or(default, |text| text.parse().unwrap())
        };
        let (start, count) = (number("startIndex", 1), number("count", 100));
        self.calls.lock().unwrap().push((start, count));
        let end = (start + count.min(self.cap)).min(self.total + 1);
        let users: Vec<_> = (start..end)
            .map(|n| json!({"id": n.to_string(), "userName": format!("u{n}@x")}))
            .collect();
        let page = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": self.total, "startIndex": start, "itemsPerPage": users.len(), "Resources": users,
        });
        ResponseTemplate::new(200).set_body_json((self.spoil)(start, page))
    }
}

struct Served {
    server: MockServer,
    calls: Arc<Mutex<Vec<(u64, u64)>>>,
}

async fn directory(total: u64, cap: u64, spoil: fn(u64, Value) -> Value) -> Served {
    let server = MockServer::start().await;
    let calls = Arc::new(Mutex::new(Vec::new()));
    Mock::given(method("GET"))
        .and(header("authorization", format!("Bearer {TOKEN}").as_str()))
        .respond_with(Directory {
            total,
            cap,
            spoil,
            calls: Arc::clone(&calls),
        })
        .mount(&server)
        .await;
    Served { server, calls }
}

impl Served {
    async fn read_all(&self, version: &str) -> Vec<u64> {
        let cancel = CancellationToken::new();
        let query = Query::default();
        let listing = scim(&self.server, version)
            .read_all::<User>(&query, |_, _| (), &cancel)
            .await
            .unwrap();
        listing
            .resources
            .iter()
            .map(|user| user.id.parse().unwrap())
            .collect()
    }

    async fn fault(&self, version: &str) -> Error {
        let (query, cancel) = (Query::default(), CancellationToken::new());
        let scim = scim(&self.server, version);
        let listing = scim.read_all::<User>(&query, |_, _| (), &cancel).await;
        listing.unwrap_err()
    }

    fn calls(&self) -> Vec<(u64, u64)> {
        let mut calls = self.calls.lock().unwrap().clone();
        calls.sort_unstable();
        calls
    }
}

fn plain(_: u64, page: Value) -> Value {
    page
}

#[tokio::test]
async fn at_2_1_pages_hold_a_hundred_and_none_is_asked_for_twice() {
    let served = directory(1_234, 100, plain).await;
    assert_eq!(
        served.read_all("2.1").await,
        (1..=1_234).collect::<Vec<_>>()
    );
    let starts: Vec<_> = served.calls().iter().map(|(start, _)| *start).collect();
    assert_eq!(
        starts,
        (0..13).map(|index| 1 + index * 100).collect::<Vec<_>>()
    );
    assert!(served.calls().iter().all(|(_, count)| *count <= 100));
}

#[tokio::test]
async fn at_2_0_one_large_page_is_enough() {
    let served = directory(1_234, 10_000, plain).await;
    assert_eq!(served.read_all("2.0").await.len(), 1_234);
    assert_eq!(served.calls(), [(1, 10_000)]);
}

#[tokio::test]
async fn a_service_that_caps_its_pages_is_read_whole() {
    let served = directory(950, 300, plain).await;
    assert_eq!(served.read_all("2.0").await, (1..=950).collect::<Vec<_>>());
    assert_eq!(
        served
            .calls()
            .iter()
            .map(|(start, _)| *start)
            .collect::<Vec<_>>(),
        [1, 301, 601, 901]
    );
}

#[tokio::test]
async fn an_empty_page_before_the_total_is_a_hole_and_not_the_end() {
    let served = directory(500, 100, |start, mut page| {
        if start == 201 {
            page.as_object_mut().unwrap().remove("Resources");
        }
        page
    })
    .await;
    let expected: Vec<u64> = (1..=200).chain(301..=500).collect();
    assert_eq!(served.read_all("2.1").await, expected);
}

#[tokio::test]
async fn a_short_page_within_the_list_is_completed() {
    let served = directory(300, 100, |start, mut page| {
        if start == 101 {
            page["Resources"].as_array_mut().unwrap().truncate(40);
        }
        page
    })
    .await;
    assert_eq!(served.read_all("2.1").await, (1..=300).collect::<Vec<_>>());
    assert!(served.calls().contains(&(141, 60)));
}

#[tokio::test]
async fn without_a_total_an_empty_page_is_the_end() {
    let served = directory(250, 100, |_, mut page| {
        page.as_object_mut().unwrap().remove("totalResults");
        page
    })
    .await;
    assert_eq!(served.read_all("2.1").await.len(), 250);
}

#[tokio::test]
async fn an_entry_that_comes_twice_counts_once() {
    let served = directory(200, 100, |start, mut page| {
        if start == 101 {
            page["Resources"][0]["id"] = json!("100");
        }
        page
    })
    .await;
    assert_eq!(served.read_all("2.1").await.len(), 199);
}

/// A page of a service that ignores `startIndex`: the first one again.
fn first_page_again(mut page: Value) -> Value {
    let users: Vec<_> = (1..=100)
        .map(|n: u32| json!({"id": n.to_string(), "userName": format!("u{n}@x")}))
        .collect();
    page["Resources"] = json!(users);
    page
}

#[tokio::test]
async fn a_service_that_does_not_page_is_told_at_once() {
    // With a total, with one that grows, without one.
    let spoils: [fn(u64, Value) -> Value; 3] = [
        |_, page| first_page_again(page),
        |start, mut page| {
            page["totalResults"] = json!(start + 5_000_000);
            first_page_again(page)
        },
        |_, mut page| {
            page.as_object_mut().unwrap().remove("totalResults");
            first_page_again(page)
        },
    ];
    for spoil in spoils {
        let served = directory(5_000_000, 100, spoil).await;
        let fault = served.fault("2.1").await;
        assert!(
            matches!(fault, Error::Repeating { received: 100, .. }),
            "{fault:?}"
        );
        assert!(served.calls().len() <= 10, "{}", served.calls().len());
    }
}

#[tokio::test]
async fn a_total_far_beyond_what_there_is_ends_as_an_error() {
    let served = directory(5_000_000, 100, |_, mut page| {
        page["Resources"] = json!([]);
        page
    })
    .await;
    let fault = served.fault("2.1").await;
    assert!(
        matches!(fault, Error::Endless { received: 0, .. }),
        "{fault:?}"
    );
    assert!(served.calls().len() <= 110, "{}", served.calls().len());
}

#[tokio::test]
async fn a_null_list_and_an_empty_list_are_empty() {
    for resources in [json!(null), json!([])] {
        let server = MockServer::start().await;
        let body = json!({"totalResults": 0, "Resources": resources});
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&server)
            .await;
        let (query, cancel) = (Query::default(), CancellationToken::new());
        let listing = scim(&server, "2.1")
            .read_all::<User>(&query, |_, _| (), &cancel)
            .await
            .unwrap();
        assert!(listing.resources.is_empty());
    }
}

#[tokio::test]
async fn progress_reaches_the_total() {
    let served = directory(350, 100, plain).await;
    let seen = Mutex::new(Vec::new());
    let (query, cancel) = (Query::default(), CancellationToken::new());
    let scim = scim(&served.server, "2.1");
    scim.read_all::<User>(
        &query,
        |done, total| seen.lock().unwrap().push((done, total)),
        &cancel,
    )
    .await
    .unwrap();
    assert_eq!(
        *seen.lock().unwrap(),
        [(100, 350), (200, 350), (300, 350), (350, 350)]
    );
}

#[tokio::test]
async fn a_filter_finds_one_and_a_group_comes_with_its_members() {
    let server = MockServer::start().await;
    let base = format!("/api/2.1/accounts/{ACCOUNT}/scim/v2/Groups");
    Mock::given(path(base.as_str()))
        .and(query_param("filter", r#"displayName eq "data \"x\"""#))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"Resources": [{"id": "7"}]})))
        .mount(&server)
        .await;
    Mock::given(path(format!("{base}/7")))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({
            "id": "7", "displayName": "data", "meta": {"resourceType": "Group"},
            "members": [{"value": "9", "display": "A", "$ref": "Users/9"}],
        })))
        .mount(&server)
        .await;
    let (scim, cancel) = (scim(&server, "2.1"), CancellationToken::new());
    let filter = Filter::equals("displayName", r#"data "x""#);
    let found = scim.find::<Group>(filter, &cancel).await.unwrap().unwrap();
    assert_eq!((found.id.as_str(), found.members), ("7", None));
    let group = scim.get::<Group>("7", &cancel).await.unwrap();
    assert_eq!(
        group.members.as_ref().unwrap()[0].reference.as_deref(),
        Some("Users/9")
    );
    assert_eq!(group.is_workspace_local(), Some(false));
}

#[tokio::test]
async fn ids_as_numbers_and_a_total_as_text_are_read() {
    let served = directory(250, 100, |_, mut page| {
        for user in page["Resources"].as_array_mut().unwrap() {
            let id: u64 = user["id"].as_str().unwrap().parse().unwrap();
            user["id"] = json!(id);
        }
        page["totalResults"] = json!(page["totalResults"].to_string());
        page["itemsPerPage"] = json!("many");
        page
    })
    .await;
    assert_eq!(
        served.read_all("2.1").await,
        (1..=250).collect::<Vec<u64>>()
    );
}

#[tokio::test]
async fn an_empty_answer_is_no_list() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let (scim, cancel) = (scim(&server, "2.1"), CancellationToken::new());
    let error = scim.page::<User>(&Query::default(), 1, 1, &cancel).await;
    assert!(matches!(error, Err(Error::Unexpected { .. })), "{error:?}");
}
