//! What a scenario or a test can turn: how sign-in goes, how long replicas disagree, how secrets are saved.

use serde::{Deserialize, Serialize};

/// How `PUT …/synchronization/secrets` treats keys that are not sent. Which one Microsoft does is not documented (facts on Entra §1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretsPut {
    /// They are gone.
    #[default]
    Replace,
    /// They stay.
    Merge,
}

/// How a 429 says when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetryAfter {
    /// Whole seconds.
    #[default]
    Integer,
    /// Seconds with a fraction; seen in the documentation's samples.
    Decimal,
    /// Not at all.
    Missing,
}

/// What can be turned. The defaults are a tenant in which everything goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Knobs {
    /// The account that is signed in without a page being shown; nothing shows the page.
    pub auto_approve: Option<String>,
    /// AADSTS number with which the next sign-ins fail, whatever the flow.
    pub sign_in_fault: Option<u32>,
    /// AADSTS number with which the device code flow alone is blocked (530033, 53003).
    pub device_code_fault: Option<u32>,
    /// How many polls answer `authorization_pending` before the code is approved by itself for the account of `autoApprove`.
    pub device_code_polls: u32,
    /// How many polls answer `slow_down` first.
    pub device_code_slow_downs: u32,
    /// Seconds between polls that the device code answer asks for.
    pub device_code_interval: u32,
    /// Whether delegated permissions that nobody consented to are refused (65001) and not consented while signing in.
    pub consent_missing: bool,
    /// Life of an access token in seconds.
    pub token_lifetime: u32,
    /// How the first reads of a new service principal are answered.
    pub new_service_principal: Vec<u16>,
    /// How the first reads of its templates are answered; 204 is an empty list.
    pub new_templates: Vec<u16>,
    /// How the first other calls below its `/synchronization` are answered.
    pub new_synchronization: Vec<u16>,
    /// How the first reads of a new job are answered.
    pub new_job: Vec<u16>,
    /// Whether a new job is answered 200 and not 201: the documentation has both.
    pub job_created_with_200: bool,
    /// How secrets are saved.
    pub secrets_put: SecretsPut,
    /// How a 429 says when to come back.
    pub retry_after: RetryAfter,
    /// How many of the next requests inside `$batch` are answered 429.
    pub batch_throttled: u32,
    /// How many of the next on-demand provisionings do not see the assignment yet: a fresh one takes minutes.
    pub on_demand_unseen: u32,
    /// Items of a page when the caller does not say.
    pub page_size: Option<usize>,
    /// Failures of one cycle from which on the share that failed is looked at (5,000 in the real service).
    pub escrow_base: u64,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            auto_approve: None,
            sign_in_fault: None,
            device_code_fault: None,
            device_code_polls: 0,
            device_code_slow_downs: 0,
            device_code_interval: 5,
            consent_missing: false,
            token_lifetime: 4_199,
            new_service_principal: Vec::new(),
            new_templates: Vec::new(),
            new_synchronization: Vec::new(),
            new_job: Vec::new(),
            job_created_with_200: false,
            secrets_put: SecretsPut::default(),
            retry_after: RetryAfter::default(),
            batch_throttled: 0,
            on_demand_unseen: 0,
            page_size: None,
            escrow_base: 5_000,
        }
    }
}
