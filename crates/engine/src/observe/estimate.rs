//! How long a look still takes: what is known to come, by the pace it had so far and by the rate limits of the service.
//!
//! An estimate is a range: the pace may last, or the limit may bite. What was not begun is not known, and the words say so.

use std::time::Duration;

/// A pace is believed from here on.
const TRUSTED: Duration = Duration::from_secs(2);

/// Whose requests they are: both sides are read at the same time, and one after the other within a side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Side {
    /// Microsoft Graph.
    Entra,
    /// Databricks, and how many a second its limits let through (facts/databricks §3.6), where that is known.
    Databricks(Option<f64>),
    /// Databricks, inside something else that is counted.
    Inside,
}

#[derive(Debug)]
struct Work {
    what: String,
    entra: bool,
    /// When it was first told of, and how many were done then.
    since: Duration,
    first: u64,
    done: u64,
    total: u64,
    per_second: Option<f64>,
}

/// How long it takes, from and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    least: Duration,
    most: Duration,
}

/// What is under way, of which it is known how much is to come.
#[derive(Debug, Default)]
pub(super) struct Estimate(Vec<Work>);

impl Estimate {
    /// Takes a count in; `now` counts from the beginning of the look.
    pub(super) fn note(&mut self, now: Duration, side: Side, what: &str, done: u64, total: u64) {
        let (entra, per_second) = match side {
            Side::Entra => (true, None),
            Side::Databricks(per_second) => (false, per_second),
            Side::Inside => return,
        };
        if done >= total {
            self.0.retain(|work| work.what != what);
            return;
        }
        match self.0.iter_mut().find(|work| work.what == what) {
            Some(work) => (work.done, work.total) = (done, total),
            None => self.0.push(Work {
                what: what.to_owned(),
                entra,
                since: now,
                first: done,
                done,
                total,
                per_second,
            }),
        }
    }

    /// What is left; `None` while no pace can be told.
    pub(super) fn left(&self, now: Duration) -> Option<Left> {
        let side = |entra: bool| {
            let works = self.0.iter().filter(move |work| work.entra == entra);
            works.map(|work| work.left(now)).sum::<Option<Left>>()
        };
        // One side may not have a pace yet; the other's time passes all the same.
        let (entra, databricks) = (side(true)?, side(false)?);
        let left = Left {
            least: entra.least.max(databricks.least),
            most: entra.most.max(databricks.most),
        };
        (left.most > Duration::ZERO).then_some(left)
    }
}

impl Work {
    fn left(&self, now: Duration) -> Option<Left> {
        let took = now.saturating_sub(self.since);
        let did = self.done.saturating_sub(self.first);
        if did == 0 || took < TRUSTED {
            return None;
        }
        let to_come = seconds(self.total - self.done);
        let by_pace = took.mul_f64(to_come / seconds(did));
        let by_limit = self
            .per_second
            .map_or(by_pace, |rate| Duration::from_secs_f64(to_come / rate));
        Some(Left {
            least: by_pace.min(by_limit),
            most: by_pace.max(by_limit),
        })
    }
}

/// A count as a number to reckon with; exact far beyond any tenant.
fn seconds(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

impl std::iter::Sum for Left {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        let none = Self {
            least: Duration::ZERO,
            most: Duration::ZERO,
        };
        all.fold(none, |sum, one| Self {
            least: sum.least + one.least,
            most: sum.most + one.most,
        })
    }
}

impl Left {
    /// In words, without a precision that is not there.
    pub(super) fn words(self) -> String {
        let minutes = |time: Duration| time.as_secs().div_ceil(60);
        let (from, to) = (self.least.as_secs() / 60, minutes(self.most));
        let how_long = match (from, to) {
            (_, ..=1) => "Less than a minute".to_owned(),
            (0, to) => format!("Up to {to} min"),
            (from, to) if to - from <= 1 => format!("About {to} min"),
            (from, to) => format!("{from} to {to} min"),
        };
        format!("{how_long} for what is known to come.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn words(estimate: &Estimate, now: u64) -> Option<String> {
        estimate.left(at(now)).map(Left::words)
    }

    #[test]
    fn there_is_no_estimate_before_there_is_a_pace() {
        let mut estimate = Estimate::default();
        assert_eq!(words(&estimate, 9), None);
        let side = Side::Databricks(None);
        estimate.note(at(0), side, "workspaces", 0, 200);
        assert_eq!(words(&estimate, 9), None);
        estimate.note(at(1), side, "workspaces", 4, 200);
        assert_eq!(words(&estimate, 1), None, "a second is no pace");
        estimate.note(at(10), side, "workspaces", 20, 200);
        let told = words(&estimate, 10).unwrap();
        assert_eq!(told, "About 2 min for what is known to come.");
    }

    #[test]
    fn a_limit_that_may_bite_makes_it_a_range() {
        let mut estimate = Estimate::default();
        let side = Side::Databricks(Some(20.0));
        estimate.note(at(0), side, "members", 0, 12_000);
        // Faster than the limit lets through for long.
        estimate.note(at(10), side, "members", 1_000, 12_000);
        let told = words(&estimate, 10).unwrap();
        assert_eq!(told, "1 to 10 min for what is known to come.");
    }

    #[test]
    fn the_slower_side_counts_and_what_is_done_no_longer_does() {
        let mut estimate = Estimate::default();
        estimate.note(at(0), Side::Entra, "groups", 0, 100);
        estimate.note(at(0), Side::Databricks(None), "workspaces", 0, 10);
        estimate.note(at(60), Side::Entra, "groups", 50, 100);
        estimate.note(at(60), Side::Databricks(None), "workspaces", 2, 10);
        let told = words(&estimate, 60).unwrap();
        assert_eq!(told, "About 4 min for what is known to come.");
        estimate.note(at(61), Side::Inside, "users of one", 1, 1_000_000);
        estimate.note(at(90), Side::Databricks(None), "workspaces", 10, 10);
        estimate.note(at(100), Side::Entra, "groups", 90, 100);
        let told = words(&estimate, 100).unwrap();
        assert_eq!(told, "Less than a minute for what is known to come.");
        estimate.note(at(101), Side::Entra, "groups", 100, 100);
        assert_eq!(words(&estimate, 101), None);
    }
}
