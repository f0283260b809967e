//! SCIM at one URL: the account's (2.0 or 2.1) or a workspace's (preview). facts/databricks §3.

mod list;
mod query;
mod wire;

use usher_core::model::Secret;
use usher_core::model::scim_url::{ApiVersion, ScimUrl};
use usher_transport::{
    CancellationToken, Client, Credential, HeaderValue, Request, Response, Retry, header,
};

use crate::error::{self, Error};

pub use list::Listing;
pub use query::{Filter, Query};
pub use wire::{
    Email, Group, ListPage, Member, MemberId, Membership, Meta, Reference, Resource,
    ServicePrincipal, User,
};

/// How large one resource, or one page of them, may be.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// SCIM at one URL, with one token that goes to that URL's origin alone.
#[derive(Debug, Clone)]
pub struct Scim {
    client: Client,
    url: ScimUrl,
    credential: Credential,
}

impl Scim {
    /// SCIM at `url` with a bearer token: the account's SCIM token, a workspace's personal access token, or an OAuth token.
    pub fn new(client: Client, url: ScimUrl, token: Secret) -> Self {
        let credential = Credential::new(token, url.origin.clone());
        Self {
            client,
            url,
            credential,
        }
    }

    /// SCIM at `url` with a credential that exists already, for instance from [`crate::oauth`].
    pub fn with_credential(client: Client, url: ScimUrl, credential: Credential) -> Self {
        Self {
            client,
            url,
            credential,
        }
    }

    /// The URL.
    pub fn url(&self) -> &ScimUrl {
        &self.url
    }

    /// The entries of one page in a bulk read: 2.1 allows 100, the others give large pages (facts/databricks §3.2).
    pub fn page_size(&self) -> u64 {
        match self.url.version {
            ApiVersion::V2_1 => 100,
            ApiVersion::V2_0 | ApiVersion::Preview => 10_000,
        }
    }

    /// The request for one page of resources, without its credential.
    ///
    /// `start` counts from 1.
    pub fn list_request<R: Resource>(&self, query: &Query, start: u64, count: u64) -> Request {
        let mut url = self.url.endpoint(R::PATH);
        query.write(&mut url, start, count);
        Request::get(R::LIST, url)
            .header(header::ACCEPT, scim_json())
            .max_bytes(MAX_BYTES)
    }

    /// One page. `start` counts from 1.
    ///
    /// # Errors
    /// See [`Error`]; an answer without the marks of a SCIM list is [`Error::Unexpected`].
    pub async fn page<R: Resource>(
        &self,
        query: &Query,
        start: u64,
        count: u64,
        cancel: &CancellationToken,
    ) -> Result<ListPage<R>, Error> {
        let response = self
            .send(self.list_request::<R>(query, start, count), cancel)
            .await?;
        ListPage::read(&response)
    }

    /// The first entry of a list, under a retry rule and a cap of the caller's: what the connection doctor asks.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn page_once<R: Resource>(
        &self,
        query: &Query,
        retry: Retry,
        max_bytes: u64,
        cancel: &CancellationToken,
    ) -> Result<ListPage<R>, Error> {
        let request = self
            .list_request::<R>(query, 1, 1)
            .retry(retry)
            .max_bytes(max_bytes);
        ListPage::read(&self.send(request, cancel).await?)
    }

    /// The resource whose attribute has exactly this value, by a filter; `None` where there is none.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn find<R: Resource>(
        &self,
        filter: Filter,
        cancel: &CancellationToken,
    ) -> Result<Option<R>, Error> {
        let page = self
            .page(&Query::default().filter(filter), 1, 2, cancel)
            .await?;
        Ok(page.resources.into_iter().next())
    }

    /// One resource by its Databricks id; a group comes with its members.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get<R: Resource>(&self, id: &str, cancel: &CancellationToken) -> Result<R, Error> {
        let mut url = self.url.endpoint(R::PATH);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.push(id);
        }
        let request = Request::get(R::GET, url)
            .header(header::ACCEPT, scim_json())
            .max_bytes(MAX_BYTES);
        Ok(self.send(request, cancel).await?.json()?)
    }

    /// The token's own user, with its groups. Workspaces alone have this (facts/databricks §3.1).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn me(&self, cancel: &CancellationToken) -> Result<User, Error> {
        let url = self.url.endpoint("Me");
        let request = Request::get("scim.me", url).header(header::ACCEPT, scim_json());
        Ok(self.send(request, cancel).await?.json()?)
    }

    /// Sends a request with the token, and reads an error answer as what it is.
    pub(crate) async fn send(
        &self,
        request: Request,
        cancel: &CancellationToken,
    ) -> Result<Response, Error> {
        let response = self
            .client
            .send(request.bearer(&self.credential), cancel)
            .await?;
        error::check(response, |text| self.credential.hide_in(text))
    }
}

/// Both types are accepted (facts/databricks §3.3); SCIM's own comes first.
fn scim_json() -> HeaderValue {
    HeaderValue::from_static("application/scim+json, application/json")
}
