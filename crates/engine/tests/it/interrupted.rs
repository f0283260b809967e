//! Whatever interrupts a run at whichever write: the next run ends where an undisturbed one ends, and nothing is made twice
//! (`contracts/cli.md`, rules 5 and 8).

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Notify;
use usher_engine::apply::{Event, Journal, JournalError, Line, MemoryJournal};
use usher_engine::observe::Entra;
use usher_practice::{FaultKind, FaultRule};

use crate::tap::{Tap, When};
use crate::tenant::{NAME, Tenant, executor, memory, troubles};

/// What an undisturbed run comes to, and how many writes and journal lines it takes.
struct Undisturbed {
    end: Value,
    writes: Vec<(String, String)>,
    lines: usize,
}

async fn tenant() -> Tenant {
    let mut tenant = Tenant::start("fresh").await;
    tenant.assign_someone();
    tenant
}

async fn undisturbed() -> Undisturbed {
    let mut tenant = tenant().await;
    let mut journal = memory();
    tenant.run(&mut journal).await.unwrap();
    let writes = tenant
        .practice
        .requests()
        .into_iter()
        .filter(|request| {
            request.origin == "graph"
                && request.method != "GET"
                && !["validateCredentials", "$batch"]
                    .iter()
                    .any(|read| request.path.ends_with(read))
        })
        .map(|request| {
            (
                request.method,
                request.path.trim_start_matches("/v1.0").to_owned(),
            )
        })
        .collect();
    Undisturbed {
        end: tenant.end_state(),
        writes,
        lines: journal.lines().len(),
    }
}

/// Runs until nothing is left to do, as a person would who runs it again; says how often it took.
async fn finish(tenant: &mut Tenant, journal: &mut MemoryJournal) {
    for _ in 0..4 {
        let applied = tenant.run(journal).await.unwrap();
        if applied.outcome.changes.is_empty() {
            return;
        }
        assert!(!applied.interrupted);
    }
    let applied = tenant.run(journal).await.unwrap();
    assert!(
        applied.outcome.changes.is_empty(),
        "it never ends: {:#?}",
        troubles(&applied)
    );
}

fn assert_same(tenant: &Tenant, calm: &Undisturbed, what: &str) {
    assert_eq!(tenant.applications_named(NAME), 1, "{what}");
    assert_eq!(tenant.end_state(), calm.end, "{what}");
}

/// A path of the undisturbed run as a pattern: what stands in place of ids differs from run to run.
fn pattern(path: &str) -> String {
    let known = [
        "applicationTemplates",
        "instantiate",
        "servicePrincipals",
        "synchronization",
        "jobs",
        "secrets",
        "start",
        "appRoleAssignedTo",
        "",
    ];
    let segments = path.split('/').map(|segment| {
        if known.contains(&segment) {
            segment
        } else {
            "*"
        }
    });
    format!("/v1.0{}", segments.collect::<Vec<_>>().join("/"))
}

async fn under_fault(kind: FaultKind, after_handler: bool) {
    let calm = undisturbed().await;
    assert!(calm.writes.len() >= 7, "{:?}", calm.writes);
    let mut hit = std::collections::BTreeMap::<(String, String), u32>::new();
    for (method, path) in &calm.writes {
        let pattern = pattern(path);
        let skip = hit.entry((method.clone(), pattern.clone())).or_default();
        let mut rule = FaultRule::new("graph", &pattern, kind.clone())
            .method(method)
            .times(1);
        rule.skip = *skip;
        rule.after_handler = after_handler;
        *skip += 1;
        let mut tenant = tenant().await;
        tenant.practice.control().faults.add(rule);
        let mut journal = memory();
        finish(&mut tenant, &mut journal).await;
        assert_same(
            &tenant,
            &calm,
            &format!("{kind:?} (after: {after_handler}) at {method} {path}"),
        );
    }
}

fn status(code: u16) -> FaultKind {
    let body = r#"{"error":{"code":"Practice","message":"A fault of the test's."}}"#;
    FaultKind::Status {
        code,
        headers: Vec::new(),
        body: body.to_owned(),
    }
}

#[tokio::test]
async fn refused_at_each_write() {
    under_fault(status(400), false).await;
}

#[tokio::test]
async fn answered_500_before_it_happened_at_each_write() {
    under_fault(status(500), false).await;
}

#[tokio::test]
async fn answered_500_after_it_happened_at_each_write() {
    under_fault(status(500), true).await;
}

#[tokio::test]
async fn cut_before_it_happened_at_each_write() {
    under_fault(FaultKind::Cut, false).await;
}

#[tokio::test]
async fn cut_after_it_happened_at_each_write() {
    under_fault(FaultKind::Cut, true).await;
}

#[tokio::test]
async fn throttled_at_each_write() {
    under_fault(status(429), false).await;
}

#[tokio::test]
async fn an_unreadable_answer_at_each_write() {
    under_fault(FaultKind::Garbage, true).await;
}

/// Drops a run at a write, as a crash does.
async fn killed(when: When) {
    let calm = undisturbed().await;
    for at in 0..calm.writes.len() {
        let mut tenant = tenant().await;
        let mut journal = memory();
        let reached = Arc::new(Notify::new());
        let graph = tenant
            .entra
            .graph
            .through(|inner| Arc::new(Tap::stopping(inner, at, when, Arc::clone(&reached))));
        let entra = Entra {
            graph,
            signed_in: tenant.entra.signed_in.clone(),
        };
        tokio::select! {
            _ = run_with(&tenant, &entra, &mut journal) => panic!("the run was not stopped at write {at}"),
            () = reached.notified() => {}
        }
        finish(&mut tenant, &mut journal).await;
        assert_same(&tenant, &calm, &format!("killed {when:?} write {at}"));
    }
}

async fn run_with(tenant: &Tenant, entra: &Entra, journal: &mut dyn Journal) {
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    let token = tenant.token();
    executor(entra, journal, &token, &|_| {}, &tenant.cancel)
        .apply(&plan, &observed, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn killed_before_each_write() {
    killed(When::Before).await;
}

#[tokio::test]
async fn killed_after_each_write() {
    killed(When::After).await;
}

/// A journal that hangs at one of its lines, before or after it is on disk.
struct Hanging {
    inner: MemoryJournal,
    left: usize,
    when: When,
    reached: Arc<Notify>,
}

impl Journal for Hanging {
    fn append(&mut self, event: Event) -> futures::future::BoxFuture<'_, Result<(), JournalError>> {
        Box::pin(async move {
            let now = self.left == 0;
            self.left = self.left.wrapping_sub(1);
            if !(now && self.when == When::Before) {
                self.inner.append(event).await?;
            }
            if now {
                self.reached.notify_one();
                std::future::pending::<()>().await;
            }
            Ok(())
        })
    }

    fn lines(&self) -> Vec<Line> {
        self.inner.lines()
    }
}

#[tokio::test]
async fn killed_at_each_boundary_of_the_journal() {
    let calm = undisturbed().await;
    for left in 0..calm.lines {
        for when in [When::Before, When::After] {
            let mut tenant = tenant().await;
            let journal = memory();
            let reached = Arc::new(Notify::new());
            let mut hanging = Hanging {
                inner: journal.clone(),
                left,
                when,
                reached: Arc::clone(&reached),
            };
            tokio::select! {
                _ = run_with(&tenant, &tenant.entra, &mut hanging) => panic!("the run was not stopped at line {left}"),
                () = reached.notified() => {}
            }
            let mut journal = journal;
            finish(&mut tenant, &mut journal).await;
            assert_same(&tenant, &calm, &format!("killed {when:?} line {left}"));
        }
    }
}
