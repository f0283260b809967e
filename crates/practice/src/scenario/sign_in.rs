//! The scenarios of sign-in: what keeps an application or a person out of Entra.

use jiff::ToSpan as _;

use super::{Scenario, Tenant, scenario};
use crate::entra::knobs::{RetryAfter, SecretsPut};
use crate::entra::sample::{account_name, accounts};
use crate::portal;

/// The scenarios of this file.
pub(super) const SCENARIOS: &[Scenario] = &[
    scenario(
        "secret-expired",
        "The client secret has expired",
        "The application's client secret ran out yesterday (AADSTS7000222).",
        |tenant| {
            let yesterday = tenant.harness.clock.now().checked_sub(24.hours());
            let registration = tenant.directory.registrations.first_mut();
            let secret = registration.and_then(|registration| registration.secrets.first_mut());
            if let (Some(secret), Ok(yesterday)) = (secret, yesterday) {
                secret.expires = yesterday;
            }
        },
    )
    .pressing(&[portal::RENEW_CLIENT_SECRET]),
    scenario(
        "no-consent",
        "Nobody consented",
        "No administrator consented to the application's permissions: its token carries no roles, and people are refused (AADSTS65001).",
        |tenant| {
            tenant.knobs.consent_missing = true;
            if let Some(registration) = tenant.directory.registrations.first_mut() {
                registration.application_permissions.clear();
            }
        },
    )
    .pressing(&[portal::GRANT_CONSENT]),
    scenario(
        "device-code-blocked",
        "Device codes are blocked",
        "A policy of the organisation blocks the device code flow (AADSTS530033).",
        |tenant| tenant.knobs.device_code_fault = Some(530_033),
    )
    .pressing(&[portal::ALLOW_DEVICE_CODES]),
    scenario(
        "conditional-access",
        "Conditional Access refuses the sign-in",
        "Conditional Access blocks every sign-in of a person (AADSTS53003).",
        |tenant| tenant.knobs.sign_in_fault = Some(53_003),
    )
    .pressing(&[portal::PASS_CONDITIONAL_ACCESS]),
    scenario(
        "role-not-active",
        "The admin role is not active",
        "Whoever signs in is eligible for Cloud Application Administrator by Privileged Identity Management and has not activated it.",
        |tenant| sign_in_as(tenant, accounts::ELIGIBLE),
    )
    .pressing(&[portal::ACTIVATE_ROLE]),
    scenario(
        "guest-account",
        "Signed in as a guest",
        "Whoever signs in is a guest of the tenant without a role.",
        |tenant| sign_in_as(tenant, accounts::GUEST),
    )
    .pressing(&[portal::CHOOSE_ADMIN_ACCOUNT]),
    scenario(
        "other-tenant",
        "Signed in to another organisation",
        "Whoever signs in has an account of another organisation (AADSTS50020).",
        |tenant| {
            let somebody = "somebody@other-company.example".to_owned();
            tenant.knobs.auto_approve = Some(somebody);
        },
    )
    .pressing(&[portal::CHOOSE_ADMIN_ACCOUNT]),
    scenario(
        "secrets-merge",
        "Saving secrets keeps the others",
        "Secrets that are not sent stay as they are, and a throttled call is not told how long to wait.",
        |tenant| {
            tenant.knobs.secrets_put = SecretsPut::Merge;
            tenant.knobs.retry_after = RetryAfter::Missing;
            tenant.knobs.batch_throttled = 1;
        },
    ),
];

/// Signs this account in without a page, with the delegated permissions consented to before.
pub(super) fn sign_in_as(tenant: &mut Tenant, local: &str) {
    tenant.knobs.auto_approve = Some(account_name(local));
    if let Some(registration) = tenant.directory.registrations.first_mut() {
        let read = ["Application.Read.All", "Synchronization.Read.All"];
        let permissions = read.iter().chain(&crate::entra::sample::PERMISSIONS);
        let permissions = permissions.map(|name| (*name).to_owned());
        registration.delegated_permissions.extend(permissions);
    }
}
