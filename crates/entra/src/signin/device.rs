//! Signing in with a code typed on another device.

use std::time::Duration;

use oauth2::StandardDeviceAuthorizationResponse;
use tokio_util::sync::CancellationToken;

use super::fault::{SignInFault, SignInFaultCode};
use super::service::{Http, SignInService};
use super::tokens::Tokens;
use super::{DevicePrompt, Interaction};

/// Asks for a code, shows it, polls until somebody has signed in with it.
pub(super) async fn sign_in(
    service: &SignInService,
    scopes: Vec<oauth2::Scope>,
    interaction: &Interaction,
    cancel: &CancellationToken,
) -> Result<Tokens, SignInFault> {
    let oauth = service.oauth(None)?;
    // Asking for a code changes nothing, so it may be asked for again.
    let asking = Http::new(service, cancel).repeating();
    let details: StandardDeviceAuthorizationResponse = oauth
        .exchange_device_code()
        .add_scopes(scopes)
        .request_async(&asking)
        .await
        .map_err(|_| asking.fault_or(SignInFaultCode::UnexpectedAnswer))?;
    let verification_url = details.verification_uri().url().clone();
    (interaction.show_code)(&DevicePrompt {
        user_code: details.user_code().secret().clone(),
        verification_url,
        expires_in_seconds: details.expires_in().as_secs(),
    });
    // The library keeps to the interval, adds to it on `slow_down`, and ends when the code does.
    let pause = |wait: Duration| tokio::time::sleep(wait.mul_f64(service.client().wait_scale()));
    let http = Http::new(service, cancel);
    let poll = oauth
        .exchange_device_access_token(&details)
        .request_async(&http, pause, None);
    let answer = tokio::select! {
        answer = poll => answer,
        () = cancel.cancelled() => return Err(SignInFault::of(SignInFaultCode::Cancelled)),
    };
    answer
        .map(|answer| Tokens::take(&answer, None))
        .map_err(|_| ended(&http))
}

/// Why polling ended. Where the last answer was merely "pending", it was the code's time that ran out.
fn ended(http: &Http) -> SignInFault {
    let fault = http.fault_or(SignInFaultCode::DeviceCodeExpired);
    match fault.code {
        SignInFaultCode::DeviceCodePending => SignInFault::of(SignInFaultCode::DeviceCodeExpired),
        _ => fault,
    }
}
