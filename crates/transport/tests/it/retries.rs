//! What is tried again, how often, and what a person sees meanwhile.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use usher_transport::{
    CancellationToken, Client, ErrorKind, Event, Request, RetryPolicy, WaitReason,
};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{RawServer, client, config, get, url};

async fn server(answers: &[(u16, Option<&str>)]) -> MockServer {
    let server = MockServer::start().await;
    for (index, (status, retry_after)) in answers.iter().enumerate() {
        let mut template = ResponseTemplate::new(*status);
        if let Some(value) = retry_after {
            template = template.insert_header("retry-after", *value);
        }
        let last = index + 1 == answers.len();
        let mock = Mock::given(any())
            .respond_with(template)
            .with_priority(u8::try_from(index + 1).unwrap());
        if last { mock } else { mock.up_to_n_times(1) }
            .mount(&server)
            .await;
    }
    server
}

async fn count(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn a_read_is_tried_again_after_429_and_5xx() {
    let server = server(&[(429, None), (503, None), (408, None), (200, None)]).await;
    let response = get(&client(&server.uri()), url(&server.uri(), "/"))
        .await
        .unwrap();
    assert_eq!((response.status.as_u16(), response.attempts), (200, 4));
}

#[tokio::test]
async fn tries_have_a_cap_and_the_last_answer_comes_back() {
    let server = server(&[(503, None)]).await;
    let response = get(&client(&server.uri()), url(&server.uri(), "/"))
        .await
        .unwrap();
    assert_eq!((response.status.as_u16(), response.attempts), (503, 5));
    assert_eq!(count(&server).await, 5);
}

#[tokio::test]
async fn a_write_is_tried_again_after_429_alone() {
    let answers = server(&[(429, None), (503, None)]).await;
    let request =
        Request::post("test", url(&answers.uri(), "/")).json(&serde_json::json!({"a": 1}));
    let response = client(&answers.uri())
        .send(request, &CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(response.status, 503);
    let bodies: Vec<_> = answers
        .received_requests()
        .await
        .unwrap()
        .into_iter()
        .map(|r| r.body)
        .collect();
    assert_eq!(
        bodies,
        [br#"{"a":1}"#.to_vec(), br#"{"a":1}"#.to_vec()],
        "the body is sent whole both times"
    );
}

#[tokio::test]
async fn a_write_that_is_throttled_again_and_again_is_sent_until_it_is_taken() {
    let mut answers = vec![(429, Some("0.01")); 7];
    answers.push((201, None));
    let server = server(&answers).await;
    let request = Request::post("test", url(&server.uri(), "/"));
    let response = client(&server.uri())
        .send(request, &CancellationToken::new())
        .await
        .unwrap();
    assert_eq!((response.status.as_u16(), response.attempts), (201, 8));
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_not_repeated() {
    let server = RawServer::start("").await;
    let request = Request::post("test", url(&server.origin(), "/"));
    let error = client(&server.origin())
        .send(request, &CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Cut);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_read_whose_connection_is_cut_is_repeated() {
    let server = RawServer::start("").await;
    let error = get(&client(&server.origin()), url(&server.origin(), "/"))
        .await
        .unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Cut, 5));
    assert_eq!(server.connections(), 5);
}

fn with_events(mut client: Client) -> (Client, Arc<Mutex<Vec<Event>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    client = client.with_events(Arc::new(move |event| sink.lock().unwrap().push(event)));
    (client, seen)
}

#[tokio::test]
async fn retry_after_is_honoured_in_full_whatever_the_scale_and_told() {
    let server = server(&[(429, Some("0.2")), (200, None)]).await;
    let (client, events) = with_events(client(&server.uri()));
    let response = get(&client, url(&server.uri(), "/")).await.unwrap();
    assert!(
        response.elapsed >= Duration::from_millis(200),
        "{:?}",
        response.elapsed
    );
    let events = events.lock().unwrap();
    let [
        Event::Waiting {
            operation,
            host,
            wait,
            reason,
            next_attempt,
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!(
        (*operation, &**host, *reason, *next_attempt),
        ("test", "127.0.0.1", WaitReason::Asked, 2)
    );
    assert_eq!(*wait, Duration::from_millis(200));
}

#[tokio::test]
async fn a_wait_beyond_the_total_is_not_begun() {
    let server = server(&[(429, Some("86400")), (200, None)]).await;
    let response = get(&client(&server.uri()), url(&server.uri(), "/"))
        .await
        .unwrap();
    assert_eq!((response.status.as_u16(), response.attempts), (429, 1));
}

#[tokio::test]
async fn a_wait_can_be_cancelled() {
    let server = server(&[(429, Some("300")), (200, None)]).await;
    let cancel = CancellationToken::new();
    let inner = cancel.clone();
    let client = client(&server.uri()).with_events(Arc::new(move |_| inner.cancel()));
    let request = Request::get("test", url(&server.uri(), "/"));
    let error = client.send(request, &cancel).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Cancelled, 1));
    assert_eq!(count(&server).await, 1);
}

#[tokio::test]
async fn a_cancelled_request_is_not_sent() {
    let server = server(&[(200, None)]).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let request = Request::post("test", url(&server.uri(), "/"));
    let error = client(&server.uri())
        .send(request, &cancel)
        .await
        .unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Cancelled, 0));
    assert_eq!(count(&server).await, 0);
}

#[tokio::test]
async fn our_own_waits_are_scaled() {
    let server = server(&[(503, None), (503, None), (503, None), (200, None)]).await;
    let mut config = config(&server.uri());
    config.retry = RetryPolicy {
        first_wait: Duration::from_secs(40),
        ..RetryPolicy::default()
    };
    let (client, events) = with_events(Client::new(config).unwrap());
    get(&client, url(&server.uri(), "/")).await.unwrap();
    for event in events.lock().unwrap().iter() {
        let Event::Waiting { wait, .. } = event else {
            panic!("{event:?}")
        };
        assert!(
            *wait <= Duration::from_millis(60) && *wait >= Duration::from_millis(20),
            "{wait:?}"
        );
    }
}
