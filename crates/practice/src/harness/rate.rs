//! Rate limits: a bucket that empties by use and fills with time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Whether and how the published rate limits are enforced.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimits {
    /// The published numbers are multiplied with this.
    pub factor: f64,
    /// Whether a 429 says how long to wait.
    pub retry_after: bool,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            factor: 1.0,
            retry_after: true,
        }
    }
}

/// A bucket of `capacity` requests that fills evenly within `per`. Cloning shares.
#[derive(Debug, Clone)]
pub struct TokenBucket {
    capacity: f64,
    per_second: f64,
    level: Arc<Mutex<(f64, Instant)>>,
}

impl TokenBucket {
    /// A full bucket.
    pub fn new(capacity: f64, per: Duration) -> Self {
        let capacity = capacity.max(1.0);
        Self {
            capacity,
            per_second: capacity / per.as_secs_f64().max(f64::EPSILON),
            level: Arc::new(Mutex::new((capacity, Instant::now()))),
        }
    }

    /// Takes one request out.
    ///
    /// # Errors
    /// The time until one is there, when the bucket is empty.
    pub fn take(&self) -> Result<(), Duration> {
        let now = Instant::now();
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let filled = (level.0 + now.duration_since(level.1).as_secs_f64() * self.per_second)
            .min(self.capacity);
        if filled >= 1.0 {
            *level = (filled - 1.0, now);
            Ok(())
        } else {
            *level = (filled, now);
            Err(Duration::from_secs_f64((1.0 - filled) / self.per_second))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_empty_bucket_says_when_the_next_request_may_come() {
        let bucket = TokenBucket::new(2.0, Duration::from_secs(1));
        assert_eq!(bucket.take(), Ok(()));
        assert_eq!(bucket.take(), Ok(()));
        let wait = bucket.take().unwrap_err();
        assert_eq!(wait, Duration::from_millis(500));
        tokio::time::advance(wait).await;
        assert_eq!(bucket.take(), Ok(()));
    }
}
