//! The words for each kind of sign-in fault: what happened, what it means, what to do.

use crate::signin::fault::SignInFaultCode as Code;

/// The words for a kind of fault.
pub(in crate::signin) struct Words {
    pub(in crate::signin) title: &'static str,
    pub(in crate::signin) cause: &'static str,
    pub(in crate::signin) fix: &'static [&'static str],
}

const fn words(title: &'static str, cause: &'static str, fix: &'static [&'static str]) -> Words {
    Words { title, cause, fix }
}

const APP_REGISTRATIONS: &str = "Open Entra ID > App registrations > your registration.";
const ENTERPRISE_APPS: &str =
    "Open Entra ID > Enterprise apps > the app with the registration's name.";
const SIGN_IN_AGAIN: &str = "Sign in again.";

/// The words for a kind of fault.
pub(in crate::signin) fn words_of(code: Code) -> Words {
    match code {
        Code::TenantMissing
        | Code::TenantMalformed
        | Code::TenantNotFound
        | Code::TenantEndpointNeeded
        | Code::CloudMismatch => tenant(code),
        Code::AccountNotInTenant
        | Code::AccountDisabled
        | Code::MfaNeeded
        | Code::NotAssigned
        | Code::WrongPassword
        | Code::ExternalChallenge
        | Code::SignInAgain => account(code),
        Code::DeviceNotCompliant
        | Code::DeviceNotJoined
        | Code::DeviceNotManaged
        | Code::AppNotApproved
        | Code::BlockedByPolicy => policy(code),
        Code::ConsentMissing
        | Code::ConsentDeclined
        | Code::AdminConsentNeeded
        | Code::ClientNotPreauthorised
        | Code::ResourceMissing
        | Code::ScopeInvalid => consent(code),
        Code::DeviceCodePending | Code::DeviceCodeWrong | Code::DeviceCodeExpired => device(code),
        Code::SecretWrong | Code::SecretExpired | Code::SecretMissing | Code::CertificateWrong => {
            secret(code)
        }
        Code::RedirectNotRegistered
        | Code::ClientIdMalformed
        | Code::AppNotFound
        | Code::AppDisabled
        | Code::PublicClientNotAllowed
        | Code::SecretForPublicClient => registration(code),
        _ => exchange(code),
    }
}

fn tenant(code: Code) -> Words {
    match code {
        Code::TenantMissing => words(
            "No tenant was named",
            "Microsoft was not told which organisation to sign in to.",
            &[
                "Enter the tenant ID: Entra ID > Overview > Tenant ID.",
                SIGN_IN_AGAIN,
            ],
        ),
        Code::TenantMalformed => words(
            "The tenant is not written as an id or a domain",
            "A tenant is named by a GUID such as 8d2f…-…, or by one of its domains, such as contoso.onmicrosoft.com.",
            &["Copy the Tenant ID from Entra ID > Overview and paste it."],
        ),
        Code::TenantNotFound => words(
            "This tenant does not exist in the chosen cloud",
            "The tenant ID or domain has a typing error, or the tenant lives in another Microsoft cloud than the one chosen.",
            &[
                "Compare the tenant ID with Entra ID > Overview > Tenant ID.",
                "Check that the Entra cloud fits: global, US Government or China.",
            ],
        ),
        Code::TenantEndpointNeeded => words(
            "The sign-in must name your tenant",
            "Your app registration accepts accounts of its own tenant only, and the sign-in went to a shared address.",
            &["Enter the tenant ID itself rather than \"common\" or \"organizations\"."],
        ),
        _ => words(
            "Account and sign-in host belong to different Microsoft clouds",
            "Accounts and tokens of the global cloud, US Government and China are not interchangeable.",
            &["Choose the Entra cloud in which your tenant lives, then sign in again."],
        ),
    }
}

fn account(code: Code) -> Words {
    match code {
        Code::AccountNotInTenant => words(
            "This account does not belong to the tenant",
            "The account is of another organisation, or it is a guest that has not accepted its invitation here.",
            &["Choose \"Use another account\" and sign in with an account of this tenant."],
        ),
        Code::AccountDisabled => words(
            "This account is switched off",
            "Sign-in is blocked for the account in Entra ID.",
            &["Use another administrator's account, or ask for this one to be enabled."],
        ),
        Code::MfaNeeded => words(
            "A second factor is needed",
            "Your organisation asks for multi-factor authentication, and it was not done, has expired or is not registered yet.",
            &["Sign in with the browser and complete the second factor there."],
        ),
        Code::NotAssigned => words(
            "This account may not use the app registration",
            "\"Assignment required?\" is on for the app Usher signs in with, and the account is not assigned to it.",
            &[
                ENTERPRISE_APPS,
                "Choose Users and groups > Add user/group and assign the account.",
                SIGN_IN_AGAIN,
            ],
        ),
        Code::WrongPassword => words(
            "Wrong user name or password",
            "Microsoft did not accept what was typed.",
            &[SIGN_IN_AGAIN],
        ),
        Code::ExternalChallenge => words(
            "Another provider's check was not passed",
            "Your organisation hands part of the sign-in to another provider, and that part was not completed.",
            &[
                "Sign in with the browser and complete every step.",
                "If it fails again, show the trace id to your identity team.",
            ],
        ),
        _ => words(
            "The sign-in has expired",
            "It was revoked, its time has run out, or your organisation asks for a fresh sign-in at intervals.",
            &[SIGN_IN_AGAIN],
        ),
    }
}

fn policy(code: Code) -> Words {
    const BROWSER: &str = "Sign in with the browser rather than with a device code.";
    match code {
        Code::DeviceNotCompliant => words(
            "Conditional Access wants a compliant device",
            "A policy of your organisation lets only devices in that meet its rules.",
            &[
                BROWSER,
                "Use a managed machine, or ask the policy's owner for an exception.",
            ],
        ),
        Code::DeviceNotJoined => words(
            "Conditional Access wants a joined device",
            "A policy of your organisation lets only devices in that are joined to it.",
            &[BROWSER, "Use a machine that is joined to the organisation."],
        ),
        Code::DeviceNotManaged => words(
            "Conditional Access wants a managed device",
            "A policy of your organisation lets only managed devices in. A device code cannot show which device it is used from.",
            &[BROWSER, "Use a managed machine."],
        ),
        Code::AppNotApproved => words(
            "Conditional Access wants an approved app",
            "A policy of your organisation lets only apps in that are on its list.",
            &["Ask the policy's owner to allow the app registration Usher signs in with."],
        ),
        _ => words(
            "Conditional Access blocks this sign-in",
            "A policy of your organisation, or the security defaults, do not allow it. Device-code sign-in is often blocked on purpose.",
            &[
                BROWSER,
                "If the browser is blocked too, show the trace id to the policy's owner.",
            ],
        ),
    }
}

fn consent(code: Code) -> Words {
    const GRANT: &str = "Choose API permissions > Grant admin consent.";
    match code {
        Code::ConsentMissing => words(
            "Nobody has agreed to the permissions yet",
            "The app registration asks for permissions that were not granted in this tenant.",
            &[APP_REGISTRATIONS, GRANT, SIGN_IN_AGAIN],
        ),
        Code::ConsentDeclined => words(
            "The permissions were declined",
            "On Microsoft's page the request for permissions was answered with Cancel.",
            &["Sign in again and accept, or do Entra's steps by hand."],
        ),
        Code::AdminConsentNeeded => words(
            "An administrator has to agree to the permissions",
            "Delegated permissions can be granted by a Cloud Application Administrator; Microsoft Graph application permissions need a Privileged Role Administrator.",
            &[
                "Send the admin consent link to an administrator.",
                SIGN_IN_AGAIN,
            ],
        ),
        Code::ClientNotPreauthorised => words(
            "This Microsoft app may not ask for these permissions",
            "The client id belongs to one of Microsoft's own apps, whose permissions are fixed.",
            &["Use an app registration of your own tenant."],
        ),
        Code::ResourceMissing => words(
            "A permission is missing from the app registration",
            "Microsoft Graph, or a permission that Usher asks for, is not listed in the registration, or not known in this tenant.",
            &[
                APP_REGISTRATIONS,
                "Choose API permissions > Add a permission > Microsoft Graph and add what the list names.",
                GRANT,
            ],
        ),
        _ => words(
            "The permissions asked for are not valid",
            "Microsoft does not know a permission by that name here, or permissions of several services were asked for at once.",
            &[
                "Check that the Entra cloud fits your tenant.",
                "If it does, show the raw code and the trace id to support.",
            ],
        ),
    }
}

fn device(code: Code) -> Words {
    match code {
        Code::DeviceCodePending => words(
            "The code has not been entered yet",
            "Microsoft is still waiting for the code to be typed on its page.",
            &["Open the page shown, type the code and sign in."],
        ),
        Code::DeviceCodeWrong => words(
            "The code is not known",
            "Microsoft does not know this device code, or it belongs to another sign-in.",
            &["Ask for a new code."],
        ),
        _ => words(
            "The code has expired",
            "A code is valid for about 15 minutes, and nobody signed in with it.",
            &["Ask for a new code."],
        ),
    }
}

fn secret(code: Code) -> Words {
    match code {
        Code::SecretWrong => words(
            "The client secret is not accepted",
            "It does not belong to this app registration. Often the Secret ID was pasted instead of the Value.",
            &[
                APP_REGISTRATIONS,
                "Choose Certificates & secrets > New client secret.",
                "Copy the column Value at once: it is shown only once. Paste it here.",
            ],
        ),
        Code::SecretExpired => words(
            "The client secret has expired",
            "Client secrets have an end date, and this one has passed it.",
            &[
                APP_REGISTRATIONS,
                "Choose Certificates & secrets > New client secret.",
                "Copy the column Value and paste it here.",
            ],
        ),
        Code::SecretMissing => words(
            "There is no client secret",
            "Signing in as an app needs the client secret of its registration, and none was given or kept.",
            &["Paste the secret's Value."],
        ),
        _ => words(
            "The certificate is not accepted",
            "The app registration expects another certificate.",
            &[
                APP_REGISTRATIONS,
                "Use a client secret with Usher: Certificates & secrets > New client secret.",
            ],
        ),
    }
}

fn registration(code: Code) -> Words {
    match code {
        Code::RedirectNotRegistered => words(
            "The app registration does not know the address to come back to",
            "After the sign-in Microsoft sends the browser back to this machine, and only to an address that is registered.",
            &[
                APP_REGISTRATIONS,
                "Choose Authentication > Add a platform > Mobile and desktop applications.",
                "Enter http://localhost and save. The port does not matter.",
            ],
        ),
        Code::ClientIdMalformed => words(
            "The application (client) id is not written as one",
            "It is a GUID, shown on the registration's overview page.",
            &[
                APP_REGISTRATIONS,
                "Copy Application (client) ID and paste it.",
            ],
        ),
        Code::AppNotFound => words(
            "There is no such app in this tenant",
            "The application (client) id has a typing error, the registration is in another tenant, or the object id was pasted instead.",
            &[
                APP_REGISTRATIONS,
                "Compare Application (client) ID and Directory (tenant) ID with what was entered.",
            ],
        ),
        Code::AppDisabled => words(
            "The app Usher signs in with is switched off",
            "Its enterprise application is disabled in this tenant.",
            &[
                ENTERPRISE_APPS,
                "Choose Properties and set Enabled for users to sign-in to Yes.",
            ],
        ),
        Code::PublicClientNotAllowed => words(
            "The app registration does not allow desktop sign-in",
            "\"Allow public client flows\" is off, so Microsoft expects a secret.",
            &[
                APP_REGISTRATIONS,
                "Choose Authentication and set Allow public client flows to Yes.",
                SIGN_IN_AGAIN,
            ],
        ),
        _ => words(
            "The app registration does not take a secret",
            "It is registered as a public client, and a secret was sent with the sign-in.",
            &["Sign in with the browser, or register a client secret for it."],
        ),
    }
}

fn exchange(code: Code) -> Words {
    match code {
        Code::PkceMismatch => words(
            "This sign-in was mixed up with another",
            "The proof that the answer belongs to this sign-in did not match.",
            &["Close the other sign-in tabs.", SIGN_IN_AGAIN],
        ),
        Code::ParameterMissing => words(
            "The request was incomplete",
            "Microsoft misses a part of the sign-in request. That is a fault of Usher's.",
            &["Show the raw code and the trace id to support."],
        ),
        Code::Transient => words(
            "The sign-in service is not available for the moment",
            "Microsoft reports a passing fault on its side.",
            &["Wait a minute and try again."],
        ),
        Code::BrowserNotOpened => words(
            "The browser did not open",
            "The system has no browser set, or did not let Usher open it.",
            &[
                "Copy the sign-in address into a browser on this machine, or sign in with a device code.",
            ],
        ),
        Code::BrowserNoReturn => words(
            "The browser did not come back",
            "The sign-in page was closed, or the browser could not reach this machine's own address.",
            &[
                "Sign in again, in a browser on this machine.",
                "If a proxy handles localhost, except it.",
            ],
        ),
        Code::PortTaken => words(
            "No port could be opened on this machine",
            "The browser comes back to a port on this machine, and the system did not let Usher open one.",
            &["Sign in with a device code, or do Entra's steps by hand."],
        ),
        Code::StateMismatch => words(
            "The answer does not belong to this sign-in",
            "It comes from another tab or an earlier try, so it was not used.",
            &["Close the other sign-in tabs.", SIGN_IN_AGAIN],
        ),
        Code::Declined => words(
            "The sign-in was declined",
            "It was cancelled on Microsoft's page.",
            &["Sign in again, or do Entra's steps by hand."],
        ),
        Code::Cancelled => words(
            "The sign-in was cancelled",
            "It was cancelled here.",
            &[SIGN_IN_AGAIN],
        ),
        Code::Unreachable => words(
            "The sign-in service could not be reached",
            "No connection to Microsoft's sign-in host came about.",
            &["Check the network and the proxy.", "Then sign in again."],
        ),
        Code::UnexpectedAnswer => words(
            "The sign-in service answered something unexpected",
            "What came back is not an answer of Microsoft's sign-in service. A proxy or a filter may have put its own page in between.",
            &["Check the proxy, then sign in again."],
        ),
        _ => words(
            "Microsoft refused the sign-in",
            "The reason is one this version has no words for; the raw code says more.",
            &[
                "Open Microsoft's page for the raw code.",
                "Show the trace id to your identity team.",
            ],
        ),
    }
}
