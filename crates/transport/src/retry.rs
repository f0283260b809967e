//! When a request is tried again, and how long it waits before that.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use rand::Rng as _;

use crate::event::WaitReason;

/// What a request may be repeated after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// A read: 408, 429, 5xx and connection faults.
    Read,
    /// A read of which the status is wanted as it is: connection faults alone.
    Connection,
    /// A write: 429 alone. After any other doubt the caller reads the world (`contracts/cli.md`, rule 8).
    Write,
    /// Never.
    Never,
}

/// How often and how long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// Tries in all, the first included.
    pub attempts: u32,
    /// A wait that would end later than this after the first try is not begun.
    pub total: Duration,
    /// The first wait of our own; each further one is twice as long.
    pub first_wait: Duration,
    /// The longest wait of our own.
    pub longest_wait: Duration,
    /// For how long after the first try a 429 is waited out, however many tries that takes: it says that the request is fine and
    /// only too early. Scaled like our own waits.
    pub throttled: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 5,
            total: Duration::from_secs(600),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(60),
            throttled: Duration::from_secs(90),
        }
    }
}

/// A wait before the next try.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wait {
    /// How long.
    pub wait: Duration,
    /// Why.
    pub reason: WaitReason,
}

impl RetryPolicy {
    /// The wait before the next try, or `None` when this was the last one.
    ///
    /// `asked` is the server's `Retry-After`: it is never shortened, neither by `scale` nor by a cap; when it does not fit
    /// into the total, the request is not tried again.
    pub fn next(
        &self,
        attempt: u32,
        elapsed: Duration,
        reason: WaitReason,
        asked: Option<Duration>,
        scale: f64,
    ) -> Option<Wait> {
        let is_patient = reason == WaitReason::Throttled
            && self.waited_at_least(attempt, asked, scale) < self.throttled.mul_f64(scale);
        if attempt >= self.attempts && !is_patient {
            return None;
        }
        let own = self.own_wait(attempt).mul_f64(scale);
        let (wait, reason) = match asked {
            Some(asked) => (asked.max(own), WaitReason::Asked),
            None => (own, reason),
        };
        (elapsed.saturating_add(wait) <= self.total).then_some(Wait { wait, reason })
    }

    /// Exponential with jitter: between half and the whole of `first_wait × 2^(attempt − 1)`, capped.
    fn own_wait(&self, attempt: u32) -> Duration {
        let whole = self.longest_own_wait(attempt);
        whole.mul_f64(rand::rng().random_range(0.5..=1.0))
    }

    fn longest_own_wait(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(20);
        let doubled = self.first_wait.saturating_mul(1 << doublings);
        doubled.min(self.longest_wait)
    }

    /// What the waits before a try came to at least, where each was asked for as the last one was.
    fn waited_at_least(&self, attempt: u32, asked: Option<Duration>, scale: f64) -> Duration {
        let asked = asked.unwrap_or_default();
        let before = (1..attempt).map(|one| {
            let own = self.longest_own_wait(one) / 2;
            own.mul_f64(scale).max(asked)
        });
        before.fold(Duration::ZERO, Duration::saturating_add)
    }
}

/// Why an answer with this status is worth another try under `retry`, if it is.
pub(crate) fn reason_to_retry(retry: Retry, status: StatusCode) -> Option<WaitReason> {
    match (retry, status.as_u16()) {
        (Retry::Read | Retry::Write, 429) => Some(WaitReason::Throttled),
        (Retry::Read, 408 | 500..=599) => Some(WaitReason::ServerError),
        _ => None,
    }
}

/// Reads `Retry-After`: seconds, decimal seconds, or an HTTP date (RFC 9110 §10.2.3; decimals are seen from proxies).
///
/// A date in the past asks for no wait; anything unreadable or negative is `None`.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers
        .get(http::header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()?;
    let milliseconds = until.as_millisecond().saturating_sub(now.as_millisecond());
    Some(Duration::from_millis(
        u64::try_from(milliseconds).unwrap_or(0),
    ))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn headers(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(
            http::header::RETRY_AFTER,
            HeaderValue::from_str(value).unwrap(),
        );
        headers
    }

    fn now() -> Timestamp {
        "2026-11-24T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn retry_after_is_read_as_seconds_decimals_and_dates() {
        assert_eq!(
            retry_after(&headers("27"), now()),
            Some(Duration::from_secs(27))
        );
        assert_eq!(
            retry_after(&headers(" 1.5 "), now()),
            Some(Duration::from_millis(1500))
        );
        let date = "Tue, 24 Nov 2026 10:00:42 GMT";
        assert_eq!(
            retry_after(&headers(date), now()),
            Some(Duration::from_secs(42))
        );
        let past = "Tue, 24 Nov 2026 09:00:00 GMT";
        assert_eq!(retry_after(&headers(past), now()), Some(Duration::ZERO));
    }

    #[test]
    fn an_unreadable_retry_after_asks_for_nothing() {
        for value in ["-1", "NaN", "inf", "soon", ""] {
            assert_eq!(retry_after(&headers(value), now()), None, "{value:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now()), None);
    }

    #[test]
    fn writes_retry_on_429_alone() {
        for status in [408, 500, 502, 503, 504] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(reason_to_retry(Retry::Write, status), None);
            assert_eq!(
                reason_to_retry(Retry::Read, status),
                Some(WaitReason::ServerError)
            );
        }
        let throttled = StatusCode::TOO_MANY_REQUESTS;
        assert_eq!(
            reason_to_retry(Retry::Write, throttled),
            Some(WaitReason::Throttled)
        );
        assert_eq!(reason_to_retry(Retry::Never, throttled), None);
        assert_eq!(reason_to_retry(Retry::Connection, throttled), None);
        assert_eq!(reason_to_retry(Retry::Read, StatusCode::NOT_FOUND), None);
    }

    #[test]
    fn a_wait_that_does_not_fit_is_not_begun() {
        let policy = RetryPolicy::default();
        let asked = Some(Duration::from_secs(601));
        assert_eq!(
            policy.next(1, Duration::ZERO, WaitReason::Throttled, asked, 1.0),
            None
        );
        assert_eq!(
            policy.next(5, Duration::ZERO, WaitReason::ServerError, None, 1.0),
            None
        );
    }

    /// How long a server that answers 429 all the time is waited for, and how often it is asked.
    fn patience(policy: RetryPolicy, asked: Option<Duration>, scale: f64) -> (Duration, u32) {
        let (mut elapsed, mut attempt) = (Duration::ZERO, 1);
        while let Some(wait) = policy.next(attempt, elapsed, WaitReason::Throttled, asked, scale) {
            elapsed += wait.wait;
            attempt += 1;
        }
        (elapsed, attempt)
    }

    #[test]
    fn a_minute_of_429_is_waited_out_and_no_more_than_a_few() {
        let minutes = Duration::from_secs(60)..=Duration::from_secs(300);
        for seconds in [None, Some(0.0), Some(0.5), Some(7.0), Some(60.0)] {
            let asked = seconds.map(Duration::from_secs_f64);
            let (waited, asked_for) = patience(RetryPolicy::default(), asked, 1.0);
            assert!(minutes.contains(&waited), "{seconds:?}: {waited:?}");
            assert!(asked_for < 200, "{seconds:?}: asked {asked_for} times");
        }
        let (waited, asked_for) = patience(RetryPolicy::default(), None, 0.01);
        assert!(waited < Duration::from_secs(2), "{waited:?}");
        assert_eq!(asked_for, patience(RetryPolicy::default(), None, 1.0).1);
    }

    #[test]
    fn a_policy_without_patience_counts_429_like_any_other_fault() {
        let policy = RetryPolicy {
            attempts: 3,
            throttled: Duration::ZERO,
            ..RetryPolicy::default()
        };
        for asked in [None, Some(Duration::from_millis(1))] {
            assert_eq!(patience(policy, asked, 1.0).1, 3);
        }
    }

    proptest! {
        #[test]
        fn the_servers_wish_is_never_shortened(seconds in 0.0..300.0_f64, scale in 0.001..=1.0_f64, attempt in 1..4_u32) {
            let asked = Duration::from_secs_f64(seconds);
            let wait = RetryPolicy::default()
                .next(attempt, Duration::ZERO, WaitReason::Throttled, Some(asked), scale)
                .unwrap();
            prop_assert!(wait.wait >= asked);
            prop_assert_eq!(wait.reason, WaitReason::Asked);
        }

        #[test]
        fn our_own_wait_grows_has_a_cap_and_scales(attempt in 1..60_u32, scale in 0.001..=1.0_f64) {
            let policy = RetryPolicy { attempts: 100, ..RetryPolicy::default() };
            let wait = policy.next(attempt, Duration::ZERO, WaitReason::Connection, None, scale).unwrap().wait;
            let full = policy.first_wait.saturating_mul(1 << attempt.saturating_sub(1).min(20)).min(policy.longest_wait);
            prop_assert!(wait >= full.mul_f64(0.499 * scale) && wait <= full.mul_f64(1.001 * scale));
        }
    }
}
