//! The table of sign-in faults: from the AADSTS number, or the protocol's own word, to the kind (facts/entra §2.4).

mod words;

use super::fault::SignInFaultCode as Code;

pub(super) use words::words_of;

/// Which kind of fault an AADSTS number is; `None` for numbers this version has no words for.
pub(super) fn by_number(number: u64) -> Option<Code> {
    Some(match number {
        50011 => Code::RedirectNotRegistered,
        50020 | 51004 | 50034 | 16000 | 90072 => Code::AccountNotInTenant,
        50057 => Code::AccountDisabled,
        50059 | 90019 => Code::TenantMissing,
        50072 | 50074 | 50076 | 50078 | 50079 => Code::MfaNeeded,
        50105 => Code::NotAssigned,
        50126 => Code::WrongPassword,
        50128 | 90002 => Code::TenantNotFound,
        50158 => Code::ExternalChallenge,
        50173 | 70008 | 700_082 | 70043 | 50089 => Code::SignInAgain,
        50194 | 9_001_023 | 90124 | 90130 => Code::TenantEndpointNeeded,
        501_481 | 50147 | 501_491 => Code::PkceMismatch,
        53000 => Code::DeviceNotCompliant,
        53001 => Code::DeviceNotJoined,
        530_003 => Code::DeviceNotManaged,
        53002 => Code::AppNotApproved,
        53003 | 530_032 | 530_033 | 530_035 => Code::BlockedByPolicy,
        65001 | 90008 => Code::ConsentMissing,
        65004 => Code::ConsentDeclined,
        90094 | 90095 => Code::AdminConsentNeeded,
        65002 => Code::ClientNotPreauthorised,
        650_052 | 650_056 | 650_057 | 65005 | 500_011 => Code::ResourceMissing,
        70011 | 28002 | 700_022 => Code::ScopeInvalid,
        70016 => Code::DeviceCodePending,
        70018 => Code::DeviceCodeWrong,
        70019 => Code::DeviceCodeExpired,
        700_016 | 70001 | 700_011 => Code::AppNotFound,
        7_000_112 => Code::AppDisabled,
        7_000_215 => Code::SecretWrong,
        7_000_222 => Code::SecretExpired,
        7_000_218 => Code::PublicClientNotAllowed,
        700_025 => Code::SecretForPublicClient,
        700_027 | 700_030 => Code::CertificateWrong,
        900_144 | 90014 => Code::ParameterMissing,
        90033 | 90024 | 50033 | 90055 => Code::Transient,
        90038 | 90043 | 900_432 => Code::CloudMismatch,
        _ => return None,
    })
}

/// Which kind of fault the protocol's `error` is, where the number says nothing.
pub(super) fn by_error(error: &str) -> Code {
    match error {
        "access_denied" | "authorization_declined" => Code::Declined,
        "authorization_pending" => Code::DeviceCodePending,
        "bad_verification_code" => Code::DeviceCodeWrong,
        "expired_token" => Code::DeviceCodeExpired,
        "interaction_required" | "login_required" | "invalid_grant" => Code::SignInAgain,
        "consent_required" => Code::ConsentMissing,
        "invalid_client" => Code::SecretWrong,
        "unauthorized_client" => Code::AppNotFound,
        "invalid_scope" => Code::ScopeInvalid,
        "invalid_resource" => Code::ResourceMissing,
        "temporarily_unavailable" | "server_error" => Code::Transient,
        _ => Code::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signin::SignInFault;

    /// Every number of facts/entra §2.4 and the one of its text.
    const NUMBERS: [u64; 74] = [
        50011, 50020, 51004, 50034, 16000, 50057, 50059, 90019, 50072, 50074, 50076, 50078, 50079,
        50105, 50126, 50128, 90002, 50158, 50173, 70008, 700_082, 70043, 50089, 50194, 9_001_023,
        90124, 90130, 501_481, 50147, 501_491, 53000, 53001, 53002, 53003, 530_032, 530_035,
        530_003, 65001, 90008, 65004, 90094, 90095, 65002, 650_052, 650_056, 650_057, 65005,
        500_011, 70011, 28002, 700_022, 70016, 70018, 70019, 700_016, 70001, 700_011, 7_000_112,
        7_000_215, 7_000_222, 7_000_218, 700_025, 700_027, 700_030, 90072, 900_144, 90014, 90033,
        90024, 50033, 90055, 90038, 90043, 900_432,
    ];

    #[test]
    fn every_number_of_the_table_has_words_of_its_own() {
        for number in NUMBERS {
            let code = by_number(number).unwrap_or_else(|| panic!("AADSTS{number} has no words"));
            let fault = SignInFault::of(code);
            assert!(
                !fault.title.is_empty() && !fault.cause.is_empty() && !fault.fix.is_empty(),
                "AADSTS{number}"
            );
            assert_ne!(
                fault.title,
                SignInFault::of(Code::Refused).title,
                "AADSTS{number}"
            );
            let all = format!("{} {} {}", fault.title, fault.cause, fault.fix);
            assert!(
                !all.contains('!') && !all.to_lowercase().contains("please"),
                "AADSTS{number}: {all}"
            );
        }
    }

    #[test]
    fn an_unknown_number_is_explained_by_the_protocols_own_word() {
        let body = crate::signin::ErrorBody {
            error: "invalid_client".to_owned(),
            error_description: Some("AADSTS1234567: new.".to_owned()),
            ..Default::default()
        };
        let fault = SignInFault::explain(&body);
        assert_eq!(fault.code, Code::SecretWrong);
        assert_eq!(fault.raw_code.as_deref(), Some("AADSTS1234567"));
        assert_eq!(
            fault.references(),
            [
                "code AADSTS1234567",
                "https://login.microsoftonline.com/error?code=1234567"
            ]
        );
    }
}
