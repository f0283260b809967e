//! What only an account admin sees: the account's workspaces and who is assigned to them (facts/databricks §5.3, §5.4).

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use usher_core::model::Origin;
use usher_transport::{CancellationToken, Client, Credential, Request};

use crate::error::{self, Error};

/// Assignment pages after which the list counts as endless.
const MAX_PAGES: u64 = 10_000;

/// An account, with a credential of one of its admins.
#[derive(Debug, Clone)]
pub struct Account {
    client: Client,
    origin: Origin,
    account_id: String,
    credential: Credential,
}

/// A workspace of the account.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Workspace {
    /// The workspace id, as text.
    #[serde(rename = "workspace_id", deserialize_with = "number_or_text")]
    pub id: String,
    /// Its name.
    #[serde(default, rename = "workspace_name")]
    pub name: Option<String>,
    /// The first label of its host, without the cloud's suffix.
    #[serde(default)]
    pub deployment_name: Option<String>,
    /// For instance `RUNNING`.
    #[serde(default, rename = "workspace_status")]
    pub status: Option<String>,
    /// For instance `PREMIUM`.
    #[serde(default)]
    pub pricing_tier: Option<String>,
    /// For instance `azure`.
    #[serde(default)]
    pub cloud: Option<String>,
    /// As it came: no SDK has a type for it, and it may be absent.
    #[serde(default)]
    pub identity_federation_info: Option<Value>,
}

impl Workspace {
    /// Whether the workspace is identity-federated; `None` where the answer does not say.
    pub fn is_identity_federated(&self) -> Option<bool> {
        self.identity_federation_info
            .as_ref()?
            .get("enable_identity_federation")?
            .as_bool()
    }
}

/// Who is assigned to a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Assignment {
    /// The user, group or service principal.
    pub principal: Principal,
    /// `USER`, `ADMIN`.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// The service's words where this row could not be read.
    #[serde(default)]
    pub error: Option<String>,
}

/// The principal of an assignment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Principal {
    /// Its Databricks id, as text.
    #[serde(rename = "principal_id", deserialize_with = "number_or_text")]
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Set for a user.
    #[serde(default)]
    pub user_name: Option<String>,
    /// Set for a group.
    #[serde(default)]
    pub group_name: Option<String>,
    /// Set for a service principal.
    #[serde(default)]
    pub service_principal_name: Option<String>,
}

#[derive(Deserialize)]
struct AssignmentsPage {
    #[serde(default)]
    permission_assignments: Option<Vec<Assignment>>,
    #[serde(default)]
    next_page_token: Option<String>,
}

impl Account {
    /// An account, with a credential bound to its host.
    pub fn new(
        client: Client,
        origin: Origin,
        account_id: impl Into<String>,
        credential: Credential,
    ) -> Self {
        Self {
            client,
            origin,
            account_id: account_id.into(),
            credential,
        }
    }

    /// All workspaces of the account.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn workspaces(&self, cancel: &CancellationToken) -> Result<Vec<Workspace>, Error> {
        const NAME: &str = "account.workspaces.list";
        let url = self.url(NAME, &["workspaces"])?;
        self.read(Request::get(NAME, url), cancel).await
    }

    /// Everybody who is assigned to a workspace.
    ///
    /// # Errors
    /// See [`Error`]; for a workspace that is not identity-federated
    /// [`ApiErrorKind::NoWorkspaceAssignments`](crate::ApiErrorKind::NoWorkspaceAssignments).
    pub async fn assignments(
        &self,
        workspace_id: &str,
        cancel: &CancellationToken,
    ) -> Result<Vec<Assignment>, Error> {
        const NAME: &str = "account.workspace-assignments.list";
        let url = self.url(NAME, &["workspaces", workspace_id, "permissionassignments"])?;
        let mut assignments = Vec::new();
        let mut token: Option<String> = None;
        for _ in 0..MAX_PAGES {
            let mut url = url.clone();
            if let Some(token) = &token {
                url.query_pairs_mut().append_pair("page_token", token);
            }
            let page: AssignmentsPage = self.read(Request::get(NAME, url), cancel).await?;
            assignments.extend(page.permission_assignments.unwrap_or_default());
            let next = page.next_page_token.filter(|next| !next.is_empty());
            if next.is_none() || next == token {
                return Ok(assignments);
            }
            token = next;
        }
        let received = u64::try_from(assignments.len()).unwrap_or(u64::MAX);
        Err(Error::Endless {
            operation: NAME,
            received,
            total: received,
        })
    }

    async fn read<T: serde::de::DeserializeOwned>(
        &self,
        request: Request,
        cancel: &CancellationToken,
    ) -> Result<T, Error> {
        let response = self
            .client
            .send(request.bearer(&self.credential), cancel)
            .await?;
        Ok(error::check(response, |text| self.credential.hide_in(text))?.json()?)
    }

    fn url(&self, operation: &'static str, segments: &[&str]) -> Result<url::Url, Error> {
        let unusable = |detail: String| Error::Unexpected { operation, detail };
        let mut url = self
            .origin
            .join("/api/2.0/accounts")
            .map_err(|error| unusable(error.to_string()))?;
        url.path_segments_mut()
            .map_err(|()| unusable("the origin has no path".to_owned()))?
            .push(&self.account_id)
            .extend(segments);
        Ok(url)
    }
}

fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("an id is a number or a text")),
    }
}
