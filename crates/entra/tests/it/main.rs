//! The Graph client against single odd answers, each from the facts.

// What `clippy.toml` allows in tests reaches test functions alone, and the helpers beside them fail a test the same way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod scripted;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use usher_entra::graph::{
    CountUsers, Credentials, FindServicePrincipals, GetJob, GetSecrets, GetUser, GraphError,
    ListAssignments, ListProvisioningLogs, ListUsers, Look, ValidateCredentials, Verdict, Window,
    verdict,
};

use scripted::Scripted;

fn cancel() -> CancellationToken {
    CancellationToken::new()
}

fn error(code: &str, message: &str) -> Value {
    json!({ "error": { "code": code, "message": message, "innerError": { "request-id": "inner-id" } } })
}

#[tokio::test]
async fn an_empty_page_is_not_the_end_and_the_link_is_followed_as_it_is() {
    let script = Scripted::new([
        (
            200,
            json!({ "value": [{ "id": "a", "principalId": "1" }], "@odata.nextLink": "https://graph.test/v1.0/x?$skiptoken=a%20b" }),
        ),
        (
            200,
            json!({ "value": [], "@odata.nextLink": "https://graph.test/v1.0/x?$skiptoken=c" }),
        ),
        (
            200,
            json!({ "value": [{ "id": "b", "principalId": null }] }),
        ),
    ]);
    let rows = script
        .graph()
        .all(
            &ListAssignments {
                service_principal: "sp".into(),
            },
            &cancel(),
        )
        .await
        .unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].principal_id, "");
    assert_eq!(
        script.sent()[1].url,
        "https://graph.test/v1.0/x?$skiptoken=a%20b"
    );
}

#[tokio::test]
async fn what_is_no_list_is_not_read_as_an_empty_one() {
    for body in [
        json!({}),
        json!({ "value": null }),
        json!([]),
        error("x", ""),
    ] {
        let script = Scripted::repeating((200, body));
        let graph = script.graph();
        let people = graph.all(&ListUsers::default(), &cancel()).await;
        assert!(
            matches!(people, Err(GraphError::Decode { .. })),
            "{people:?}"
        );
        let secrets = GetSecrets {
            service_principal: "sp".into(),
        };
        let secrets = graph.run(&secrets, &cancel()).await;
        assert!(
            matches!(secrets, Err(GraphError::Decode { .. })),
            "{secrets:?}"
        );
    }
}

#[tokio::test]
async fn a_next_link_to_another_host_is_not_followed() {
    let script = Scripted::new([(
        200,
        json!({ "value": [], "@odata.nextLink": "https://evil.test/v1.0/x" }),
    )]);
    let outcome = script.graph().all(&ListUsers::default(), &cancel()).await;
    assert!(
        matches!(outcome, Err(GraphError::ForeignLink { .. })),
        "{outcome:?}"
    );
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test]
async fn a_next_link_that_was_followed_already_ends_the_list_at_once() {
    let page = |token: &str| {
        let next = format!("https://graph.test/v1.0/x?$skiptoken={token}");
        (200, json!({ "value": [], "@odata.nextLink": next }))
    };
    // To itself, and back to an earlier page.
    for (pages, asked) in [
        (vec![page("a"), page("a")], 2),
        (vec![page("a"), page("b"), page("a")], 3),
    ] {
        let script = Scripted::new(pages);
        let outcome = script.graph().all(&ListUsers::default(), &cancel()).await;
        assert!(
            matches!(
                outcome,
                Err(GraphError::RepeatedLink {
                    operation: "users.list"
                })
            ),
            "{outcome:?}"
        );
        assert_eq!(script.sent().len(), asked);
    }
}

#[tokio::test]
async fn a_401_without_words_is_a_missing_permission() {
    let script = Scripted::new([(401, error("UnknownError", ""))]);
    let get = GetJob {
        service_principal: "sp".into(),
        job: "j".into(),
    };
    let refusal = script.graph().run(&get, &cancel()).await.unwrap_err();
    assert_eq!(
        refusal.missing_permission(),
        Some("Synchronization.Read.All")
    );
    assert!(
        refusal.to_string().contains("Synchronization.Read.All"),
        "{refusal}"
    );
    assert!(refusal.to_string().contains("inner-id"), "{refusal}");
}

#[tokio::test]
async fn json_inside_the_message_is_read() {
    let inner = r#"{"Message":"No HTTP resource was found that matches the request URI."}"#;
    let script = Scripted::new([(404, error("UnknownError", inner))]);
    let get = GetJob {
        service_principal: "sp".into(),
        job: "j".into(),
    };
    let refusal = script.graph().run(&get, &cancel()).await.unwrap_err();
    assert_eq!(
        refusal.api().unwrap().message,
        "No HTTP resource was found that matches the request URI."
    );
}

#[tokio::test]
async fn a_body_that_is_no_error_body_is_an_error_all_the_same() {
    for body in [
        json!(null),
        json!("text"),
        json!({ "error": "a text" }),
        json!({ "error": { "code": 5 } }),
    ] {
        let script = Scripted::new([(400, body)]);
        let refusal = script
            .graph()
            .run(
                &GetUser {
                    id: "u".into(),
                    also: vec![],
                },
                &cancel(),
            )
            .await
            .unwrap_err();
        assert_eq!(refusal.api().unwrap().status, 400);
    }
}

#[tokio::test]
async fn a_rejected_test_of_credentials_is_a_verdict_and_a_missing_permission_is_not() {
    let validate = |credentials| ValidateCredentials {
        service_principal: "sp".into(),
        job: None,
        template_id: "dataBricks".into(),
        credentials,
    };
    let detailed = json!({ "error": {
        "code": "InvalidCredentials", "message": "You appear to have entered invalid credentials.",
        "details": [{ "code": "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable", "message": "" }],
    } });
    let script = Scripted::new([
        (400, detailed),
        (401, error("UnknownError", "")),
        (204, Value::Null),
    ]);
    let graph = script.graph();
    let told = async || verdict(graph.run(&validate(Credentials::Saved), &cancel()).await);
    let Verdict::Rejected { code, .. } = told().await.unwrap() else {
        panic!("accepted")
    };
    assert_eq!(
        code,
        "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable"
    );
    assert!(told().await.is_err());
    assert_eq!(told().await.unwrap(), Verdict::Accepted);
}

#[tokio::test]
async fn a_call_that_keeps_a_place_for_a_secret_is_not_sent_without_one() {
    let script = Scripted::new([(204, Value::Null)]);
    let validate = ValidateCredentials {
        service_principal: "sp".into(),
        job: None,
        template_id: "dataBricks".into(),
        credentials: Credentials::Inline {
            base_address: "https://a.test".into(),
        },
    };
    let outcome = script.graph().run(&validate, &cancel()).await;
    assert!(matches!(outcome, Err(GraphError::SecretMissing { .. })));
    assert_eq!(script.sent().len(), 0);

    let secret = usher_core::model::Secret::new("dsapi-secret");
    script
        .graph()
        .run_with(&validate, Some(&secret), &cancel())
        .await
        .unwrap();
    let sent = &script.sent()[0];
    assert_eq!(
        sent.body.as_ref().unwrap()["credentials"][1]["value"],
        "dsapi-secret"
    );
    assert!(!format!("{sent:?}").is_empty());
}

#[tokio::test]
async fn a_count_is_a_plain_number_whatever_surrounds_it() {
    for body in [json!("7"), json!(7), json!("\u{feff}7\r\n")] {
        let script = Scripted::new([(200, body)]);
        let count = CountUsers {
            group: "g".into(),
            transitive: true,
        };
        assert_eq!(script.graph().run(&count, &cancel()).await.unwrap(), 7);
        assert!(script.sent()[0].eventual);
    }
}

#[tokio::test]
async fn calls_throttled_inside_a_batch_are_sent_again_and_only_those() {
    let user = |id: &str| json!({ "id": id, "displayName": id });
    let script = Scripted::new([
        (
            200,
            json!({ "responses": [
            { "id": "2", "status": 404, "body": error("Request_ResourceNotFound", "gone") },
            { "id": "0", "status": 429, "headers": { "Retry-After": "0.001" }, "body": error("TooManyRequests", "") },
            { "id": "1", "status": 200, "body": user("b") },
        ] }),
        ),
        (
            200,
            json!({ "responses": [{ "id": "0", "status": 200, "body": user("a") }] }),
        ),
    ]);
    let gets: Vec<GetUser> = ["a", "b", "c"]
        .map(|id| GetUser {
            id: id.into(),
            also: vec![],
        })
        .into();
    let answers = script.graph().batch(&gets, &cancel()).await.unwrap();
    assert_eq!(&*answers[0].as_ref().unwrap().id, "a");
    assert_eq!(&*answers[1].as_ref().unwrap().id, "b");
    assert!(answers[2].as_ref().unwrap_err().is_not_found());
    let sent = script.sent();
    let again = &sent[1].body.as_ref().unwrap()["requests"];
    assert_eq!(again.as_array().unwrap().len(), 1);
    assert!(again[0]["url"].as_str().unwrap().starts_with("/users/a?"));
}

#[tokio::test]
async fn more_calls_than_a_batch_holds_are_split() {
    let answer = |range: std::ops::Range<usize>| {
        let inner: Vec<Value> = range.map(|id| json!({ "id": id.to_string(), "status": 200, "body": { "id": id.to_string() } })).collect();
        (200, json!({ "responses": inner }))
    };
    let script = Scripted::new([answer(0..20), answer(20..40), answer(40..45)]);
    let gets: Vec<GetUser> = (0..45)
        .map(|id| GetUser {
            id: id.to_string(),
            also: vec![],
        })
        .collect();
    assert_eq!(
        script.graph().batch(&gets, &cancel()).await.unwrap().len(),
        45
    );
    assert_eq!(script.sent().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_window_wants_agreeing_looks_and_waits_settling_refusals_out() {
    let principal = json!({ "value": [{ "id": "sp" }] });
    let script = Scripted::new([
        (404, error("Request_ResourceNotFound", "")),
        (200, principal.clone()),
        (403, error("Authorization_RequestDenied", "")),
        (200, principal.clone()),
        (200, principal.clone()),
        (200, principal),
    ]);
    let graph = script.graph();
    let window = Window {
        agreeing: 3,
        ..Window::AFTER_CREATION
    };
    let find = FindServicePrincipals::Named("n".into());
    let seen = graph
        .settle(window, &cancel(), async || {
            Ok(Look::There(graph.run(&find, &cancel()).await?.value.len()))
        })
        .await
        .unwrap();
    assert_eq!(seen, Some(1));
    assert_eq!(script.sent().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_window_ends_and_other_refusals_end_it_at_once() {
    let never = Scripted::repeating((404, error("Request_ResourceNotFound", "")));
    let graph = never.graph();
    let get = GetJob {
        service_principal: "sp".into(),
        job: "j".into(),
    };
    let outcome = graph
        .settle(Window::AFTER_CHANGE, &cancel(), async || {
            graph.run(&get, &cancel()).await.map(Look::There)
        })
        .await;
    assert!(outcome.unwrap_err().is_not_found());

    let broken = Scripted::new([(400, error("BadRequest", "no"))]);
    let graph = broken.graph();
    let outcome = graph
        .settle(Window::AFTER_CHANGE, &cancel(), async || {
            graph.run(&get, &cancel()).await.map(Look::There)
        })
        .await;
    assert_eq!(outcome.unwrap_err().api().unwrap().status, 400);
}

#[tokio::test(start_paused = true)]
async fn answers_slower_than_the_window_do_not_close_it_while_they_agree() {
    let principal = json!({ "value": [{ "id": "sp" }] });
    let script = Scripted::new([
        (404, error("Request_ResourceNotFound", "")),
        (200, principal.clone()),
        (200, principal),
    ]);
    let graph = script.graph();
    let window = Window {
        budget: std::time::Duration::from_nanos(1),
        ..Window::AFTER_CHANGE
    };
    let find = FindServicePrincipals::Named("n".into());
    let seen = graph
        .settle(window, &cancel(), async || {
            Ok(Look::There(graph.run(&find, &cancel()).await?.value.len()))
        })
        .await
        .unwrap();
    assert_eq!(seen, Some(1));
}

#[tokio::test]
async fn quotes_in_names_stay_inside_the_filter() {
    let script = Scripted::repeating((200, json!({ "value": [] })));
    script
        .graph()
        .run(
            &FindServicePrincipals::Named("O'Brien & Söhne + Co".into()),
            &cancel(),
        )
        .await
        .unwrap();
    let search = ListUsers {
        search: Some("a\"b\\c".into()),
        top: Some(50),
        also: vec![],
    };
    script.graph().run(&search, &cancel()).await.unwrap();
    let logs = ListProvisioningLogs {
        job: "dataBricks.x.y".into(),
        since: Timestamp::UNIX_EPOCH,
        top: 5,
    };
    script.graph().run(&logs, &cancel()).await.unwrap();
    let urls: Vec<url::Url> = script
        .sent()
        .iter()
        .map(|sent| sent.url.parse().unwrap())
        .collect();
    let query = |at: usize, name: &str| {
        urls[at]
            .query_pairs()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
            .into_owned()
    };
    assert_eq!(
        query(0, "$filter"),
        "displayName eq 'O''Brien & Söhne + Co'"
    );
    assert!(
        !urls[0].query().unwrap().contains('+'),
        "a plus would be read literally: {}",
        urls[0]
    );
    assert!(query(1, "$search").contains(r#""displayName:a\"b\\c""#));
    assert_eq!(
        query(2, "$filter"),
        "jobId eq 'dataBricks.x.y' and activityDateTime gt 1970-01-01T00:00:00Z"
    );
}

#[tokio::test]
async fn a_secret_that_the_service_repeats_is_in_no_error() {
    let put = usher_entra::graph::ValidateCredentials {
        service_principal: "sp".into(),
        job: None,
        template_id: "dataBricks".into(),
        credentials: Credentials::Inline {
            base_address: "https://a.test".into(),
        },
    };
    let secret = usher_core::model::Secret::new("dsapi-canary");
    let repeated = json!({ "error": { "code": "dsapi-canary", "message": "not dsapi-canary",
        "innerError": { "request-id": "dsapi-canary" } } });
    let script = Scripted::new([(403, repeated)]);
    let outcome = script
        .graph()
        .run_with(&put, Some(&secret), &cancel())
        .await;
    let error = outcome.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    assert!(error.to_string().contains("not <secret>"), "{error}");
}
