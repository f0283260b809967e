//! The published rate limits, when they are enforced: an account's, and each workspace's own (facts/databricks §3.6). The units of the
//! published table are inferred.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode};

use super::errors::ApiError;
use super::model::Kind;
use crate::harness::{RateLimits, TokenBucket};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Debug)]
struct Buckets {
    account_get: TokenBucket,
    account_list: TokenBucket,
    account_patch: TokenBucket,
    account_write: TokenBucket,
    assignment_write: TokenBucket,
    factor: f64,
    workspaces: Mutex<HashMap<u64, Workspace>>,
}

#[derive(Debug)]
struct Workspace {
    get: TokenBucket,
    group_patch: TokenBucket,
    group_delete: TokenBucket,
}

impl Workspace {
    fn new(factor: f64) -> Self {
        let bucket = |requests: f64| TokenBucket::new(requests * factor, MINUTE);
        Self {
            get: bucket(255.0),
            group_patch: bucket(10.0),
            group_delete: bucket(35.0),
        }
    }
}

/// The limits of one account and of its workspaces.
#[derive(Debug)]
pub struct Limits {
    buckets: Option<Buckets>,
    retry_after: bool,
}

impl Limits {
    /// Full buckets, or no limits at all.
    pub fn new(limits: Option<RateLimits>) -> Self {
        let buckets = limits.map(|limits| {
            let bucket = |requests: f64, per| TokenBucket::new(requests * limits.factor, per);
            Buckets {
                account_get: bucket(20.0, SECOND),
                account_list: bucket(240.0, MINUTE),
                account_patch: bucket(2.0, SECOND),
                account_write: bucket(5.0, SECOND),
                assignment_write: bucket(5.0, SECOND),
                factor: limits.factor,
                workspaces: Mutex::default(),
            }
        });
        Self {
            buckets,
            retry_after: limits.is_some_and(|limits| limits.retry_after),
        }
    }

    /// Counts an account SCIM request.
    ///
    /// # Errors
    /// 429 when the limit is reached.
    pub fn account_scim(&self, method: &Method, one: bool) -> Result<(), ApiError> {
        let Some(buckets) = &self.buckets else {
            return Ok(());
        };
        self.take(match (method.as_str(), one) {
            ("GET", true) => &buckets.account_get,
            ("GET", false) => &buckets.account_list,
            ("PATCH", _) => &buckets.account_patch,
            _ => &buckets.account_write,
        })
    }

    /// Counts a SCIM request to a workspace. Limits of other requests than these are not published.
    ///
    /// # Errors
    /// 429 when the limit is reached.
    pub fn workspace_scim(&self, id: u64, method: &Method, kind: Kind) -> Result<(), ApiError> {
        let Some(buckets) = &self.buckets else {
            return Ok(());
        };
        let mut known = buckets
            .workspaces
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let workspace = known
            .entry(id)
            .or_insert_with(|| Workspace::new(buckets.factor));
        match (method.as_str(), kind) {
            ("GET", _) => self.take(&workspace.get),
            ("PATCH", Kind::Group) => self.take(&workspace.group_patch),
            ("DELETE", Kind::Group) => self.take(&workspace.group_delete),
            _ => Ok(()),
        }
    }

    /// Counts a change to a workspace assignment.
    ///
    /// # Errors
    /// 429 when the limit is reached.
    pub fn assignment(&self) -> Result<(), ApiError> {
        self.buckets
            .as_ref()
            .map_or(Ok(()), |buckets| self.take(&buckets.assignment_write))
    }

    fn take(&self, bucket: &TokenBucket) -> Result<(), ApiError> {
        bucket.take().map_err(|wait| {
            let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
            let message = "RPC token bucket limit has been exceeded.";
            let error = ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "REQUEST_LIMIT_EXCEEDED",
                message,
            );
            ApiError {
                retry_after: self.retry_after.then_some(seconds),
                ..error
            }
        })
    }
}
