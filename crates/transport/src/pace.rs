//! How fast a service lets itself be asked, learnt from its refusals.
//!
//! Services refuse with 429 by kinds of request (facts/databricks §3.6, facts/entra §4), so what is learnt holds for one kind at one
//! host. Until the first refusal nothing is held back. A refusal says that the bucket is empty: nobody asks again before the wait it
//! names is over. What passes between two refusals is what flowed in between them, so from the second one on the pace is known, and
//! requests leave at it instead of running into the next refusal.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use usher_core::model::Origin;

/// Once nobody has asked for so long, what was learnt is forgotten: the bucket has filled.
const FORGOTTEN: Duration = Duration::from_secs(10);

/// A bank that has grown while nobody asked: no more than flows in within this time is taken from it, for buckets may be small.
const BANKED: Duration = Duration::from_secs(1);

/// A host, and the name of a request to it.
pub(crate) type Kind = (Origin, &'static str);

/// The paces of every kind of request that was refused.
#[derive(Debug, Default)]
pub(crate) struct Paces(Mutex<HashMap<Kind, Pace>>);

impl Paces {
    /// Waits until a request of this kind may leave; `told` is told of a wait that another one was asked for.
    pub(crate) async fn turn(&self, kind: &Kind, told: impl Fn(Duration)) {
        while let Some(turn) = self.next_turn(kind) {
            if let Some(wait) = turn.asked {
                told(wait);
            }
            tokio::time::sleep_until(turn.due).await;
            // Who was refused meanwhile has changed what is known, and when it is whose turn.
            let paces = self.lock();
            if paces.get(kind).is_none_or(|pace| pace.empty == turn.by) {
                return;
            }
        }
    }

    fn next_turn(&self, kind: &Kind) -> Option<Turn> {
        let mut paces = self.lock();
        let now = Instant::now();
        let pace = paces.get_mut(kind)?;
        if now > pace.last + FORGOTTEN {
            paces.remove(kind);
            return None;
        }
        Some(pace.turn(now))
    }

    /// A request that left at `left` was not refused.
    pub(crate) fn passed(&self, kind: &Kind, left: Instant) {
        if let Some(pace) = self.lock().get_mut(kind) {
            pace.passed += u32::from(left >= pace.since);
        }
    }

    /// A request that left at `left` was refused: nobody asks before `wait` is over.
    pub(crate) fn refused(&self, kind: &Kind, left: Instant, wait: Duration) {
        let now = Instant::now();
        let mut paces = self.lock();
        let pace = paces.entry(kind.clone()).or_insert_with(|| Pace::new(now));
        pace.refused(left, now, wait);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Kind, Pace>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When it is a request's turn, by the refusal that this was reckoned from.
struct Turn {
    due: Instant,
    by: Instant,
    /// How long the host has asked not to be asked for.
    asked: Option<Duration>,
}

/// What is known of one kind of request.
#[derive(Debug)]
struct Pace {
    /// The first refusal, and how many that left after it have passed.
    since: Instant,
    passed: u32,
    /// The last refusal, and when the wait that it named is over.
    empty: Instant,
    closed_until: Instant,
    /// Requests a second, once two refusals have told it.
    rate: Option<f64>,
    /// When the next one has flowed in at this pace: before now, where nobody was allowed to ask or nobody did.
    next: Instant,
    /// The latest turn that was given.
    last: Instant,
}

impl Pace {
    fn new(now: Instant) -> Self {
        Self {
            since: now,
            passed: 0,
            empty: now,
            closed_until: now,
            rate: None,
            next: now,
            last: now,
        }
    }

    fn turn(&mut self, now: Instant) -> Turn {
        let mut due = now.max(self.closed_until);
        if let Some(rate) = self.rate_at(now) {
            if now > self.last + BANKED {
                self.next = self.next.max(now - BANKED);
            }
            due = due.max(self.next);
            self.next += Duration::from_secs_f64(1.0 / rate);
        }
        self.last = self.last.max(due);
        Turn {
            due,
            by: self.empty,
            asked: (self.closed_until > now).then(|| self.closed_until - now),
        }
    }

    /// The pace. It was watched for some time; where nothing contradicts it for longer than that, it is tried twice as fast, and so
    /// on: a refusal may have been a moment's weakness and no limit.
    fn rate_at(&self, now: Instant) -> Option<f64> {
        let watched = self.empty.duration_since(self.since).as_secs_f64();
        let held = now.duration_since(self.empty).as_secs_f64();
        let doublings = (held / watched.max(f64::EPSILON) - 1.0).clamp(0.0, 32.0);
        Some(self.rate? * doublings.exp2())
    }

    fn refused(&mut self, left: Instant, now: Instant, wait: Duration) {
        self.closed_until = self.closed_until.max(now + wait);
        self.last = self.last.max(self.closed_until);
        // One that left before the last refusal was known tells nothing new.
        if left < self.empty || now == self.since {
            return;
        }
        // The refused one would have been the next to pass, so the pace is told a little too fast, and less so every time.
        let per_second = |count: u32, time: Duration| f64::from(count) / time.as_secs_f64();
        let rate = match self.passed {
            // Nothing is known but when to ask again.
            0 => per_second(1, wait.max(Duration::from_millis(1))),
            passed => per_second(passed + 1, now.duration_since(self.since)),
        };
        self.rate = Some(rate);
        (self.empty, self.next) = (now, now + Duration::from_secs_f64(1.0 / rate));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    /// A bucket as services keep it.
    struct Bucket {
        level: f64,
        capacity: f64,
        per_second: f64,
        at: Instant,
    }

    impl Bucket {
        fn takes(&mut self) -> Option<Duration> {
            let now = Instant::now();
            let flowed = (now - self.at).as_secs_f64() * self.per_second;
            (self.level, self.at) = ((self.level + flowed).min(self.capacity), now);
            if self.level >= 1.0 {
                self.level -= 1.0;
                return None;
            }
            let wait = ((1.0 - self.level) / self.per_second).ceil();
            Some(Duration::from_secs_f64(wait.max(1.0)))
        }
    }

    /// Sends `count` requests, four at a time and 50 ms each, and tells how long it took and how often it was refused.
    async fn sent(count: u32, capacity: f64, per_second: f64) -> (Duration, u32) {
        let kind: Kind = ("https://h.example".parse().unwrap(), "test");
        let (paces, begun) = (Paces::default(), Instant::now());
        let bucket = Mutex::new(Bucket {
            level: capacity,
            capacity,
            per_second,
            at: begun,
        });
        let (open, refusals) = (AtomicU32::new(count), AtomicU32::new(0));
        let one_less = |left: u32| left.checked_sub(1);
        let lane = async || {
            while open.fetch_update(Relaxed, Relaxed, one_less).is_ok() {
                loop {
                    paces.turn(&kind, |_| {}).await;
                    let left = Instant::now();
                    let refused = bucket.lock().unwrap().takes();
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    let Some(wait) = refused else {
                        paces.passed(&kind, left);
                        break;
                    };
                    refusals.fetch_add(1, Relaxed);
                    paces.refused(&kind, left, wait);
                }
            }
        };
        tokio::join!(lane(), lane(), lane(), lane());
        (begun.elapsed(), refusals.load(Relaxed))
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_held_back_before_a_refusal() {
        let (took, refused) = sent(400, 400.0, 1.0).await;
        assert_eq!((took, refused), (Duration::from_secs(5), 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_costs_little_more_than_it_demands() {
        for (count, capacity, per_second) in [
            (2_000, 20.0, 20.0),
            (600, 240.0, 4.0),
            (100, 5.0, 0.5),
            (500, 25.0, 2.5),
        ] {
            let (took, refused) = sent(count, capacity, per_second).await;
            let demanded = (f64::from(count) - capacity) / per_second;
            let costs = took.as_secs_f64() / demanded;
            let told = format!("{count} at {per_second}: {costs:.3} times, {refused} refusals");
            assert!(costs < 1.1 && refused * 10 < count, "{told}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_moments_weakness_is_forgotten() {
        let kind: Kind = ("https://h.example".parse().unwrap(), "test");
        let (paces, begun) = (Paces::default(), Instant::now());
        for _ in 0..2 {
            paces.turn(&kind, |_| {}).await;
            let left = Instant::now();
            tokio::time::advance(Duration::from_millis(50)).await;
            paces.refused(&kind, left, Duration::from_secs(1));
        }
        for _ in 0..1_000 {
            paces.turn(&kind, |_| {}).await;
            paces.passed(&kind, Instant::now());
        }
        assert!(begun.elapsed() < MINUTE / 3, "{:?}", begun.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn other_kinds_and_hosts_are_not_held_back() {
        let origin: Origin = "https://h.example".parse().unwrap();
        let (paces, begun) = (Paces::default(), Instant::now());
        paces.refused(&(origin.clone(), "lists"), begun, MINUTE);
        paces.turn(&(origin, "gets"), |_| {}).await;
        let other: Kind = ("https://other.example".parse().unwrap(), "lists");
        paces.turn(&other, |_| {}).await;
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }
}
