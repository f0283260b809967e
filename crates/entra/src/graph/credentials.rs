//! "Test connection": Entra itself asks the SCIM endpoint (facts/entra §1.8, §5.1, §9).

use serde_json::{Value, json};

use super::call::{Answer, Call, Endpoint, Method, SECRET_PLACEHOLDER};
use super::error::{ApiError, DecodeError, GraphError};
use super::jobs::WRITE;

/// What is tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// An address with a token that Usher holds; the token is filled in when the call is sent.
    Inline {
        /// The SCIM address.
        base_address: String,
    },
    /// What is stored.
    Saved,
}

/// `POST …/jobs/{id}/validateCredentials`, or before any job exists `POST …/jobs/validateCredentials` with the template.
#[derive(Debug, Clone)]
pub struct ValidateCredentials {
    /// The enterprise application.
    pub service_principal: String,
    /// The job, where there is one.
    pub job: Option<String>,
    /// The synchronization template.
    pub template_id: String,
    /// What is tested.
    pub credentials: Credentials,
}

impl Endpoint for ValidateCredentials {
    type Output = ();

    fn call(&self) -> Call {
        let mut path = vec![
            "servicePrincipals",
            self.service_principal.as_str(),
            "synchronization",
            "jobs",
        ];
        path.extend(self.job.as_deref());
        path.push("validateCredentials");
        let credentials: Value = match &self.credentials {
            Credentials::Inline { base_address } => json!([
                { "key": "BaseAddress", "value": base_address },
                { "key": "SecretToken", "value": SECRET_PLACEHOLDER },
            ]),
            Credentials::Saved => json!([]),
        };
        let mut body = json!({
            "useSavedCredentials": self.credentials == Credentials::Saved,
            "templateId": self.template_id,
        });
        if self.credentials != Credentials::Saved {
            body["credentials"] = credentials;
        }
        Call::new(
            "synchronization.validateCredentials",
            WRITE,
            Method::Post,
            &path,
        )
        .body(body)
        .reading()
    }

    fn parse(&self, _: &Answer) -> Result<Self::Output, DecodeError> {
        Ok(())
    }
}

/// What Entra says about the credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// They work.
    Accepted,
    /// They do not; Entra's code and words.
    Rejected {
        /// The most telling code.
        code: String,
        /// Entra's words; may be empty.
        message: String,
    },
}

/// Codes that say "the credentials do not work" rather than "the call was wrong", the more telling first.
const REJECTIONS: [&str; 7] = [
    "CredentialValidationFailure",
    "ServiceIncompatible",
    "CrossDomainIdentityManagementInvalidCredentials",
    "CrossDomainIdentityManagementCredentialValidationUnavailable",
    "CredentialValidationUnavailable",
    "InvalidCredentials",
    "CrossDomainIdentityManagement",
];

/// Reads the outcome of a validation: a refusal about the credentials is a verdict; any other failure stays an error.
///
/// # Errors
/// What is not about the credentials: a missing permission, a wrong call, no answer.
pub fn verdict(outcome: Result<(), GraphError>) -> Result<Verdict, GraphError> {
    let error = match outcome {
        Ok(()) => return Ok(Verdict::Accepted),
        Err(error) => error,
    };
    match error.api().and_then(rejection) {
        Some(code) => Ok(Verdict::Rejected {
            code,
            message: error
                .api()
                .map(|api| api.message.clone())
                .unwrap_or_default(),
        }),
        None => Err(error),
    }
}

fn rejection(error: &ApiError) -> Option<String> {
    if error.is_missing_permission() {
        return None;
    }
    REJECTIONS.iter().find_map(|known| {
        let named = error.codes.iter().find(|code| code.contains(known));
        named
            .cloned()
            .or_else(|| error.message.contains(known).then(|| (*known).to_owned()))
    })
}
