//! Whether automatic identity management is the better answer, asked before a set-up on Azure begins (facts/databricks §6).

use serde::Serialize;
use ts_rs::TS;

/// The question, and what follows from each answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AimQuestion {
    /// The question behind it.
    pub title: &'static str,
    /// What automatic identity management is.
    pub body: &'static str,
    /// What is asked.
    pub question: &'static str,
    /// The answers.
    pub answers: Vec<AimAnswer>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AimAnswer {
    /// A stable id.
    pub id: &'static str,
    /// What is true for the person.
    pub label: &'static str,
    /// What follows, in a line; none where nothing is decided by it.
    pub verdict: Option<&'static str>,
    /// Why. Portal labels stand in `**bold**`.
    pub why: &'static str,
    /// What to press instead of a set-up with SCIM.
    pub presses: Vec<&'static str>,
    /// What is written down as considered, where SCIM is set up with this answer.
    pub note: Option<&'static str>,
}

/// The question.
pub fn question() -> AimQuestion {
    const SCIM: Option<&str> = Some("SCIM is the right choice here");
    let answer = |id, label, verdict, why, note| AimAnswer {
        id,
        label,
        verdict,
        why,
        presses: Vec::new(),
        note,
    };
    AimQuestion {
        title: "Is automatic identity management the better answer?",
        body: "On Azure, Databricks can read people, nested groups and service principals straight from Entra: no connector, no token, no Entra admin. It is on by default in accounts made after 1 August 2025.",
        question: "Which is true for you?",
        answers: vec![
            AimAnswer {
                presses: vec![
                    "Open the Databricks account console.",
                    "Go to **Security › User provisioning** (formerly **Settings › User provisioning**).",
                    "Switch on **Automatic identity management**.",
                ],
                ..answer(
                    "one",
                    "One Entra tenant, and every workspace has identity federation",
                    Some("You probably do not need SCIM"),
                    "Automatic identity management brings the same people, and nested groups and service principals besides, which SCIM does not carry. To switch it on, an account admin presses:",
                    Some(
                        "Automatic identity management was considered first; SCIM is chosen on purpose.",
                    ),
                )
            },
            answer(
                "tenants",
                "Some people come from another Entra tenant",
                SCIM,
                "Automatic identity management works with a single Entra tenant. Identities of other tenants need SCIM.",
                Some("SCIM is chosen: some people come from another Entra tenant."),
            ),
            answer(
                "unfederated",
                "A workspace has no identity federation",
                SCIM,
                "Automatic identity management reaches workspaces with identity federation alone. The account connector is still worth having; that workspace keeps a connector of its own.",
                Some("SCIM is chosen: a workspace has no identity federation."),
            ),
            answer(
                "policy",
                "Our policy decides beforehand who exists in Databricks",
                SCIM,
                "With SCIM, exactly those exist in Databricks who are assigned to the enterprise application.",
                Some("SCIM is chosen: our policy decides beforehand who exists in Databricks."),
            ),
            answer(
                "unknown",
                "I do not know yet",
                None,
                "You can go on. In the account console, **Security › User provisioning** shows whether it is on already: do not run both for the same people, or Databricks may hold some of them twice.",
                None,
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_answer_has_a_way_without_scim_and_each_decision_can_be_written_down() {
        let answers = question().answers;
        let instead: Vec<_> = answers
            .iter()
            .filter(|one| !one.presses.is_empty())
            .collect();
        assert_eq!(instead.len(), 1);
        assert!(
            answers
                .iter()
                .all(|one| one.verdict.is_some() == one.note.is_some())
        );
    }
}
