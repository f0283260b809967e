//! Broken answers, and answers that are too much.

use std::io::Write as _;
use std::time::Duration;

use tokio::net::TcpListener;
use usher_transport::{CancellationToken, ErrorKind, Request};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{RawServer, client, get, once, read_head, url};

async fn kind_of(answer: impl Into<Vec<u8>>) -> ErrorKind {
    let server = RawServer::start(answer).await;
    let client = client(&server.origin()).with_retry(once());
    get(&client, url(&server.origin(), "/"))
        .await
        .unwrap_err()
        .kind
}

#[tokio::test]
async fn an_answer_cut_before_its_head_is_a_cut_connection() {
    assert_eq!(kind_of("").await, ErrorKind::Cut);
    assert_eq!(kind_of("HTTP/1.1 200 O").await, ErrorKind::Cut);
}

#[tokio::test]
async fn an_answer_cut_within_its_body_keeps_its_status() {
    let truncated = |received| ErrorKind::BodyTruncated {
        status: 200,
        received,
    };
    assert_eq!(
        kind_of("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"a\":").await,
        truncated(5)
    );
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n";
    assert_eq!(kind_of(chunked).await, truncated(5));
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_a_protocol_fault() {
    assert!(matches!(
        kind_of("SSH-2.0-OpenSSH_9.2\r\n\r\n").await,
        ErrorKind::Protocol { .. }
    ));
}

#[tokio::test]
async fn a_body_over_the_cap_is_not_read_on() {
    let announced = "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n";
    let cap = 64 * 1024 * 1024;
    assert_eq!(
        kind_of(announced).await,
        ErrorKind::TooLarge {
            status: 200,
            limit: cap
        }
    );
}

#[tokio::test]
async fn a_small_answer_that_unpacks_to_a_huge_one_meets_the_same_cap() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b' '; 4 * 1024 * 1024]).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 10 * 1024);
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(
            ResponseTemplate::new(200)
                .insert_header("content-encoding", "gzip")
                .set_body_bytes(bomb),
        )
        .mount(&server)
        .await;
    let request = Request::get("test", url(&server.uri(), "/")).max_bytes(1024 * 1024);
    let error = client(&server.uri())
        .send(request, &CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::TooLarge {
            status: 200,
            limit: 1024 * 1024
        }
    );
}

#[tokio::test]
async fn a_body_that_cannot_be_decoded_keeps_its_status() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 8\r\n\r\nnonsense";
    assert!(matches!(
        kind_of(answer).await,
        ErrorKind::Unreadable {
            status: 200,
            truncated: false,
            ..
        }
    ));
}

/// A server that accepts and then keeps silent, or keeps silent after `head`.
async fn silent(head: &'static str) -> String {
    use tokio::io::AsyncWriteExt as _;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            read_head(&mut stream).await;
            let _ = stream.write_all(head.as_bytes()).await;
            held.push(stream);
        }
    });
    origin
}

#[tokio::test]
async fn silence_is_a_time_out_and_says_whether_the_head_had_arrived() {
    let after = Duration::from_millis(100);
    for (head, status) in [
        ("", None),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", Some(200)),
    ] {
        let origin = silent(head).await;
        let client = client(&origin).with_retry(once()).with_timeout(after);
        let error = get(&client, url(&origin, "/")).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Timeout { after, status });
    }
}

#[tokio::test]
async fn nobody_listening_is_a_refused_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = get(&client(&origin).with_retry(once()), url(&origin, "/"))
        .await
        .unwrap_err();
    assert!(
        matches!(error.kind, ErrorKind::ConnectRefused { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn json_faults_name_the_place_and_not_the_text() {
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only its faults are looked at")]
    struct Page {
        resources: Vec<u32>,
    }
    let read = async |body: &str| {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(200).set_body_string(body))
            .mount(&server)
            .await;
        get(&client(&server.uri()), url(&server.uri(), "/"))
            .await
            .unwrap()
            .json::<Page>()
            .unwrap_err()
    };
    let wrong = read(r#"{"resources":[1,"canary"]}"#).await;
    let ErrorKind::Unreadable {
        path,
        truncated: false,
        ..
    } = &wrong.kind
    else {
        panic!("{wrong:?}")
    };
    assert_eq!(path, "resources[1]");
    assert!(!format!("{wrong:?}{wrong}").contains("canary"));
    let cut = read(r#"{"resources":[1,"#).await;
    assert!(
        matches!(
            cut.kind,
            ErrorKind::Unreadable {
                truncated: true,
                ..
            }
        ),
        "{cut:?}"
    );
    let more = read(r#"{"resources":[]} x"#).await;
    assert!(
        matches!(
            more.kind,
            ErrorKind::Unreadable {
                truncated: false,
                ..
            }
        ),
        "{more:?}"
    );
}

#[tokio::test]
async fn the_request_id_is_kept() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(403).insert_header("x-request-id", "abc-1"))
        .mount(&server)
        .await;
    let response = get(&client(&server.uri()), url(&server.uri(), "/"))
        .await
        .unwrap();
    assert_eq!(response.request_id.as_deref(), Some("abc-1"));
}
