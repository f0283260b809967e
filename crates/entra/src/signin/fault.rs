//! Why a sign-in did not succeed, in words for people, with the raw code and the trace id to copy.
//!
//! What Usher does next depends on the protocol's `error` alone; the AADSTS numbers only choose the words, because
//! Microsoft may change them at any time (facts/entra §2.4).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::codes;

/// What kind of thing stopped a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum SignInFaultCode {
    /// The redirect address is not in the app registration.
    RedirectNotRegistered,
    /// The account does not belong to the tenant.
    AccountNotInTenant,
    /// The account is switched off.
    AccountDisabled,
    /// No tenant was named.
    TenantMissing,
    /// The tenant's id or domain is not written as one.
    TenantMalformed,
    /// There is no such tenant in this cloud.
    TenantNotFound,
    /// The application (client) id is not written as one.
    ClientIdMalformed,
    /// Multi-factor authentication is needed.
    MfaNeeded,
    /// The account is not assigned to the app registration's enterprise application.
    NotAssigned,
    /// Wrong user name or password.
    WrongPassword,
    /// A challenge of another provider was not met.
    ExternalChallenge,
    /// The sign-in has expired or was revoked.
    SignInAgain,
    /// The endpoint must name the tenant.
    TenantEndpointNeeded,
    /// The proof key does not match.
    PkceMismatch,
    /// Conditional Access wants a compliant device.
    DeviceNotCompliant,
    /// Conditional Access wants a joined device.
    DeviceNotJoined,
    /// Conditional Access wants a managed device.
    DeviceNotManaged,
    /// Conditional Access wants an approved app.
    AppNotApproved,
    /// Conditional Access blocks this sign-in.
    BlockedByPolicy,
    /// Nobody consented yet.
    ConsentMissing,
    /// The person declined to consent.
    ConsentDeclined,
    /// An administrator has to consent.
    AdminConsentNeeded,
    /// A Microsoft app may not ask for these permissions.
    ClientNotPreauthorised,
    /// Microsoft Graph, or a permission, is missing from the registration or the tenant.
    ResourceMissing,
    /// The scope asked for is not valid.
    ScopeInvalid,
    /// The device code is still waiting for a person.
    DeviceCodePending,
    /// The device code is not known.
    DeviceCodeWrong,
    /// The device code has expired.
    DeviceCodeExpired,
    /// There is no such app in the tenant.
    AppNotFound,
    /// The app is switched off.
    AppDisabled,
    /// The client secret is wrong.
    SecretWrong,
    /// The client secret has expired.
    SecretExpired,
    /// There is no client secret to sign in with.
    SecretMissing,
    /// The registration does not allow public clients.
    PublicClientNotAllowed,
    /// A secret was sent for a public client.
    SecretForPublicClient,
    /// The certificate's assertion is wrong.
    CertificateWrong,
    /// A needed part of the request is missing.
    ParameterMissing,
    /// The service is busy or failing for the moment.
    Transient,
    /// Account, app and sign-in host are of different clouds.
    CloudMismatch,
    /// The system browser could not be opened.
    BrowserNotOpened,
    /// The browser did not come back in time.
    BrowserNoReturn,
    /// No port on this machine could be opened for the browser to come back to.
    PortTaken,
    /// What came back does not belong to this sign-in.
    StateMismatch,
    /// The person declined.
    Declined,
    /// The sign-in was cancelled here.
    Cancelled,
    /// The sign-in service could not be reached.
    Unreachable,
    /// The sign-in service answered something that is not an answer.
    UnexpectedAnswer,
    /// Refused, for a reason this version has no words for.
    Refused,
}

/// Why a sign-in did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{title}: {cause}")]
pub struct SignInFault {
    /// The kind, stable.
    pub code: SignInFaultCode,
    /// One line: what happened.
    pub title: String,
    /// What it means.
    pub cause: String,
    /// What to do, a line a press.
    pub fix: Box<str>,
    /// The service's own code, for instance `AADSTS7000215`, or the protocol's `error`.
    pub raw_code: Option<Box<str>>,
    /// The service's trace id, for a support case.
    pub trace_id: Option<Box<str>>,
    /// The service's correlation id.
    pub correlation_id: Option<Box<str>>,
}

/// The error body of the token, device-code and authorize endpoints (facts/entra §2.4).
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ErrorBody {
    /// The protocol's code, for instance `invalid_client`.
    pub error: String,
    /// Text for developers; it begins with `AADSTS…:`.
    #[serde(default)]
    pub error_description: Option<String>,
    /// Numbers, the most specific first.
    #[serde(default)]
    pub error_codes: Vec<u64>,
    /// For a support case.
    #[serde(default)]
    pub trace_id: Option<String>,
    /// For a support case.
    #[serde(default)]
    pub correlation_id: Option<String>,
}

impl ErrorBody {
    /// The AADSTS number: the first of `error_codes`, else the one the description begins with.
    pub fn number(&self) -> Option<u64> {
        self.error_codes.first().copied().or_else(|| {
            let rest = self
                .error_description
                .as_deref()?
                .trim_start()
                .strip_prefix("AADSTS")?;
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
    }
}

impl SignInFault {
    /// A fault of our own making, with the catalogue's words for it.
    pub fn of(code: SignInFaultCode) -> Self {
        let words = codes::words_of(code);
        Self {
            code,
            title: words.title.to_owned(),
            cause: words.cause.to_owned(),
            fix: words.fix.join("\n").into(),
            raw_code: None,
            trace_id: None,
            correlation_id: None,
        }
    }

    /// The same fault with a more exact cause.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = cause.into();
        self
    }

    /// Explains an error body: the words by number, else by the protocol's `error`.
    pub fn explain(body: &ErrorBody) -> Self {
        let number = body.number();
        let code = number
            .and_then(codes::by_number)
            .unwrap_or_else(|| codes::by_error(&body.error));
        let mut fault = Self::of(code);
        let raw = number.map_or_else(|| body.error.clone(), |number| format!("AADSTS{number}"));
        fault.raw_code = Some(raw.into());
        fault.trace_id = body.trace_id.as_deref().map(Into::into);
        fault.correlation_id = body.correlation_id.as_deref().map(Into::into);
        fault
    }

    /// The page on which Microsoft explains the raw code, where it has a number.
    pub fn lookup_page(&self) -> Option<String> {
        let number = self.raw_code.as_deref()?.strip_prefix("AADSTS")?;
        Some(format!(
            "https://login.microsoftonline.com/error?code={number}"
        ))
    }

    /// What somebody at Microsoft's support asks for, each with its name: raw code, ids, and the page about the code.
    pub fn references(&self) -> Vec<String> {
        let named = |name: &str, value: &Option<Box<str>>| {
            value.as_deref().map(|value| format!("{name} {value}"))
        };
        let lines = [
            named("code", &self.raw_code),
            named("trace id", &self.trace_id),
            named("correlation id", &self.correlation_id),
            self.lookup_page(),
        ];
        lines.into_iter().flatten().collect()
    }

    /// Whether the same sign-in may succeed in a while without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        matches!(
            self.code,
            SignInFaultCode::Transient | SignInFaultCode::Unreachable
        )
    }
}
