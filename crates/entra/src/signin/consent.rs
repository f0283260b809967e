//! The link with which an administrator agrees to every permission of a registration (facts/entra §2.3).

use url::Url;

use super::service::SignInService;
use super::{REDIRECT, SignInFault};

/// The admin consent page for a registration. The answer's `tenant` is never trusted, so the link asks for none to be
/// brought back but `state`.
///
/// # Errors
/// Where the tenant is not written as one.
pub fn admin_consent_url(service: &SignInService, state: &str) -> Result<Url, SignInFault> {
    let mut url = service.endpoint("adminconsent")?;
    url.query_pairs_mut()
        .append_pair("client_id", service.client_id())
        .append_pair("redirect_uri", REDIRECT)
        .append_pair("state", state);
    Ok(url)
}
