//! The line to Graph: answered in process, with faults at the writes.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use usher_entra::graph::{Exchange, GraphError, Outgoing, RawAnswer};
use usher_practice::entra::Entra;
use usher_practice::unplugged::{ask_graph, graph_token};
use usher_transport::{Error, ErrorKind};

/// What goes wrong with one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strike {
    /// 403.
    Refused,
    /// The connection is cut before the request arrives.
    CutBefore,
    /// The write happens, and its answer is lost.
    CutAfter,
    /// The write happens, and the answer is a 500.
    BrokenAfter,
    /// A 503, and nothing happens.
    Broken,
    /// The write happens, and its answer cannot be read.
    GarbageAfter,
    /// The run dies before the write is sent; nothing is answered any more.
    DieBefore,
    /// The write happens, and the run dies before it sees the answer.
    DieAfter,
}

pub(crate) struct Line {
    entra: Entra,
    bearer: Mutex<Option<(String, Timestamp)>>,
    /// By how many writes are still to pass before it.
    strikes: Mutex<Vec<(u32, Strike)>>,
    /// How many struck.
    struck: Mutex<Vec<String>>,
    /// How many writes came so far.
    writes: AtomicU32,
    dead: Notify,
}

impl Line {
    pub(crate) fn new(entra: Entra) -> Self {
        Self {
            entra,
            bearer: Mutex::default(),
            strikes: Mutex::default(),
            struck: Mutex::default(),
            writes: AtomicU32::default(),
            dead: Notify::default(),
        }
    }

    /// From now on these strike, each after so many writes.
    pub(crate) fn strike(&self, strikes: Vec<(u32, Strike)>) {
        *self.strikes.lock().unwrap() = strikes;
    }

    /// How many writes came so far.
    pub(crate) fn writes(&self) -> u32 {
        self.writes.load(Ordering::Relaxed)
    }

    /// Waits until a strike lets the run die.
    pub(crate) async fn death(&self) {
        self.dead.notified().await;
    }

    async fn die(&self) -> Result<RawAnswer, GraphError> {
        self.dead.notify_one();
        std::future::pending().await
    }

    /// What struck since the last time this was asked.
    pub(crate) fn struck(&self) -> Vec<String> {
        std::mem::take(&mut *self.struck.lock().unwrap())
    }

    fn next_strike(&self, call: &str) -> Option<Strike> {
        let mut strikes = self.strikes.lock().unwrap();
        let due = strikes.iter().position(|(after, _)| *after == 0);
        for (after, _) in strikes.iter_mut() {
            *after = after.saturating_sub(1);
        }
        let (_, strike) = strikes.remove(due?);
        self.struck
            .lock()
            .unwrap()
            .push(format!("{call}: {strike:?}"));
        Some(strike)
    }

    async fn bearer(&self) -> String {
        let known = self.bearer.lock().unwrap().clone();
        let clock = self.clock();
        if let Some((token, until)) = known
            && clock < until
        {
            return token;
        }
        let token = graph_token(&self.entra).await.unwrap();
        let until = clock + SignedDuration::from_mins(30);
        *self.bearer.lock().unwrap() = Some((token.clone(), until));
        token
    }

    fn clock(&self) -> Timestamp {
        self.entra.now()
    }

    async fn carry(&self, outgoing: &Outgoing<'_>) -> RawAnswer {
        let bearer = self.bearer().await;
        let target = &outgoing.url[url::Position::BeforePath..];
        let body = outgoing.body.as_ref().map(|body| body.expose());
        let method = outgoing.call.method.as_str();
        let said = ask_graph(&self.entra, method, target, &bearer, body)
            .await
            .unwrap();
        RawAnswer {
            status: said.status,
            body: said.body,
            request_id: None,
            retry_after: None,
        }
    }

    async fn send(&self, outgoing: Outgoing<'_>) -> Result<RawAnswer, GraphError> {
        let name = outgoing.call.name;
        let cut = || {
            Err(GraphError::Transport(Error {
                operation: name,
                attempts: 1,
                elapsed: std::time::Duration::ZERO,
                kind: ErrorKind::Cut,
            }))
        };
        let strike = if outgoing.call.is_read {
            None
        } else {
            self.writes.fetch_add(1, Ordering::Relaxed);
            self.next_strike(name)
        };
        match strike {
            None => Ok(self.carry(&outgoing).await),
            Some(Strike::Refused) => Ok(refusal(403)),
            Some(Strike::Broken) => Ok(refusal(503)),
            Some(Strike::DieBefore) => self.die().await,
            Some(Strike::DieAfter) => {
                self.carry(&outgoing).await;
                self.die().await
            }
            Some(Strike::GarbageAfter) => {
                let answer = self.carry(&outgoing).await;
                Ok(RawAnswer {
                    body: b"{ garbage".as_slice().into(),
                    ..answer
                })
            }
            Some(Strike::CutBefore) => cut(),
            Some(Strike::CutAfter) => {
                self.carry(&outgoing).await;
                cut()
            }
            Some(Strike::BrokenAfter) => {
                self.carry(&outgoing).await;
                Ok(refusal(500))
            }
        }
    }
}

fn refusal(status: u16) -> RawAnswer {
    RawAnswer {
        status,
        body: br#"{"error":{"code":"Struck","message":"struck"}}"#.as_slice().into(),
        request_id: None,
        retry_after: None,
    }
}

impl Exchange for Line {
    fn exchange<'a>(
        &'a self,
        call: Outgoing<'a>,
        _: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<RawAnswer, GraphError>> {
        self.send(call).boxed()
    }
}
