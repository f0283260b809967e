//! The words of each fault: title, cause, fix. Facts from Databricks' and Microsoft's documentation are said as such; what
//! is deduced is said with "most often".

use super::{FaultCode, FaultContext};
use crate::model::token::TokenKind;

/// Title, cause, the fix's presses, and a link where the facts have one.
pub(super) struct Words {
    pub(super) title: String,
    pub(super) cause: String,
    pub(super) presses: Vec<String>,
    pub(super) docs: Option<&'static str>,
}

/// The tutorial that Microsoft keeps for this connector.
const TUTORIAL: &str =
    "https://learn.microsoft.com/entra/identity/saas-apps/azure-databricks-provisioning-tutorial";
const IP_ACL_ARTICLE: &str = "https://kb.databricks.com/cloud/403-error-when-attempting-to-synchronize-users-through-an-azure-databricks-scim-provisioning-connector";
const PRIVATE_LINK_TUTORIAL: &str = "https://learn.microsoft.com/entra/identity/saas-apps/azure-databricks-with-private-link-workspace-provisioning-tutorial";

/// Every page that a fault names.
pub(super) const DOCUMENTS: [&str; 3] = [TUTORIAL, IP_ACL_ARTICLE, PRIVATE_LINK_TUTORIAL];

const OPEN_TAB: &str = "In the account console open **Security**, then **User provisioning** (formerly **Settings**, then **User provisioning**).";
const COPY_URL: &str = "Copy the **Account SCIM URL** there and paste it here unchanged.";
const AGAIN: &str = "Press **Test again**.";

fn words(title: impl Into<String>, cause: impl Into<String>, presses: &[&str]) -> Words {
    let presses = presses.iter().map(|press| (*press).to_owned()).collect();
    Words {
        title: title.into(),
        cause: cause.into(),
        presses,
        docs: None,
    }
}

fn documented(mut words: Words, docs: &'static str) -> Words {
    words.docs = Some(docs);
    words
}

pub(super) fn of(code: FaultCode, context: &FaultContext) -> Words {
    use FaultCode as C;
    match code {
        C::UrlEmpty
        | C::UrlUnparsable
        | C::UrlNotHttps
        | C::UrlHasCredentials
        | C::UrlBrowserPage
        | C::UrlWrongPath
        | C::UrlKindMismatch
        | C::UrlAccountId
        | C::UrlForeignHost => of_url(code, context),
        C::TokenEmpty | C::TokenMalformed | C::TokenKindMismatch => of_token(code, context),
        C::NameNotFound
        | C::ConnectRefused
        | C::ConnectTimeout
        | C::ProxyRefused
        | C::ProxyAuth
        | C::TlsUntrusted
        | C::TlsNameMismatch
        | C::TlsExpired
        | C::ConnectionCut
        | C::Timeout => of_network(code, context),
        C::PrivateLink
        | C::LoginPage
        | C::TokenRejected
        | C::IpBlocked
        | C::NotAdmin
        | C::Forbidden => of_access(code, context),
        C::NotFound
        | C::RateLimited
        | C::ServerError
        | C::UnexpectedStatus
        | C::NotScim
        | C::BodyTruncated
        | C::BodyTooLarge
        | C::FilterRefused
        | C::FilterIgnored
        | C::TokenNotChecked => of_answer(code, context),
    }
}

fn of_url(code: FaultCode, context: &FaultContext) -> Words {
    let copy = [OPEN_TAB, COPY_URL];
    let mut words = match code {
        FaultCode::UrlEmpty => words(
            "No SCIM URL was given",
            "There is nothing to connect to yet.",
            &copy,
        ),
        FaultCode::UrlUnparsable => words(
            "This is not a complete URL",
            "A SCIM URL begins with https:// and has no blanks in it. Most often a part was lost while copying.",
            &copy,
        ),
        FaultCode::UrlNotHttps => words(
            "The URL does not begin with https",
            "Databricks' SCIM API is reached by https alone. A token sent by anything else could be read on the way, so nothing was sent.",
            &["Change the beginning of the URL to **https://**."],
        ),
        FaultCode::UrlHasCredentials => words(
            "The URL holds a user name or a password",
            "The token goes into its own field. What stands in a URL ends up in logs and histories.",
            &[
                "Remove everything between **https://** and the host's name.",
                "If it was a real password or token, renew it.",
            ],
        ),
        FaultCode::UrlBrowserPage => words(
            "This is the address of a page, not the SCIM URL",
            "It was most often copied from the browser's address bar. Entra needs the address of the API.",
            &copy,
        ),
        FaultCode::UrlWrongPath => words(
            "The path of the URL is not that of the SCIM API",
            "The host is right, the part after it is not: something is missing, doubled or added. An account's path is \
             /api/2.1/accounts/<account id>/scim/v2, a workspace's is /api/2.0/preview/scim.",
            &copy,
        ),
        FaultCode::UrlKindMismatch => words(
            "The path belongs to another kind of host",
            "A workspace's path works on a workspace's host alone, an account's path on the account host. \
             Mixed, Databricks answers with a sign-in page.",
            &[
                "For the account: copy the **Account SCIM URL** from **Security**, then **User provisioning**, in the account console \
               (formerly **Settings**, then **User provisioning**).",
                "For one workspace: take the workspace's own URL and add **/api/2.0/preview/scim**.",
            ],
        ),
        FaultCode::UrlAccountId => words(
            "The account id in the URL is not an account id",
            "An account id is a UUID: 36 characters with hyphens, such as 0a1b2c3d-1111-4222-8333-444455556666. It stands after /accounts/.",
            &[
                "In the account console open the menu under your avatar and copy the **Account ID**.",
                "Put it after **/accounts/** in the URL.",
            ],
        ),
        _ => words(
            match context.host.as_deref() {
                Some(host) if !host.is_empty() => format!("{host} is not a Databricks host"),
                _ => "This is not a Databricks host".to_owned(),
            },
            "Usher sends a Databricks token to Databricks' own hosts alone. This one is not among them, so nothing was sent.",
            &[
                "Check the host's name for a slip.",
                "Copy the **Account SCIM URL** anew from **Security**, then **User provisioning** \
               (formerly **Settings**, then **User provisioning**).",
            ],
        ),
    };
    if let Some(offer) = &context.offer {
        words.presses = vec![format!("Use **{offer}** instead."), AGAIN.to_owned()];
    }
    words
}

fn of_token(code: FaultCode, context: &FaultContext) -> Words {
    match code {
        FaultCode::TokenEmpty => words(
            "No token was given",
            "Without a token Databricks answers nobody. Left blank in Entra, Entra sends a token of its own, which is none of Databricks'.",
            &if context.workspace {
                PAT_PRESSES
            } else {
                TOKEN_PRESSES
            },
        ),
        FaultCode::TokenMalformed => words(
            "The token has blanks, line breaks or foreign characters inside",
            "A token is one word. Most often a line break was copied along, or two texts were pasted one after another.",
            &[
                "Copy the token anew, with the copy button where there is one.",
                "Paste it into the empty field.",
            ],
        ),
        _ => {
            let (what, why) = match (context.token_kind, context.workspace) {
                (Some(TokenKind::Jwt), _) => (
                    "a sign-in token of Entra or another service",
                    "Such tokens last a short time, so the sync would stop soon.",
                ),
                (Some(TokenKind::OauthSecret), _) => (
                    "the OAuth secret of a service principal",
                    "It is exchanged for tokens and is none itself.",
                ),
                (Some(TokenKind::PersonalAccess), false) => (
                    "a personal access token of a workspace",
                    "Databricks' documentation says that it cannot be used at account level.",
                ),
                (Some(TokenKind::AccountScim), true) => (
                    "an account SCIM token",
                    "Databricks' documentation says that it works on the account SCIM API alone.",
                ),
                _ => (
                    "a token of a shape that Databricks does not document",
                    "Databricks refused it.",
                ),
            };
            words(
                "This is another kind of token",
                format!("It looks like {what}. {why}"),
                &if context.workspace {
                    PAT_PRESSES
                } else {
                    TOKEN_PRESSES
                },
            )
        }
    }
}

const TOKEN_PRESSES: [&str; 3] = [
    OPEN_TAB,
    "Press **Regenerate token** (the first time: **Set up user provisioning**, formerly **Enable user provisioning**) and copy the SCIM token.",
    "Paste it here, and put the same token into Entra.",
];
const PAT_PRESSES: [&str; 3] = [
    "Sign in to the workspace as a workspace admin whom this connector does not manage.",
    "Open your user settings, find **Access tokens** (usually under **Settings**, then **Developer**), and generate a personal access token.",
    "Paste it here, and put the same token into Entra.",
];

fn of_network(code: FaultCode, context: &FaultContext) -> Words {
    let host = context
        .host
        .clone()
        .unwrap_or_else(|| "the host".to_owned());
    match code {
        FaultCode::NameNotFound => words(
            format!("The name {host} was not found"),
            "This machine's name service does not know it. Most often the name has a slip, or the machine has no way to the internet's names.",
            &["Check the host's name in the URL.", "If other sites do not open either, check the network or the VPN.", AGAIN],
        ),
        FaultCode::ConnectRefused => words(
            format!("{host} refused the connection"),
            "The machine answered that nothing listens there. Most often a firewall or a proxy stands in between.",
            &["Check whether this machine has to use a proxy.", "Ask the network team whether port 443 to this host is allowed.", AGAIN],
        ),
        FaultCode::ConnectTimeout => words(
            format!("{host} did not answer in time"),
            "No connection came about. Most often a firewall drops the packets without a word.",
            &["Ask the network team whether port 443 to this host is allowed.", AGAIN],
        ),
        FaultCode::ProxyRefused => words(
            "The proxy refused the way to Databricks",
            "The system's proxy was asked for a connection to this host and did not give it.",
            &["Ask the network team to allow the host at the proxy.", "If no proxy is needed for it, add the host to **NO_PROXY**.", AGAIN],
        ),
        FaultCode::ProxyAuth => words(
            "The proxy asks for a password",
            "The proxy answered 407: it wants to know who is asking.",
            &["Put user name and password into **HTTPS_PROXY** or the system's proxy settings.", AGAIN],
        ),
        FaultCode::TlsUntrusted | FaultCode::TlsNameMismatch | FaultCode::TlsExpired => of_tls(code, context, &host),
        FaultCode::ConnectionCut => words(
            "The connection was cut before an answer came",
            "Something ended the connection in the middle. Most often a firewall, a proxy or TLS inspection does that.",
            &[AGAIN, "If it stays so, ask the network team what stands between this machine and the host."],
        ),
        _ => words(
            format!("{host} took too long to answer"),
            match context.seconds {
                Some(seconds) => format!("The connection stands, but no answer came within {seconds} seconds, several tries included."),
                None => "The connection stands, but no answer came in the time given, several tries included.".to_owned(),
            },
            &[AGAIN, "Give it more time with **--timeout** on the command line.", "Look at Databricks' status page for the region."],
        ),
    }
}

fn of_tls(code: FaultCode, context: &FaultContext, host: &str) -> Words {
    let mut certificate = String::new();
    if let Some(issuer) = &context.issuer {
        certificate.push_str(&format!(" The certificate was issued by {issuer}."));
    }
    if let Some(subject) = &context.subject {
        certificate.push_str(&format!(" It is for {subject}."));
    }
    if context.inspection {
        certificate.push_str(" This looks like TLS inspection: a device on the way opens the connection and shows a certificate of its own.");
    }
    let trust = "If your organisation inspects TLS, add its root certificate to this machine's trust store (or name its file in **SSL_CERT_FILE**).";
    match code {
        FaultCode::TlsUntrusted => words(
            format!("The certificate of {host} is not trusted"),
            format!("This machine does not know who issued it, so nothing was sent.{certificate}"),
            &[
                trust,
                "Otherwise find out who answers in the host's place before you go on.",
                AGAIN,
            ],
        ),
        FaultCode::TlsNameMismatch => words(
            format!("The certificate is not for {host}"),
            format!(
                "Somebody else answered, or the host's name has a slip. Nothing was sent.{certificate}"
            ),
            &["Check the host's name in the URL.", trust, AGAIN],
        ),
        _ => words(
            format!("The certificate of {host} is out of date"),
            format!("Its time is over or has not come, so nothing was sent.{certificate}"),
            &["Check this machine's date and time.", trust, AGAIN],
        ),
    }
}

fn of_access(code: FaultCode, context: &FaultContext) -> Words {
    match code {
        FaultCode::PrivateLink => documented(
            words(
                "The workspace is reached by Private Link alone",
                "Databricks sent the request to its private-link error page: public access to this workspace is off. \
                 Entra's provisioning service comes from the public network and cannot reach it either.",
                &["Provision at account level instead: as far as is known, the account host is not behind a Private Link.",
                  "If it has to be this workspace: follow Microsoft's tutorial for Private Link, with the provisioning agent and the on-premises SCIM app."],
            ),
            PRIVATE_LINK_TUTORIAL,
        ),
        FaultCode::LoginPage => words(
            "A sign-in page answered, not the API",
            "Databricks led to a page for people. Most often the path belongs to another kind of host, or the account id is missing. \
             The token was not sent along.",
            &[OPEN_TAB, COPY_URL, AGAIN],
        ),
        FaultCode::TokenRejected => documented(rejected(context), TUTORIAL),
        FaultCode::IpBlocked => documented(
            words(
                "An IP access list keeps this machine out",
                match &context.address {
                    Some(address) => format!("Databricks saw the request come from {address}, which is not on its IP access list."),
                    None => "Databricks has an IP access list, and the address this machine comes from is not on it.".to_owned(),
                },
                &["Add this machine's address to the IP access list of the account (or workspace), if it is to test from here.",
                  "Add Entra's ranges as well: the service tag **AzureActiveDirectory**, not one of its subtags. They change; keep them up to date.",
                  AGAIN],
            ),
            IP_ACL_ARTICLE,
        ),
        FaultCode::NotAdmin => words(
            "The token's owner is not an admin",
            "Databricks said that this is accessible to admins only. Most often the owner of the personal access token is no workspace admin any more.",
            &["Sign in to the workspace as a workspace admin whom this connector does not manage.",
              "Generate a new personal access token, usually under **Settings**, **Developer**, **Access tokens**.",
              "Paste it here, and put it into Entra."],
        ),
        _ => words(
            "Databricks refused this token here",
            format!("It answered 403: the token is known, but not allowed to do this.{}", said(context)),
            &[OPEN_TAB, "Check that the token belongs to this account, and that it is the SCIM token.", AGAIN],
        ),
    }
}

fn rejected(context: &FaultContext) -> Words {
    if context.workspace {
        return words(
            "Databricks does not accept the token",
            "It answered 401. Most often the token has expired, was revoked (unused for 90 days is enough), or belongs to another workspace.",
            &PAT_PRESSES,
        );
    }
    words(
        "Databricks does not accept the token",
        "It answered 401. Most often the token was regenerated in the meantime, or it belongs to another account.",
        &TOKEN_PRESSES,
    )
}

fn of_answer(code: FaultCode, context: &FaultContext) -> Words {
    match code {
        FaultCode::NotFound => words(
            "Databricks found nothing at this address",
            format!(
                "It answered 404. Most often the account id is that of another account, or the path has a slip.{}",
                said(context)
            ),
            &[
                "Compare the account id in the URL with the one in the account console, under your avatar.",
                OPEN_TAB,
                COPY_URL,
            ],
        ),
        FaultCode::RateLimited => words(
            "Databricks asked to wait, several times",
            "It answered 429: too many requests. Most often another tool, or a running sync, uses the same limit. Usher waited as asked.",
            &[
                "Wait a few minutes.",
                "Stop other tools that read or write the same account (scripts, Terraform).",
                AGAIN,
            ],
        ),
        FaultCode::ServerError => words(
            "Databricks could not answer",
            format!(
                "It answered with {}, several times.{}",
                status(context),
                said(context)
            ),
            &[
                "Wait a few minutes and press **Test again**.",
                "Look at Databricks' status page for the region.",
            ],
        ),
        FaultCode::UnexpectedStatus => words(
            "Databricks gave an answer that does not fit",
            format!("It answered with {}.{}", status(context), said(context)),
            &[OPEN_TAB, COPY_URL, AGAIN],
        ),
        FaultCode::NotScim => words(
            "The answer is not a SCIM list",
            "Something answered, but not the SCIM API. Most often a proxy, a portal page or another service answers in its place.",
            &[
                OPEN_TAB,
                COPY_URL,
                "If the URL is right, ask the network team what answers in between.",
            ],
        ),
        FaultCode::BodyTruncated => words(
            "The answer ended in the middle",
            "Databricks began to answer and the connection ended before the answer did. Most often something in between cuts it.",
            &[
                AGAIN,
                "If it stays so, ask the network team what stands between this machine and the host.",
            ],
        ),
        FaultCode::BodyTooLarge => words(
            "The answer is far too large",
            "One user was asked for, and the answer would not end. This is not how the SCIM API answers; Usher stopped reading.",
            &[
                "Check the URL.",
                "Ask the network team what answers in between.",
            ],
        ),
        FaultCode::FilterRefused => words(
            "The search that Entra uses was refused",
            format!(
                "Entra tests a connection by looking for a user name that does not exist. Databricks answered with {}.{}",
                status(context),
                said(context)
            ),
            &[
                AGAIN,
                "If it stays so, copy the details and open a case with Databricks: Entra's own test will fail as well.",
            ],
        ),
        FaultCode::FilterIgnored => words(
            "A search for nobody found somebody",
            "Usher looked for a random user name and got users back, so the filter is not honoured. Entra would match people wrongly.",
            &[
                "Check that the URL leads to Databricks and not to something in between.",
                AGAIN,
            ],
        ),
        _ => words(
            "Any token is accepted here",
            "The same request with a spoiled token was answered as well. So the good answer proves nothing about the token, \
             and this is not how Databricks behaves.",
            &[
                "Check that the URL leads to Databricks and not to something in between.",
                "Do not put the token into Entra before that is clear.",
            ],
        ),
    }
}

fn status(context: &FaultContext) -> String {
    context
        .status
        .map_or_else(|| "an error".to_owned(), |status| status.to_string())
}

fn said(context: &FaultContext) -> String {
    context
        .message
        .as_deref()
        .map_or_else(String::new, |message| {
            format!(" Databricks said: {message}")
        })
}
