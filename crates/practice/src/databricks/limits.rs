//! The published rate limits, when they are enforced. The units of the published table are inferred.

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
    workspace_get: TokenBucket,
    workspace_group_patch: TokenBucket,
    workspace_group_delete: TokenBucket,
    assignment_write: TokenBucket,
}

/// The limits of one account, its workspaces together.
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
                workspace_get: bucket(255.0, MINUTE),
                workspace_group_patch: bucket(10.0, MINUTE),
                workspace_group_delete: bucket(35.0, MINUTE),
                assignment_write: bucket(5.0, SECOND),
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

    /// Counts a workspace SCIM request. Limits of other requests than these are not published.
    ///
    /// # Errors
    /// 429 when the limit is reached.
    pub fn workspace_scim(&self, method: &Method, kind: Kind) -> Result<(), ApiError> {
        let Some(buckets) = &self.buckets else {
            return Ok(());
        };
        match (method.as_str(), kind) {
            ("GET", _) => self.take(&buckets.workspace_get),
            ("PATCH", Kind::Group) => self.take(&buckets.workspace_group_patch),
            ("DELETE", Kind::Group) => self.take(&buckets.workspace_group_delete),
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
