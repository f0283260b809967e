//! Error answers in each of their shapes, as an API's error and never with the token in it.

use serde_json::json;
use usher_databricks::{ApiErrorKind, Error, Query, User};
use usher_transport::{CancellationToken, ErrorKind};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{TOKEN, scim};

async fn error(answer: ResponseTemplate) -> Error {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let cancel = CancellationToken::new();
    scim(&server, "2.1")
        .page::<User>(&Query::default(), 1, 1, &cancel)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn an_api_error_has_kind_code_words_and_request_id() {
    let body = json!({"error_code": "PERMISSION_DENIED", "message": "/scim/v2/Users is only accessible by admins"});
    let answer = ResponseTemplate::new(403)
        .set_body_json(body)
        .insert_header("x-request-id", "r-1");
    let error = error(answer).await;
    let api = error.api().unwrap();
    assert_eq!((api.status, &api.kind), (403, &ApiErrorKind::NotAdmin));
    assert_eq!(api.code.as_deref(), Some("PERMISSION_DENIED"));
    assert_eq!(api.request_id.as_deref(), Some("r-1"));
}

#[tokio::test]
async fn an_empty_body_takes_the_statuss_own_words() {
    let error = error(ResponseTemplate::new(401)).await;
    assert_eq!(error.api().unwrap().detail.as_deref(), Some("Unauthorized"));
}

#[tokio::test]
async fn a_token_that_the_service_repeats_is_taken_out() {
    let body = format!("INVALID_TOKEN: the token {TOKEN} is not known");
    let error = error(ResponseTemplate::new(401).set_body_string(body)).await;
    assert!(!format!("{error} {error:?}").contains("canary"));
    assert!(error.to_string().contains("<secret>"));
}

#[tokio::test]
async fn a_page_with_200_is_a_web_page_with_or_without_its_type() {
    let typed =
        ResponseTemplate::new(200).set_body_raw("<html>log in</html>", "text/html; charset=utf-8");
    let untyped = ResponseTemplate::new(200).set_body_raw("\n <!DOCTYPE html>", "application/json");
    for answer in [typed, untyped] {
        assert!(matches!(error(answer).await, Error::WebPage { .. }));
    }
}

#[tokio::test]
async fn other_json_is_no_scim_list() {
    for body in [
        json!({"hello": 1}),
        json!([1]),
        json!({"Resources": [{"userName": "no id"}]}),
        json!("text"),
    ] {
        let error = error(ResponseTemplate::new(200).set_body_json(&body)).await;
        let unreadable = matches!(
            error.transport(),
            Some(ErrorKind::Unreadable {
                truncated: false,
                ..
            })
        );
        assert!(
            matches!(error, Error::Unexpected { .. }) || unreadable,
            "{body}: {error:?}"
        );
    }
}

#[tokio::test]
async fn json_that_ends_too_early_is_told_apart() {
    let error = error(
        ResponseTemplate::new(200).set_body_string(r#"{"totalResults":5,"Resources":[{"id""#),
    )
    .await;
    assert!(
        matches!(
            error.transport(),
            Some(ErrorKind::Unreadable {
                truncated: true,
                ..
            })
        ),
        "{error:?}"
    );
}
