//! What a tenant too large to be read whole wants: every application asked on request, and a search on Entra's side.

use std::sync::{Arc, Mutex};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use usher_core::checks::judge;
use usher_core::model::World;
use usher_engine::observe::{Progress, Scan};
use usher_engine::session::view::*;
use usher_entra::graph::{Exchange, GraphError, Outgoing, RawAnswer};
use usher_transport::CancellationToken;

use crate::session_journey::Walk;
use crate::sitting::{deaf, start};
use crate::tenant::Tenant;

/// The hidden connector's name in the scenario.
const HIDDEN: &str = "SCIM to the analysts' workspace";

fn world(tenant: &Tenant) -> World {
    tenant.client.world().clone()
}

async fn names(tenant: &Tenant) -> Vec<String> {
    let observed = tenant.observe().await;
    let connectors = observed.observation.entra.connectors.value().unwrap();
    connectors
        .iter()
        .map(|connector| connector.display_name.clone())
        .collect()
}

#[tokio::test]
async fn a_connector_of_another_template_is_found_by_asking_every_application() {
    let mut tenant = Tenant::start("hidden-connector").await;
    assert!(!names(&tenant).await.contains(&HIDDEN.to_owned()));
    let before = tenant.practice.changes().len();
    let told = Mutex::new(Vec::new());
    let mut scan = Scan::default();
    let sink = |step: Progress| told.lock().unwrap().push((step.done, step.total));
    scan.go_on(&tenant.entra.graph, &world(&tenant), &sink, &tenant.cancel)
        .await
        .unwrap();

    let ended = scan.ended(jiff::Timestamp::now()).unwrap();
    // Those of the gallery are among them.
    assert_eq!((ended.found.len(), ended.unreadable), (2, 0));
    tenant.setup.entra.deep_scan = Some(ended);
    assert!(names(&tenant).await.contains(&HIDDEN.to_owned()));
    assert_eq!(tenant.practice.changes().len(), before, "it only reads");
    let told = told.into_inner().unwrap();
    let (done, total) = told.last().copied().unwrap();
    assert!(total.is_some() && done == total, "{told:?}");
    assert!(told.iter().is_sorted(), "{told:?}");

    // The report no longer says that others would not be seen.
    let seen = tenant.observe().await.observation;
    let report = judge(&tenant.setup, &seen, jiff::Timestamp::now());
    let unique = report
        .findings
        .iter()
        .find(|finding| finding.check == "app-unique")
        .unwrap();
    assert!(!unique.evidence.iter().any(|line| line.label == "Looked at"));
}

#[tokio::test]
async fn a_scan_that_was_broken_off_goes_on_where_it_was() {
    let tenant = Tenant::start("hidden-connector").await;
    let world = world(&tenant);
    let mut scan = Scan::default();
    let graph = &tenant.entra.graph;
    let stop = CancellationToken::new();
    let stopping = |step: Progress| {
        if step.done > Some(0) {
            stop.cancel();
        }
    };
    scan.go_on(graph, &world, &stopping, &stop)
        .await
        .unwrap_err();
    assert!(scan.ended(jiff::Timestamp::now()).is_none());
    let asked = scan.asked();
    assert!(asked > 0);

    let first = Mutex::new(None);
    let sink = |step: Progress| {
        first.lock().unwrap().get_or_insert(step.done);
    };
    scan.go_on(graph, &world, &sink, &tenant.cancel)
        .await
        .unwrap();
    let ended = scan.ended(jiff::Timestamp::now()).unwrap();
    assert_eq!(ended.found.len(), 2);
    let began_at = first.into_inner().unwrap().flatten();
    assert_eq!(began_at, u64::try_from(asked).ok(), "it began anew");
}

#[tokio::test]
async fn the_window_scans_keeps_the_result_in_the_set_up_and_sees_the_connector() {
    let walk = Walk::begin("hidden-connector").await;
    walk.databricks().await;
    walk.sign_in().await;
    let setup = walk.session.deep_scan(start("scan"), deaf()).await.unwrap();
    assert_eq!(setup.setup.entra.deep_scan.unwrap().found.len(), 2);
    let seen = walk
        .session
        .observe(start("observe"), deaf())
        .await
        .unwrap();
    assert!(
        seen.connectors
            .iter()
            .flatten()
            .any(|connector| connector.display_name == HIDDEN)
    );
}

#[tokio::test]
async fn who_was_not_read_is_found_on_entras_side() {
    let walk = Walk::begin("fresh").await;
    walk.databricks().await;
    walk.sign_in().await;
    let (table, search) = (TableId::Groups, "databricks-an".to_owned());
    let nothing = walk.rows(table, &search, RowFilter::All).await;
    assert!(nothing.loaded_at.is_none() && !nothing.complete);

    let asked = SearchDirectory {
        table,
        search: search.clone(),
    };
    let found = walk.session.search_directory(asked).await.unwrap();
    assert_eq!((found.found, found.more), (1, false));
    let shown = walk.rows(table, &search, RowFilter::All).await;
    assert_eq!(shown.rows[0].display_name, "databricks-analysts");
    assert!(!shown.complete && shown.loaded_at.is_some());
    // Another question has no answer yet, and one letter is none.
    let other = walk.rows(table, "else", RowFilter::All).await;
    assert!(other.rows.is_empty() && other.loaded_at.is_none());
    let letter = SearchDirectory {
        table: TableId::Users,
        search: " a ".to_owned(),
    };
    let nobody = walk.session.search_directory(letter).await.unwrap();
    assert_eq!(nobody, DirectoryFound::default());

    // Once everybody was read, the rows come from what was read.
    let load = walk.session.load_directory(start("load"), deaf()).await;
    load.unwrap();
    let read = walk.rows(table, &search, RowFilter::All).await;
    assert!(read.complete);
    assert_eq!(read.rows[0].display_name, "databricks-analysts");
}

type Whose = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// Refuses to tell the jobs of the applications it names, inside a batch.
struct Refusing {
    inner: Arc<dyn Exchange>,
    whose: Whose,
}

impl Exchange for Refusing {
    fn exchange<'a>(
        &'a self,
        call: Outgoing<'a>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<RawAnswer, GraphError>> {
        let asked = call.body.as_ref().map(|body| body.expose().clone());
        async move {
            let mut answer = self.inner.exchange(call, cancel).await?;
            let requests = asked.as_ref().and_then(|asked| asked["requests"].as_array());
            for request in requests.into_iter().flatten() {
                let url = request["url"].as_str().unwrap();
                if url.ends_with("/synchronization/jobs") && (self.whose)(url) {
                    let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
                    let all = body["responses"].as_array_mut().unwrap();
                    let one = all.iter_mut().find(|one| one["id"] == request["id"]);
                    let error = json!({ "code": "Authorization_RequestDenied", "message": "Not this one." });
                    *one.unwrap() = json!({ "id": request["id"], "status": 403, "body": { "error": error } });
                    answer.body = body.to_string().into();
                }
            }
            Ok(answer)
        }
        .boxed()
    }
}

#[tokio::test]
async fn an_application_that_may_not_be_asked_is_counted_and_the_others_are_asked() {
    let tenant = Tenant::start("hidden-connector").await;
    let scan = async |whose: Whose| {
        let graph = tenant
            .entra
            .graph
            .through(|inner| Arc::new(Refusing { inner, whose }));
        let mut scan = Scan::default();
        let went = scan
            .go_on(&graph, &world(&tenant), &|_| {}, &tenant.cancel)
            .await;
        went.map(|()| scan.ended(jiff::Timestamp::now()).unwrap())
    };
    let all = scan(Box::new(|_| false)).await.unwrap();
    assert_eq!((all.found.len(), all.unreadable), (2, 0));
    let one = all.found[0].clone();
    let some = scan(Box::new(move |url| url.contains(&one))).await.unwrap();
    assert_eq!((&some.found[..], some.unreadable), (&all.found[1..], 1));
    let refused = scan(Box::new(|_| true)).await.unwrap_err();
    assert!(refused.missing_permission().is_some(), "{refused}");
}
