//! The line to Graph: answered in process, with faults at the writes.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use usher_entra::graph::{Exchange, GraphError, Outgoing, RawAnswer};
use usher_practice::entra::Entra;
use usher_practice::unplugged::{ask_graph, graph_token};
use usher_transport::{Error, ErrorKind, RetryPolicy, WaitReason};

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
    /// A storm begins: see [`Moment::Storm`].
    Throttled(Asked),
    /// A storm begins; after it the write happens, and the answer is a 500.
    ThrottledThenBroken(Asked),
}

/// How long a 429 asks to wait; `None`: it does not say.
pub(crate) type Asked = Option<Duration>;

/// How long Graph answers nothing but 429 in a storm.
pub(crate) const STORM: Duration = Duration::from_secs(60);

/// What happens at one request, whatever it is for.
#[derive(Debug, Clone)]
pub(crate) enum Moment {
    /// The run dies before it is sent.
    DieBefore,
    /// It is carried out, and the run dies before it sees the answer.
    DieAfter,
    /// A person presses Ctrl-C while it is under way.
    Cancel(CancellationToken),
    /// For a minute every request is answered with 429.
    Storm(Asked),
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
    /// What happens, and after how many requests.
    moment: Mutex<Option<(u32, Moment)>>,
    /// Until when a storm lasts.
    storm: Mutex<Option<(Instant, Asked)>>,
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
            moment: Mutex::default(),
            storm: Mutex::default(),
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

    /// This happens after so many further requests.
    pub(crate) fn at_request(&self, after: u32, moment: Moment) {
        *self.moment.lock().unwrap() = Some((after, moment));
    }

    /// What was to happen at a request does not any more.
    pub(crate) fn forget_moment(&self) {
        *self.moment.lock().unwrap() = None;
    }

    /// Whether what was to happen at a request has happened.
    pub(crate) fn has_happened(&self) -> bool {
        self.moment.lock().unwrap().is_none()
    }

    fn moment(&self) -> Option<Moment> {
        let mut waiting = self.moment.lock().unwrap();
        match waiting.as_mut()? {
            (0, _) => waiting.take().map(|(_, moment)| moment),
            (after, _) => {
                *after -= 1;
                None
            }
        }
    }

    fn begin_storm(&self, asked: Asked) {
        *self.storm.lock().unwrap() = Some((Instant::now() + STORM, asked));
    }

    /// Waits a storm out as the HTTP client does; the refusal, where its policy gives up before the storm is over.
    async fn through_the_storm(&self) -> Result<(), RawAnswer> {
        let Some((until, asked)) = *self.storm.lock().unwrap() else {
            return Ok(());
        };
        let (begun, mut attempt) = (Instant::now(), 1);
        while Instant::now() < until {
            let policy = RetryPolicy::default();
            let wait = policy.next(attempt, begun.elapsed(), WaitReason::Throttled, asked, 1.0);
            let Some(wait) = wait else {
                return Err(refusal(429));
            };
            tokio::time::sleep(wait.wait).await;
            attempt += 1;
        }
        Ok(())
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

    async fn send(
        &self,
        outgoing: Outgoing<'_>,
        cancel: &CancellationToken,
    ) -> Result<RawAnswer, GraphError> {
        let broken = |attempts, kind| {
            Err(GraphError::Transport(Error {
                operation: outgoing.call.name,
                attempts,
                elapsed: Duration::ZERO,
                kind,
            }))
        };
        if cancel.is_cancelled() {
            return broken(0, ErrorKind::Cancelled);
        }
        match self.moment() {
            None => {}
            Some(Moment::Storm(asked)) => self.begin_storm(asked),
            Some(Moment::DieBefore) => return self.die().await,
            Some(Moment::DieAfter) => {
                self.carry(&outgoing).await;
                return self.die().await;
            }
            Some(Moment::Cancel(token)) => {
                token.cancel();
                // A write under way is seen through.
                if outgoing.call.is_read {
                    return broken(1, ErrorKind::Cancelled);
                }
            }
        }
        let strike = if outgoing.call.is_read {
            None
        } else {
            self.writes.fetch_add(1, Ordering::Relaxed);
            self.next_strike(outgoing.call.name)
        };
        if let Some(Strike::Throttled(asked) | Strike::ThrottledThenBroken(asked)) = strike {
            self.begin_storm(asked);
        }
        if let Err(refused) = self.through_the_storm().await {
            return Ok(refused);
        }
        match strike {
            None | Some(Strike::Throttled(_)) => Ok(self.carry(&outgoing).await),
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
            Some(Strike::CutBefore) => broken(1, ErrorKind::Cut),
            Some(Strike::CutAfter) => {
                self.carry(&outgoing).await;
                broken(1, ErrorKind::Cut)
            }
            Some(Strike::BrokenAfter | Strike::ThrottledThenBroken(_)) => {
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
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<RawAnswer, GraphError>> {
        self.send(call, cancel).boxed()
    }
}
