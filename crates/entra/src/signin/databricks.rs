//! The signed-in person towards Azure Databricks: a second token, for what Databricks shows to its admins alone
//! (facts/databricks §2). In memory, like every token.

use tokio_util::sync::CancellationToken;
use usher_core::model::Origin;
use usher_transport::Credential;

use super::fault::{SignInFault, SignInFaultCode};
use super::service::with_refresh;
use super::{Interaction, SignedIn, same_person};

/// Azure Databricks as a resource: the same in every Azure cloud, and its one delegated permission.
const PERMISSION: &str = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/user_impersonation";

fn scopes() -> Vec<oauth2::Scope> {
    with_refresh(std::iter::once(PERMISSION.to_owned()))
}

impl SignedIn {
    /// Gets a token of the same person for Azure Databricks: without a word where the person has consented already, else by
    /// asking once more. What Databricks lets the person see is another matter.
    ///
    /// # Errors
    /// The fault, explained: an app signed in, nobody consents, or another person came back.
    pub async fn allow_databricks(
        &self,
        interaction: &Interaction,
        cancel: &CancellationToken,
    ) -> Result<(), SignInFault> {
        if self.allow_databricks_silently(cancel).await.is_ok() {
            return Ok(());
        }
        if self.is_app_only() {
            return Err(SignInFault::of(SignInFaultCode::Refused).because(
                "An app is signed in, and only a person's sign-in can be taken to Azure Databricks.",
            ));
        }
        let tokens = self.ask(scopes(), interaction, cancel).await?;
        same_person(&*self.0.tokens.lock().await, &tokens)?;
        *self.0.databricks.lock().await = Some(tokens);
        Ok(())
    }

    /// The same, where it takes no asking.
    ///
    /// # Errors
    /// The fault, explained: most often, that the person has to be asked.
    pub async fn allow_databricks_silently(
        &self,
        cancel: &CancellationToken,
    ) -> Result<(), SignInFault> {
        if self.is_app_only() {
            return Err(SignInFault::of(SignInFaultCode::SignInAgain));
        }
        let tokens = {
            let tokens = self.0.tokens.lock().await;
            self.refreshed(&tokens, scopes(), cancel).await?
        };
        *self.0.databricks.lock().await = Some(tokens);
        Ok(())
    }

    /// Whether such a token is held.
    pub async fn holds_databricks(&self) -> bool {
        self.0.databricks.lock().await.is_some()
    }

    /// A credential for an origin of Azure Databricks, renewed where it is about to end; `None` where it was not asked for. Which
    /// origins are Azure Databricks' the caller knows.
    ///
    /// # Errors
    /// The fault, explained: the person may have to sign in again.
    pub async fn databricks(
        &self,
        origin: &Origin,
        cancel: &CancellationToken,
    ) -> Option<Result<Credential, SignInFault>> {
        let mut held = self.0.databricks.lock().await;
        let tokens = held.as_mut()?;
        if tokens.is_stale() {
            match self.refreshed(tokens, scopes(), cancel).await {
                Ok(renewed) => *tokens = renewed,
                Err(fault) => return Some(Err(fault)),
            }
        }
        let credential = Credential::new(tokens.access.clone(), origin.clone());
        Some(Ok(credential))
    }
}
