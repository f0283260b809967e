//! What is told about a page on request, and before a set-up begins.

use usher_core::aim::{self, AimQuestion};

use super::Session;
use super::links;
use super::view::{Failure, HelpOf, HelpText, LinkId, Nothing, ReadLink, Term};

/// Pages for reading on.
const READ: [LinkId; 6] = [
    LinkId::DocsEntraTutorial,
    LinkId::DocsDatabricksScim,
    LinkId::DocsAutomaticIdentityManagement,
    LinkId::DocsHowProvisioningWorks,
    LinkId::DocsQuarantine,
    LinkId::DocsAccidentalDeletions,
];

const TERMS: [Term; 4] = [
    Term {
        term: "SCIM URL",
        meaning: "Databricks' address for people and groups. Entra calls it **Tenant URL**.",
    },
    Term {
        term: "SCIM token",
        meaning: "The password for that address, and for nothing else. Entra calls it **Secret token**.",
    },
    Term {
        term: "Enterprise application",
        meaning: "The connector's home in Entra: who is assigned to it travels to Databricks.",
    },
    Term {
        term: "Identity federation",
        meaning: "A workspace takes its people from the account instead of keeping its own.",
    },
];

impl Session {
    /// `aim_question`
    pub async fn aim_question(&self, _: Nothing) -> Result<AimQuestion, Failure> {
        Ok(aim::question())
    }

    /// `help`
    pub async fn help(&self, request: HelpOf) -> Result<HelpText, Failure> {
        let read = READ.map(|link| ReadLink {
            link,
            title: links::title(link),
        });
        Ok(HelpText {
            about: about(&request.page),
            terms: TERMS.to_vec(),
            read: read.to_vec(),
        })
    }
}

/// What a page wants to be known besides what it says.
fn about(page: &str) -> Option<&'static str> {
    Some(match page {
        "start" => {
            "Choose what you came for. A set-up is a file on this computer, saved after every change; open it again at any time."
        }
        "prepare" => {
            "Usher can see some of this by itself once it is connected. What it sees later counts more than what is confirmed by hand."
        }
        "enable" => {
            "The URL may be pasted in any form the browser shows; Usher offers the right one. The token goes to the keyring and is bound to that host: Usher never sends it anywhere else."
        }
        "test" => {
            "The phases run in order and stop at the first fault. The card below the list says what is wrong, why it happens and what to press."
        }
        "checklist" => {
            "The checklist tells what was seen and when. It can be saved again at any time; Usher writes a digest at the end so that accidental changes can be noticed."
        }
        "findings" => {
            "Due now: something does not work or people lose access. Due later: works today. Cannot tell: a sign-in or a permission is missing, and the finding says which."
        }
        _ => return None,
    })
}
