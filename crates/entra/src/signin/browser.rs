//! Signing in with the system browser: authorization code with PKCE, redeemed for a public client without a secret.

use oauth2::{AuthorizationCode, CsrfToken, PkceCodeChallenge, RedirectUrl};
use tokio_util::sync::CancellationToken;

use super::Interaction;
use super::fault::{SignInFault, SignInFaultCode};
use super::loopback::Loopback;
use super::service::{Http, SignInService};
use super::tokens::Tokens;

/// Opens the browser, waits for it to come back, redeems the code.
pub(super) async fn sign_in(
    service: &SignInService,
    scopes: Vec<oauth2::Scope>,
    interaction: &Interaction,
    cancel: &CancellationToken,
) -> Result<Tokens, SignInFault> {
    let loopback = Loopback::open().await?;
    let redirect = RedirectUrl::new(loopback.redirect())
        .map_err(|_| SignInFault::of(SignInFaultCode::PortTaken))?;
    let oauth = service.oauth(None)?.set_redirect_uri(redirect);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state) = oauth
        .authorize_url(CsrfToken::new_random)
        .add_scopes(scopes)
        .set_pkce_challenge(challenge)
        .add_extra_param("response_mode", "query")
        .add_extra_param("prompt", "select_account")
        .url();
    (interaction.open)(&url).map_err(|why| {
        SignInFault::of(SignInFaultCode::BrowserNotOpened)
            .because(format!("The system says: {why}."))
    })?;
    let code = tokio::select! {
        code = loopback.code(state.secret()) => code?,
        () = cancel.cancelled() => return Err(SignInFault::of(SignInFaultCode::Cancelled)),
        () = tokio::time::sleep(interaction.patience) => return Err(SignInFault::of(SignInFaultCode::BrowserNoReturn)),
    };
    let http = Http::new(service, cancel);
    let redeem = oauth
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request_async(&http);
    let answer = tokio::select! {
        answer = redeem => answer,
        never = loopback.answer_late() => match never {},
    };
    answer
        .map(|answer| Tokens::take(&answer, None))
        .map_err(|_| http.fault_or(SignInFaultCode::UnexpectedAnswer))
}
